/**
 * Data encapsulation (protocol §1.7): one function each way over the three modes.
 */

import { AES_GCM_TAG_BYTES, aesGcmDecrypt, aesGcmEncrypt } from './aes-gcm.ts';
import { aesGcmDecryptInPieces, aesGcmEncryptInto } from './aes-gcm-stream.ts';
import { assertInteger, assertLength, copyOf } from './bytes.ts';
import type { Ciphertext, Payload } from './ciphertext.ts';
import { CryptoError } from './errors.ts';
import { hmacCtrDecrypt, hmacCtrEncrypt } from './hmac-ctr.ts';
import { KEY_BYTES } from './kdf.ts';

/** Largest plaintext of one encapsulation (the length field of the wire form has 31 bits). */
export const MAX_PLAINTEXT_BYTES = 2 ** 31 - 1 - 16;

/**
 * From here on AES-GCM works in pieces: half the memory of one Web Crypto call, which copies its
 * input, at up to twice its time.
 */
export const PIECEWISE_BYTES = 8 * 1_048_576;

const EMPTY = new Uint8Array(0);

/** Encrypts `payload` under a single-use 32-byte key. A missing aad is written as empty. */
export function encapsulate(key: Uint8Array, payload: Payload): Promise<Ciphertext> {
  return encapsulateInto(key, payload, new Uint8Array(blobLength(payload)));
}

/** Bytes of the blob that `payload` encrypts to: its plaintext and, for AES-GCM, the tag. */
export function blobLength(payload: Payload): number {
  if (payload.kind === 'plain') return 0;
  const tag = payload.kind === 'aes256gcm' ? AES_GCM_TAG_BYTES : 0;
  return payload.plaintext.length + tag;
}

/**
 * As `encapsulate`, but writes the ciphertext to `blob`, which becomes part of the result: with a
 * view into the final message, big data is neither copied nor held twice. `blob` must be
 * `blobLength` bytes long (`INVALID_LENGTH`) and must not overlap the plaintext.
 */
export async function encapsulateInto(
  key: Uint8Array,
  payload: Payload,
  blob: Uint8Array,
): Promise<Ciphertext> {
  assertLength(key, KEY_BYTES, 'key');
  assertLength(blob, blobLength(payload), 'blob');
  if (payload.kind === 'plain') return { kind: 'plain' };
  const { kind, plaintext, aad } = payload;
  assertInteger(plaintext.length, 0, MAX_PLAINTEXT_BYTES, 'plaintext length');
  if (kind === 'aes256gcm') {
    if (plaintext.length >= PIECEWISE_BYTES) {
      await aesGcmEncryptInto(key, plaintext, aad ?? EMPTY, blob);
    } else {
      blob.set(await aesGcmEncrypt(key, plaintext, aad ?? EMPTY));
    }
    return { kind, blob, aad };
  }
  const { mac } = hmacCtrEncrypt(key, plaintext, aad ?? EMPTY, blob);
  return { kind, blob, aad, mac };
}

/**
 * Opens `ciphertext`; for the plain mode the result is a copy of the key itself.
 * Throws `DECRYPTION_FAILED` when it does not authenticate.
 */
export async function decapsulate(key: Uint8Array, ciphertext: Ciphertext): Promise<Uint8Array> {
  assertLength(key, KEY_BYTES, 'key');
  switch (ciphertext.kind) {
    case 'plain':
      return copyOf(key);
    case 'aes256gcm': {
      const { blob, aad = EMPTY } = ciphertext;
      if (blob.length >= PIECEWISE_BYTES) return aesGcmDecryptInPieces(key, blob, aad);
      return aesGcmDecrypt(key, blob, aad);
    }
    case 'hmac256ctr':
      return hmacCtrDecrypt(key, ciphertext.blob, ciphertext.aad ?? EMPTY, ciphertext.mac);
    default:
      throw new CryptoError('INVALID_ENVELOPE', 'ciphertext: unknown kind');
  }
}
