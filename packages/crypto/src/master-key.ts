/**
 * Derivation of the master keys of a permissioned server from one seed (protocol §1.4.5).
 */

import { hkdf } from '@noble/hashes/hkdf.js';
import { sha3_256 } from '@noble/hashes/sha3.js';
import { assertLength, u64be } from './bytes.ts';
import { CryptoError } from './errors.ts';
import { scalarFromWideBytes, WIDE_SCALAR_BYTES } from './scalar.ts';

/** Bytes of the seed. */
export const MASTER_SEED_BYTES = 32;
const MAX_U64 = 2n ** 64n - 1n;

/**
 * The master key number `index` (an unsigned 64-bit integer) of a 32-byte seed: 64 bytes of
 * HKDF-SHA3-256 with empty salt and info `u64be(index)`, reduced modulo the order.
 */
export function deriveMasterKey(seed: Uint8Array, index: number | bigint): Uint8Array {
  assertLength(seed, MASTER_SEED_BYTES, 'seed');
  if (typeof index === 'number' && !Number.isSafeInteger(index)) {
    throw new CryptoError('INVALID_INPUT', 'derivation index: expected a safe integer or a bigint');
  }
  const number = BigInt(index);
  if (number < 0n || number > MAX_U64) {
    throw new CryptoError('INVALID_INPUT', 'derivation index: expected 0 to 2^64 - 1');
  }
  const wide = hkdf(sha3_256, seed, undefined, u64be(number), WIDE_SCALAR_BYTES);
  const key = scalarFromWideBytes(wide);
  wide.fill(0);
  return key;
}
