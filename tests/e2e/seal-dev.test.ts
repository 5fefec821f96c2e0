/** `seal-dev` from the outside: up, down, what it leaves on disk, and what it says to wrong input. */
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { Manifest } from '@seal-ts/seal-dev';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Running, sealDev, startSealDev } from '../support/seal-dev.ts';
import { temporaryFolder } from '../support/stack.ts';

const scratch = temporaryFolder('seal-dev-test-');
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const mode = (path: string) => (statSync(path).mode & 0o777).toString(8);

describe('a running stack', () => {
  const dir = join(scratch, 'stack');
  let up: Running;
  let manifest: Manifest;

  beforeAll(async () => {
    up = startSealDev('up', '--dir', dir, '--servers', '2');
    await up.line((line) => line === `seal-dev ready ${join(dir, 'manifest.json')}`);
    manifest = JSON.parse(readFileSync(join(dir, 'manifest.json'), 'utf8'));
  });

  afterAll(async () => {
    up.process.kill('SIGTERM');
    await up.finished;
  });

  it('has a manifest of the promised shape', () => {
    expect(manifest).toEqual({
      version: 1,
      chain: {
        rpcUrl: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
        faucetUrl: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
        chainId: expect.stringMatching(/^[1-9A-HJ-NP-Za-km-z]{32,44}$/),
      },
      packages: {
        seal: expect.stringMatching(/^0x[0-9a-f]{64}$/),
        patterns: expect.stringMatching(/^0x[0-9a-f]{64}$/),
        walrus: expect.stringMatching(/^0x[0-9a-f]{64}$/),
      },
      keyServers: [1, 2].map((n) => ({
        name: `key-server-${n}`,
        objectId: expect.stringMatching(/^0x[0-9a-f]{64}$/),
        url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
        mode: 'open',
        publicKey: expect.stringMatching(/^[A-Za-z0-9+/]{128}$/),
      })),
      committees: [],
      accounts: ['admin', 'alice', 'bob', 'carol'].map((name) => ({
        name,
        address: expect.stringMatching(/^0x[0-9a-f]{64}$/),
        privateKey: expect.stringMatching(/^suiprivkey1/),
      })),
    });
  });

  it('keeps its folder and files to their owner', () => {
    expect(mode(dir)).toBe('700');
    for (const name of ['manifest.json', 'control.json']) expect(mode(join(dir, name))).toBe('600');
    const server = join(dir, 'key-servers', 'key-server-1');
    expect(mode(server)).toBe('700');
    expect(mode(join(server, 'master-key'))).toBe('600');
    expect(mode(join(server, 'config.yaml'))).toBe('600');
    expect(mode(join(dir, 'logs', 'key-server-1.log'))).toBe('600');
  });

  it('keeps master keys out of manifest, configuration and logs', () => {
    const key = readFileSync(join(dir, 'key-servers', 'key-server-1', 'master-key'), 'utf8')
      .trim()
      .slice(2);
    expect(key).toMatch(/^[0-9a-f]{64}$/);
    for (const path of [
      'manifest.json',
      'logs/key-server-1.log',
      'logs/localnet.log',
      'key-servers/key-server-1/config.yaml',
    ]) {
      expect(readFileSync(join(dir, path), 'utf8')).not.toContain(key);
    }
  });

  it('says so to a second one in the same folder, and goes on', async () => {
    const second = await sealDev('up', '--dir', dir);
    expect(second.code).toBe(1);
    expect(second.stderr).toContain('DEV_ALREADY_RUNNING');
    expect(second.stderr).toContain(`seal-dev down --dir ${dir}`);
    expect((await fetch(`${manifest.keyServers[0]?.url}/health`)).status).toBe(200);
  });

  it('lets one of two that start at once have the folder', async () => {
    const shared = join(scratch, 'shared');
    const both = [1, 2].map(() => startSealDev('up', '--dir', shared, '--servers', '1'));
    const loser = await Promise.race(both.map(({ finished }) => finished));
    expect(loser.code).toBe(1);
    expect(loser.stderr).toContain('DEV_ALREADY_RUNNING');
    const winner = both.find(({ process }) => process.exitCode === null);
    await winner?.line((line) => line.startsWith('seal-dev ready'));
    winner?.process.kill('SIGTERM');
    expect((await winner?.finished)?.code).toBe(0);
    expect(existsSync(join(shared, 'lock'))).toBe(false);
  });

  it('refuses to be told anything without its token', async () => {
    const { port } = JSON.parse(readFileSync(join(dir, 'control.json'), 'utf8'));
    const url = `http://127.0.0.1:${port}/stop`;
    expect((await fetch(url, { method: 'POST' })).status).toBe(401);
    const wrong = { authorization: `Bearer ${'0'.repeat(64)}` };
    expect((await fetch(url, { method: 'POST', headers: wrong })).status).toBe(401);
    expect(up.process.exitCode).toBeNull();
  });

  it('publishes a package of somebody else, which later packages can use', async () => {
    const base = join(scratch, 'greeting');
    const user = join(scratch, 'user');
    movePackage(base, 'greeting', 'public fun hello(): vector<u8> { b"hello" }');
    movePackage(
      user,
      'user',
      'public fun hi(): vector<u8> { greeting::m::hello() }',
      '../greeting',
    );
    for (const path of [base, user]) {
      const run = await sealDev('move', 'publish', '--path', path, '--dir', dir, '--json');
      expect(run.stderr).toBe('');
      expect(JSON.parse(run.stdout)).toEqual({
        packageId: expect.stringMatching(/^0x[0-9a-f]{64}$/),
        upgradeCapId: expect.stringMatching(/^0x[0-9a-f]{64}$/),
        digest: expect.any(String),
        created: expect.arrayContaining([{ objectId: expect.any(String), type: 'package' }]),
      });
    }
  });

  it('stops everything on down, and leaves no manifest', async () => {
    const down = await sealDev('down', '--dir', dir);
    expect(down.stderr).toBe('');
    expect(down.code).toBe(0);
    expect((await up.finished).code).toBe(0);
    expect(existsSync(join(dir, 'manifest.json'))).toBe(false);
    expect(existsSync(join(dir, 'control.json'))).toBe(false);
    for (const url of [manifest.chain.rpcUrl, ...manifest.keyServers.map((server) => server.url)]) {
      await expect(fetch(`${url}/health`)).rejects.toThrow();
    }
  });
});

function movePackage(dir: string, name: string, body: string, dependency?: string): void {
  mkdirSync(join(dir, 'sources'), { recursive: true });
  const dependencies = dependency ? `[dependencies]\ngreeting = { local = "${dependency}" }\n` : '';
  writeFileSync(
    join(dir, 'Move.toml'),
    `[package]\nname = "${name}"\nedition = "2024"\n\n${dependencies}\n[addresses]\n${name} = "0x0"\n`,
  );
  writeFileSync(join(dir, 'sources', 'm.move'), `module ${name}::m;\n\n${body}\n`);
}

describe('wrong input', () => {
  it('stops on a signal while it is running', async () => {
    const dir = join(scratch, 'signalled');
    const up = startSealDev('up', '--dir', dir, '--servers', '1');
    await up.line((line) => line.startsWith('seal-dev ready'));
    up.process.kill('SIGINT');
    expect((await up.finished).code).toBe(0);
    expect(existsSync(join(dir, 'manifest.json'))).toBe(false);
  });

  it('stops on a signal while it is starting', async () => {
    const dir = join(scratch, 'interrupted');
    const up = startSealDev('up', '--dir', dir, '--servers', '1');
    await vi.waitFor(() => expect(existsSync(join(dir, 'logs'))).toBe(true), 10_000);
    up.process.kill('SIGINT');
    const { code, stdout, stderr } = await up.finished;
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(stderr).toContain('stopping');
    expect(stderr).not.toContain('error');
    expect(existsSync(join(dir, 'manifest.json'))).toBe(false);
  });

  it('leaves nothing running when it is killed', async () => {
    const dir = join(scratch, 'killed');
    const up = startSealDev('up', '--dir', dir, '--servers', '1');
    await up.line((line) => line.startsWith('seal-dev ready'));
    const { chain, keyServers } = JSON.parse(readFileSync(join(dir, 'manifest.json'), 'utf8'));
    up.process.kill('SIGKILL');
    await up.finished;
    for (const url of [`${chain.rpcUrl}/ready`, `${keyServers[0].url}/health`]) {
      await vi.waitFor(() => expect(fetch(url)).rejects.toThrow('fetch failed'), 10_000);
    }
    expect((await sealDev('down', '--dir', dir)).stderr).toContain('DEV_NOT_RUNNING');
  });

  it.each([
    [['up', '--servers', '0'], /DEV_BAD_OPTION.*1 to 20/s],
    [['up', '--servers', '21'], /DEV_BAD_OPTION.*1 to 20/s],
    [['up', '--servers', 'many'], /whole number/],
    [['up', '--port-base', '65535'], /DEV_BAD_OPTION.*65535/s],
    [['up', '--unknown'], /unknown option/],
    [['down', '--dir', '/nonexistent/stack'], /DEV_NOT_RUNNING/],
    [['move', 'build', '--path', '/nonexistent'], /DEV_BAD_OPTION.*no such folder/s],
    [['move', 'publish', '--path', '.', '--dir', '/nonexistent'], /Move.toml|DEV_NOT_RUNNING/],
    [['demo', '--file', '/nonexistent/file'], /DEV_FILE.*nonexistent/s],
    [['dance'], /unknown command/],
  ])('seal-dev %j says what is wrong', async (args, message) => {
    const run = await sealDev(...args, ...(args[0] === 'up' ? ['--dir', join(scratch, 'no')] : []));
    expect(run.code).not.toBe(0);
    expect(run.stderr).toMatch(message);
    expect(run.stderr).not.toContain('    at ');
  });

  it('names the port that is in use', async () => {
    const server = createServer();
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const run = await sealDev('up', '--dir', join(scratch, 'port'), '--port-base', String(port));
    server.close();
    expect(run.code).toBe(1);
    expect(run.stderr).toContain(`port ${port} cannot be used`);
  });

  it('tells where a Move package does not compile', async () => {
    const dir = join(scratch, 'broken');
    movePackage(dir, 'broken', 'public fun f(): u64 { true }');
    const run = await sealDev('move', 'build', '--path', dir);
    expect(run.code).toBe(1);
    expect(run.stderr).toMatch(/sources\/m\.move:3/);
    const json = await sealDev('move', 'build', '--path', dir, '--json');
    expect(JSON.parse(json.stdout).error.code).toBe('MOVE_BUILD_COMPILE');
  });

  it.each(['up', 'down', 'demo', 'move', 'move build', 'move test', 'move publish'])(
    '%s --help shows an example',
    async (name) => {
      const run = await sealDev(...name.split(' '), '--help');
      expect(run.code).toBe(0);
      expect(run.stdout).toContain(`$ seal-dev ${name.split(' ')[0]}`);
    },
  );
});
