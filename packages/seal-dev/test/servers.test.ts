/** Servers of a stack: stopped, started and replaced, each in turn and without losing one. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { DevError } from '../src/errors.ts';
import { Child } from '../src/stack/child.ts';
import { type Part, Servers } from '../src/stack/servers.ts';

const dir = mkdtempSync(join(tmpdir(), 'seal-servers-'));
const program = join(dir, 'server.mjs');
// A server that listens to nothing, and ends when it is told to.
writeFileSync(
  program,
  `setInterval(() => {}, 1000); process.once('SIGTERM', () => process.exit(0));`,
);
afterAll(() => rmSync(dir, { recursive: true, force: true }));

let servers: Servers;
let ended: DevError[];
let started: Child[];

beforeEach(() => {
  ended = [];
  started = [];
  servers = new Servers((failure) => ended.push(failure));
});
afterEach(() => servers.stopAll());

function part(name: string): Part {
  return {
    name,
    async start() {
      const entry = pathToFileURL(program).href;
      const child = new Child({ name, entry, args: [], logFile: join(dir, `${name}.log`) });
      started.push(child);
      return child;
    },
  };
}

const broken = (name: string): Part => ({
  name,
  start: () => Promise.reject(new TypeError('it does not start')),
});

it('starts, stops and starts a server again', async () => {
  await servers.start(part('a'));
  expect(servers.isRunning('a')).toBe(true);
  await servers.set('a', false);
  expect(servers.isRunning('a')).toBe(false);
  await servers.set('a', true);
  expect(servers.isRunning('a')).toBe(true);
  expect(ended).toEqual([]);
});

it('starts it once when two ask at the same time', async () => {
  await servers.start(part('a'));
  await servers.set('a', false);
  await Promise.all([servers.set('a', true), servers.set('a', true)]);
  expect(started).toHaveLength(2);
});

it('knows the names there are', async () => {
  await servers.start(part('a'));
  const refusal = { code: 'DEV_BAD_OPTION', message: 'no server b; there are a' };
  await expect(servers.set('b', true)).rejects.toMatchObject(refusal);
  await expect(servers.replace(part('b'))).rejects.toMatchObject({ code: 'DEV_BAD_OPTION' });
  await servers.remove('b');
});

it('replaces one that runs, and leaves one that was stopped stopped', async () => {
  await servers.start(part('a'));
  await servers.replace(part('a'));
  expect(started.map((child) => child.running)).toEqual([false, true]);
  await servers.set('a', false);
  await servers.replace(part('a'));
  expect(started).toHaveLength(2);
  await servers.set('a', true);
  expect(started.map((child) => child.running)).toEqual([false, false, true]);
});

it('relieves one with both running until the other has taken over', async () => {
  await servers.start(part('a'));
  let running: boolean[] = [];
  await servers.relieve(part('a'), () => {
    running = started.map((child) => child.running);
  });
  expect(running).toEqual([true, true]);
  expect(started.map((child) => child.running)).toEqual([false, true]);
  expect(ended).toEqual([]);
});

it('keeps the old one when the one that should relieve it does not start', async () => {
  await servers.start(part('a'));
  const takeOver = vi.fn();
  await expect(servers.relieve(broken('a'), takeOver)).rejects.toThrow('it does not start');
  expect(takeOver).not.toHaveBeenCalled();
  expect(servers.isRunning('a')).toBe(true);
  await servers.set('a', false);
  await servers.set('a', true);
  expect(servers.isRunning('a')).toBe(true);
});

it('goes on after a start that failed', async () => {
  await expect(servers.start(broken('a'))).rejects.toThrow('it does not start');
  expect(servers.isRunning('a')).toBe(false);
  await servers.replace(part('a'));
  await servers.set('a', true);
  expect(servers.isRunning('a')).toBe(true);
});

it('tells of a server that ended on its own, and only of that', async () => {
  await servers.start(part('a'));
  await servers.start(part('b'));
  await servers.remove('b');
  const [a] = started as [Child];
  process.kill(a.pid as number, 'SIGKILL');
  await vi.waitFor(() => expect(ended).toHaveLength(1));
  expect(ended[0]).toMatchObject({ code: 'DEV_CHILD_FAILED' });
  expect(ended[0]?.message).toMatch(/^a ended on its own \(killed\); log: /);
});

it('stops all, and starts nothing any more', async () => {
  await Promise.all([servers.start(part('a')), servers.start(part('b'))]);
  await servers.stopAll();
  expect(started.map((child) => child.running)).toEqual([false, false]);
  await expect(servers.set('a', true)).rejects.toMatchObject({ code: 'DEV_STOPPED' });
  await expect(servers.start(part('c'))).rejects.toMatchObject({ code: 'DEV_STOPPED' });
  expect(ended).toEqual([]);
});

it('stops one that is still starting', async () => {
  const slow = part('a');
  const starting = servers.start({
    name: 'a',
    async start() {
      await new Promise((done) => setTimeout(done, 50));
      return slow.start();
    },
  });
  await new Promise((done) => setTimeout(done, 10));
  await servers.stopAll();
  await starting;
  expect(started.map((child) => child.running)).toEqual([false]);
});
