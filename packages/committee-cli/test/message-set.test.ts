/** The coordinator's signed choice: one text, one signer, one ceremony. */
import type { Keypair } from '@mysten/sui/cryptography';
import { Ed25519Keypair } from '@mysten/sui/keypairs/ed25519';
import { Secp256k1Keypair } from '@mysten/sui/keypairs/secp256k1';
import { Secp256r1Keypair } from '@mysten/sui/keypairs/secp256r1';
import { MultiSigPublicKey } from '@mysten/sui/multisig';
import { nobleEngine as engine } from '@seal-ts/crypto/noble';
import { fromBase64, toBase64 } from '@seal-ts/protocol';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  canonicalText,
  checkSetCeremony,
  checkSetContent,
  checkSetSignature,
  type MessageSet,
  messageSetOf,
  SET_DOMAIN,
  type SignedMessageSet,
  setDifferences,
  signMessageSet,
} from '../src/ceremony/message-set.ts';
import { MAX_SET_MESSAGES, parseSet, setText } from '../src/files/message-set-file.ts';
import { COMMITTEE, hashOf, keyOf, messagesOf } from './fixture.ts';

const SET: MessageSet = {
  network: 'testnet',
  committeeId: COMMITTEE,
  messagesHash: hashOf(1),
  messages: [
    { party: 0, hash: hashOf(2) },
    { party: 2, hash: hashOf(3) },
  ],
};
const KEY = Ed25519Keypair.fromSecretKey(new Uint8Array(32).fill(7));
const COORDINATOR = KEY.toSuiAddress();
let signed: SignedMessageSet;
beforeAll(async () => {
  signed = await signMessageSet(SET, KEY);
});

describe('what is signed', () => {
  it('is this text, for ever', () => {
    expect(canonicalText(SET)).toBe(
      'Seal committee message set, version 1\n' +
        'network testnet\n' +
        `committee 0x${'ab'.repeat(32)}\n` +
        `messages-hash 0x${'01'.repeat(32)}\n` +
        'messages 2\n' +
        `party 0 0x${'02'.repeat(32)}\n` +
        `party 2 0x${'03'.repeat(32)}\n`,
    );
    expect(canonicalText(SET).startsWith(SET_DOMAIN)).toBe(true);
  });

  it('has this signature by this key', () => {
    expect(COORDINATOR).toBe('0xa0ccc8bcc83f6c628340134f8546a21e0618fd1aaa02432bba454c4a2c2233da');
    expect(signed.signature).toBe(
      'AA/Wk8FCmgukV0C0r28EJU3OHnm8j3FOA+TldubQuoe2vLl9WVqDeC3GzUB38vyDcjbPHe/t3Uy7VfTXwahEGgDqSmxj4pxSCr71UHsTLsX5lUd2rr6+e5JCHuppFEbSLA==',
    );
  });

  it('names every message by its own bytes', async () => {
    const messages = await messagesOf([keyOf(0), keyOf(1)]);
    const set = messageSetOf(engine, { network: 'testnet', committeeId: COMMITTEE }, messages);
    expect(set.messages.map(({ party }) => party)).toEqual([0, 1]);
    expect(new Set([set.messagesHash, ...set.messages.map(({ hash }) => hash)]).size).toBe(3);
  });
});

describe('the signature', () => {
  it.each<[string, Keypair]>([
    ['ed25519', Ed25519Keypair.generate()],
    ['secp256k1', Secp256k1Keypair.generate()],
    ['secp256r1', Secp256r1Keypair.generate()],
  ])('of a %s key counts for its address and no other', async (_, key) => {
    const set = await signMessageSet(SET, key);
    await expect(checkSetSignature(set, key.toSuiAddress())).resolves.toBeUndefined();
    await expect(checkSetSignature(set, COORDINATOR)).rejects.toThrow(
      `is signed by ${key.toSuiAddress()}, but the coordinator of this ceremony is ${COORDINATOR}`,
    );
  });

  it.each<[string, (set: SignedMessageSet) => SignedMessageSet]>([
    ['another committee', (set) => ({ ...set, committeeId: hashOf(9) })],
    ['another network', (set) => ({ ...set, network: 'mainnet' })],
    ['another hash', (set) => ({ ...set, messagesHash: hashOf(9) })],
    ['a message less', (set) => ({ ...set, messages: set.messages.slice(1) })],
    ['another sender', (set) => ({ ...set, messages: [{ party: 1, hash: hashOf(2) }] })],
    ['no message', (set) => ({ ...set, messages: [] })],
  ])('does not cover %s', async (_, change) => {
    await expect(checkSetSignature(change(signed), COORDINATOR)).rejects.toThrow('was changed');
  });

  it.each<[string, (bytes: Uint8Array) => Uint8Array]>([
    ['one bit flipped', (bytes) => bytes.with(5, bytes[5]! ^ 1)],
    ['a scheme of no wallet', (bytes) => bytes.with(0, 5)],
    ['an unknown scheme', (bytes) => bytes.with(0, 99)],
    ['a byte less', (bytes) => bytes.slice(0, -1)],
    ['a byte more', (bytes) => Uint8Array.of(...bytes, 0)],
    ['nothing but the flag', (bytes) => bytes.slice(0, 1)],
  ])('is refused with %s', async (_, change) => {
    const signature = toBase64(change(fromBase64(signed.signature)));
    await expect(checkSetSignature({ ...signed, signature }, COORDINATOR)).rejects.toThrow(
      expect.objectContaining({ code: 'COMMITTEE_MESSAGE_SET' }),
    );
  });

  it('of a transaction, or of several people together, does not count', async () => {
    const bytes = new TextEncoder().encode(canonicalText(SET));
    const { signature } = await KEY.signTransaction(bytes);
    await expect(checkSetSignature({ ...SET, signature }, COORDINATOR)).rejects.toThrow('changed');
    const group = MultiSigPublicKey.fromPublicKeys({
      threshold: 1,
      publicKeys: [{ publicKey: KEY.getPublicKey(), weight: 1 }],
    });
    const combined = group.combinePartialSignatures([signed.signature]);
    await expect(
      checkSetSignature({ ...SET, signature: combined }, group.toSuiAddress()),
    ).rejects.toThrow('not by the key of a wallet');
  });
});

describe('a set of another ceremony', () => {
  it.each([
    ['committee', { ...SET, committeeId: hashOf(9) }],
    ['network', { ...SET, network: 'mainnet' as const }],
  ])('is told by its %s', (what, set) => {
    expect(() => checkSetCeremony(set, SET)).toThrow(`is of ${what} `);
    expect(() => checkSetCeremony(SET, SET)).not.toThrow();
  });
});

describe('other messages than the chosen ones', () => {
  it.each<[string, Partial<MessageSet>, string]>([
    ['one missing', { messages: SET.messages.slice(1) }, 'the message of party 0 is missing'],
    [
      'another of a sender',
      { messages: [{ party: 0, hash: hashOf(8) }, SET.messages[1]!] },
      'the message of party 0 is another one',
    ],
    [
      'one more',
      { messages: [...SET.messages, { party: 3, hash: hashOf(8) }] },
      'party 3 was not chosen',
    ],
  ])('are told: %s', (_, change, words) => {
    const found = { ...SET, messagesHash: hashOf(9), ...change };
    expect(setDifferences(SET, found).join()).toContain(words);
    expect(() => checkSetContent(SET, found)).toThrow(words);
    // Also when somebody kept the old hash in place.
    expect(() => checkSetContent(SET, { ...SET, ...change })).toThrow(words);
  });

  it('are told by the hash of all of them, too', () => {
    const found = { ...SET, messagesHash: hashOf(9) };
    expect(() => checkSetContent(SET, found)).toThrow('the hash itself is wrong');
    expect(() => checkSetContent(SET, SET)).not.toThrow();
  });
});

describe('message-set.sig', () => {
  it('comes back as it went', () => {
    expect(parseSet('f', setText(signed))).toEqual(signed);
  });

  it('has room for the largest ceremony, and for no more', () => {
    const of = (count: number) => {
      const messages = Array.from({ length: count }, (_, party) => ({ party, hash: hashOf(1) }));
      return () => parseSet('f', setText({ ...signed, messages }));
    };
    expect(of(MAX_SET_MESSAGES)().messages).toHaveLength(MAX_SET_MESSAGES);
    expect(of(MAX_SET_MESSAGES + 1)).toThrow('not a list of 1 to 1000');
    expect(of(0)).toThrow('not a list of 1 to 1000');
  });

  const json = () => JSON.parse(setText(signed)) as Record<string, unknown>;
  it.each<[string, () => string]>([
    ['is not JSON', () => 'signed'],
    ['is not a JSON object', () => '[]'],
    ['is not a JSON object', () => 'null'],
    ['must have the fields', () => '{}'],
    ['must have the fields', () => JSON.stringify({ ...json(), more: 1 })],
    ['format is not', () => JSON.stringify({ ...json(), format: 'seal-message-set-2' })],
    ['network is unknown', () => JSON.stringify({ ...json(), network: 'Testnet' })],
    ['network is unknown', () => JSON.stringify({ ...json(), network: 'othernet' })],
    ['network is unknown', () => JSON.stringify({ ...json(), network: 5 })],
    ['committee is not', () => JSON.stringify({ ...json(), committee: '0x5' })],
    ['messages_hash is not', () => setText({ ...signed, messagesHash: `0x${'AB'.repeat(32)}` })],
    ['signature is not', () => setText({ ...signed, signature: '' })],
    ['signature is not', () => setText({ ...signed, signature: '***' })],
    ['signature is not', () => setText({ ...signed, signature: 'A'.repeat(136) })],
    ['messages is not a list', () => JSON.stringify({ ...json(), messages: {} })],
    ['not an object of party', () => JSON.stringify({ ...json(), messages: [[0, hashOf(1)]] })],
    ['is not a party id', () => setText({ ...signed, messages: [{ party: -1.5, hash: 'x' }] })],
    ['is not a party id', () => setText({ ...signed, messages: [{ party: 65_536, hash: 'x' }] })],
    ['.hash is not', () => setText({ ...signed, messages: [{ party: 1, hash: '0x' }] })],
    ['ascending', () => setText({ ...signed, messages: signed.messages.toReversed() })],
    ['each once', () => setText({ ...signed, messages: [SET.messages[0]!, SET.messages[0]!] })],
    ['is longer than', () => ' '.repeat(200_000)],
  ])('is refused when it %s', (problem, text) => {
    const attempt = () => parseSet('f', text());
    expect(attempt).toThrow(expect.objectContaining({ code: 'COMMITTEE_MESSAGE_SET' }));
    expect(attempt).toThrow(problem);
  });
});
