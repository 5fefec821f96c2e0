/** The memory of session keys answers as decoding would. */
import { sign } from 'node:crypto';
import { Ed25519Keypair } from '@mysten/sui/keypairs/ed25519';
import { describe, expect, it } from 'vitest';
import { verifyEd25519 } from '../src/fetch-key/ed25519.ts';
import { SESSION_KEYS_MAX, SessionKeys } from '../src/fetch-key/session-keys.ts';

const publicKey = (seed: number) =>
  Ed25519Keypair.fromSecretKey(new Uint8Array(32).fill(seed)).getPublicKey().toRawBytes();
const MESSAGE = new TextEncoder().encode('message');

describe('session keys', () => {
  it('verify what their session signed, first and remembered', async () => {
    const session = Ed25519Keypair.fromSecretKey(new Uint8Array(32).fill(1));
    const signature = await session.sign(MESSAGE);
    const keys = new SessionKeys();
    for (const seed of [1, 1, 2]) {
      const key = keys.get(publicKey(seed))!;
      expect(verifyEd25519(key, MESSAGE, signature)).toBe(seed === 1);
    }
    expect(keys.size).toBe(2);
    expect(() => sign(null, MESSAGE, keys.get(publicKey(1))!)).toThrow();
  });

  it('are not made of bytes that are no point, and those are not remembered', () => {
    const keys = new SessionKeys();
    for (const bytes of [new Uint8Array(31), new Uint8Array(33), new Uint8Array(32).fill(0x12)]) {
      expect(keys.get(bytes)).toBe(undefined);
    }
    expect(keys.size).toBe(0);
  });

  it('are told apart when one is written into the memory of another', () => {
    const keys = new SessionKeys();
    const bytes = publicKey(1).slice();
    const first = keys.get(bytes);
    bytes.set(publicKey(2));
    expect(keys.get(bytes)).not.toBe(first);
    expect(keys.get(publicKey(1))).toBe(first);
  });

  it('are bounded in number', () => {
    const keys = new SessionKeys();
    const bytes = new Uint8Array(32);
    for (let i = 0, made = 0; made <= SESSION_KEYS_MAX; i++) {
      new DataView(bytes.buffer).setUint32(4, i);
      if (keys.get(bytes) !== undefined) made++;
    }
    expect(keys.size).toBe(SESSION_KEYS_MAX);
  });
});
