/**
 * Shamir secret sharing over GF(2^8), one polynomial for each byte of the secret (protocol §1.5).
 * Share indices are 1 to 255 and travel with the shares: decoders use the stored index.
 */

import { assertInteger } from './bytes.ts';
import { CryptoError } from './errors.ts';
import { gfDiv, gfMul, scaleInto } from './gf256.ts';
import { type RandomSource, randomBytes } from './random.ts';

/** Largest number of shares of one secret. */
export const MAX_SHARES = 255;
/** Longest secret that is shared. */
export const MAX_SHARED_SECRET_BYTES = 1024;

/** The value of the sharing polynomials at `index`. Secret. */
export interface Share {
  /** 1 to 255. */
  readonly index: number;
  /** As long as the secret. */
  readonly bytes: Uint8Array;
}

/** Copies bytes into whole words (zero-padded), so that four are processed at a time. */
function toWords(bytes: Uint8Array): Uint32Array {
  const words = new Uint32Array(Math.ceil(bytes.length / 4));
  new Uint8Array(words.buffer).set(bytes);
  return words;
}

function fromWords(words: Uint32Array, length: number): Uint8Array {
  const bytes = new Uint8Array(words.buffer).slice(0, length);
  words.fill(0);
  return bytes;
}

/**
 * Splits `secret` so that any `threshold` of the `count` shares (indices 1 to `count`) recover it
 * and fewer tell nothing. Throws `INVALID_INPUT` unless 1 ≤ threshold ≤ count ≤ 255.
 */
export function split(
  random: RandomSource,
  secret: Uint8Array,
  threshold: number,
  count: number,
): Share[] {
  assertInteger(count, 1, MAX_SHARES, 'number of shares');
  assertInteger(threshold, 1, count, 'threshold');
  assertInteger(secret.length, 1, MAX_SHARED_SECRET_BYTES, 'secret length');
  const coefficients: Uint32Array[] = [toWords(secret)];
  for (let degree = 1; degree < threshold; degree++) {
    const draw = randomBytes(random, secret.length);
    coefficients.push(toWords(draw));
    draw.fill(0);
  }
  const shares: Share[] = [];
  for (let index = 1; index <= count; index++) {
    const words = new Uint32Array(coefficients[0]!.length);
    let power = 1;
    for (const coefficient of coefficients) {
      scaleInto(words, coefficient, power);
      power = gfMul(power, index);
    }
    shares.push({ index, bytes: fromWords(words, secret.length) });
  }
  for (const coefficient of coefficients) coefficient.fill(0);
  return shares;
}

function assertShares(shares: readonly Share[]): number {
  assertInteger(shares.length, 1, MAX_SHARES, 'number of shares');
  const length = shares[0]!.bytes.length;
  const seen = new Set<number>();
  for (const { index, bytes } of shares) {
    if (!Number.isInteger(index) || index < 1 || index > MAX_SHARES || seen.has(index)) {
      throw new CryptoError(
        'INVALID_SHARE_INDEX',
        `share index ${index}: expected distinct integers from 1 to ${MAX_SHARES}`,
      );
    }
    seen.add(index);
    if (bytes.length !== length) {
      throw new CryptoError('INVALID_LENGTH', `share ${index}: expected ${length} bytes`);
    }
  }
  return length;
}

/** The polynomials through `shares`, evaluated at `x`. */
function evaluateAt(shares: readonly Share[], words: readonly Uint32Array[], x: number) {
  const sum = new Uint32Array(words[0]!.length);
  for (const [i, share] of shares.entries()) {
    let numerator = 1;
    let denominator = 1;
    for (const other of shares) {
      if (other.index === share.index) continue;
      numerator = gfMul(numerator, x ^ other.index);
      denominator = gfMul(denominator, share.index ^ other.index);
    }
    scaleInto(sum, words[i]!, gfDiv(numerator, denominator));
  }
  return sum;
}

/**
 * Recovers the secret from **all** the given shares by interpolation at zero. Too few or wrong
 * shares give a wrong value, not an error. Throws `INVALID_INPUT` for no shares,
 * `INVALID_SHARE_INDEX` for index 0 or duplicates, `INVALID_LENGTH` for unequal lengths.
 */
export function combine(shares: readonly Share[]): Uint8Array {
  const at = interpolate(shares);
  return at(0);
}

/**
 * The polynomials through `shares` as a function of the index (0 to 255). Errors as `combine`.
 */
export function interpolate(shares: readonly Share[]): (x: number) => Uint8Array {
  const length = assertShares(shares);
  const words = shares.map((share) => toWords(share.bytes));
  return (x) => {
    assertInteger(x, 0, MAX_SHARES, 'x');
    return fromWords(evaluateAt(shares, words, x), length);
  };
}
