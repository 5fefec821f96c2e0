/**
 * GF(2^8) with the polynomial x^8 + x^4 + x^3 + x + 1 (protocol §1.5).
 *
 * Secret bytes are only ever multiplied by public ones (share indices and Lagrange coefficients),
 * so `scaleInto` walks the bits of the public factor and treats the secret bytes, four to a 32-bit
 * word, with shifts and XORs: no table lookup that a cache could reveal, and faster than tables.
 */

import { CryptoError } from './errors.ts';

const REDUCTION = 0x1b;
const LOW_SEVEN = 0x7f7f7f7f;
const HIGH_BIT = 0x01010101;

/** `a · b` without secret-dependent branches or lookups. */
export function gfMul(a: number, b: number): number {
  let product = 0;
  let shifted = a;
  for (let bit = 0; bit < 8; bit++) {
    product ^= shifted & -((b >> bit) & 1);
    shifted = ((shifted << 1) & 0xff) ^ (REDUCTION & -(shifted >> 7));
  }
  return product;
}

/** `1 / a` as `a^254`. Throws `INVALID_INPUT` for zero. */
export function gfInverse(a: number): number {
  if (a === 0) throw new CryptoError('INVALID_INPUT', 'GF(256): zero has no inverse');
  let result = 1;
  let square = a;
  // 254 = 0b11111110: multiply the squares a^2, a^4, … a^128.
  for (let bit = 1; bit < 8; bit++) {
    square = gfMul(square, square);
    result = gfMul(result, square);
  }
  return result;
}

/** `a / b`. Throws `INVALID_INPUT` when `b` is zero. */
export function gfDiv(a: number, b: number): number {
  return gfMul(a, gfInverse(b));
}

/** `into[k] ^= factor · words[k]`, four field elements to a word; `factor` is public. */
export function scaleInto(into: Uint32Array, words: Uint32Array, factor: number): void {
  for (let k = 0; k < words.length; k++) {
    let shifted = words[k]!;
    let sum = into[k]!;
    for (let rest = factor; rest !== 0; rest >>= 1) {
      if ((rest & 1) !== 0) sum ^= shifted;
      shifted = ((shifted & LOW_SEVEN) << 1) ^ Math.imul((shifted >>> 7) & HIGH_BIT, REDUCTION);
    }
    into[k] = sum;
  }
}
