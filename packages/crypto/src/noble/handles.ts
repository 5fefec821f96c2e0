/**
 * The noble engine's handles: noble's own immutable points, recognized by their class, and a
 * wrapper for target elements, which noble keeps as plain objects.
 */

import { bls12_381 } from '@noble/curves/bls12-381.js';
import type { G1Point, G2Point, GtElement, PreparedG2 } from '../engine.ts';
import { CryptoError } from '../errors.ts';
import type { Lines, NobleGt } from './pairing.ts';

export const G1 = bls12_381.G1.Point;
export const G2 = bls12_381.G2.Point;
export type NobleG1 = InstanceType<typeof G1>;
export type NobleG2 = InstanceType<typeof G2>;

function mismatch(expected: string): CryptoError {
  return new CryptoError('ENGINE_MISMATCH', `noble engine: expected a ${expected} made by it`);
}

export const g1Codec = {
  wrap: (point: NobleG1) => point as unknown as G1Point,
  unwrap(point: G1Point): NobleG1 {
    if (!(point instanceof G1)) throw mismatch('G1 point');
    return point;
  },
};

export const g2Codec = {
  wrap: (point: NobleG2) => point as unknown as G2Point,
  unwrap(point: G2Point): NobleG2 {
    if (!(point instanceof G2)) throw mismatch('G2 point');
    return point;
  },
};

class NobleTarget {
  readonly value: NobleGt;
  constructor(value: NobleGt) {
    this.value = value;
  }
}

export const gtCodec = {
  wrap: (value: NobleGt) => new NobleTarget(value) as unknown as GtElement,
  unwrap(element: GtElement): NobleGt {
    if (!(element instanceof NobleTarget)) throw mismatch('target element');
    return element.value;
  },
};

class NoblePrepared {
  readonly point: G2Point;
  /** Undefined for the identity, whose pairings are 1. */
  readonly lines: Lines | undefined;
  constructor(point: NobleG2) {
    this.point = g2Codec.wrap(point);
    this.lines = point.is0() ? undefined : bls12_381.utils.calcPairingPrecomputes(point);
  }
}

/** Computes the line coefficients of `point`. */
export function prepare(point: G2Point): PreparedG2 {
  return new NoblePrepared(g2Codec.unwrap(point)) as unknown as PreparedG2;
}

/** The line coefficients of `q`; undefined for the identity. */
export function linesOf(q: G2Point | PreparedG2): Lines | undefined {
  if (q instanceof NoblePrepared) return q.lines;
  const point = g2Codec.unwrap(q as G2Point);
  return point.is0() ? undefined : bls12_381.utils.calcPairingPrecomputes(point);
}
