/** Two runs in one state directory: the second one is refused, and what a killed one left is cleared. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { takeLock, writePrivateFile } from '@seal-ts/wallet/files';
import { beforeEach, describe, expect, it } from 'vitest';
import { runCli, systemDeps } from '../src/index.ts';
import { alone, lockPath } from '../src/state-lock.ts';
import { temporaryFolder } from './temporary.ts';

const dir = temporaryFolder();
const stateDir = () => dir.path('dkg-state');
const options = { stateDir: 'dkg-state' };
const notes: string[] = [];

const deps = () => ({
  ...systemDeps,
  cwd: dir.path(),
  environment: { SUI_CONFIG_DIR: dir.path('sui') },
  terminal: undefined,
  out: () => undefined,
  note: (line: string) => notes.push(line),
});

beforeEach(() => {
  notes.length = 0;
  mkdirSync(stateDir());
});

describe('a state directory', () => {
  it.each([
    ['publish-and-init'],
    ['init-rotation'],
    ['genkey-and-register', '-u', 'https://a', '-n', 'a'],
    ['create-message'],
    ['init-state'],
    ['choose-messages'],
    ['process-all-and-propose'],
  ])('is for one run of %s at a time', async (...args) => {
    const lock = takeLock(lockPath(stateDir()), stateDir());
    expect(await runCli(args, deps())).toBe(1);
    expect(notes.join('\n')).toContain(`error LOCKED: process ${process.pid} is working on`);
    expect(readdirSync(stateDir())).toEqual(['.lock']);
    lock.release();
    notes.length = 0;
    expect(await runCli(args, deps())).toBe(1);
    expect(notes.join('\n')).toContain('COMMITTEE_CONFIG');
    expect(readdirSync(stateDir())).toEqual([]);
  });

  it.each([['status'], ['check-committee'], ['verify'], ['export-public']])(
    'can be looked at meanwhile: %s',
    async (...args) => {
      const lock = takeLock(lockPath(stateDir()), stateDir());
      await runCli(args, deps());
      expect(notes.join('\n')).toContain('COMMITTEE_CONFIG');
      lock.release();
    },
  );

  it('is free again after a step that failed', async () => {
    const failing = () => Promise.reject(new TypeError('no'));
    await expect(alone(deps(), options, failing)).rejects.toThrow('no');
    expect(readdirSync(stateDir())).toEqual([]);
  });

  it('is cleared of what a killed run was writing, and of nothing else', async () => {
    const kept = ['dkg.key', 'dkg.key.bak', 'notes.incoming', 'x.0123456789ab.incoming.txt'];
    kept.push('.lock.0123456789ab.incoming');
    for (const name of kept) writeFileSync(dir.path('dkg-state', name), name);
    writeFileSync(dir.path('dkg-state', 'dkg.yaml.0123456789ab.incoming'), 'a share');
    await alone(deps(), options, () => {
      writePrivateFile(dir.path('dkg-state', 'state.json'), 'new');
    });
    expect(readdirSync(stateDir()).sort()).toEqual([...kept, 'state.json'].sort());
    expect(readFileSync(dir.path('dkg-state', 'dkg.key'), 'utf8')).toBe('dkg.key');
  });
});
