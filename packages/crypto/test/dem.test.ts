/** Data encapsulation (protocol §1.7). */

import { hmac } from '@noble/hashes/hmac.js';
import { sha3_256 } from '@noble/hashes/sha3.js';
import {
  AES_BLOCK_BYTES,
  AES_GCM_TAG_BYTES,
  AesGcmEncryptor,
  aesGcmDecryptInPieces,
  aesGcmEncrypt,
  aesGcmEncryptInto,
  blobLength,
  type Ciphertext,
  concat,
  decapsulate,
  encapsulate,
  encapsulateInto,
  equalConstantTime,
  fromHex,
  HMAC_CTR_ENC_TAG,
  HMAC_CTR_MAC_TAG,
  hmacCtrDecrypt,
  hmacCtrEncrypt,
  MAX_PLAINTEXT_BYTES,
  type Payload,
  PIECEWISE_BYTES,
  systemRandom,
  toHex,
  u64le,
  utf8,
  xor,
} from '@seal-ts/crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import dem from '../../../vectors/crypto/dem.json' with { type: 'json' };
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

describe('AES-256-GCM in pieces', () => {
  /** Runs the pieces through the encryptor and returns the whole blob. */
  async function inPieces(message: Uint8Array, aad: Uint8Array, sizes: readonly number[]) {
    const encryptor = await AesGcmEncryptor.create(key, aad);
    const out: Uint8Array[] = [];
    let offset = 0;
    for (const size of sizes) {
      out.push(await encryptor.update(message.subarray(offset, offset + size)));
      offset += size;
    }
    out.push(await encryptor.update(message.subarray(offset)));
    return concat(...out, encryptor.finish());
  }

  it('gives the same bytes as in one piece', async () => {
    const blocks = fc.array(
      fc.nat(6).map((n) => n * AES_BLOCK_BYTES),
      { maxLength: 4 },
    );
    await fc.assert(
      fc.asyncProperty(bytes(300), bytes(40), blocks, async (message, aad, sizes) => {
        expect(await inPieces(message, aad, sizes)).toEqual(await aesGcmEncrypt(key, message, aad));
      }),
      { numRuns: 25 },
    );
  });

  it.each(dem.aes256gcm)('matches $source', async (v) => {
    const message = utf8(v.plaintextText);
    const encryptor = await AesGcmEncryptor.create(fromHex(v.key), utf8(v.aadText));
    const blob = [
      await encryptor.update(message.subarray(0, 48)),
      await encryptor.update(message.subarray(48)),
    ];
    expect(toHex(concat(...blob, encryptor.finish()))).toBe(v.blob);
  });

  it('decrypts in pieces what was encrypted in one, and nothing else', async () => {
    await fc.assert(
      fc.asyncProperty(bytes(300), bytes(40), fc.nat(), async (message, aad, position) => {
        const blob = await aesGcmEncrypt(key, message, aad);
        expect(await aesGcmDecryptInPieces(key, blob, aad)).toEqual(message);
        const damaged = aesGcmDecryptInPieces(key, flipped(blob, position % blob.length), aad);
        expect(await codeOfAsync(damaged)).toBe('DECRYPTION_FAILED');
        const other = aesGcmDecryptInPieces(key, blob, concat(aad, Uint8Array.of(0)));
        expect(await codeOfAsync(other)).toBe('DECRYPTION_FAILED');
      }),
      { numRuns: 15 },
    );
    for (const length of [0, 1, 15]) {
      const short = aesGcmDecryptInPieces(key, new Uint8Array(length), utf8('a'));
      expect(await codeOfAsync(short)).toBe('DECRYPTION_FAILED');
    }
  });

  it.each([-1, 0])('switches over at the limit without a trace (%i)', async (off) => {
    const plaintext = new Uint8Array(PIECEWISE_BYTES + off);
    const payload = { kind: 'aes256gcm', plaintext, aad: utf8('a') } as const;
    const sealed = await encapsulate(key, payload);
    const expected = await aesGcmEncrypt(key, plaintext, utf8('a'));
    expect(sealed.kind === 'aes256gcm' && equalConstantTime(sealed.blob, expected)).toBe(true);
    expect(equalConstantTime(await decapsulate(key, sealed), plaintext)).toBe(true);
    const short = await encapsulate(key, {
      ...payload,
      plaintext: plaintext.subarray(AES_GCM_TAG_BYTES),
    });
    expect((await decapsulate(key, short)).length).toBe(plaintext.length - AES_GCM_TAG_BYTES);
  });

  it('crosses piece boundaries of big data', async () => {
    const message = systemRandom(2 * 1_048_576 + 77);
    const target = new Uint8Array(message.length + AES_GCM_TAG_BYTES);
    await aesGcmEncryptInto(key, message, utf8('a'), target);
    expect(target).toEqual(await aesGcmEncrypt(key, message, utf8('a')));
  });

  it('refuses misuse', async () => {
    const encryptor = await AesGcmEncryptor.create(key, utf8('a'));
    await encryptor.update(new Uint8Array(17));
    expect(await codeOfAsync(encryptor.update(new Uint8Array(1)))).toBe('INVALID_INPUT');
    encryptor.finish();
    expect(codeOf(() => encryptor.finish())).toBe('INVALID_INPUT');
    expect(await codeOfAsync(encryptor.update(new Uint8Array(16)))).toBe('INVALID_INPUT');
    for (const length of [0, 16, 31, 33]) {
      const started = AesGcmEncryptor.create(new Uint8Array(length), utf8('a'));
      expect(await codeOfAsync(started)).toBe('INVALID_LENGTH');
    }
  });
});

describe.each(['aes256gcm', 'hmac256ctr', 'plain'] as const)(
  'encapsulating %s in place',
  (kind) => {
    const payload: Payload =
      kind === 'plain' ? { kind } : { kind, plaintext: utf8('in place'), aad: utf8('a') };

    it('writes into the caller’s message and gives the same ciphertext', async () => {
      const message = new Uint8Array(100).fill(0xee);
      const length = blobLength(payload);
      const sealed = await encapsulateInto(key, payload, message.subarray(10, 10 + length));
      expect(sealed).toEqual(await encapsulate(key, payload));
      if (sealed.kind !== 'plain') expect(sealed.blob.buffer).toBe(message.buffer);
      const outside = [...message.subarray(0, 10), ...message.subarray(10 + length)];
      expect(outside.every((byte) => byte === 0xee)).toBe(true);
    });

    it('refuses a place of the wrong size', async () => {
      for (const off of [-1, 1]) {
        if (blobLength(payload) + off < 0) continue;
        const blob = new Uint8Array(blobLength(payload) + off);
        expect(await codeOfAsync(encapsulateInto(key, payload, blob))).toBe('INVALID_LENGTH');
      }
      const blob = new Uint8Array(blobLength(payload));
      const short = encapsulateInto(key.subarray(1), payload, blob);
      expect(await codeOfAsync(short)).toBe('INVALID_LENGTH');
    });
  },
);

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
