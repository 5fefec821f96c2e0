/**
 * The two pairing curves of `sui::groth16` in the encodings that Sui's library uses.
 *
 * BLS12-381: ZCash compressed points. BN254: arkworks compressed points (x little-endian; in the
 * last byte bit 7 marks the larger y, bit 6 infinity). Target elements are in arkworks form on both,
 * unlike those of `group_ops`. All decoding is strict and checks the subgroup.
 */
import type { WeierstrassPoint } from '@noble/curves/abstract/weierstrass.js';
import { bls12_381 } from '@noble/curves/bls12-381.js';
import { bn254 } from '@noble/curves/bn254.js';

type G1 = WeierstrassPoint<bigint>;
type Fp2 = { c0: bigint; c1: bigint };
type G2 = WeierstrassPoint<Fp2>;
type Fp12 = ReturnType<typeof bn254.pairing>;

export interface PairingTerm {
  readonly g1: G1;
  readonly g2: G2;
}

export interface PairingCurve {
  readonly g1Bytes: number;
  readonly g2Bytes: number;
  readonly order: bigint;
  readonly identity: G1;
  /** Throws on anything but a canonical point of the subgroup. */
  readG1(bytes: Uint8Array): G1;
  readG2(bytes: Uint8Array): G2;
  writeG2(point: G2): Uint8Array;
  /** Encoding of the product of pairings. */
  pair(terms: readonly PairingTerm[]): Uint8Array;
}

export class MalformedPoint extends Error {
  override readonly name = 'MalformedPoint';
  readonly code = 'MOVE_VM_MALFORMED_POINT';
}

function subgroup<T>(point: WeierstrassPoint<T>): WeierstrassPoint<T> {
  if (!point.is0()) point.assertValidity();
  if (!point.isTorsionFree()) throw new MalformedPoint('a point outside the subgroup');
  return point;
}

/** Pairs with infinity are one. */
function finite(terms: readonly PairingTerm[]): PairingTerm[] {
  return terms.filter(({ g1, g2 }) => !g1.is0() && !g2.is0());
}

export function littleEndian(bytes: Uint8Array): bigint {
  let value = 0n;
  for (let i = bytes.length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i]!);
  return value;
}

function writeInteger(out: Uint8Array, at: number, size: number, value: bigint): void {
  let rest = value;
  for (let i = 0; i < size; i++) {
    out[at + i] = Number(rest & 0xffn);
    rest >>= 8n;
  }
}

/** arkworks order: tower coefficients from the outside in, each little-endian. */
function writeTarget(element: Fp12, fieldBytes: number): Uint8Array {
  const out = new Uint8Array(12 * fieldBytes);
  let at = 0;
  for (const i of ['c0', 'c1'] as const) {
    for (const j of ['c0', 'c1', 'c2'] as const) {
      for (const k of ['c0', 'c1'] as const) {
        writeInteger(out, at, fieldBytes, element[i][j][k]);
        at += fieldBytes;
      }
    }
  }
  return out;
}

const BLS_FIELD = 48;

export const bls12381Curve: PairingCurve = {
  g1Bytes: BLS_FIELD,
  g2Bytes: 2 * BLS_FIELD,
  order: bls12_381.fields.Fr.ORDER,
  identity: bls12_381.G1.Point.ZERO,
  readG1: (bytes) => subgroup(bls12_381.G1.Point.fromBytes(bytes)),
  readG2: (bytes) => subgroup<Fp2>(bls12_381.G2.Point.fromBytes(bytes)),
  writeG2: (point) => point.toBytes(true),
  pair: (terms) => writeTarget(bls12_381.pairingBatch(finite(terms)), BLS_FIELD),
};

const BN_FIELD = 32;
const LARGER_Y = 0x80;
const INFINITY = 0x40;
const FLAGS = LARGER_Y | INFINITY;

interface Field<T> {
  neg(value: T): T;
  add(a: T, b: T): T;
  mul(a: T, b: T): T;
  sqrt(value: T): T;
}

/** Flags of a compressed point, and its bytes without them. */
function splitFlags(bytes: Uint8Array, length: number): { flags: number; x: Uint8Array } {
  if (bytes.length !== length) throw new MalformedPoint(`expected ${length} bytes`);
  const x = bytes.slice();
  const flags = x[length - 1]! & FLAGS;
  x[length - 1]! &= ~FLAGS;
  if (flags === FLAGS) throw new MalformedPoint('contradicting flags');
  if (flags === INFINITY && x.some((byte) => byte !== 0)) {
    throw new MalformedPoint('an infinity that is not canonical');
  }
  return { flags, x };
}

function fieldElement(bytes: Uint8Array): bigint {
  const value = littleEndian(bytes);
  if (value >= bn254.fields.Fp.ORDER) throw new MalformedPoint('a coordinate above the modulus');
  return value;
}

/** The y of `x` that the flag asks for. */
function solveY<T>(field: Field<T>, x: T, b: T, larger: boolean, isLarger: (y: T) => boolean): T {
  const y = field.sqrt(field.add(field.mul(field.mul(x, x), x), b));
  return isLarger(y) === larger ? y : field.neg(y);
}

const { Fp, Fp2: Fp2Field } = bn254.fields;
/** y² = x³ + 3, and on the twist 3 / (9 + u). */
const BN_B = 3n;
const BN_TWIST_B = Fp2Field.div({ c0: 3n, c1: 0n }, { c0: 9n, c1: 1n });

const largerFp = (y: bigint): boolean => y > Fp.neg(y);
/** The second coefficient decides, then the first. */
const largerFp2 = (y: Fp2): boolean => (y.c1 === 0n ? largerFp(y.c0) : largerFp(y.c1));

export const bn254Curve: PairingCurve = {
  g1Bytes: BN_FIELD,
  g2Bytes: 2 * BN_FIELD,
  order: bn254.fields.Fr.ORDER,
  identity: bn254.G1.Point.ZERO,
  readG1(bytes) {
    const { flags, x } = splitFlags(bytes, BN_FIELD);
    if (flags === INFINITY) return bn254.G1.Point.ZERO;
    const abscissa = fieldElement(x);
    const y = solveY<bigint>(Fp, abscissa, BN_B, flags === LARGER_Y, largerFp);
    return subgroup(bn254.G1.Point.fromAffine({ x: abscissa, y }));
  },
  readG2(bytes) {
    const { flags, x } = splitFlags(bytes, 2 * BN_FIELD);
    if (flags === INFINITY) return bn254.G2.Point.ZERO;
    const abscissa = {
      c0: fieldElement(x.subarray(0, BN_FIELD)),
      c1: fieldElement(x.subarray(BN_FIELD)),
    };
    const y = solveY<Fp2>(Fp2Field, abscissa, BN_TWIST_B, flags === LARGER_Y, largerFp2);
    return subgroup<Fp2>(bn254.G2.Point.fromAffine({ x: abscissa, y }));
  },
  writeG2(point) {
    const out = new Uint8Array(2 * BN_FIELD);
    if (point.is0()) {
      out[out.length - 1] = INFINITY;
      return out;
    }
    const { x, y } = point.toAffine();
    writeInteger(out, 0, BN_FIELD, x.c0);
    writeInteger(out, BN_FIELD, BN_FIELD, x.c1);
    if (largerFp2(y)) out[out.length - 1]! |= LARGER_Y;
    return out;
  },
  pair: (terms) => writeTarget(bn254.pairingBatch(finite(terms)), BN_FIELD),
};
