/** What a coordinator shares: nothing of a member in it, and never in place of another file. */
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import { runCli, systemDeps } from '../src/index.ts';
import { temporaryFolder } from './temporary.ts';

const dir = temporaryFolder();
const SHARE = `0x${'07'.repeat(32)}`;
const YAML = [
  'init-params:',
  '  NETWORK: Testnet',
  'genkey-and-register:',
  '  MY_SERVER_NAME: "a"',
  'process-all-and-propose:',
  `  MASTER_SHARE_V0: "${SHARE}"`,
  '',
].join('\n');
const out: string[] = [];

const run = (...args: string[]) =>
  runCli(['export-public', ...args], {
    ...systemDeps,
    cwd: dir.path(),
    terminal: undefined,
    out: (line) => out.push(line),
    note: (line) => out.push(line),
  });

beforeEach(() => {
  out.length = 0;
  mkdirSync(dir.path('dkg-state'));
  writeFileSync(dir.path('dkg-state', 'dkg.yaml'), YAML, { mode: 0o600 });
});

describe('export-public', () => {
  it('prints or writes the public part alone, and can be repeated', async () => {
    expect(await run()).toBe(0);
    const text = `${out.join('\n')}\n`;
    expect(text).toBe('init-params:\n  NETWORK: Testnet\n');
    expect(await run('--output', 'shared.yaml')).toBe(0);
    writeFileSync(dir.path('dkg-state', 'dkg.yaml'), YAML.replace('Testnet', 'Mainnet'));
    expect(await run('--output', 'shared.yaml')).toBe(0);
    expect(readFileSync(dir.path('shared.yaml'), 'utf8')).toContain('Mainnet');
    writeFileSync(dir.path('dkg-state', 'dkg.yaml'), YAML);
    expect(await run('--output', 'shared.yaml')).toBe(0);
    expect(readFileSync(dir.path('shared.yaml'), 'utf8')).toBe(text);
    expect(statSync(dir.path('shared.yaml')).mode & 0o777).toBe(0o600);
  });

  it.each([
    ['its own dkg.yaml', 'dkg-state/dkg.yaml', YAML],
    ['that of another ceremony', 'other.yaml', YAML],
    ['notes', 'notes.txt', 'init-params: # mine\n  NETWORK: Testnet\n'],
    ['a share', 'share', `${SHARE}\n`],
    ['nothing', 'empty', ''],
  ])('never replaces a file with something else: %s', async (_, path, text) => {
    writeFileSync(dir.path(path), text);
    expect(await run('--output', path)).toBe(1);
    expect(out.join('\n')).toContain('it was left as it is');
    expect(readFileSync(dir.path(path), 'utf8')).toBe(text);
  });
});
