/**
 * `docs/committee/laptop.md`, followed to the letter: every shell block in one shell, with the tools as
 * they are typed. Only the ports and the folder of the stack are others.
 */
import { spawn } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type TestStack, temporaryFolder, testStack } from '../support/stack.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const guide = readFileSync(join(root, 'docs/committee/laptop.md'), 'utf8');
const blocks = (language: string) =>
  [...guide.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(
    (match) => match[1] as string,
  );
/** Ports of the guide, counted from its first one: aggregator and four members, then their metrics. */
const PORTS = [0, 1, 2, 3, 4].flatMap((n) => [n, n + 7000]);

const scratch = temporaryFolder('seal-walk-');
let stack: TestStack;

beforeAll(async () => {
  stack = await testStack(1);
});
afterAll(async () => {
  await stack?.close();
  rmSync(scratch, { recursive: true, force: true });
});

it('leads from nothing to a rotation under use', { timeout: 400_000 }, async () => {
  const base = await freeBase();
  const program = join(root, '.cache', `open-${process.pid}.ts`);
  writeFileSync(program, blocks('ts')[0] ?? '');
  const commands = blocks('sh')
    .join('\n')
    .replaceAll('$PWD/.seal-dev', stack.dir)
    .replaceAll('.seal-dev/manifest.json', join(stack.dir, 'manifest.json'))
    .replaceAll('open.ts', program)
    .replace('BASE=2100', `BASE=${base}`);
  const script = join(scratch, 'walk.sh');
  writeFileSync(script, `set -euo pipefail\nexport TMPDIR='${scratch}'\n${commands}`);
  try {
    const { code, out } = await bash(script);
    expect(code, out).toBe(0);
    // Once after the start, with a member down, at each server's change-over, and at the end.
    expect(out.match(/^nobody holds the key$/gm)).toHaveLength(7);
    expect(out).toContain('COMMITTEE_VERSION: 1');
  } finally {
    rmSync(program, { force: true });
  }
});

/** Runs a script in a process group of its own, which ends with it. */
function bash(script: string): Promise<{ code: number | null; out: string }> {
  const child = spawn('bash', [script], { cwd: root, detached: true });
  let out = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      out += text;
    });
  }
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => {
      if (code !== 0) stopGroup(child.pid as number);
      resolve({ code, out });
    });
  });
}

/** What a script that failed half-way left running. */
function stopGroup(group: number): void {
  try {
    process.kill(-group, 'SIGTERM');
  } catch {
    // Nothing is left of it.
  }
}

async function freeBase(): Promise<number> {
  for (let base = 21_000; base < 31_000; base += 10) {
    const free = await Promise.all(PORTS.map((port) => isFree(base + port)));
    if (free.every(Boolean)) return base;
  }
  throw new TypeError('no free ports');
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
