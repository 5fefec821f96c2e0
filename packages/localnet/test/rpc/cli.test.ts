/** localnet §7: the command as a user meets it; real processes for what only a process can show. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { createProgram, type StartFlags } from '../../src/cli/program.ts';
import { isLoopback, runStart, SIGNAL_ECHO_MS, type StartDeps } from '../../src/cli/start.ts';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

interface Run {
  code: number | null;
  out: string;
  err: string;
}

/** Runs the command; `onOut` sees the output so far and may send signals. */
function command(
  args: readonly string[],
  onOut: (out: string, kill: (signal: NodeJS.Signals) => void) => void = () => undefined,
): Promise<Run> {
  const child = spawn(process.execPath, ['--conditions=seal-ts-source', MAIN, ...args]);
  const run: Run = { code: null, out: '', err: '' };
  child.stdout.on('data', (chunk) => {
    run.out += chunk;
    onOut(run.out, (signal) => child.kill(signal));
  });
  child.stderr.on('data', (chunk) => {
    run.err += chunk;
  });
  return new Promise((resolve) => {
    child.on('close', (code) => resolve({ ...run, code }));
  });
}

/** A port that is taken until the server is closed. */
function takenPort(): Promise<{ port: number; server: Server }> {
  const server = createServer();
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve({ port: typeof address === 'object' ? address!.port : 0, server });
    });
  });
}

const QUIET = ['start', '--port', '0', '--faucet-port', '0'];

describe('the process', () => {
  it('prints one line of JSON, serves, and stops cleanly on SIGTERM', async () => {
    let ready: Promise<Response> | undefined;
    const { code, out, err } = await command(
      [...QUIET, '--json', '--accounts', '1'],
      (text, kill) => {
        if (ready !== undefined || !text.endsWith('\n')) return;
        const { url } = JSON.parse(text) as { url: string };
        ready = fetch(`${url}/ready`);
        void ready.finally(() => kill('SIGTERM'));
      },
    );
    expect((await ready)?.status).toBe(200);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const told = JSON.parse(out) as Record<string, unknown>;
    expect(Object.keys(told)).toEqual([
      'url',
      'faucetUrl',
      'adminUrl',
      'adminTokenFile',
      'chainId',
      'accounts',
    ]);
    expect(existsSync(told['adminTokenFile'] as string)).toBe(false);
  });

  it('prints text for people and stops on Ctrl-C', async () => {
    const { code, out } = await command([...QUIET, '--accounts', '2'], (text, kill) => {
      if (text.includes('Ctrl-C')) kill('SIGINT');
    });
    expect(code).toBe(0);
    expect(out).toMatch(/RPC {6}http:\/\/127\.0\.0\.1:\d+\n/);
    expect(out.match(/0x[0-9a-f]{64} {2}suiprivkey1/g)).toHaveLength(2);
  });

  it('says when a port is in use, and what to do', async () => {
    const { port, server } = await takenPort();
    const rpc = await command(['start', '--port', String(port), '--faucet-port', '0']);
    const faucet = await command(['start', '--port', '0', '--faucet-port', String(port)]);
    server.close();
    expect(rpc).toEqual({
      code: 1,
      out: '',
      err:
        `seal-localnet: RPC: port ${port} on 127.0.0.1 is in use; ` +
        'stop the other program or choose another\n',
    });
    expect(faucet.code).toBe(1);
    expect(faucet.err).toContain(`faucet: port ${port} on 127.0.0.1 is in use`);
  });

  it('keeps the chain in a folder across kill -9, for one process at a time', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'seal-localnet-test-'));
    const args = [...QUIET, '--json', '--accounts', '1', '--data-dir', join(dataDir, 'chain')];
    const told = ({ out }: Run) => JSON.parse(out) as { chainId: string; accounts: unknown[] };
    let second: Promise<Run> | undefined;
    const first = await command(args, (text, kill) => {
      if (!text.endsWith('\n')) return;
      second = command(args);
      void second.then(() => kill('SIGKILL'));
    });
    expect(await second).toMatchObject({ code: 1, out: '' });
    expect((await second)?.err).toContain('is open in another process');
    const again = await command(args, (text, kill) => {
      if (text.endsWith('\n')) kill('SIGTERM');
    });
    expect(again.code).toBe(0);
    expect(told(again).chainId).toBe(told(first).chainId);
    expect(told(again).accounts).toEqual(told(first).accounts);
    expect(statSync(join(dataDir, 'chain')).mode & 0o777).toBe(0o700);
    rmSync(dataDir, { recursive: true });
  });

  it('says why a data folder cannot be used', async () => {
    const { code, err } = await command([...QUIET, '--data-dir', join(MAIN, 'x')]);
    expect(code).toBe(1);
    expect(err).toContain('dataDir: cannot use');
  });
});

function parse(args: readonly string[]): StartFlags | string {
  let flags: StartFlags | undefined;
  let errors = '';
  const program = createProgram('0', async (parsed) => {
    flags = parsed;
  });
  for (const command of [program, ...program.commands]) {
    command.exitOverride().configureOutput({
      writeOut: (text) => {
        errors += text;
      },
      writeErr: (text) => {
        errors += text;
      },
    });
  }
  try {
    program.parse([...args], { from: 'user' });
  } catch {
    return errors;
  }
  return flags ?? errors;
}

describe('options', () => {
  it('have defaults on loopback', () => {
    expect(parse(['start'])).toEqual({
      host: '127.0.0.1',
      port: 9000,
      adminPort: 0,
      accounts: 0,
      json: false,
    });
  });

  it.each([
    ['--port', '65536'],
    ['--port', '-1'],
    ['--port', '9e3'],
    ['--port', ''],
    ['--faucet-port', 'x'],
    ['--admin-port', '1.5'],
    ['--accounts', '101'],
    ['--epoch-ms', '999'],
    ['--checkpoint-ms', '2147483648'],
    ['--nope', '1'],
  ])('refuse %s "%s"', (name, value) => {
    expect(parse(['start', `${name}=${value}`])).toMatch(/error: /);
  });

  it.each([
    ['--port', '0', { port: 0 }],
    ['--port', '65535', { port: 65_535 }],
    ['--epoch-ms', '1000', { epochMs: 1000 }],
    ['--checkpoint-ms', '0', { checkpointMs: 0 }],
    ['--accounts', '100', { accounts: 100 }],
  ])('take %s %s', (name, value, expected) => {
    expect(parse(['start', name, value])).toMatchObject(expected);
  });

  it('are explained with examples', () => {
    const help = parse(['start', '--help']);
    expect(help).toContain('Examples:');
    expect(help).toContain('--checkpoint-ms');
    expect(parse(['--help'])).toContain('seal-localnet start --accounts 3');
  });
});

describe('signals and warnings', () => {
  function deps() {
    const listeners: (() => void)[] = [];
    const record = { out: [] as string[], warnings: [] as string[], exits: [] as number[], now: 0 };
    const world: StartDeps = {
      out: (line) => record.out.push(line),
      warn: (line) => record.warnings.push(line),
      signals: { on: (_signal, listener) => listeners.push(listener) },
      exit: (code) => record.exits.push(code),
      version: '0',
      now: () => record.now,
    };
    return { world, record, signal: () => listeners[0]!() };
  }
  const FLAGS: StartFlags = {
    host: '127.0.0.1',
    port: 0,
    faucetPort: 0,
    adminPort: 0,
    accounts: 0,
    json: true,
  };

  it('take the echo of a signal for the same one, and a later one as "now"', async () => {
    const { world, record, signal } = deps();
    const localnet = await runStart(FLAGS, world);
    signal();
    record.now = SIGNAL_ECHO_MS;
    signal();
    expect(record.exits).toEqual([]);
    record.now = SIGNAL_ECHO_MS + 1;
    signal();
    expect(record.exits).toEqual([1]);
    await localnet.close();
    await new Promise((resolve) => setImmediate(resolve));
    expect(record.exits).toEqual([1, 0]);
  });

  it('warn about addresses that others reach', async () => {
    const { world, record } = deps();
    const localnet = await runStart({ ...FLAGS, host: '0.0.0.0' }, world);
    await localnet.close();
    expect(record.warnings[0]).toContain('warning: listening on 0.0.0.0');
    expect(localnet.url).toContain('127.0.0.1');
    expect(new URL(localnet.adminUrl).hostname).toBe('127.0.0.1');
  });

  it.each([
    ['127.0.0.1', true],
    ['127.8.9.1', true],
    ['::1', true],
    ['localhost', true],
    ['0.0.0.0', false],
    ['::', false],
    ['192.168.1.2', false],
    ['127.example.org', false],
  ])('know that %s is loopback: %s', (host, expected) => {
    expect(isLoopback(host)).toBe(expected);
  });
});
