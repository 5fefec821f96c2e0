/**
 * Lane `test:deploy`: the steps of the container image, outside of a container. They get what the
 * Containerfile copies and nothing else; then the servers they made are run.
 */

import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startFakeNode } from '../../packages/key-server/test/support/fake-node.ts';
import { buildSources } from './support/containerfile.ts';
import { deployFile } from './support/programs.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), 'seal-build-steps-'));
const source = join(scratch, 'source');
const output = join(scratch, 'output');
const BUILD_TIMEOUT_MS = 300_000;
/** Made anew where the steps run, and never copied into an image. */
const NOT_COPIED = new Set(['node_modules', 'dist']);

const PATH = `${dirname(process.execPath)}${delimiter}${process.env['PATH'] ?? ''}`;
const env = { PATH };
const steps = [join(source, 'deploy/container/build-steps.sh'), source, output];

function copySources(): void {
  for (const path of buildSources()) {
    mkdirSync(dirname(join(source, path)), { recursive: true });
    const filter = (from: string) => !NOT_COPIED.has(basename(from));
    cpSync(join(root, path), join(source, path), { recursive: true, filter });
  }
}

function bin(name: string, args: string[], more: Record<string, string> = {}) {
  const file = join(output, 'packages', name, 'bin', `seal-${name}.mjs`);
  return spawnSync(process.execPath, [file, ...args], {
    cwd: scratch,
    encoding: 'utf8',
    env: { ...env, ...more },
  });
}

/** Paths of everything below a directory; links are not followed. */
function below(directory: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' });
}

beforeAll(() => {
  copySources();
  // The whole environment: npm may need a registry, a proxy or certificates from there.
  // What the clone's own set-up has downloaded is not downloaded again.
  const stepsEnv = { ...process.env, PATH, npm_config_prefer_offline: 'true' };
  const options = { env: stepsEnv, timeout: BUILD_TIMEOUT_MS };
  execFileSync('sh', steps, { ...options, stdio: 'pipe' });
}, BUILD_TIMEOUT_MS);
afterAll(() => rmSync(scratch, { recursive: true }));

describe('what the build steps make', () => {
  it.each(['key-server', 'aggregator'])('seal-%s explains itself', (name) => {
    const { status, stdout } = bin(name, ['--help']);
    expect(status).toBe(0);
    expect(stdout).toContain(`Usage: seal-${name}`);
  });

  it('checks a configuration and the key beside it', () => {
    const { config, key } = writeConfig('http://127.0.0.1:9');
    const good = bin('key-server', ['check-config'], { CONFIG_PATH: config, MASTER_KEY: key });
    expect(good.stdout).toContain('the configuration is good');
    expect(good.status).toBe(0);
    const bad = bin('key-server', ['check-config'], { CONFIG_PATH: config });
    expect(bad.status).toBe(1);
  });

  it('serves, and the health check of the image notices when it does not', async () => {
    const node = await startFakeNode();
    const { config, key } = writeConfig(node.url);
    const file = join(output, 'packages/key-server/bin/seal-key-server.mjs');
    const server = spawn(process.execPath, [file, '--host', '127.0.0.1'], {
      env: { ...env, CONFIG_PATH: config, MASTER_KEY: key, PORT: '0' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const exited = new Promise((resolve) => server.once('exit', resolve));
    try {
      const port = await readyPort(server);
      expect(healthCheck(port)).toBe(0);
      server.kill('SIGTERM');
      expect(await exited).toBe(0);
      expect(healthCheck(port)).toBe(1);
    } finally {
      server.kill('SIGKILL');
      await node.close();
    }
  });

  it('holds what runs, and no more', () => {
    const files = below(output);
    const own = below(join(output, 'packages'));
    expect(own.filter((path) => /\.ts$/.test(path) && !path.endsWith('.d.ts'))).toEqual([]);
    expect(own.filter((path) => /(^|\/)(src|test|tools)$/.test(path))).toEqual([]);
    for (const tool of ['vitest', '@biomejs', 'esbuild', 'playwright-core', '@mysten/seal']) {
      expect(existsSync(join(output, 'node_modules', tool)), tool).toBe(false);
    }
    for (const name of ['sdk', 'localnet', 'seal-dev']) {
      expect(existsSync(join(output, 'packages', name)), name).toBe(false);
    }
    expect(files).toContain('LICENSE');
    expect(files).toContain('NOTICE');
  });

  it('can be moved: every link points inside', () => {
    const scope = join(output, 'node_modules/@seal-ts');
    const real = realpathSync(output);
    for (const name of readdirSync(scope)) {
      expect(realpathSync(join(scope, name)).startsWith(`${real}/packages/`)).toBe(true);
    }
  });

  it('does not write into a directory that exists', () => {
    const again = spawnSync('sh', steps, { env, encoding: 'utf8' });
    expect(again.status).toBe(1);
    expect(again.stderr).toContain('exists already');
  });
});

function writeConfig(nodeUrl: string) {
  const config = join(scratch, 'key-server.yaml');
  const key = join(scratch, 'master-key');
  writeFileSync(
    config,
    `network: !Localnet { seal_package: "0x5ea1" }\nnode_url: "${nodeUrl}"\n` +
      'server_mode: !Open { key_server_object_id: "0xab" }\nmetrics_host_port: 0\n',
  );
  writeFileSync(key, '5a'.repeat(32), { mode: 0o600 });
  return { config, key: `@${key}` };
}

function readyPort(server: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    let text = '';
    server.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      const ready = /^.*"msg":"ready".*\n/m.exec(text)?.[0];
      if (ready !== undefined) resolve((JSON.parse(ready) as { port: number }).port);
    });
    server.once('exit', () => reject(new TypeError(`ended before it was ready:\n${text}`)));
  });
}

function healthCheck(port: number): number | null {
  const check = join(scratch, 'health-check.mjs');
  copyFileSync(deployFile('container/health-check.mjs'), check);
  return spawnSync(process.execPath, [check], { env: { ...env, PORT: String(port) } }).status;
}
