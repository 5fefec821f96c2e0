/**
 * Arithmetic modulo the group order `r` on 32-byte big-endian scalars (protocol §1.1).
 *
 * BigInt arithmetic is not constant time. Long-lived secrets are only ever read, multiplied into
 * points by an engine, or (shares of key generation) added and multiplied a handful of times;
 * README.md says what that means.
 */

import { assertLength } from './bytes.ts';
import { SCALAR_BYTES } from './engine.ts';
import { CryptoError } from './errors.ts';
import { type RandomSource, randomBytes } from './random.ts';

/** Order of G1, G2 and GT. */
export const GROUP_ORDER = 0x73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001n;

/** Random scalars are this many bytes reduced modulo the order: bias below 2^-256. */
export const WIDE_SCALAR_BYTES = 64;
/** Shortest input that `scalarFromWideBytes` reduces. */
export const MIN_WIDE_SCALAR_BYTES = 48;

/** Reads a big-endian integer of any length. */
export function bigintFromBytes(bytes: Uint8Array): bigint {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let value = 0n;
  let i = 0;
  for (; i + 8 <= bytes.length; i += 8) value = (value << 64n) | view.getBigUint64(i, false);
  for (; i < bytes.length; i++) value = (value << 8n) | BigInt(bytes[i]!);
  return value;
}

/** The integer of a canonical scalar. Throws `INVALID_LENGTH` or `INVALID_SCALAR`. */
export function scalarToBigint(scalar: Uint8Array, field = 'scalar'): bigint {
  assertLength(scalar, SCALAR_BYTES, field);
  const value = bigintFromBytes(scalar);
  if (value >= GROUP_ORDER) {
    throw new CryptoError('INVALID_SCALAR', `${field}: not below the group order`);
  }
  return value;
}

/** The scalar of an integer, reduced modulo the order; negative integers are allowed. */
export function scalarFromBigint(value: bigint): Uint8Array {
  let rest = value % GROUP_ORDER;
  if (rest < 0n) rest += GROUP_ORDER;
  const out = new Uint8Array(SCALAR_BYTES);
  const view = new DataView(out.buffer);
  for (let i = 24; i >= 0; i -= 8) {
    view.setBigUint64(i, BigInt.asUintN(64, rest), false);
    rest >>= 64n;
  }
  return out;
}

/** Throws unless `scalar` is canonical. */
export function assertScalar(scalar: Uint8Array, field = 'scalar'): void {
  scalarToBigint(scalar, field);
}

/** Whether every byte is zero. */
export function isZeroScalar(scalar: Uint8Array): boolean {
  let bits = 0;
  for (const byte of scalar) bits |= byte;
  return bits === 0;
}

/** Reduces a big-endian integer of 48 to 64 bytes modulo the order (random draws, challenges). */
export function scalarFromWideBytes(bytes: Uint8Array): Uint8Array {
  if (bytes.length < MIN_WIDE_SCALAR_BYTES || bytes.length > WIDE_SCALAR_BYTES) {
    throw new CryptoError(
      'INVALID_LENGTH',
      `wide scalar: expected ${MIN_WIDE_SCALAR_BYTES} to ${WIDE_SCALAR_BYTES} bytes, ` +
        `got ${bytes.length}`,
    );
  }
  return scalarFromBigint(bigintFromBytes(bytes));
}

/** A uniformly random scalar (possibly zero, with probability 2^-255). */
export function randomScalar(random: RandomSource): Uint8Array {
  const wide = randomBytes(random, WIDE_SCALAR_BYTES);
  const scalar = scalarFromWideBytes(wide);
  wide.fill(0);
  return scalar;
}

/** `a + b`. */
export function scalarAdd(a: Uint8Array, b: Uint8Array): Uint8Array {
  return scalarFromBigint(scalarToBigint(a) + scalarToBigint(b));
}

/** `a − b`. */
export function scalarSub(a: Uint8Array, b: Uint8Array): Uint8Array {
  return scalarFromBigint(scalarToBigint(a) - scalarToBigint(b));
}

/** `a · b`. */
export function scalarMul(a: Uint8Array, b: Uint8Array): Uint8Array {
  return scalarFromBigint(scalarToBigint(a) * scalarToBigint(b));
}

/** `1 / a` of a public scalar. Throws `INVALID_SCALAR` for zero. */
export function scalarInverse(a: Uint8Array): Uint8Array {
  return scalarFromBigint(invertModOrder(scalarToBigint(a)));
}

/** Extended Euclid modulo the order; variable time, so for public values only. */
export function invertModOrder(value: bigint): bigint {
  let [a, b] = [((value % GROUP_ORDER) + GROUP_ORDER) % GROUP_ORDER, GROUP_ORDER];
  if (a === 0n) throw new CryptoError('INVALID_SCALAR', 'scalar: zero has no inverse');
  let [x, y] = [1n, 0n];
  while (a !== 0n) {
    const q = b / a;
    [a, b] = [b % a, a];
    [x, y] = [y - q * x, x];
  }
  return ((y % GROUP_ORDER) + GROUP_ORDER) % GROUP_ORDER;
}

/**
 * Coefficients `λ_i = Π_{j≠i} x_j / (x_j − x_i)` of Lagrange interpolation at zero (protocol
 * §1.11). The x-coordinates are public share indices: positive integers, each once. Throws
 * `INVALID_SHARE_INDEX` for others: a "share" at zero would be taken for the secret itself.
 */
export function lagrangeAtZero(xs: readonly number[]): Uint8Array[] {
  if (xs.some((x) => !Number.isSafeInteger(x) || x < 1) || new Set(xs).size !== xs.length) {
    throw new CryptoError(
      'INVALID_SHARE_INDEX',
      `interpolation at ${xs.join(', ')}: expected different share indices, from 1`,
    );
  }
  return xs.map((xi, i) => {
    let numerator = 1n;
    let denominator = 1n;
    for (const [j, xj] of xs.entries()) {
      if (j === i) continue;
      numerator = (numerator * BigInt(xj)) % GROUP_ORDER;
      denominator = (denominator * BigInt(xj - xi)) % GROUP_ORDER;
    }
    return scalarFromBigint(numerator * invertModOrder(denominator));
  });
}
