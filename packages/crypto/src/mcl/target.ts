/**
 * The target group and pairings on mcl.
 */

import { assertInteger, assertLength } from '../bytes.ts';
import {
  type G1Point,
  type G2Point,
  GT_BYTES,
  type GtElement,
  type GtGroup,
  MAX_PAIRING_TERMS,
  type PairingTerm,
  type PreparedG2,
} from '../engine.ts';
import { CryptoError } from '../errors.ts';
import { FIELD_BYTES, fieldsAreCanonical } from '../point-encoding.ts';
import { putScalar } from './group.ts';
import {
  asPrepared,
  g1Codec,
  g2Codec,
  gtCodec,
  MclPrepared,
  RAW_FP_BYTES,
  RAW_G1_BYTES,
  RAW_G2_BYTES,
  RAW_GT_BYTES,
} from './handles.ts';
import type { Scratch } from './memory.ts';
import type { MclModule, Pointer } from './module.ts';

/**
 * Coordinate k of Seal's order is mcl's coordinate `SEAL_TO_RAW[k]`: Seal interleaves the two
 * halves of the tower, c0.a0, c1.a0, c0.a1, … (protocol §1.1), two coordinates each.
 */
const SEAL_TO_RAW = [0, 1, 6, 7, 2, 3, 8, 9, 4, 5, 10, 11] as const;

/** The target group on mcl. Generic routines: elements need not be in the prime-order subgroup. */
export function makeGt(scratch: Scratch, generator: () => GtElement): GtGroup {
  const { module } = scratch;
  const operate = (operation: (out: Pointer) => void) =>
    scratch.frame(() => {
      const out = scratch.alloc(RAW_GT_BYTES);
      operation(out);
      return gtCodec.wrap(scratch.take(out, RAW_GT_BYTES));
    });
  const put = (element: GtElement) => scratch.put(gtCodec.unwrap(element));
  let cachedGenerator: GtElement | undefined;
  return {
    byteLength: GT_BYTES,
    get generator() {
      cachedGenerator ??= generator();
      return cachedGenerator;
    },
    identity: operate((out) => module._mclBnGT_setInt32(out, 1)),
    fromTrustedBytes(bytes) {
      assertLength(bytes, GT_BYTES, 'target element');
      if (!fieldsAreCanonical(bytes)) {
        throw new CryptoError('INVALID_TARGET_ELEMENT', 'target element: coordinate not canonical');
      }
      return operate((out) => {
        const text = scratch.put(bytes);
        for (const [k, raw] of SEAL_TO_RAW.entries()) {
          const at = out + raw * RAW_FP_BYTES;
          module._mclBnFp_deserialize(at, text + k * FIELD_BYTES, FIELD_BYTES);
        }
      });
    },
    toBytes: (element) =>
      scratch.frame(() => {
        const from = put(element);
        const out = scratch.alloc(GT_BYTES);
        for (const [k, raw] of SEAL_TO_RAW.entries()) {
          module._mclBnFp_serialize(out + k * FIELD_BYTES, FIELD_BYTES, from + raw * RAW_FP_BYTES);
        }
        return scratch.take(out, GT_BYTES);
      }),
    mul: (a, b) => operate((out) => module._mclBnGT_mul(out, put(a), put(b))),
    inverse: (a) =>
      operate((out) => {
        const value = put(a);
        if (module._mclBnGT_isZero(value) === 1) {
          throw new CryptoError('INVALID_TARGET_ELEMENT', 'target element: zero has no inverse');
        }
        module._mclBnGT_invGeneric(out, value);
      }),
    pow: (element, scalar) =>
      operate((out) => module._mclBnGT_powGeneric(out, put(element), putScalar(scratch, scalar))),
    equal: (a, b) => scratch.frame(() => module._mclBnGT_isEqual(put(a), put(b)) === 1),
  };
}

/** Computes the line coefficients of `point`. */
export function prepareG2(scratch: Scratch, point: G2Point): PreparedG2 {
  const { module } = scratch;
  const length = module._mclBn_getUint64NumToPrecompute() * 8;
  const prepared = scratch.frame(() => {
    const q = scratch.put(g2Codec.unwrap(point));
    const infinity = module._mclBnG2_isZero(q) === 1;
    const lines = scratch.alloc(length);
    module._mclBn_precomputeG2(lines, q);
    return new MclPrepared(point, scratch.take(lines, length), infinity);
  });
  return prepared as unknown as PreparedG2;
}

interface LiveTerms {
  readonly prepared: { readonly p: Uint8Array; readonly lines: Uint8Array }[];
  readonly plain: { readonly p: Uint8Array; readonly q: Uint8Array }[];
}

/** Sorts terms by kind and drops those with an identity, whose pairing is 1. */
function liveTerms(scratch: Scratch, terms: readonly PairingTerm[]): LiveTerms {
  const { module } = scratch;
  const live: LiveTerms = { prepared: [], plain: [] };
  const isZero = (test: MclModule['_mclBnG1_isZero'], raw: Uint8Array) =>
    scratch.frame(() => test(scratch.put(raw)) === 1);
  for (const term of terms) {
    const p = g1Codec.unwrap(term.g1);
    const prepared = asPrepared(term.g2);
    if (prepared !== undefined) {
      if (prepared.infinity || isZero(module._mclBnG1_isZero, p)) continue;
      live.prepared.push({ p, lines: prepared.lines });
      continue;
    }
    const q = g2Codec.unwrap(term.g2 as G2Point);
    if (isZero(module._mclBnG1_isZero, p) || isZero(module._mclBnG2_isZero, q)) continue;
    live.plain.push({ p, q });
  }
  return live;
}

/** Multiplies the Miller loops of all prepared terms into `f`, two terms sharing one loop. */
function multiplyPrepared(scratch: Scratch, f: Pointer, terms: LiveTerms['prepared']): void {
  const { module } = scratch;
  for (let i = 0; i < terms.length; i += 2) {
    scratch.frame(() => {
      const part = scratch.alloc(RAW_GT_BYTES);
      const first = terms[i]!;
      const second = terms[i + 1];
      const p1 = scratch.put(first.p);
      const lines1 = scratch.put(first.lines);
      if (second === undefined) module._mclBn_precomputedMillerLoop(part, p1, lines1);
      else {
        const p2 = scratch.put(second.p);
        module._mclBn_precomputedMillerLoop2(part, p1, lines1, p2, scratch.put(second.lines));
      }
      module._mclBnGT_mul(f, f, part);
    });
  }
}

/** Multiplies the Miller loops of all plain terms into `f`. */
function multiplyPlain(scratch: Scratch, f: Pointer, terms: LiveTerms['plain']): void {
  if (terms.length === 0) return;
  const { module } = scratch;
  const qsAt = terms.length * RAW_G1_BYTES;
  scratch.block(qsAt + terms.length * RAW_G2_BYTES, (block) =>
    scratch.frame(() => {
      for (const [i, { p, q }] of terms.entries()) {
        scratch.write(block + i * RAW_G1_BYTES, p);
        scratch.write(block + qsAt + i * RAW_G2_BYTES, q);
      }
      const part = scratch.alloc(RAW_GT_BYTES);
      module._mclBn_millerLoopVec(part, block, block + qsAt, terms.length);
      module._mclBnGT_mul(f, f, part);
    }),
  );
}

/** `Π e(g1, g2)`; `read` looks at the result before the frame is cleared. */
export function productOfPairings<T>(
  scratch: Scratch,
  terms: readonly PairingTerm[],
  read: (result: Pointer) => T,
): T {
  assertInteger(terms.length, 0, MAX_PAIRING_TERMS, 'number of pairing terms');
  const { module } = scratch;
  const live = liveTerms(scratch, terms);
  return scratch.frame(() => {
    const f = scratch.alloc(RAW_GT_BYTES);
    module._mclBnGT_setInt32(f, 1);
    multiplyPrepared(scratch, f, live.prepared);
    multiplyPlain(scratch, f, live.plain);
    module._mclBn_finalExp(f, f);
    return read(f);
  });
}

/** `e(p, q)` as a handle. */
export function pairing(scratch: Scratch, p: G1Point, q: G2Point | PreparedG2): GtElement {
  return productOfPairings(scratch, [{ g1: p, g2: q }], (result) =>
    gtCodec.wrap(scratch.take(result, RAW_GT_BYTES)),
  );
}
