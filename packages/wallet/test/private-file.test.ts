import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  createPrivateFile,
  MAX_FILE_BYTES,
  makePrivateFolder,
  readTextFile,
  writePrivateFile,
} from '../src/files/index.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'seal-wallet-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const mode = (path: string) => statSync(path).mode & 0o777;

describe('private files', () => {
  it('only their owner can read, also when a readable one is replaced', () => {
    const path = join(dir, 'a');
    writeFileSync(path, 'old', { mode: 0o644 });
    writePrivateFile(path, 'new');
    expect([readFileSync(path, 'utf8'), mode(path)]).toEqual(['new', 0o600]);
    expect(readdirSync(dir)).toEqual(['a']);
  });

  it('follows a link and leaves it in place', () => {
    const target = join(dir, 'target');
    const link = join(dir, 'link');
    writeFileSync(target, 'old');
    symlinkSync(target, link);
    writePrivateFile(link, 'new');
    expect(readFileSync(target, 'utf8')).toBe('new');
    expect(readFileSync(link, 'utf8')).toBe('new');
  });

  it('creates, but never replaces', () => {
    const path = join(dir, 'a');
    createPrivateFile(path, 'one');
    expect(mode(path)).toBe(0o600);
    expect(() => createPrivateFile(path, 'two')).toThrow(expect.objectContaining({ code: 'FILE' }));
    expect(readFileSync(path, 'utf8')).toBe('one');
    expect(readdirSync(dir)).toEqual(['a']);
  });

  it('leaves nothing behind when it cannot write', () => {
    expect(() => writePrivateFile(join(dir, 'no', 'a'), 'x')).toThrow('cannot write');
    expect(readdirSync(dir)).toEqual([]);
  });

  it('makes folders private, and leaves the mode of existing ones', () => {
    makePrivateFolder(join(dir, 'new', 'inner'));
    expect(mode(join(dir, 'new', 'inner'))).toBe(0o700);
    chmodSync(dir, 0o755);
    makePrivateFolder(dir);
    expect(mode(dir)).toBe(0o755);
  });

  it('tells a missing file from an unreadable one', () => {
    expect(readTextFile(join(dir, 'none'))).toBeUndefined();
    expect(() => readTextFile(dir)).toThrow(expect.objectContaining({ code: 'FILE' }));
  });

  it('reads up to the limit', () => {
    const path = join(dir, 'large');
    writeFileSync(path, '');
    truncateSync(path, MAX_FILE_BYTES);
    expect(readTextFile(path)).toHaveLength(MAX_FILE_BYTES);
    truncateSync(path, MAX_FILE_BYTES + 1);
    expect(() => readTextFile(path)).toThrow(`${MAX_FILE_BYTES + 1} bytes`);
  });
});
