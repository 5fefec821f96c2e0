/** What `seal-committee-cli api-key new` prints, in a real nginx: it lets the key in, and nothing else. */
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { runCli, systemDeps } from '@seal-ts/committee-cli';
import { describe, expect, it } from 'vitest';
import { findProgram } from './support/programs.ts';

const nginx = findProgram('nginx');
const missing = nginx ? '' : ' (skipped: needs nginx)';

async function printed(): Promise<string> {
  const out: string[] = [];
  const args = ['api-key', 'new', '--name', 'example', '--url', 'https://seal.example.com'];
  await runCli(args, { ...systemDeps, cwd: tmpdir(), out: (line) => out.push(line) });
  return out.join('\n');
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
}

describe.skipIf(missing !== '')(`the snippet of api-key new${missing}`, () => {
  it('enforces the key', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'seal-api-key-'));
    const text = await printed();
    const line = /^"([0-9a-f]{64})" aggregator;$/m.exec(text);
    const keys = join(directory, 'keys');
    writeFileSync(keys, `${line?.[0]}\n`, { mode: 0o600 });
    const http = text.slice(text.indexOf('map_hash_bucket_size'), text.indexOf('}\n') + 2);
    const checks = text.split('\n').filter((found) => found.startsWith('if ($seal_client'));
    const port = await freePort();
    const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
      .map((kind) => `${kind}_temp_path ${join(directory, kind)};`)
      .join('\n');
    const site = `server { listen 127.0.0.1:${port}; location / { ${checks.join(' ')} return 204; } }`;
    writeFileSync(
      join(directory, 'nginx.conf'),
      `daemon off;\npid ${join(directory, 'pid')};\nevents {}\nhttp {\naccess_log off;\n${temporary}\n` +
        `${http.replace(/include \S+;/, `include ${keys};`)}\n${site}\n}\n`,
    );
    const args = ['-p', directory, '-c', 'nginx.conf', '-e', join(directory, 'error.log')];
    execFileSync(nginx as string, ['-t', '-q', ...args], { stdio: 'pipe' });
    const child = spawn(nginx as string, args, { stdio: 'ignore' });
    const exited = new Promise((resolve) => child.once('exit', resolve));
    try {
      const status = async (headers: Record<string, string>): Promise<number> => {
        for (let left = 100; ; left--) {
          try {
            return (await fetch(`http://127.0.0.1:${port}/v1/fetch_key`, { headers })).status;
          } catch (error) {
            if (left === 0) throw error;
            await sleep(50);
          }
        }
      };
      const key = line?.[1] as string;
      expect(await status({ 'X-API-Key': key })).toBe(204);
      expect(await status({ 'x-api-key': key.toUpperCase() })).toBe(204);
      expect(await status({})).toBe(401);
      expect(await status({ 'X-API-Key': '' })).toBe(401);
      expect(await status({ 'X-Other': key })).toBe(401);
      expect(await status({ 'X-API-Key': key.slice(1) })).toBe(403);
      expect(await status({ 'X-API-Key': `${key}0` })).toBe(403);
      expect(await status({ 'X-API-Key': 'aggregator' })).toBe(403);
    } finally {
      child.kill('SIGTERM');
      await exited;
      rmSync(directory, { recursive: true });
    }
  });
});
