/** What the board and its clients recognise: secrets, lists, sizes. */
import { readFileSync } from 'node:fs';
import { systemRandom } from '@seal-ts/crypto';
import { nobleEngine as engine } from '@seal-ts/crypto/noble';
import { Wallet } from '@seal-ts/wallet';
import { describe, expect, it } from 'vitest';
import { maxMessageBytes } from '../src/board/limits.ts';
import { parseList } from '../src/board/list.ts';
import { secretIn } from '../src/board/secrets.ts';
import { createDkgKey } from '../src/files/dkg-key.ts';
import { MAX_MESSAGE_FILE_BYTES, messageText } from '../src/files/messages.ts';
import { writeState } from '../src/files/state-file.ts';
import { hashOf, keyOf, messagesOf, snapshotsOf } from './fixture.ts';
import { temporaryFolder } from './temporary.ts';

const dir = temporaryFolder();

describe('files that must stay', () => {
  it('are recognised as the tools write them', () => {
    createDkgKey(engine, systemRandom, dir.path('dkg.key'));
    expect(secretIn(readFileSync(dir.path('dkg.key'), 'utf8'))).toBe('dkg.key');
    writeState(engine, dir.path('state.json'), snapshotsOf([keyOf(0), keyOf(1)])[0]!, undefined);
    expect(secretIn(readFileSync(dir.path('state.json'), 'utf8'))).toBe('state.json');
    Wallet.create(dir.path('client.yaml'), [], 'testnet').newAddress();
    expect(secretIn(readFileSync(dir.path('sui.keystore'), 'utf8'))).toContain('keystore');
  });

  it.each([
    ['genkey-and-register:\n  MY_ADDRESS: 0x5', 'dkg.yaml'],
    ['init-params:\n  THRESHOLD: 2\n process-all-and-propose :\n', 'dkg.yaml'],
    ['MASTER_SHARE_V12=0x05', 'master share'],
    ['MASTER_KEY=0x05', 'master share or key'],
    [hashOf(5), 'master share'],
    [hashOf(5).slice(2).toUpperCase(), 'master share'],
    ['SUIPRIVKEY1QQ', 'private key'],
  ])('are recognised in %j', (text, what) => {
    expect(secretIn(text)).toContain(what);
  });

  it('are looked for in a time that strangers cannot stretch', () => {
    const started = performance.now();
    for (const filler of ['\n', ' ', '\n ', '[ ', '["', '0x', 'a', '_']) {
      expect(secretIn(filler.repeat(100_000))).toBeUndefined();
    }
    expect(performance.now() - started).toBeLessThan(2_000);
  });

  it('are not seen where there are none', async () => {
    const [message] = await messagesOf([keyOf(0), keyOf(1)]);
    expect(secretIn(messageText(engine, message!.signed))).toBeUndefined();
    for (const text of ['', '{}', `  - ${hashOf(5)}\n  - ${hashOf(6)}`, 'init-params:\n  A: 1']) {
      expect(secretIn(text)).toBeUndefined();
    }
  });
});

describe('a list of messages', () => {
  const item = (party: number) => ({ party, hash: hashOf(1) });
  const list = (items: unknown) => JSON.stringify({ messages: items });

  it('is read', () => {
    expect(parseList(list([]))).toEqual([]);
    expect(parseList(list([item(0), item(7)]))).toEqual([item(0), item(7)]);
    const most = Array.from({ length: 1000 }, (_, party) => item(party));
    expect(parseList(list(most))).toHaveLength(1000);
    expect(parseList(list([...most, item(1000)]))).toBeUndefined();
  });

  it.each([
    '',
    'null',
    '[]',
    '{}',
    list({}),
    list([null]),
    list([item(1), item(0)]),
    list([item(1), item(1)]),
    list([item(-1)]),
    list([item(0.5)]),
    list([item(65_536)]),
    list([{ party: 0, hash: '0x' }]),
    list([{ party: '0', hash: hashOf(1) }]),
  ])('is not guessed from %s', (text) => {
    expect(parseList(text)).toBeUndefined();
  });
});

describe('the size of a message', () => {
  it.each([
    [2, 2],
    [4, 3],
  ])('of %d parties and threshold %d is bounded closely', async (parties, threshold) => {
    const keys = Array.from({ length: parties }, (_, i) => keyOf(i));
    const snapshots = snapshotsOf(keys).map((snapshot) => ({ ...snapshot, threshold }));
    const [message] = await messagesOf(keys, snapshots.slice(0, 1));
    const size = messageText(engine, message!.signed).length;
    expect(maxMessageBytes(parties, threshold)).toBeGreaterThanOrEqual(size);
    expect(maxMessageBytes(parties, threshold)).toBeLessThan(size + 64);
  });

  it('grows with the ceremony up to what is ever read', () => {
    expect(maxMessageBytes(1000, 667)).toBeGreaterThan(2 * (404 + 96 * 667 + 34 * 1000));
    expect(maxMessageBytes(1000, 65_535)).toBe(MAX_MESSAGE_FILE_BYTES);
  });
});
