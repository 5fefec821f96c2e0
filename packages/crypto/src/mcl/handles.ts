/**
 * The mcl engine's handles: mcl's internal (Montgomery, projective) representation, copied out of
 * the module. Never shown to callers, never serialized.
 */

import type { G1Point, G2Point, GtElement, PreparedG2 } from '../engine.ts';
import { CryptoError } from '../errors.ts';

/** Sizes of mcl's internal representations. */
export const RAW_FR_BYTES = 32;
export const RAW_FP_BYTES = 48;
export const RAW_G1_BYTES = 3 * RAW_FP_BYTES;
export const RAW_G2_BYTES = 6 * RAW_FP_BYTES;
export const RAW_GT_BYTES = 12 * RAW_FP_BYTES;

export class MclG1 {
  readonly raw: Uint8Array;
  constructor(raw: Uint8Array) {
    this.raw = raw;
  }
}

export class MclG2 {
  readonly raw: Uint8Array;
  constructor(raw: Uint8Array) {
    this.raw = raw;
  }
}

export class MclTarget {
  readonly raw: Uint8Array;
  constructor(raw: Uint8Array) {
    this.raw = raw;
  }
}

export class MclPrepared {
  readonly point: G2Point;
  /** Line coefficients. */
  readonly lines: Uint8Array;
  /** The identity pairs to 1 and has no lines. */
  readonly infinity: boolean;
  constructor(point: G2Point, lines: Uint8Array, infinity: boolean) {
    this.point = point;
    this.lines = lines;
    this.infinity = infinity;
  }
}

function mismatch(expected: string): CryptoError {
  return new CryptoError('ENGINE_MISMATCH', `mcl engine: expected a ${expected} made by it`);
}

export const g1Codec = {
  wrap: (raw: Uint8Array) => new MclG1(raw) as unknown as G1Point,
  unwrap(point: G1Point): Uint8Array {
    if (!(point instanceof MclG1)) throw mismatch('G1 point');
    return point.raw;
  },
};

export const g2Codec = {
  wrap: (raw: Uint8Array) => new MclG2(raw) as unknown as G2Point,
  unwrap(point: G2Point): Uint8Array {
    if (!(point instanceof MclG2)) throw mismatch('G2 point');
    return point.raw;
  },
};

export const gtCodec = {
  wrap: (raw: Uint8Array) => new MclTarget(raw) as unknown as GtElement,
  unwrap(element: GtElement): Uint8Array {
    if (!(element instanceof MclTarget)) throw mismatch('target element');
    return element.raw;
  },
};

/** The prepared form of `q`, or undefined when it is an ordinary point. */
export function asPrepared(q: G2Point | PreparedG2): MclPrepared | undefined {
  return q instanceof MclPrepared ? q : undefined;
}
