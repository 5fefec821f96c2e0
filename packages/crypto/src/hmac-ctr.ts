/**
 * HMAC-256-CTR (protocol §1.7.2): a counter-mode keystream of HMAC-SHA3-256 blocks, and an
 * HMAC-SHA3-256 over the associated data and the ciphertext. It is the mode that Move can decrypt.
 *
 * One HMAC costs four Keccak permutations; two of them absorb the padded key and never change, so
 * the keystream starts every block from the two saved states: half the work of calling HMAC anew.
 */

import { hmac } from '@noble/hashes/hmac.js';
import { keccakP, sha3_256 } from '@noble/hashes/sha3.js';
import { assertLength, equalConstantTime, u64le } from './bytes.ts';
import { HMAC_CTR_ENC_TAG, HMAC_CTR_MAC_TAG } from './domains.ts';
import { CryptoError } from './errors.ts';
import { KEY_BYTES } from './kdf.ts';

/** Bytes of the authentication code and of one keystream block. */
export const HMAC_CTR_MAC_BYTES = 32;
const BLOCK_BYTES = 32;
const BLOCK_WORDS = BLOCK_BYTES / 4;
/** SHA3-256 absorbs 136 bytes at a time; its state is 25 lanes of 64 bits. */
const RATE_WORDS = 34;
const STATE_WORDS = 50;
const SHA3_SUFFIX = 0x06;
const LAST_BIT = 0x80000000;
const TAG_WORDS = HMAC_CTR_ENC_TAG.length / 4;

function wordAt(bytes: Uint8Array, offset: number): number {
  return (
    bytes[offset]! |
    (bytes[offset + 1]! << 8) |
    (bytes[offset + 2]! << 16) |
    (bytes[offset + 3]! << 24)
  );
}

/** The Keccak state after absorbing the key padded with `pad` bytes to one block. */
function keyedState(key: Uint8Array, pad: number): Uint32Array {
  const state = new Uint32Array(STATE_WORDS);
  const padWord = Math.imul(pad, 0x01010101);
  for (let word = 0; word < RATE_WORDS; word++) {
    state[word] = word < KEY_BYTES / 4 ? wordAt(key, 4 * word) ^ padWord : padWord;
  }
  keccakP(state);
  return state;
}

/** XORs the keystream of `key` into `input`, writing to `output` (which may be the same array). */
function applyKeystream(key: Uint8Array, input: Uint8Array, output: Uint8Array): void {
  const inner = keyedState(key, 0x36);
  const outer = keyedState(key, 0x5c);
  for (let word = 0; word < TAG_WORDS; word++) {
    inner[word]! ^= wordAt(HMAC_CTR_ENC_TAG, 4 * word);
  }
  // The message is tag and counter, 20 bytes; the digest absorbed by the outer hash is 32.
  inner[TAG_WORDS + 2]! ^= SHA3_SUFFIX;
  inner[RATE_WORDS - 1]! ^= LAST_BIT;
  outer[BLOCK_WORDS]! ^= SHA3_SUFFIX;
  outer[RATE_WORDS - 1]! ^= LAST_BIT;
  const first = new Uint32Array(STATE_WORDS);
  const second = new Uint32Array(STATE_WORDS);
  for (let offset = 0, block = 0; offset < input.length; offset += BLOCK_BYTES, block++) {
    first.set(inner);
    first[TAG_WORDS]! ^= block; // inputs are far below 2^32 blocks, so the high word stays 0
    keccakP(first);
    second.set(outer);
    for (let word = 0; word < BLOCK_WORDS; word++) second[word]! ^= first[word]!;
    keccakP(second);
    const end = Math.min(BLOCK_BYTES, input.length - offset);
    for (let i = 0; i < end; i++) {
      output[offset + i] = input[offset + i]! ^ (second[i >> 2]! >>> ((i & 3) << 3));
    }
  }
  for (const state of [inner, outer, first, second]) state.fill(0);
}

function authenticate(key: Uint8Array, aad: Uint8Array, ciphertext: Uint8Array): Uint8Array {
  return hmac
    .create(sha3_256, key)
    .update(HMAC_CTR_MAC_TAG)
    .update(u64le(aad.length))
    .update(aad)
    .update(ciphertext)
    .digest();
}

/**
 * Encrypts under a 32-byte key that is used for nothing else. The ciphertext goes to `blob`, as
 * long as the plaintext, when the caller has a place for it (`INVALID_LENGTH` if it does not fit).
 */
export function hmacCtrEncrypt(
  key: Uint8Array,
  plaintext: Uint8Array,
  aad: Uint8Array,
  blob: Uint8Array = new Uint8Array(plaintext.length),
): { blob: Uint8Array; mac: Uint8Array } {
  assertLength(key, KEY_BYTES, 'key');
  assertLength(blob, plaintext.length, 'blob');
  applyKeystream(key, plaintext, blob);
  return { blob, mac: authenticate(key, aad, blob) };
}

/**
 * Verifies the MAC, then decrypts. Throws `DECRYPTION_FAILED` before touching a forged ciphertext.
 */
export function hmacCtrDecrypt(
  key: Uint8Array,
  blob: Uint8Array,
  aad: Uint8Array,
  mac: Uint8Array,
): Uint8Array {
  assertLength(key, KEY_BYTES, 'key');
  assertLength(mac, HMAC_CTR_MAC_BYTES, 'mac');
  if (!equalConstantTime(authenticate(key, aad, blob), mac)) {
    throw new CryptoError('DECRYPTION_FAILED', 'decryption failed: wrong key or damaged data');
  }
  const plaintext = new Uint8Array(blob.length);
  applyKeystream(key, blob, plaintext);
  return plaintext;
}
