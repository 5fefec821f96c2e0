/** Nobody signs or uses a second set. */
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { SignedMessageSet } from '../src/ceremony/message-set.ts';
import {
  checkUsedSet,
  findSignedSet,
  recordSignedSet,
  recordUsedSet,
  signedSetPath,
  usedSetPath,
} from '../src/files/set-record.ts';
import { COMMITTEE, hashOf } from './fixture.ts';
import { temporaryFolder } from './temporary.ts';

const dir = temporaryFolder();
const set = (digit: number): SignedMessageSet => ({
  network: 'testnet',
  committeeId: COMMITTEE,
  messagesHash: hashOf(digit),
  messages: [{ party: 0, hash: hashOf(digit) }],
  signature: 'AAAA',
});

describe('what a coordinator signed', () => {
  it('is remembered and never replaced', () => {
    expect(findSignedSet(dir.path())).toBeUndefined();
    recordSignedSet(dir.path(), set(1));
    expect(findSignedSet(dir.path())).toEqual(set(1));
    expect(() => recordSignedSet(dir.path(), set(2))).toThrow('cannot create');
    expect(findSignedSet(dir.path())).toEqual(set(1));
    writeFileSync(signedSetPath(dir.path()), '{');
    expect(() => findSignedSet(dir.path())).toThrow('not JSON');
  });
});

describe('what a member has used', () => {
  it('can be used again, and nothing else', () => {
    expect(() => checkUsedSet(dir.path(), set(1), true)).not.toThrow();
    recordUsedSet(dir.path(), set(1));
    recordUsedSet(dir.path(), set(1));
    const before = readFileSync(usedSetPath(dir.path()), 'utf8');
    expect(() => checkUsedSet(dir.path(), set(1), true)).not.toThrow();
    expect(() => checkUsedSet(dir.path(), set(2), true)).toThrow('there are two sets');
    expect(() => checkUsedSet(dir.path(), set(2), false)).toThrow('start the ceremony over');
    expect(() => recordUsedSet(dir.path(), set(2))).toThrow(hashOf(1));
    const other = { ...set(1), committeeId: hashOf(9) };
    expect(() => checkUsedSet(dir.path(), other, true)).toThrow('fresh state directories');
    expect(readFileSync(usedSetPath(dir.path()), 'utf8')).toBe(before);
    expect(statSync(usedSetPath(dir.path())).mode & 0o777).toBe(0o600);
  });

  it.each(['', '{', 'null', '{}', '{"committeeId":"0x5"}'])('is not guessed from %j', (text) => {
    writeFileSync(usedSetPath(dir.path()), text);
    expect(() => checkUsedSet(dir.path(), set(1), true)).toThrow('is damaged');
    expect(() => recordUsedSet(dir.path(), set(1))).toThrow('is damaged');
  });
});
