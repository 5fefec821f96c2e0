import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { systemRandom } from '@seal-ts/crypto';
import { nobleEngine as engine } from '@seal-ts/crypto/noble';
import { describe, expect, it } from 'vitest';
import { dealMessage, processMessages, setHash } from '../src/ceremony/process.ts';
import type { CeremonySnapshot } from '../src/ceremony/snapshot.ts';
import { createDkgKey, findDkgKey, readDkgKey } from '../src/files/dkg-key.ts';
import { findMessage, readMessages, writeMessage } from '../src/files/messages.ts';
import { findState, writeState } from '../src/files/state-file.ts';
import { temporaryFolder } from './temporary.ts';

const dir = temporaryFolder();
const newKey = (name: string) => createDkgKey(engine, systemRandom, dir.path(name));

function ceremony(): { snapshots: CeremonySnapshot[]; keys: ReturnType<typeof newKey>[] } {
  const keys = [newKey('a.key'), newKey('b.key')];
  const snapshots = keys.map((_, myPartyId) => ({
    committeeId: `0x${'ab'.repeat(32)}`,
    threshold: 2,
    myPartyId,
    encryptionKeys: keys.map((key) => key.encryptionKey),
    signingKeys: keys.map((key) => key.signingKey),
    rotation: undefined,
  }));
  return { snapshots, keys };
}

describe('dkg.key', () => {
  it('is private, made once, and read back', () => {
    const key = newKey('dkg.key');
    expect(statSync(dir.path('dkg.key')).mode & 0o777).toBe(0o600);
    expect(readDkgKey(engine, dir.path('dkg.key'))).toEqual(key);
    expect(() => newKey('dkg.key')).toThrow('cannot create');
    expect(readDkgKey(engine, dir.path('dkg.key'))).toEqual(key);
  });

  it('is absent, or needed', () => {
    expect(findDkgKey(engine, dir.path('none'))).toBeUndefined();
    expect(() => readDkgKey(engine, dir.path('none'))).toThrow('run genkey-and-register first');
  });

  it.each([
    ['enc_pk', 'does not belong to its secret'],
    ['signing_pk', 'does not belong to its secret'],
    ['enc_sk', 'does not belong to its secret'],
  ])('is refused when %s is of another key', (field, problem) => {
    newKey('one');
    newKey('two');
    const [one, two] = ['one', 'two'].map((name) =>
      JSON.parse(readFileSync(dir.path(name), 'utf8')),
    );
    writeFileSync(dir.path('mixed'), JSON.stringify({ ...one, [field]: two[field] }));
    expect(() => findDkgKey(engine, dir.path('mixed'))).toThrow(problem);
  });

  it.each(['', '{', '[]', '{"enc_sk":1}', '{"enc_sk":"0xsecret"}', '{"enc_sk":"0x00"}', 'null'])(
    'is refused as %j without quoting it',
    (text) => {
      writeFileSync(dir.path('bad'), text);
      const attempt = () => findDkgKey(engine, dir.path('bad'));
      expect(attempt).toThrow(expect.objectContaining({ code: 'COMMITTEE_STATE' }));
      expect(attempt).not.toThrow('secret');
    },
  );
});

describe('state.json and messages', () => {
  it('carry a ceremony from one run to the next', async () => {
    const { snapshots, keys } = ceremony();
    mkdirSync(dir.path('messages'));
    for (const [id, snapshot] of snapshots.entries()) {
      const signed = await dealMessage(engine, systemRandom, snapshot, keys[id]!);
      writeMessage(engine, dir.path('messages', `any-name-${9 - id}.json`), signed);
      writeState(engine, dir.path(`state-${id}.json`), snapshot, signed.message);
      expect(statSync(dir.path(`state-${id}.json`)).mode & 0o777).toBe(0o600);
      expect(findState(dir.path(`state-${id}.json`))).toEqual({ snapshot, deals: true });
    }
    const messages = readMessages(engine, dir.path('messages'));
    expect(messages.map(({ signed }) => signed.message.sender)).toEqual([0, 1]);
    const [a, b] = await Promise.all(
      keys.map((key, id) => processMessages(engine, systemRandom, snapshots[id]!, key, messages)),
    );
    expect(a?.publicKey).toEqual(b?.publicKey);
    expect(a?.partialPublicKeys).toEqual(b?.partialPublicKeys);
    expect(a?.masterShare).not.toEqual(b?.masterShare);
    expect(setHash(engine, messages)).toEqual(setHash(engine, messages.toReversed()));
  });

  it('have the layout of the reference', async () => {
    const { snapshots, keys } = ceremony();
    const rotation = {
      oldThreshold: 2,
      newToOld: new Map([[0, 1]]),
      oldPartialKeys: new Map([[1, keys[0]!.signingKey]]),
      myOldShare: keys[0]!.signingSecret,
    };
    const snapshot = { ...snapshots[0]!, rotation };
    writeState(engine, dir.path('state.json'), snapshot, undefined);
    const value = JSON.parse(readFileSync(dir.path('state.json'), 'utf8'));
    expect(Object.keys(value)).toEqual([
      'config',
      'my_message',
      'received_messages',
      'processed_messages',
      'confirmation',
      'output',
    ]);
    expect(value.config.nodes).toMatchObject({
      total_weight: 2,
      accumulated_weights: [1, 2],
      nodes_with_nonzero_weight: [0, 1],
    });
    expect(value.config.new_to_old_mapping).toEqual({ 0: 1 });
    expect(findState(dir.path('state.json'))).toEqual({ snapshot, deals: false });
  });

  it.each([
    ['no JSON', () => '{'],
    ['no configuration', () => '{}'],
    ['a weight of 2', (text: string) => text.replace('"weight": 1', '"weight": 2')],
    ['an id out of order', (text: string) => text.replace('"id": 0', '"id": 1')],
    ['a committee id cut short', (text: string) => text.replace('abab', 'ab')],
    ['a threshold of text', (text: string) => text.replace('"threshold": 2', '"threshold": "2"')],
    ['a key cut short', (text: string) => text.replace(/"pk": "..../, '"pk": "')],
  ])('are refused with %s', (_, change) => {
    const { snapshots } = ceremony();
    writeState(engine, dir.path('state.json'), snapshots[0]!, undefined);
    const text = readFileSync(dir.path('state.json'), 'utf8');
    writeFileSync(dir.path('state.json'), change(text));
    expect(() => findState(dir.path('state.json'))).toThrow(
      expect.objectContaining({ code: 'COMMITTEE_STATE' }),
    );
  });

  it.each(['', '{}', '{"message":1}', '{"message":"zz"}', '{"message":"00"}'])(
    'a message file of %j is refused by name',
    (text) => {
      writeFileSync(dir.path('message_0.json'), text);
      expect(() => findMessage(engine, dir.path('message_0.json'))).toThrow('message_0.json');
    },
  );

  it('a wrong share draws a complaint', async () => {
    const { snapshots, keys } = ceremony();
    const signed = await dealMessage(engine, systemRandom, snapshots[0]!, keys[0]!);
    // Party 1's key in the snapshot that the dealer used is another's: it cannot open its share.
    const stranger = newKey('stranger');
    const wrong = {
      ...snapshots[0]!,
      encryptionKeys: [keys[0]!.encryptionKey, stranger.encryptionKey],
    };
    const bad = await dealMessage(engine, systemRandom, wrong, keys[0]!);
    const own = await dealMessage(engine, systemRandom, snapshots[1]!, keys[1]!);
    const set = [bad, own].map((message, id) => ({ file: `m${id}.json`, signed: message }));
    const attempt = processMessages(engine, systemRandom, snapshots[1]!, keys[1]!, set);
    await expect(attempt).rejects.toThrow(/m0.json: party 0 dealt .* Do not propose.*0x0000/);
    expect(signed.message.sender).toBe(0);
  });

  it('files that other systems add to a folder are passed over', async () => {
    const { snapshots, keys } = ceremony();
    const signed = await dealMessage(engine, systemRandom, snapshots[0]!, keys[0]!);
    mkdirSync(dir.path('unpacked', 'folder.d'), { recursive: true });
    writeMessage(engine, dir.path('unpacked', 'MESSAGE_0.JSON'), signed);
    for (const name of ['._MESSAGE_0.JSON', '._message_0.json', '.DS_Store', 'Thumbs.db']) {
      writeFileSync(dir.path('unpacked', name), '\0\x05\x16\x07');
    }
    const names = readMessages(engine, dir.path('unpacked')).map(({ file }) => file);
    expect(names).toEqual(['MESSAGE_0.JSON']);
  });

  it('a folder without messages, or without existence, is refused', () => {
    mkdirSync(dir.path('empty'));
    expect(() => readMessages(engine, dir.path('empty'))).toThrow('0 message files');
    expect(() => readMessages(engine, dir.path('none'))).toThrow('there is no folder');
    writeFileSync(dir.path('file'), '');
    expect(() => readMessages(engine, dir.path('file'))).toThrow('is no folder');
    mkdirSync(dir.path('empty', 'empty'));
    const inner = dir.path('empty', 'empty');
    expect(() => readMessages(engine, dir.path('empty'))).toThrow(`--messages-dir ${inner}`);
  });
});
