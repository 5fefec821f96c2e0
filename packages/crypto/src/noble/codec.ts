/**
 * Point decoding and encoding without the subgroup check, for the noble engine: noble's own codec
 * always checks the subgroup, and Sui's `group_ops` handles inputs that it already vouched for
 * without it.
 */

import { bls12_381 } from '@noble/curves/bls12-381.js';
import {
  FIELD_BYTES,
  FLAG_COMPRESSED,
  FLAG_SIGN,
  invalidPoint,
  parsePoint,
} from '../point-encoding.ts';
import { bigintFromBytes } from '../scalar.ts';

const { Fp, Fp2 } = bls12_381.fields;
type Fp2Element = ReturnType<typeof Fp2.create>;

/** Half the modulus: a root above it is the lexicographically larger one. */
const HALF = Fp.ORDER / 2n;
/** The constant of `y² = x³ + 4` and of the twist `y² = x³ + 4(1 + u)`. */
const B1 = 4n;
const B2 = Fp2.create({ c0: 4n, c1: 4n });

/** G1 from 48 bytes, on the curve; undefined is the identity. */
export function decodeG1(bytes: Uint8Array): { x: bigint; y: bigint } | undefined {
  const { infinity, sign, body } = parsePoint(bytes, true, 'G1');
  if (infinity) return undefined;
  const x = bigintFromBytes(body);
  const y = squareRoot(() => Fp.sqrt(Fp.add(Fp.mul(Fp.sqr(x), x), B1)), 'G1');
  return { x, y: y > HALF === sign ? y : Fp.neg(y) };
}

/** G1 from 96 bytes, on the curve; undefined is the identity. */
export function decodeG1Uncompressed(bytes: Uint8Array): { x: bigint; y: bigint } | undefined {
  const { infinity, body } = parsePoint(bytes, false, 'G1');
  if (infinity) return undefined;
  const x = bigintFromBytes(body.subarray(0, FIELD_BYTES));
  const y = bigintFromBytes(body.subarray(FIELD_BYTES));
  if (!Fp.eql(Fp.sqr(y), Fp.add(Fp.mul(Fp.sqr(x), x), B1))) {
    throw invalidPoint('G1', 'not on the curve');
  }
  return { x, y };
}

/** G2 from 96 bytes (imaginary part first), on the curve; undefined is the identity. */
export function decodeG2(bytes: Uint8Array): { x: Fp2Element; y: Fp2Element } | undefined {
  const { infinity, sign, body } = parsePoint(bytes, true, 'G2');
  if (infinity) return undefined;
  const c1 = bigintFromBytes(body.subarray(0, FIELD_BYTES));
  const c0 = bigintFromBytes(body.subarray(FIELD_BYTES));
  const x = Fp2.create({ c0, c1 });
  const y = squareRoot(() => Fp2.sqrt(Fp2.add(Fp2.mul(Fp2.sqr(x), x), B2)), 'G2');
  const larger = y.c1 === 0n ? y.c0 > HALF : y.c1 > HALF;
  return { x, y: larger === sign ? y : Fp2.neg(y) };
}

/** Big-endian coordinate bytes with the flags in the first byte. */
function encode(coordinates: readonly bigint[], flags: number): Uint8Array {
  const out = new Uint8Array(coordinates.length * FIELD_BYTES);
  for (const [i, coordinate] of coordinates.entries()) {
    out.set(Fp.toBytes(coordinate), i * FIELD_BYTES);
  }
  out[0]! |= flags;
  return out;
}

/** G1 as 48 bytes. */
export function encodeG1({ x, y }: { x: bigint; y: bigint }): Uint8Array {
  return encode([x], y > HALF ? FLAG_COMPRESSED | FLAG_SIGN : FLAG_COMPRESSED);
}

/** G1 as 96 bytes. */
export function encodeG1Uncompressed({ x, y }: { x: bigint; y: bigint }): Uint8Array {
  return encode([x, y], 0);
}

/** G2 as 96 bytes, imaginary part first. */
export function encodeG2({ x, y }: { x: Fp2Element; y: Fp2Element }): Uint8Array {
  const larger = y.c1 === 0n ? y.c0 > HALF : y.c1 > HALF;
  return encode([x.c1, x.c0], larger ? FLAG_COMPRESSED | FLAG_SIGN : FLAG_COMPRESSED);
}

function squareRoot<T>(root: () => T, group: string): T {
  try {
    return root();
  } catch (cause) {
    throw invalidPoint(group, 'not on the curve', cause);
  }
}
