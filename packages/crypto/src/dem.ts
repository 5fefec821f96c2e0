/**
 * Data encapsulation (protocol §1.7): one function each way over the three modes.
 */

import { aesGcmDecrypt, aesGcmEncrypt } from './aes-gcm.ts';
import { assertInteger, assertLength } from './bytes.ts';
import type { Ciphertext, Payload } from './ciphertext.ts';
import { CryptoError } from './errors.ts';
import { hmacCtrDecrypt, hmacCtrEncrypt } from './hmac-ctr.ts';
import { KEY_BYTES } from './kdf.ts';

/** Largest plaintext of one encapsulation (the length field of the wire form has 31 bits). */
export const MAX_PLAINTEXT_BYTES = 2 ** 31 - 1 - 16;

const EMPTY = new Uint8Array(0);

/** Encrypts `payload` under a single-use 32-byte key. A missing aad is written as empty. */
export async function encapsulate(key: Uint8Array, payload: Payload): Promise<Ciphertext> {
  assertLength(key, KEY_BYTES, 'key');
  if (payload.kind === 'plain') return { kind: 'plain' };
  assertInteger(payload.plaintext.length, 0, MAX_PLAINTEXT_BYTES, 'plaintext length');
  const { aad } = payload;
  if (payload.kind === 'aes256gcm') {
    const blob = await aesGcmEncrypt(key, payload.plaintext, aad ?? EMPTY);
    return { kind: 'aes256gcm', blob, aad };
  }
  const { blob, mac } = hmacCtrEncrypt(key, payload.plaintext, aad ?? EMPTY);
  return { kind: 'hmac256ctr', blob, aad, mac };
}

/**
 * Opens `ciphertext`; for the plain mode the result is a copy of the key itself.
 * Throws `DECRYPTION_FAILED` when it does not authenticate.
 */
export async function decapsulate(key: Uint8Array, ciphertext: Ciphertext): Promise<Uint8Array> {
  assertLength(key, KEY_BYTES, 'key');
  switch (ciphertext.kind) {
    case 'plain':
      return key.slice();
    case 'aes256gcm':
      return aesGcmDecrypt(key, ciphertext.blob, ciphertext.aad ?? EMPTY);
    case 'hmac256ctr':
      return hmacCtrDecrypt(key, ciphertext.blob, ciphertext.aad ?? EMPTY, ciphertext.mac);
    default:
      throw new CryptoError('INVALID_ENVELOPE', 'ciphertext: unknown kind');
  }
}
