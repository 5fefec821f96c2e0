/** Data encapsulation (protocol §1.7). */

import { hmac } from '@noble/hashes/hmac.js';
import { sha3_256 } from '@noble/hashes/sha3.js';
import {
  AES_GCM_TAG_BYTES,
  type Ciphertext,
  concat,
  decapsulate,
  encapsulate,
  fromHex,
  HMAC_CTR_ENC_TAG,
  HMAC_CTR_MAC_TAG,
  hmacCtrDecrypt,
  hmacCtrEncrypt,
  MAX_PLAINTEXT_BYTES,
  systemRandom,
  u64le,
  utf8,
  xor,
} from '@seal-ts/crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codeOf, codeOfAsync, flipped } from './support/helpers.ts';

const key = fromHex('43041389faab1f789fa56722b1def4c3ec6da22675e9bd8ad7329cd931bc840a');
const bytes = (maxLength: number) => fc.uint8Array({ maxLength });

/** HMAC-256-CTR straight from the formula, as slow as it reads. */
function reference(k: Uint8Array, plaintext: Uint8Array, aad: Uint8Array) {
  const blob = plaintext.slice();
  for (let i = 0; i * 32 < blob.length; i++) {
    const block = blob.subarray(i * 32, i * 32 + 32);
    const mask = hmac(sha3_256, k, concat(HMAC_CTR_ENC_TAG, u64le(i)));
    block.set(xor(block, mask.subarray(0, block.length)));
  }
  return { blob, mac: hmac(sha3_256, k, concat(HMAC_CTR_MAC_TAG, u64le(aad.length), aad, blob)) };
}

describe('HMAC-256-CTR', () => {
  it('is the formula', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        bytes(200),
        bytes(40),
        (k, m, a) => {
          expect(hmacCtrEncrypt(k, m, a)).toEqual(reference(k, m, a));
        },
      ),
      { numRuns: 20 },
    );
    const long = systemRandom(32 * 300 + 5);
    expect(hmacCtrEncrypt(key, long, utf8('x'))).toEqual(reference(key, long, utf8('x')));
  });

  it.each([0, 1, 31, 32, 33, 64])('opens %i bytes', (length) => {
    const message = systemRandom(length);
    const { blob, mac } = hmacCtrEncrypt(key, message, utf8('aad'));
    expect(blob.length).toBe(length);
    expect(hmacCtrDecrypt(key, blob, utf8('aad'), mac)).toEqual(message);
  });

  it('separates associated data from ciphertext', () => {
    const { blob, mac } = hmacCtrEncrypt(key, utf8('0123456789'), utf8('ab'));
    const moved = () =>
      hmacCtrDecrypt(key, blob.subarray(1), concat(utf8('ab'), blob.subarray(0, 1)), mac);
    expect(codeOf(moved)).toBe('DECRYPTION_FAILED');
  });

  it('does not touch its inputs', () => {
    const message = utf8('message');
    const { blob, mac } = hmacCtrEncrypt(key, message, utf8('a'));
    const copy = blob.slice();
    hmacCtrDecrypt(key, blob, utf8('a'), mac);
    expect([message, blob]).toEqual([utf8('message'), copy]);
  });

  it('refuses keys and codes of the wrong length', () => {
    for (const length of [0, 16, 31, 33, 64]) {
      const bad = new Uint8Array(length);
      expect(codeOf(() => hmacCtrEncrypt(bad, key, key))).toBe('INVALID_LENGTH');
      expect(codeOf(() => hmacCtrDecrypt(bad, key, key, key))).toBe('INVALID_LENGTH');
      expect(codeOf(() => hmacCtrDecrypt(key, key, key, bad))).toBe('INVALID_LENGTH');
    }
  });
});

describe.each(['aes256gcm', 'hmac256ctr'] as const)('%s', (kind) => {
  it('round-trips, with associated data present, empty or missing', async () => {
    for (const aad of [utf8('some aad'), new Uint8Array(0), undefined]) {
      const sealed = await encapsulate(key, { kind, plaintext: utf8('plain'), aad });
      expect(sealed).toMatchObject({ kind, aad });
      expect(await decapsulate(key, sealed)).toEqual(utf8('plain'));
    }
  });

  it('treats missing and empty associated data alike', async () => {
    const sealed = await encapsulate(key, { kind, plaintext: utf8('plain') });
    const empty = { ...sealed, aad: new Uint8Array(0) } as Ciphertext;
    expect(await decapsulate(key, empty)).toEqual(utf8('plain'));
    const other = { ...sealed, aad: Uint8Array.of(0) } as Ciphertext;
    expect(await codeOfAsync(decapsulate(key, other))).toBe('DECRYPTION_FAILED');
  });

  it('refuses every single-bit damage of a short blob', async () => {
    const sealed = await encapsulate(key, { kind, plaintext: utf8('hi'), aad: utf8('a') });
    if (sealed.kind === 'plain') throw new TypeError('unexpected kind');
    for (let i = 0; i < sealed.blob.length; i++) {
      const damaged = { ...sealed, blob: flipped(sealed.blob, i) };
      expect(await codeOfAsync(decapsulate(key, damaged))).toBe('DECRYPTION_FAILED');
    }
  });

  it('refuses wrong keys and wrong modes', async () => {
    const sealed = await encapsulate(key, { kind, plaintext: utf8('hi') });
    expect(await codeOfAsync(decapsulate(flipped(key), sealed))).toBe('DECRYPTION_FAILED');
    const unknown = { ...sealed, kind: 'rot13' } as unknown as Ciphertext;
    expect(await codeOfAsync(decapsulate(key, unknown))).toBe('INVALID_ENVELOPE');
    for (const length of [0, 16, 31, 33]) {
      const bad = new Uint8Array(length);
      expect(await codeOfAsync(decapsulate(bad, sealed))).toBe('INVALID_LENGTH');
      const payload = { kind, plaintext: utf8('hi') };
      expect(await codeOfAsync(encapsulate(bad, payload))).toBe('INVALID_LENGTH');
    }
  });

  it('refuses a plaintext beyond the limit before doing any work', async () => {
    const plaintext = { length: MAX_PLAINTEXT_BYTES + 1 } as Uint8Array;
    expect(await codeOfAsync(encapsulate(key, { kind, plaintext }))).toBe('INVALID_INPUT');
  });
});

describe('plain', () => {
  it('yields a copy of the key', async () => {
    const sealed = await encapsulate(key, { kind: 'plain' });
    expect(sealed).toEqual({ kind: 'plain' });
    const opened = await decapsulate(key, sealed);
    expect(opened).toEqual(key);
    opened.fill(0);
    expect(key[0]).toBe(0x43);
  });
});

describe('AES-256-GCM', () => {
  it('appends a full tag', async () => {
    const sealed = await encapsulate(key, { kind: 'aes256gcm', plaintext: new Uint8Array(5) });
    expect(sealed.kind === 'aes256gcm' && sealed.blob.length).toBe(5 + AES_GCM_TAG_BYTES);
  });
});
