/** One writer at a time: who has the lock is told, and what a dead process left is taken over. */
import { spawn, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { takeLock } from '../src/files/index.ts';
import { Wallet } from '../src/index.ts';

let dir: string;
let path: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'seal-lock-'));
  path = join(dir, '.lock');
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const take = () => takeLock(path, 'a folder');
const left = (pid: number, host = hostname()) => writeFileSync(path, `${pid} ${host} 00ff\n`);
/** Of a process that has ended. */
const deadPid = () => spawnSync(process.execPath, ['-e', '']).pid;

describe('a lock', () => {
  it('is there until it is given back', () => {
    const lock = take();
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readFileSync(path, 'utf8')).toContain(`${process.pid} ${hostname()} `);
    lock.release();
    expect(readdirSync(dir)).toEqual([]);
    take().release();
  });

  it('is not given twice, not even to the same process', () => {
    const lock = take();
    const refusal = expect.objectContaining({
      code: 'LOCKED',
      message: expect.stringContaining(`process ${process.pid} is working on a folder`),
    });
    expect(take).toThrow(refusal);
    expect(take).toThrow(path);
    lock.release();
    take().release();
  });

  it('is refused while another process lives, which is named', () => {
    left(process.ppid);
    expect(take).toThrow(`process ${process.ppid} is working on a folder`);
    expect(existsSync(path)).toBe(true);
  });

  it.runIf(process.platform === 'linux')(
    'of a process that nobody buried is taken over',
    async () => {
      // The shell becomes `sleep`, which does not care for the child that it has then.
      const shell = spawn('sh', ['-c', 'sleep 0 & echo $!; exec sleep 30']);
      const pid = await new Promise<number>((resolve) => {
        shell.stdout.once('data', (chunk: Buffer) => resolve(Number(chunk.toString('utf8'))));
      });
      left(pid);
      await vi.waitFor(() => take().release(), { timeout: 10_000 });
      expect(() => process.kill(pid, 0)).not.toThrow();
      shell.kill('SIGKILL');
    },
  );

  it('is refused when another machine has it, since nothing is known of its processes', () => {
    left(deadPid(), 'elsewhere');
    expect(take).toThrow(' on elsewhere is working');
  });

  it.each([
    ['a process that has ended', () => left(deadPid())],
    ['this process id before a restart', () => left(process.pid)],
    ['nobody', () => writeFileSync(path, 'nonsense')],
  ])('left by %s is taken over', (_, leave) => {
    leave();
    const lock = take();
    expect(readFileSync(path, 'utf8')).toContain(`${process.pid} `);
    lock.release();
    expect(readdirSync(dir)).toEqual([]);
  });

  it('that another took over is not removed', () => {
    const lock = take();
    left(process.ppid);
    lock.release();
    expect(existsSync(path)).toBe(true);
  });

  it('needs its folder', () => {
    expect(() => takeLock(join(dir, 'none', '.lock'), 'it')).toThrow(
      expect.objectContaining({ code: 'FILE' }),
    );
  });
});

describe('a wallet that another run is changing', () => {
  it.each(['client.yaml', 'sui.keystore'])('is left as it is: %s', (file) => {
    const wallet = Wallet.create(join(dir, 'client.yaml'), [], 'testnet');
    const first = wallet.newAddress();
    const lock = takeLock(join(dir, `${file}.lock`), file);
    expect(() => wallet.newAddress()).toThrow(expect.objectContaining({ code: 'LOCKED' }));
    lock.release();
    expect(Wallet.open(join(dir, 'client.yaml')).addresses).toEqual([first]);
    wallet.newAddress();
    expect(Wallet.open(join(dir, 'client.yaml')).addresses).toHaveLength(2);
    expect(readdirSync(dir).sort()).toEqual(['client.yaml', 'sui.keystore']);
  });
});
