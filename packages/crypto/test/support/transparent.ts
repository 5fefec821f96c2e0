/**
 * An engine whose G2 is the scalar field itself: a "point" is its own discrete logarithm. The code
 * under test does the same algebra as on the curve, thousands of times faster, and the tests can see
 * the secrets behind every commitment. It has no encodings, hashes or pairings.
 */

import {
  type Engine,
  type G2Point,
  type Group,
  isZeroScalar,
  scalarAdd,
  scalarFromBigint,
  scalarMul,
  scalarSub,
  scalarToBigint,
  toHex,
} from '@seal-ts/crypto';
import { mcl } from './engines.ts';
import { scalar } from './helpers.ts';

const pointOf = (logarithm: Uint8Array) => logarithm as unknown as G2Point;

/** The scalar behind a point of the transparent engine. */
export const logarithmOf = (point: G2Point) => point as unknown as Uint8Array;

const multiply = (point: G2Point, k: Uint8Array) => pointOf(scalarMul(logarithmOf(point), k));

const unavailable = (): never => {
  throw new TypeError('the transparent engine has no encodings');
};

const g2: Group<G2Point> = {
  name: 'G2',
  byteLength: 96,
  generator: pointOf(scalar(1)),
  identity: pointOf(scalar(0)),
  fromBytes: unavailable,
  fromTrustedBytes: unavailable,
  toBytes: unavailable,
  hash: unavailable,
  add: (a, b) => pointOf(scalarAdd(logarithmOf(a), logarithmOf(b))),
  sub: (a, b) => pointOf(scalarSub(logarithmOf(a), logarithmOf(b))),
  neg: (a) => pointOf(scalarFromBigint(-scalarToBigint(logarithmOf(a)))),
  equal: (a, b) => toHex(logarithmOf(a)) === toHex(logarithmOf(b)),
  isIdentity: (a) => isZeroScalar(logarithmOf(a)),
  mul: multiply,
  mulOnce: multiply,
  mulPublic: multiply,
  msmPublic: (points, scalars) =>
    points.map((point, i) => multiply(point, scalars[i]!)).reduce(g2Add),
};

function g2Add(a: G2Point, b: G2Point): G2Point {
  return g2.add(a, b);
}

export const transparent: Engine = { ...mcl, g2 };
