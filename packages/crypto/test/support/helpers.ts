/** Small helpers of the tests. */

import { shake256 } from '@noble/hashes/sha3.js';
import { CryptoError, type CryptoErrorCode, type RandomSource } from '@seal-ts/crypto';
import { expect } from 'vitest';

/** A reproducible random source: SHAKE256 of the seed and a counter. */
export function seededRandom(seed: string): RandomSource {
  let counter = 0;
  return (n) => {
    const input = new TextEncoder().encode(`${seed}:${counter++}`);
    return shake256(input, { dkLen: n });
  };
}

/** The code of the CryptoError that `operation` throws; anything else fails the test. */
export function codeOf(operation: () => unknown): CryptoErrorCode {
  try {
    operation();
  } catch (error) {
    expect(error).toBeInstanceOf(CryptoError);
    return (error as CryptoError).code;
  }
  throw new Error('expected a CryptoError, nothing was thrown');
}

/** As `codeOf`, for promises. */
export async function codeOfAsync(operation: Promise<unknown>): Promise<CryptoErrorCode> {
  try {
    await operation;
  } catch (error) {
    expect(error).toBeInstanceOf(CryptoError);
    return (error as CryptoError).code;
  }
  throw new Error('expected a CryptoError, nothing was thrown');
}

/** 32 bytes ending in `n`. */
export function objectId(n: number): Uint8Array {
  const id = new Uint8Array(32);
  id[31] = n;
  return id;
}

/** A small number as a scalar. */
export function scalar(n: number): Uint8Array {
  const out = new Uint8Array(32);
  new DataView(out.buffer).setUint32(28, n, false);
  return out;
}

/** A copy of `bytes` with one bit flipped. */
export function flipped(bytes: Uint8Array, position = 0): Uint8Array {
  const out = bytes.slice();
  out[position]! ^= 1;
  return out;
}
