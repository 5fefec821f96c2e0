/**
 * G1 and G2 on mcl. The two groups differ in sizes and function names only.
 *
 * Long-lived secret scalars (`mul`) are split into two random summands, `k = a + (k − a)`, with a
 * fresh `a` for each call, and both are multiplied by mcl's constant-time routine: what timing
 * reveals about either summand is independent of `k`. One-time secrets (`mulOnce`) need no
 * blinding, since there is nothing to average over: they go through that routine, or through a
 * table for the generator.
 */

import { assertInteger, assertLength } from '../bytes.ts';
import { type Group, MAX_HASH_MESSAGE_BYTES, SCALAR_BYTES } from '../engine.ts';
import { assertMsm, invalidPoint, parsePoint } from '../point-encoding.ts';
import type { RandomSource } from '../random.ts';
import { assertScalar, randomScalar } from '../scalar.ts';
import { smallScalarValue } from '../small-scalar.ts';
import { fixedBase } from './fixed-base.ts';
import { RAW_FR_BYTES } from './handles.ts';
import type { Scratch } from './memory.ts';
import type { MclModule, Pointer } from './module.ts';

type GroupFunction =
  | 'deserialize'
  | 'serialize'
  | 'dbl'
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
export type GroupFunctions = { readonly [F in GroupFunction]: MclModule[`_mclBnG1_${F}`] };

export interface GroupShape<P> {
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

/**
 * `k·P` for a public scalar. A small one takes a few doublings and additions; mcl's routine would
 * spend a multiple of that on the tables that pay off for large ones.
 */
function mulPublic<P>(scratch: Scratch, shape: GroupShape<P>, point: P, scalar: Uint8Array): P {
  assertScalar(scalar);
  const { call, rawLength, unwrap, wrap } = shape;
  const raw = unwrap(point);
  const small = smallScalarValue(scalar);
  if (small === 0) return wrap(new Uint8Array(rawLength));
  return scratch.frame(() => {
    const base = scratch.put(raw);
    const out = scratch.alloc(rawLength);
    if (small === undefined) {
      call.mul(out, base, putScalar(scratch, scalar));
      return wrap(scratch.take(out, rawLength));
    }
    scratch.write(out, raw);
    for (let bit = 30 - Math.clz32(small); bit >= 0; bit--) {
      call.dbl(out, out);
      if ((small >> bit) & 1) call.add(out, out, base);
    }
    return wrap(scratch.take(out, rawLength));
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

/** The operations of one group. `random` blinds multiplications by long-lived secrets. */
export function makeGroup<P>(
  scratch: Scratch,
  shape: GroupShape<P>,
  random: RandomSource,
): Group<P> {
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
    mulPublic: (point, scalar) => mulPublic(scratch, shape, point, scalar),
    msmPublic: (points, scalars) => msm(scratch, shape, points, scalars),
    hash: (message) => hash(scratch, shape, message),
  };
}
