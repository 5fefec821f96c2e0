/**
 * The two groups of the mcl engine, and the uncompressed form of G1.
 */

import { assertLength, utf8 } from '../bytes.ts';
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
} from '../engine.ts';
import {
  encodeIdentity,
  FIELD_BYTES,
  G1_GENERATOR,
  G2_GENERATOR,
  invalidPoint,
  parsePoint,
} from '../point-encoding.ts';
import type { RandomSource } from '../random.ts';
import { type GroupFunctions, type GroupShape, makeGroup } from './group.ts';
import { g1Codec, g2Codec, RAW_FP_BYTES, RAW_G1_BYTES, RAW_G2_BYTES } from './handles.ts';
import type { Scratch } from './memory.ts';
import type { MclModule } from './module.ts';

/** Selects the functions of one group from the module. */
function functionsOf(module: MclModule, group: 'G1' | 'G2'): GroupFunctions {
  return {
    deserialize: module[`_mclBn${group}_deserialize`],
    serialize: module[`_mclBn${group}_serialize`],
    dbl: module[`_mclBn${group}_dbl`],
    add: module[`_mclBn${group}_add`],
    sub: module[`_mclBn${group}_sub`],
    neg: module[`_mclBn${group}_neg`],
    mul: module[`_mclBn${group}_mul`],
    mulCT: module[`_mclBn${group}_mulCT`],
    mulVec: module[`_mclBn${group}_mulVec`],
    normalizeVec: module[`_mclBn${group}_normalizeVec`],
    isEqual: module[`_mclBn${group}_isEqual`],
    isZero: module[`_mclBn${group}_isZero`],
    isValidOrder: module[`_mclBn${group}_isValidOrder`],
    hashAndMapToWithDst: module[`_mclBn${group}_hashAndMapToWithDst`],
  };
}

function shapeOf<P>(
  scratch: Scratch,
  fixed: Omit<GroupShape<P>, 'generator' | 'call'>,
  generator: Uint8Array,
): GroupShape<P> {
  const call = functionsOf(scratch.module, fixed.name);
  const raw = scratch.frame(() => {
    const out = scratch.alloc(fixed.rawLength);
    call.deserialize(out, scratch.put(generator), generator.length);
    return scratch.take(out, fixed.rawLength);
  });
  return { ...fixed, call, generator: fixed.wrap(raw) };
}

function uncompressed(scratch: Scratch): Omit<G1Group, keyof Group<G1Point>> {
  const { module } = scratch;
  return {
    fromUncompressedTrustedBytes(bytes) {
      assertLength(bytes, G1_UNCOMPRESSED_BYTES, 'uncompressed G1 point');
      const { infinity, body } = parsePoint(bytes, false, 'G1');
      if (infinity) return g1Codec.wrap(new Uint8Array(RAW_G1_BYTES));
      return scratch.frame(() => {
        const out = scratch.alloc(RAW_G1_BYTES);
        const text = scratch.put(body);
        module._mclBnFp_deserialize(out, text, FIELD_BYTES);
        module._mclBnFp_deserialize(out + RAW_FP_BYTES, text + FIELD_BYTES, FIELD_BYTES);
        module._mclBnFp_setInt32(out + 2 * RAW_FP_BYTES, 1);
        if (module._mclBnG1_isValid(out) !== 1) throw invalidPoint('G1', 'not on the curve');
        return g1Codec.wrap(scratch.take(out, RAW_G1_BYTES));
      });
    },
    toUncompressedBytes: (point) =>
      scratch.frame(() => {
        const raw = scratch.put(g1Codec.unwrap(point));
        if (module._mclBnG1_isZero(raw) === 1) {
          return encodeIdentity(G1_UNCOMPRESSED_BYTES, false);
        }
        module._mclBnG1_normalize(raw, raw);
        const out = scratch.alloc(G1_UNCOMPRESSED_BYTES);
        module._mclBnFp_serialize(out, FIELD_BYTES, raw);
        module._mclBnFp_serialize(out + FIELD_BYTES, FIELD_BYTES, raw + RAW_FP_BYTES);
        return scratch.take(out, G1_UNCOMPRESSED_BYTES);
      }),
  };
}

/** G1 on mcl. */
export function makeG1(scratch: Scratch, random: RandomSource): G1Group {
  const shape = shapeOf<G1Point>(
    scratch,
    {
      name: 'G1',
      byteLength: G1_BYTES,
      rawLength: RAW_G1_BYTES,
      dst: utf8(HASH_TO_G1_DST),
      ...g1Codec,
    },
    G1_GENERATOR,
  );
  return { ...makeGroup(scratch, shape, random), ...uncompressed(scratch) };
}

/** G2 on mcl. */
export function makeG2(scratch: Scratch, random: RandomSource): Group<G2Point> {
  const shape = shapeOf<G2Point>(
    scratch,
    {
      name: 'G2',
      byteLength: G2_BYTES,
      rawLength: RAW_G2_BYTES,
      dst: utf8(HASH_TO_G2_DST),
      ...g2Codec,
    },
    G2_GENERATOR,
  );
  return makeGroup(scratch, shape, random);
}
