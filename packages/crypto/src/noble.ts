/**
 * The default engine: @noble/curves (audited, pure TypeScript, synchronous). Handles are noble's
 * own immutable points. Secret multiplications use noble's `multiply` (fixed work per bit, best
 * effort); public ones its faster `multiplyUnsafe`.
 */

import { bls12_381 } from '@noble/curves/bls12-381.js';
import { assertInteger, assertLength } from './bytes.ts';
import type {
  Engine,
  G1Group,
  G1Point,
  G2Point,
  Group,
  GtElement,
  GtGroup,
  PairingTerm,
  PreparedG2,
} from './engine.ts';
import {
  G1_BYTES,
  G1_UNCOMPRESSED_BYTES,
  G2_BYTES,
  GT_BYTES,
  HASH_TO_G1_DST,
  HASH_TO_G2_DST,
  MAX_HASH_MESSAGE_BYTES,
  MAX_PAIRING_TERMS,
} from './engine.ts';
import { CryptoError } from './errors.ts';
import {
  decodeG1,
  decodeG1Uncompressed,
  decodeG2,
  encodeG1,
  encodeG1Uncompressed,
  encodeG2,
} from './noble-codec.ts';
import { type Lines, type MillerTerm, type NobleGt, pairingProduct } from './noble-pairing.ts';
import { assertMsm, encodeIdentity, FIELD_BYTES, fieldsAreCanonical } from './point-encoding.ts';
import { scalarToBigint } from './scalar.ts';

const { Fp12 } = bls12_381.fields;
const G1 = bls12_381.G1.Point;
const G2 = bls12_381.G2.Point;
type NobleG1 = InstanceType<typeof G1>;
type NobleG2 = InstanceType<typeof G2>;

function mismatch(expected: string): CryptoError {
  return new CryptoError('ENGINE_MISMATCH', `noble engine: expected a ${expected} made by it`);
}

function n1(point: G1Point): NobleG1 {
  if (!(point instanceof G1)) throw mismatch('G1 point');
  return point;
}

function n2(point: G2Point): NobleG2 {
  if (!(point instanceof G2)) throw mismatch('G2 point');
  return point;
}

const asG1 = (point: NobleG1) => point as unknown as G1Point;
const asG2 = (point: NobleG2) => point as unknown as G2Point;

/** A target element; wrapped, because noble's is a plain object that would accept any look-alike. */
class NobleTarget {
  readonly value: NobleGt;
  constructor(value: NobleGt) {
    this.value = value;
  }
}
const asGt = (value: NobleGt) => new NobleTarget(value) as unknown as GtElement;

function nt(element: GtElement): NobleGt {
  if (!(element instanceof NobleTarget)) throw mismatch('target element');
  return element.value;
}

class NoblePrepared {
  readonly point: G2Point;
  /** Undefined for the identity, whose pairings are 1. */
  readonly lines: Lines | undefined;
  constructor(point: NobleG2) {
    this.point = asG2(point);
    this.lines = point.is0() ? undefined : bls12_381.utils.calcPairingPrecomputes(point);
  }
}

function linesOf(q: G2Point | PreparedG2): Lines | undefined {
  if (q instanceof NoblePrepared) return q.lines;
  const point = n2(q as G2Point);
  return point.is0() ? undefined : bls12_381.utils.calcPairingPrecomputes(point);
}

/** Runs noble's strict decoder and turns its failure into ours. */
function strictly<T>(group: string, decode: () => T): T {
  try {
    return decode();
  } catch (cause) {
    throw new CryptoError(
      'INVALID_POINT',
      `${group} point: not the canonical encoding of an element of the prime-order group`,
      { cause },
    );
  }
}

/** The operations that noble's two point classes share. */
interface NoblePoint<P> {
  add(other: P): P;
  subtract(other: P): P;
  negate(): P;
  equals(other: P): boolean;
  is0(): boolean;
  multiply(scalar: bigint): P;
  multiplyUnsafe(scalar: bigint): P;
}

interface NobleGroup<P, N> {
  readonly name: 'G1' | 'G2';
  readonly byteLength: number;
  readonly generator: N;
  readonly zero: N;
  readonly decode: (bytes: Uint8Array) => N;
  readonly decodeTrusted: (bytes: Uint8Array) => N;
  /** Encodes a point other than the identity. */
  readonly encode: (point: N) => Uint8Array;
  readonly hash: (message: Uint8Array) => N;
  readonly unwrap: (point: P) => N;
  readonly wrap: (point: N) => P;
}

function makeGroup<P, N extends NoblePoint<N>>(g: NobleGroup<P, N>): Group<P> {
  const { wrap, unwrap } = g;
  const multiplyPublic = (point: N, scalar: bigint) =>
    scalar === 0n ? g.zero : point.multiplyUnsafe(scalar);
  const multiplySecret = (point: P, scalar: Uint8Array) => {
    const value = scalarToBigint(scalar);
    const base = unwrap(point);
    // Noble refuses zero in `multiply`; a zero secret is only ever a caller's test value.
    return wrap(value === 0n || base.is0() ? g.zero : base.multiply(value));
  };
  return {
    name: g.name,
    byteLength: g.byteLength,
    generator: wrap(g.generator),
    identity: wrap(g.zero),
    fromBytes(bytes) {
      assertLength(bytes, g.byteLength, `${g.name} point`);
      return wrap(strictly(g.name, () => g.decode(bytes)));
    },
    fromTrustedBytes(bytes) {
      assertLength(bytes, g.byteLength, `${g.name} point`);
      return wrap(g.decodeTrusted(bytes));
    },
    toBytes(point) {
      const value = unwrap(point);
      return value.is0() ? encodeIdentity(g.byteLength, true) : g.encode(value);
    },
    add: (a, b) => wrap(unwrap(a).add(unwrap(b))),
    sub: (a, b) => wrap(unwrap(a).subtract(unwrap(b))),
    neg: (a) => wrap(unwrap(a).negate()),
    equal: (a, b) => unwrap(a).equals(unwrap(b)),
    isIdentity: (a) => unwrap(a).is0(),
    mul: multiplySecret,
    mulOnce: multiplySecret,
    mulPublic: (point, scalar) => wrap(multiplyPublic(unwrap(point), scalarToBigint(scalar))),
    msmPublic(points, scalars) {
      assertMsm(points.length, scalars.length);
      let sum = g.zero;
      for (const [i, point] of points.entries()) {
        sum = sum.add(multiplyPublic(unwrap(point), scalarToBigint(scalars[i]!)));
      }
      return wrap(sum);
    },
    hash(message) {
      assertInteger(message.length, 0, MAX_HASH_MESSAGE_BYTES, 'message length');
      return wrap(g.hash(message));
    },
  };
}

const baseG1 = makeGroup<G1Point, NobleG1>({
  name: 'G1',
  byteLength: G1_BYTES,
  generator: G1.BASE,
  zero: G1.ZERO,
  decode: (bytes) => G1.fromBytes(bytes),
  decodeTrusted(bytes) {
    const affine = decodeG1(bytes);
    return affine === undefined ? G1.ZERO : G1.fromAffine(affine);
  },
  encode: (point) => encodeG1(point.toAffine()),
  hash(message) {
    return bls12_381.G1.hashToCurve(message, { DST: HASH_TO_G1_DST }) as NobleG1;
  },
  unwrap: n1,
  wrap: asG1,
});

const g1: G1Group = {
  ...baseG1,
  fromUncompressedTrustedBytes(bytes) {
    assertLength(bytes, G1_UNCOMPRESSED_BYTES, 'uncompressed G1 point');
    const affine = decodeG1Uncompressed(bytes);
    return asG1(affine === undefined ? G1.ZERO : G1.fromAffine(affine));
  },
  toUncompressedBytes(point) {
    const value = n1(point);
    if (value.is0()) return encodeIdentity(G1_UNCOMPRESSED_BYTES, false);
    return encodeG1Uncompressed(value.toAffine());
  },
};

const g2 = makeGroup<G2Point, NobleG2>({
  name: 'G2',
  byteLength: G2_BYTES,
  generator: G2.BASE,
  zero: G2.ZERO,
  decode: (bytes) => G2.fromBytes(bytes),
  decodeTrusted(bytes) {
    const affine = decodeG2(bytes);
    return affine === undefined ? G2.ZERO : G2.fromAffine(affine);
  },
  encode: (point) => encodeG2(point.toAffine()),
  hash(message) {
    return bls12_381.G2.hashToCurve(message, { DST: HASH_TO_G2_DST }) as NobleG2;
  },
  unwrap: n2,
  wrap: asG2,
});

/** Where noble's i-th 96-byte block stands in Seal's order: c0.a0, c1.a0, c0.a1, … (§1.1). */
const SEAL_ORDER = [0, 3, 1, 4, 2, 5] as const;
const BLOCK = 2 * FIELD_BYTES;

function permuteToSeal(noble: Uint8Array): Uint8Array {
  const out = new Uint8Array(GT_BYTES);
  for (const [i, from] of SEAL_ORDER.entries()) {
    out.set(noble.subarray(from * BLOCK, (from + 1) * BLOCK), i * BLOCK);
  }
  return out;
}

function decodeTarget(bytes: Uint8Array): NobleGt {
  assertLength(bytes, GT_BYTES, 'target element');
  const noble = new Uint8Array(GT_BYTES);
  for (const [i, to] of SEAL_ORDER.entries()) {
    noble.set(bytes.subarray(i * BLOCK, (i + 1) * BLOCK), to * BLOCK);
  }
  if (!fieldsAreCanonical(bytes)) {
    throw new CryptoError('INVALID_TARGET_ELEMENT', 'target element: coordinate not canonical');
  }
  return Fp12.fromBytes(noble);
}

/** Computed at first use: loading the module should not cost a pairing. */
let targetGenerator: GtElement | undefined;

const gt: GtGroup = {
  byteLength: GT_BYTES,
  get generator() {
    targetGenerator ??= asGt(bls12_381.pairing(G1.BASE, G2.BASE));
    return targetGenerator;
  },
  identity: asGt(Fp12.ONE),
  fromTrustedBytes: (bytes) => asGt(decodeTarget(bytes)),
  toBytes: (element) => permuteToSeal(Fp12.toBytes(nt(element))),
  mul: (a, b) => asGt(Fp12.mul(nt(a), nt(b))),
  inverse(a) {
    const value = nt(a);
    if (Fp12.is0(value)) {
      throw new CryptoError('INVALID_TARGET_ELEMENT', 'target element: zero has no inverse');
    }
    return asGt(Fp12.inv(value));
  },
  pow: (element, scalar) => asGt(Fp12.pow(nt(element), scalarToBigint(scalar))),
  equal: (a, b) => Fp12.eql(nt(a), nt(b)),
};

function productOfPairings(terms: readonly PairingTerm[]): NobleGt {
  assertInteger(terms.length, 0, MAX_PAIRING_TERMS, 'number of pairing terms');
  const live: MillerTerm[] = [];
  for (const term of terms) {
    const p = n1(term.g1);
    const lines = linesOf(term.g2);
    if (lines === undefined || p.is0()) continue;
    const { x, y } = p.toAffine();
    live.push({ lines, x, y });
  }
  return pairingProduct(live);
}

/** The engine on @noble/curves. */
export const nobleEngine: Engine = {
  name: 'noble',
  g1,
  g2,
  gt,
  prepareG2: (point) => new NoblePrepared(n2(point)) as unknown as PreparedG2,
  pairing: (p, q) => asGt(productOfPairings([{ g1: p, g2: q }])),
  multiPairing: (terms) => asGt(productOfPairings(terms)),
  pairingProductIsOne: (terms) => Fp12.eql(productOfPairings(terms), Fp12.ONE),
};
