/**
 * The ZCash point encoding without the subgroup check, for the noble engine: noble's own decoder
 * always checks the subgroup, and Sui's `group_ops` decodes inputs it already vouched for without
 * it. One parser for G1 (coordinates of 48 bytes) and G2 (96 bytes, imaginary part first).
 */

import { bls12_381 } from '@noble/curves/bls12-381.js';
import { CryptoError } from './errors.ts';
import { bigintFromBytes } from './scalar.ts';

const { Fp, Fp2 } = bls12_381.fields;
type Fp2Element = ReturnType<typeof Fp2.create>;

/** Bytes of one base-field coordinate. */
export const FIELD_BYTES = 48;

const FLAG_COMPRESSED = 0x80;
const FLAG_INFINITY = 0x40;
const FLAG_SIGN = 0x20;
const FLAG_MASK = FLAG_COMPRESSED | FLAG_INFINITY | FLAG_SIGN;
const HALF = Fp.ORDER / 2n;

/** Builds the error for a malformed point; one place, so that both engines speak alike. */
export function invalidPoint(group: string, reason: string): CryptoError {
  return new CryptoError('INVALID_POINT', `${group} point: ${reason}`);
}

/** A base-field element from 48 big-endian bytes, or undefined when not below the modulus. */
function field(bytes: Uint8Array): bigint | undefined {
  const value = bigintFromBytes(bytes);
  return value < Fp.ORDER ? value : undefined;
}

/**
 * Checks the three flag bits and clears them. Returns whether the point is the identity and the
 * wanted sign. `expected` is the flag byte of an ordinary point of this form.
 */
function parseFlags(bytes: Uint8Array, compressed: boolean, group: string) {
  const head = bytes[0]!;
  const isCompressed = (head & FLAG_COMPRESSED) !== 0;
  if (isCompressed !== compressed) {
    throw invalidPoint(group, `expected the ${compressed ? '' : 'un'}compressed form`);
  }
  const sign = (head & FLAG_SIGN) !== 0;
  const body = bytes.slice();
  body[0] = head & ~FLAG_MASK;
  if ((head & FLAG_INFINITY) !== 0) {
    if (sign || body.some((byte) => byte !== 0)) {
      throw invalidPoint(group, 'not the canonical encoding of the identity');
    }
    return { infinity: true, sign, body };
  }
  if (sign && !compressed) throw invalidPoint(group, 'sign flag on an uncompressed point');
  return { infinity: false, sign, body };
}

/** G1 from 48 bytes, on the curve; undefined is the identity. */
export function decodeG1(bytes: Uint8Array): { x: bigint; y: bigint } | undefined {
  const { infinity, sign, body } = parseFlags(bytes, true, 'G1');
  if (infinity) return undefined;
  const x = field(body);
  if (x === undefined) throw invalidPoint('G1', 'coordinate not below the field modulus');
  const y2 = Fp.add(Fp.mul(Fp.sqr(x), x), 4n);
  const y = squareRoot(() => Fp.sqrt(y2), 'G1');
  return { x, y: y > HALF === sign ? y : Fp.neg(y) };
}

/** G1 from 96 bytes, on the curve; undefined is the identity. */
export function decodeG1Uncompressed(bytes: Uint8Array): { x: bigint; y: bigint } | undefined {
  const { infinity, body } = parseFlags(bytes, false, 'G1');
  if (infinity) return undefined;
  const x = field(body.subarray(0, FIELD_BYTES));
  const y = field(body.subarray(FIELD_BYTES));
  if (x === undefined || y === undefined) {
    throw invalidPoint('G1', 'coordinate not below the field modulus');
  }
  if (!Fp.eql(Fp.sqr(y), Fp.add(Fp.mul(Fp.sqr(x), x), 4n)))
    throw invalidPoint('G1', 'not on the curve');
  return { x, y };
}

/** G2 from 96 bytes, on the curve; undefined is the identity. */
export function decodeG2(bytes: Uint8Array): { x: Fp2Element; y: Fp2Element } | undefined {
  const { infinity, sign, body } = parseFlags(bytes, true, 'G2');
  if (infinity) return undefined;
  const c1 = field(body.subarray(0, FIELD_BYTES));
  const c0 = field(body.subarray(FIELD_BYTES));
  if (c0 === undefined || c1 === undefined) {
    throw invalidPoint('G2', 'coordinate not below the field modulus');
  }
  const x = Fp2.create({ c0, c1 });
  const y2 = Fp2.add(Fp2.mul(Fp2.sqr(x), x), Fp2.create({ c0: 4n, c1: 4n }));
  const y = squareRoot(() => Fp2.sqrt(y2), 'G2');
  const larger = y.c1 === 0n ? y.c0 > HALF : y.c1 > HALF;
  return { x, y: larger === sign ? y : Fp2.neg(y) };
}

function squareRoot<T>(root: () => T, group: string): T {
  try {
    return root();
  } catch (cause) {
    throw new CryptoError('INVALID_POINT', `${group} point: not on the curve`, { cause });
  }
}
