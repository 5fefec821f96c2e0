/**
 * AES-256-GCM with Seal's fixed 16-byte IV (protocol §1.7.1), through the platform's Web Crypto.
 * The IV may be fixed because every key encrypts exactly one message.
 *
 * For big data see aes-gcm-stream.ts: a call here holds a copy of its whole input besides its
 * output.
 */

import { assertLength } from './bytes.ts';
import { AES_GCM_IV } from './domains.ts';
import { CryptoError } from './errors.ts';
import { KEY_BYTES } from './kdf.ts';

/** Bytes of the tag at the end of the ciphertext. */
export const AES_GCM_TAG_BYTES = 16;

const ALGORITHM = 'AES-GCM';

/** Web Crypto's types insist on non-shared buffers; ours are byte arrays of either kind. */
const asSource = (bytes: Uint8Array) => bytes as Uint8Array<ArrayBuffer>;

function parameters(aad: Uint8Array): AesGcmParams {
  return { name: ALGORITHM, iv: AES_GCM_IV, additionalData: asSource(aad), tagLength: 128 };
}

function importKey(key: Uint8Array, usage: 'encrypt' | 'decrypt'): Promise<CryptoKey> {
  assertLength(key, KEY_BYTES, 'key');
  return crypto.subtle.importKey('raw', asSource(key), ALGORITHM, false, [usage]);
}

/** Ciphertext followed by the tag. The key must be used for nothing else. */
export async function aesGcmEncrypt(
  key: Uint8Array,
  plaintext: Uint8Array,
  aad: Uint8Array,
): Promise<Uint8Array> {
  const handle = await importKey(key, 'encrypt');
  return new Uint8Array(await crypto.subtle.encrypt(parameters(aad), handle, asSource(plaintext)));
}

/** The plaintext. Throws `DECRYPTION_FAILED` for a wrong key, wrong AAD or damaged blob. */
export async function aesGcmDecrypt(
  key: Uint8Array,
  blob: Uint8Array,
  aad: Uint8Array,
): Promise<Uint8Array> {
  const handle = await importKey(key, 'decrypt');
  try {
    return new Uint8Array(await crypto.subtle.decrypt(parameters(aad), handle, asSource(blob)));
  } catch {
    throw new CryptoError('DECRYPTION_FAILED', 'decryption failed: wrong key or damaged data');
  }
}
