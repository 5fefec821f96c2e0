/** A master share in a file of its own: written once, whole, private, and never over anything. */
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { findSecret } from '@seal-ts/service';
import { describe, expect, it } from 'vitest';
import { CeremonyFile } from '../src/files/ceremony-file.ts';
import { hex } from '../src/files/hex.ts';
import {
  checkShareTarget,
  findShare,
  MAX_SHARE_FILE_BYTES,
  recordShare,
} from '../src/files/share-file.ts';
import { temporaryFolder } from './temporary.ts';

const dir = temporaryFolder();
const share = new Uint8Array(32).fill(3);
const other = new Uint8Array(32).fill(4);
const notes: string[] = [];
const record = (name: string, value = share) =>
  recordShare(dir.path(name), value, (line) => notes.push(line));

describe('the file of a share', () => {
  it('is what a key server reads', () => {
    record('share');
    expect(readFileSync(dir.path('share'), 'utf8')).toBe(`${hex(share)}\n`);
    expect(statSync(dir.path('share')).mode & 0o777).toBe(0o600);
    const secret = findSecret({ MASTER_SHARE_V0: `@${dir.path('share')}` }, 'MASTER_SHARE_V0');
    expect(secret?.reveal()).toBe(hex(share));
    expect(findShare(dir.path('share'))).toEqual(share);
    expect(readdirSync(dir.path())).toEqual(['share']);
  });

  it('is found again by a repetition', () => {
    record('share');
    record('share');
    expect(findShare(dir.path('share'))).toEqual(share);
    writeFileSync(dir.path('plain'), `  ${hex(share).slice(2).toUpperCase()}\n\n`, { mode: 0o600 });
    record('plain');
    expect(readFileSync(dir.path('plain'), 'utf8')).toContain('  0303');
    expect(findShare(dir.path('none'))).toBeUndefined();
  });

  it.each(['', '0x', 'dkg', hex(other), `${hex(share)}00`, hex(share).repeat(20)])(
    'is never made out of a file that holds %j',
    (text) => {
      writeFileSync(dir.path('share'), text, { mode: 0o600 });
      expect(() => record('share')).toThrow(
        expect.objectContaining({ code: 'COMMITTEE_MISMATCH' }),
      );
      expect(readFileSync(dir.path('share'), 'utf8')).toBe(text);
    },
  );

  it('bounds what it reads, and quotes nothing', () => {
    writeFileSync(dir.path('share'), hex(share).padEnd(MAX_SHARE_FILE_BYTES, ' '));
    expect(findShare(dir.path('share'))).toEqual(share);
    writeFileSync(dir.path('share'), hex(share).padEnd(MAX_SHARE_FILE_BYTES + 1, ' '));
    expect(() => findShare(dir.path('share'))).toThrow('more than');
    writeFileSync(dir.path('share'), 'hunter2');
    expect(() => findShare(dir.path('share'))).toThrow('expected 32 bytes as hex');
    expect(() => findShare(dir.path('share'))).not.toThrow('hunter2');
  });

  it.runIf(process.platform !== 'win32')(
    'that others could read is closed, and that is said',
    () => {
      writeFileSync(dir.path('share'), hex(share));
      chmodSync(dir.path('share'), 0o644);
      notes.length = 0;
      record('share');
      expect(statSync(dir.path('share')).mode & 0o777).toBe(0o600);
      expect(notes.join()).toContain('others on this machine could read');
      expect(notes.join()).not.toContain(hex(share).slice(2));
    },
  );
});

describe('--share-file', () => {
  const check = (name: string) => () => checkShareTarget(dir.path(name), dir.path('messages'));

  it('is a new file in a folder that exists', () => {
    expect(check('share')).not.toThrow();
    record('share');
    expect(check('share')).not.toThrow();
  });

  it.each<[string, string, string, () => void]>([
    ['a folder', 'there', 'it is a folder', () => mkdirSync(dir.path('there'))],
    ['in no folder', 'none/share', 'none does not exist', () => undefined],
    ['in a file', 'file/share', 'file does not exist', () => writeFileSync(dir.path('file'), '')],
    [
      'among the messages',
      'messages/share',
      'which is shared',
      () => mkdirSync(dir.path('messages')),
    ],
    [
      'among the messages by a link',
      'link/share',
      'which is shared',
      () => {
        mkdirSync(dir.path('messages'));
        symlinkSync(dir.path('messages'), dir.path('link'));
      },
    ],
    ['a link', 'link', 'it is a link', () => symlinkSync(dir.path('nowhere'), dir.path('link'))],
    ['written as a secret option', '@share', 'without @', () => undefined],
  ])('is refused when it is %s', (_, name, words, prepare) => {
    prepare();
    expect(check(name)).toThrow(words);
    expect(check(name)).toThrow(expect.objectContaining({ code: 'COMMITTEE_BAD_OPTION' }));
  });
});

describe('dkg.yaml beside it', () => {
  const result = {
    version: 0,
    publicKey: new Uint8Array(96),
    partialPublicKeys: [new Uint8Array(96)],
    masterShare: share,
  };
  const file = () => CeremonyFile.read(dir.path('dkg.yaml'));

  it('gets the public outputs only', () => {
    writeFileSync(dir.path('dkg.yaml'), 'init-params:\n  THRESHOLD: 2\n');
    file().recordResult(result, true);
    expect(readFileSync(dir.path('dkg.yaml'), 'utf8')).not.toContain('MASTER_SHARE');
    expect(file().partialPublicKeys(0)).toHaveLength(1);
    expect(file().resultVersions).toEqual([0]);
  });

  it('still refuses another share than it has', () => {
    writeFileSync(dir.path('dkg.yaml'), 'init-params:\n  THRESHOLD: 2\n');
    file().recordResult(result);
    file().recordResult(result, true);
    expect(file().masterShare(0)).toEqual(share);
    const wrong = { ...result, masterShare: other };
    expect(() => file().checkResult(wrong)).toThrow('already contains output field');
    expect(() => file().recordResult(wrong, true)).toThrow('already contains output field');
  });
});
