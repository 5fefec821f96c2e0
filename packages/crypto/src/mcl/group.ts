/**
 * G1 and G2 on mcl. The two groups differ in sizes and function names only.
 *
 * Long-lived secret scalars (`mul`) are split into two random summands, `k = a + (k − a)`, with a fresh
 * `a` for each call, and both are multiplied by mcl's constant-time routine: what timing reveals about
 * either summand is independent of `k`. One-time secrets (`mulOnce`) need no blinding, since there is
 * nothing to average over: they go through that routine, or through a table for the generator.
 */

import { assertInteger, assertLength, utf8 } from '../bytes.ts';
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
  SCALAR_BYTES,
} from '../engine.ts';
import {
  assertMsm,
  encodeIdentity,
  FIELD_BYTES,
  invalidPoint,
  parsePoint,
} from '../point-encoding.ts';
import type { RandomSource } from '../random.ts';
import { assertScalar, randomScalar } from '../scalar.ts';
import { fixedBase } from './fixed-base.ts';
import {
  g1Codec,
  g2Codec,
  RAW_FP_BYTES,
  RAW_FR_BYTES,
  RAW_G1_BYTES,
  RAW_G2_BYTES,
} from './handles.ts';
import type { Scratch } from './memory.ts';
import type { MclModule, Pointer } from './module.ts';

type GroupFunction =
  | 'deserialize'
  | 'serialize'
  | 'add'
  | 'sub'
  | 'neg'
  | 'mul'
  | 'mulCT'
  | 'mulVec'
  | 'normalizeVec'
  | 'isEqual'
  | 'isZero'
  | 'isValidOrder'
  | 'hashAndMapToWithDst';
type GroupFunctions = { readonly [F in GroupFunction]: MclModule[`_mclBnG1_${F}`] };

interface GroupShape<P> {
  readonly name: 'G1' | 'G2';
  readonly byteLength: number;
  readonly rawLength: number;
  readonly dst: Uint8Array;
  readonly generator: P;
  readonly call: GroupFunctions;
  readonly wrap: (raw: Uint8Array) => P;
  readonly unwrap: (point: P) => Uint8Array;
}

/** Loads a canonical scalar into the frame. */
export function putScalar(scratch: Scratch, scalar: Uint8Array): Pointer {
  assertScalar(scalar);
  const out = scratch.alloc(RAW_FR_BYTES);
  scratch.module._mclBnFr_deserialize(out, scratch.put(scalar), SCALAR_BYTES);
  return out;
}

function decode<P>(
  scratch: Scratch,
  shape: GroupShape<P>,
  bytes: Uint8Array,
  checkSubgroup: boolean,
): P {
  assertLength(bytes, shape.byteLength, `${shape.name} point`);
  parsePoint(bytes, true, shape.name);
  return scratch.frame(() => {
    const out = scratch.alloc(shape.rawLength);
    const read = shape.call.deserialize(out, scratch.put(bytes), bytes.length);
    if (read !== bytes.length) throw invalidPoint(shape.name, 'not on the curve');
    if (checkSubgroup && shape.call.isValidOrder(out) !== 1) {
      throw invalidPoint(shape.name, 'not in the prime-order subgroup');
    }
    return shape.wrap(scratch.take(out, shape.rawLength));
  });
}

/** `a·P + (k − a)·P` for a fresh random `a`. */
function mulBlinded<P>(
  scratch: Scratch,
  shape: GroupShape<P>,
  random: RandomSource,
  point: P,
  scalar: Uint8Array,
): P {
  return scratch.secretFrame(() => {
    const blind = randomScalar(random);
    const secret = putScalar(scratch, scalar);
    const first = putScalar(scratch, blind);
    blind.fill(0);
    const second = scratch.alloc(RAW_FR_BYTES);
    scratch.module._mclBnFr_sub(second, secret, first);
    const base = scratch.put(shape.unwrap(point));
    const left = scratch.alloc(shape.rawLength);
    const right = scratch.alloc(shape.rawLength);
    shape.call.mulCT(left, base, first);
    shape.call.mulCT(right, base, second);
    shape.call.add(left, left, right);
    return shape.wrap(scratch.take(left, shape.rawLength));
  });
}

/** `k·P` for a secret that serves one operation. */
function mulOnce<P>(scratch: Scratch, shape: GroupShape<P>, point: P, scalar: Uint8Array): P {
  return scratch.secretFrame(() => {
    const out = scratch.alloc(shape.rawLength);
    shape.call.mulCT(out, scratch.put(shape.unwrap(point)), putScalar(scratch, scalar));
    return shape.wrap(scratch.take(out, shape.rawLength));
  });
}

function msm<P>(
  scratch: Scratch,
  shape: GroupShape<P>,
  points: readonly P[],
  scalars: readonly Uint8Array[],
): P {
  assertMsm(points.length, scalars.length);
  const { rawLength } = shape;
  const scalarsAt = points.length * rawLength;
  return scratch.block(scalarsAt + points.length * RAW_FR_BYTES, (block) =>
    scratch.frame(() => {
      for (const [i, point] of points.entries()) {
        scratch.write(block + i * rawLength, shape.unwrap(point));
        assertScalar(scalars[i]!);
        const at = block + scalarsAt + i * RAW_FR_BYTES;
        scratch.frame(() =>
          scratch.module._mclBnFr_deserialize(at, scratch.put(scalars[i]!), SCALAR_BYTES),
        );
      }
      const out = scratch.alloc(rawLength);
      shape.call.mulVec(out, block, block + scalarsAt, points.length);
      return shape.wrap(scratch.take(out, rawLength));
    }),
  );
}

function hash<P>(scratch: Scratch, shape: GroupShape<P>, message: Uint8Array): P {
  assertInteger(message.length, 0, MAX_HASH_MESSAGE_BYTES, 'message length');
  return scratch.block(Math.max(1, message.length), (text) =>
    scratch.frame(() => {
      scratch.write(text, message);
      const out = scratch.alloc(shape.rawLength);
      const dst = scratch.put(shape.dst);
      shape.call.hashAndMapToWithDst(out, text, message.length, dst, shape.dst.length);
      return shape.wrap(scratch.take(out, shape.rawLength));
    }),
  );
}

function makeGroup<P>(scratch: Scratch, shape: GroupShape<P>, random: RandomSource): Group<P> {
  const { call, rawLength, wrap, unwrap } = shape;
  const generatorTable = fixedBase(scratch, call, unwrap(shape.generator), rawLength);
  const binary = (operation: GroupFunctions['add']) => (a: P, b: P) =>
    scratch.frame(() => {
      const out = scratch.alloc(rawLength);
      operation(out, scratch.put(unwrap(a)), scratch.put(unwrap(b)));
      return wrap(scratch.take(out, rawLength));
    });
  return {
    name: shape.name,
    byteLength: shape.byteLength,
    generator: shape.generator,
    // mcl's representation of the identity has only its z-coordinate fixed, at zero.
    identity: wrap(new Uint8Array(rawLength)),
    fromBytes: (bytes) => decode(scratch, shape, bytes, true),
    fromTrustedBytes: (bytes) => decode(scratch, shape, bytes, false),
    toBytes: (point) =>
      scratch.frame(() => {
        const out = scratch.alloc(shape.byteLength);
        call.serialize(out, shape.byteLength, scratch.put(unwrap(point)));
        return scratch.take(out, shape.byteLength);
      }),
    add: binary(call.add),
    sub: binary(call.sub),
    neg: (a) =>
      scratch.frame(() => {
        const out = scratch.alloc(rawLength);
        call.neg(out, scratch.put(unwrap(a)));
        return wrap(scratch.take(out, rawLength));
      }),
    equal: (a, b) =>
      scratch.frame(() => call.isEqual(scratch.put(unwrap(a)), scratch.put(unwrap(b))) === 1),
    isIdentity: (a) => scratch.frame(() => call.isZero(scratch.put(unwrap(a))) === 1),
    mul: (point, scalar) => mulBlinded(scratch, shape, random, point, scalar),
    mulOnce: (point, scalar) =>
      point === shape.generator
        ? wrap(generatorTable(scalar))
        : mulOnce(scratch, shape, point, scalar),
    mulPublic: (point, scalar) =>
      scratch.frame(() => {
        const out = scratch.alloc(rawLength);
        call.mul(out, scratch.put(unwrap(point)), putScalar(scratch, scalar));
        return wrap(scratch.take(out, rawLength));
      }),
    msmPublic: (points, scalars) => msm(scratch, shape, points, scalars),
    hash: (message) => hash(scratch, shape, message),
  };
}

/** Selects the functions of one group from the module. */
function functionsOf(module: MclModule, group: 'G1' | 'G2'): GroupFunctions {
  return {
    deserialize: module[`_mclBn${group}_deserialize`],
    serialize: module[`_mclBn${group}_serialize`],
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

/** G1 on mcl; `generator` is the compressed standard generator. */
export function makeG1(scratch: Scratch, random: RandomSource, generator: Uint8Array): G1Group {
  const shape = shapeOf<G1Point>(
    scratch,
    {
      name: 'G1',
      byteLength: G1_BYTES,
      rawLength: RAW_G1_BYTES,
      dst: utf8(HASH_TO_G1_DST),
      ...g1Codec,
    },
    generator,
  );
  return { ...makeGroup(scratch, shape, random), ...uncompressed(scratch) };
}

/** G2 on mcl. */
export function makeG2(
  scratch: Scratch,
  random: RandomSource,
  generator: Uint8Array,
): Group<G2Point> {
  const shape = shapeOf<G2Point>(
    scratch,
    {
      name: 'G2',
      byteLength: G2_BYTES,
      rawLength: RAW_G2_BYTES,
      dst: utf8(HASH_TO_G2_DST),
      ...g2Codec,
    },
    generator,
  );
  return makeGroup(scratch, shape, random);
}
