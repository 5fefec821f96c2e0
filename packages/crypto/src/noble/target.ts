/**
 * The target group and pairings on noble.
 */

import { bls12_381 } from '@noble/curves/bls12-381.js';
import { assertInteger, assertLength } from '../bytes.ts';
import {
  GT_BYTES,
  type GtElement,
  type GtGroup,
  MAX_PAIRING_TERMS,
  type PairingTerm,
} from '../engine.ts';
import { CryptoError } from '../errors.ts';
import { FIELD_BYTES, fieldsAreCanonical } from '../point-encoding.ts';
import { scalarToBigint } from '../scalar.ts';
import { g1Codec, gtCodec, linesOf } from './handles.ts';
import { type MillerTerm, type NobleGt, pairingProduct } from './pairing.ts';

const { Fp12 } = bls12_381.fields;

/** Where noble's i-th 96-byte block stands in Seal's order: c0.a0, c1.a0, c0.a1, … (§1.1). */
const SEAL_ORDER = [0, 3, 1, 4, 2, 5] as const;
const BLOCK = 2 * FIELD_BYTES;

function encode(element: NobleGt): Uint8Array {
  const noble = Fp12.toBytes(element);
  const out = new Uint8Array(GT_BYTES);
  for (const [i, from] of SEAL_ORDER.entries()) {
    out.set(noble.subarray(from * BLOCK, (from + 1) * BLOCK), i * BLOCK);
  }
  return out;
}

function decode(bytes: Uint8Array): NobleGt {
  assertLength(bytes, GT_BYTES, 'target element');
  if (!fieldsAreCanonical(bytes)) {
    throw new CryptoError('INVALID_TARGET_ELEMENT', 'target element: coordinate not canonical');
  }
  const noble = new Uint8Array(GT_BYTES);
  for (const [i, to] of SEAL_ORDER.entries()) {
    noble.set(bytes.subarray(i * BLOCK, (i + 1) * BLOCK), to * BLOCK);
  }
  return Fp12.fromBytes(noble);
}

/** The target group; `generator` is computed at first use, loading should not cost a pairing. */
export function makeGt(generator: () => GtElement): GtGroup {
  const { wrap, unwrap } = gtCodec;
  let cachedGenerator: GtElement | undefined;
  return {
    byteLength: GT_BYTES,
    get generator() {
      cachedGenerator ??= generator();
      return cachedGenerator;
    },
    identity: wrap(Fp12.ONE),
    fromTrustedBytes: (bytes) => wrap(decode(bytes)),
    toBytes: (element) => encode(unwrap(element)),
    mul: (a, b) => wrap(Fp12.mul(unwrap(a), unwrap(b))),
    inverse(a) {
      const value = unwrap(a);
      if (Fp12.is0(value)) {
        throw new CryptoError('INVALID_TARGET_ELEMENT', 'target element: zero has no inverse');
      }
      return wrap(Fp12.inv(value));
    },
    pow: (element, scalar) => wrap(Fp12.pow(unwrap(element), scalarToBigint(scalar))),
    equal: (a, b) => Fp12.eql(unwrap(a), unwrap(b)),
  };
}

/** `Π e(g1, g2)`; terms with an identity contribute 1. */
export function productOfPairings(terms: readonly PairingTerm[]): NobleGt {
  assertInteger(terms.length, 0, MAX_PAIRING_TERMS, 'number of pairing terms');
  const live: MillerTerm[] = [];
  for (const term of terms) {
    const p = g1Codec.unwrap(term.g1);
    const lines = linesOf(term.g2);
    if (lines === undefined || p.is0()) continue;
    const { x, y } = p.toAffine();
    live.push({ lines, x, y });
  }
  return pairingProduct(live);
}

/** Whether the product is 1. */
export const isOne = (element: NobleGt): boolean => Fp12.eql(element, Fp12.ONE);
