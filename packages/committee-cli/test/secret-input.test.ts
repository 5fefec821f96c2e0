/** Secrets as options: where they may come from, and that none is ever shown. */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { bytesFromHex, SCALAR_BYTES } from '../src/files/hex.ts';
import { systemDeps } from '../src/index.ts';
import { MAX_SECRET_BYTES, secretText } from '../src/secret-input.ts';
import { temporaryFolder } from './temporary.ts';

const dir = temporaryFolder();
const SECRET = `0x${'5e'.repeat(32)}`;

function world(typed?: string) {
  const notes: string[] = [];
  const asked: string[] = [];
  const answer = async (question: string) => {
    asked.push(question);
    return typed ?? '';
  };
  const deps = {
    ...systemDeps,
    cwd: dir.path(),
    readStdin: () => ` ${SECRET}\n`,
    note: (line: string) => notes.push(line),
    terminal: typed === undefined ? undefined : { ask: answer, askSecret: answer },
  };
  return { deps, asked, text: () => notes.join('\n') };
}

function file(name: string, content: string, mode = 0o600): string {
  writeFileSync(dir.path(name), content);
  chmodSync(dir.path(name), mode);
  return `@${name}`;
}

describe('a secret option', () => {
  it('comes from a private file or from standard input, in silence', async () => {
    const { deps, text } = world();
    expect(await secretText(deps, '--old-share', file('share', `${SECRET}\n`))).toBe(SECRET);
    expect(await secretText(deps, '--old-share', file('read-only', SECRET, 0o400))).toBe(SECRET);
    expect(await secretText(deps, '--old-share', '-')).toBe(SECRET);
    expect(text()).toBe('');
  });

  it('comes from a pipe of the shell', async () => {
    const pipe = dir.path('pipe');
    execFileSync('mkfifo', ['-m', '600', pipe]);
    execFileSync('sh', ['-c', `printf %s ${SECRET} > "$0" &`, pipe], { stdio: 'ignore' });
    expect(await secretText(world().deps, '--old-share', '@pipe')).toBe(SECRET);
  });

  it('is asked for when it has no value, and for - at a terminal', async () => {
    const { deps, asked, text } = world(SECRET);
    expect(await secretText(deps, '--old-share', true, 'Share: ')).toBe(SECRET);
    expect(await secretText(deps, '--old-share', '-', 'Again: ')).toBe(SECRET);
    expect(asked).toEqual(['Share: ', 'Again: ']);
    expect(text()).toBe('');
  });

  it('comes from the command line with a warning that does not repeat it', async () => {
    const { deps, text } = world();
    expect(await secretText(deps, '--old-share', SECRET)).toBe(SECRET);
    expect(text()).toContain('warning: --old-share');
    expect(text()).not.toContain(SECRET.slice(2));
  });

  it.each([0o640, 0o604, 0o620, 0o602, 0o601, 0o644])('refuses a file of mode %o', async (mode) => {
    const given = file('share', SECRET, mode);
    const attempt = secretText(world().deps, '--old-share', given);
    await expect(attempt).rejects.toThrow(`chmod 600 ${dir.path('share')}`);
    await expect(attempt).rejects.not.toThrow(SECRET.slice(2));
  });

  it('refuses what is no file, and no terminal to ask on', async () => {
    const { deps } = world();
    mkdirSync(dir.path('folder'), { mode: 0o700 });
    const refused = (value: string | true) =>
      expect(secretText(deps, '--old-share', value)).rejects;
    await refused('@none').toThrow('there is no file');
    await refused('@folder').toThrow('is a folder');
    await refused(true).toThrow('no terminal');
  });

  it('reads up to a limit', async () => {
    const { deps } = world();
    const most = file('most', 'x'.repeat(MAX_SECRET_BYTES));
    expect(await secretText(deps, '--old-share', most)).toHaveLength(MAX_SECRET_BYTES);
    const more = file('more', 'x'.repeat(MAX_SECRET_BYTES + 1));
    await expect(secretText(deps, '--old-share', more)).rejects.toThrow('more than 65536 bytes');
  });

  it.each(['', '0x', SECRET.slice(0, -1), `${SECRET}00`, `0y${SECRET.slice(2)}`, `${SECRET} x`])(
    'is never quoted when it is no share: %#',
    (text) => {
      let message = '';
      try {
        bytesFromHex(text, SCALAR_BYTES, '--old-share', 'COMMITTEE_BAD_OPTION');
      } catch (error) {
        message = String(error);
      }
      expect(message).toContain('expected 32 bytes as hex');
      expect(message).not.toContain('5e5e');
    },
  );
});
