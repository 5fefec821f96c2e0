/**
 * G1 and G2 on noble.
 *
 * noble's `multiply` for arbitrary points takes a time that depends on the scalar (measured: a
 * small one is five times faster than a large one). Long-lived secrets are therefore split into two
 * random summands, `k = a + (k − a)`, with a fresh `a` for each call.
 */

import { mulAddUnsafe } from '@noble/curves/abstract/curve.js';
import { bls12_381 } from '@noble/curves/bls12-381.js';
import { assertInteger, assertLength } from '../bytes.ts';
import {
  G1_BYTES,
  G1_UNCOMPRESSED_BYTES,
  type G1Group,
  type G1Point,
  G2_BYTES,
  type G2Point,
  type Group,
  HASH_TO_G1_DST,
  HASH_TO_G2_DST,
  MAX_HASH_MESSAGE_BYTES,
} from '../engine.ts';
import { assertMsm, encodeIdentity, invalidPoint } from '../point-encoding.ts';
import type { RandomSource } from '../random.ts';
import { GROUP_ORDER, randomScalar, scalarToBigint } from '../scalar.ts';
import { smallScalarValue } from '../small-scalar.ts';
import {
  decodeG1,
  decodeG1Uncompressed,
  decodeG2,
  encodeG1,
  encodeG1Uncompressed,
  encodeG2,
} from './codec.ts';
import { G1, G2, g1Codec, g2Codec, type NobleG1, type NobleG2 } from './handles.ts';

/** Terms of a sum of products that share their doublings; more would only cost memory. */
const MSM_CHUNK = 16;

/** The operations that noble's two point classes share. */
interface NoblePoint<P> {
  double(): P;
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
  /** `Σ scalars[i]·points[i]` in variable time. */
  readonly sum: (points: N[], scalars: bigint[]) => N;
  readonly unwrap: (point: P) => N;
  readonly wrap: (point: N) => P;
}

/** Runs noble's strict decoder and turns its failure into ours. */
function strictly<T>(group: string, decode: () => T): T {
  try {
    return decode();
  } catch (cause) {
    throw invalidPoint(
      group,
      'not the canonical encoding of an element of the prime-order group',
      cause,
    );
  }
}

/** `k·P` for k from 1 to 2^16 − 1: faster than noble's routine, which doubles once too often. */
function mulSmall<N extends NoblePoint<N>>(point: N, k: number): N {
  let out = point;
  for (let bit = 30 - Math.clz32(k); bit >= 0; bit--) {
    out = out.double();
    if ((k >> bit) & 1) out = out.add(point);
  }
  return out;
}

function makeGroup<P, N extends NoblePoint<N>>(
  g: NobleGroup<P, N>,
  random: RandomSource,
): Group<P> {
  const { wrap, unwrap, zero } = g;
  const unary = (operation: (a: N) => N) => (a: P) => wrap(operation(unwrap(a)));
  const binary = (operation: (a: N, b: N) => N) => (a: P, b: P) =>
    wrap(operation(unwrap(a), unwrap(b)));
  // noble refuses the scalar zero, and multiplying the identity.
  const multiply = (base: N, k: bigint) => (k === 0n || base.is0() ? zero : base.multiply(k));
  return {
    name: g.name,
    byteLength: g.byteLength,
    generator: wrap(g.generator),
    identity: wrap(zero),
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
    add: binary((a, b) => a.add(b)),
    sub: binary((a, b) => a.subtract(b)),
    neg: unary((a) => a.negate()),
    equal: (a, b) => unwrap(a).equals(unwrap(b)),
    isIdentity: (a) => unwrap(a).is0(),
    mul(point, scalar) {
      const base = unwrap(point);
      const secret = scalarToBigint(scalar);
      const blind = scalarToBigint(randomScalar(random));
      const rest = (secret - blind + GROUP_ORDER) % GROUP_ORDER;
      return wrap(multiply(base, blind).add(multiply(base, rest)));
    },
    mulOnce: (point, scalar) => wrap(multiply(unwrap(point), scalarToBigint(scalar))),
    mulPublic(point, scalar) {
      const k = scalarToBigint(scalar);
      const value = unwrap(point);
      if (k === 0n) return wrap(zero);
      const small = smallScalarValue(scalar);
      return wrap(small === undefined ? value.multiplyUnsafe(k) : mulSmall(value, small));
    },
    msmPublic(points, scalars) {
      assertMsm(points.length, scalars.length);
      let sum = zero;
      for (let i = 0; i < points.length; i += MSM_CHUNK) {
        const chunk = points.slice(i, i + MSM_CHUNK).map(unwrap);
        const factors = scalars.slice(i, i + MSM_CHUNK).map((k) => scalarToBigint(k));
        sum = sum.add(g.sum(chunk, factors));
      }
      return wrap(sum);
    },
    hash(message) {
      assertInteger(message.length, 0, MAX_HASH_MESSAGE_BYTES, 'message length');
      return wrap(g.hash(message));
    },
  };
}

/** G1 on noble; `random` blinds multiplications by long-lived secrets. */
export function makeG1(random: RandomSource): G1Group {
  const { wrap, unwrap } = g1Codec;
  const fromAffine = (affine: { x: bigint; y: bigint } | undefined) =>
    affine === undefined ? G1.ZERO : G1.fromAffine(affine);
  const base = makeGroup<G1Point, NobleG1>(
    {
      name: 'G1',
      byteLength: G1_BYTES,
      generator: G1.BASE,
      zero: G1.ZERO,
      decode: (bytes) => G1.fromBytes(bytes),
      decodeTrusted: (bytes) => fromAffine(decodeG1(bytes)),
      encode: (point) => encodeG1(point.toAffine()),
      hash: (message) => bls12_381.G1.hashToCurve(message, { DST: HASH_TO_G1_DST }) as NobleG1,
      sum: (points, scalars) => mulAddUnsafe(G1, points, scalars),
      wrap,
      unwrap,
    },
    random,
  );
  return {
    ...base,
    fromUncompressedTrustedBytes(bytes) {
      assertLength(bytes, G1_UNCOMPRESSED_BYTES, 'uncompressed G1 point');
      return wrap(fromAffine(decodeG1Uncompressed(bytes)));
    },
    toUncompressedBytes(point) {
      const value = unwrap(point);
      if (value.is0()) return encodeIdentity(G1_UNCOMPRESSED_BYTES, false);
      return encodeG1Uncompressed(value.toAffine());
    },
  };
}

/** G2 on noble. */
export function makeG2(random: RandomSource): Group<G2Point> {
  return makeGroup<G2Point, NobleG2>(
    {
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
      hash: (message) => bls12_381.G2.hashToCurve(message, { DST: HASH_TO_G2_DST }) as NobleG2,
      sum: (points, scalars) => mulAddUnsafe(G2, points, scalars),
      ...g2Codec,
    },
    random,
  );
}
