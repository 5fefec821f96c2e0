/**
 * The raw WebAssembly module of mcl (https://github.com/herumi/mcl), typed for what we use.
 *
 * We start our own instance from mcl-wasm's module factory, not its shared one: the curve, the
 * serialization mode and the hash mode are global to an instance, and an application that uses
 * mcl-wasm for something else must not be able to change them under us (nor we under it).
 */

import createModule from 'mcl-wasm/dist/mcl_c.js';
import { CryptoError } from '../errors.ts';
import type { RandomSource } from '../random.ts';

/** An address in the module's memory. */
export type Pointer = number;
type Unary = (out: Pointer, a: Pointer) => void;
type Binary = (out: Pointer, a: Pointer, b: Pointer) => void;
type Predicate = (a: Pointer) => number;
type Equality = (a: Pointer, b: Pointer) => number;
/** Returns the number of bytes read or written, 0 on failure. */
type Deserialize = (out: Pointer, bytes: Pointer, length: number) => number;
type Serialize = (bytes: Pointer, capacity: number, a: Pointer) => number;
type Hash = (
  out: Pointer,
  message: Pointer,
  length: number,
  dst: Pointer,
  dstLength: number,
) => number;
type Msm = (out: Pointer, points: Pointer, scalars: Pointer, count: number) => void;

/** Exports of the module, with the names that mcl-wasm's factory gives them. */
export interface MclModule {
  readonly wasmMemory: WebAssembly.Memory;
  _malloc(size: number): Pointer;
  _free(pointer: Pointer): void;
  stackSave(): Pointer;
  _mclBn_init(curve: number, compiledTimeVar: number): number;
  _mclBn_setETHserialization(enable: number): void;
  _mclBn_setMapToMode(mode: number): number;
  _mclBn_verifyOrderG1(enable: number): void;
  _mclBn_verifyOrderG2(enable: number): void;
  readonly _mclBnFr_deserialize: Deserialize;
  readonly _mclBnFr_sub: Binary;
  readonly _mclBnFp_deserialize: Deserialize;
  readonly _mclBnFp_serialize: Serialize;
  _mclBnFp_setInt32(out: Pointer, value: number): void;
  readonly _mclBnG1_deserialize: Deserialize;
  readonly _mclBnG1_serialize: Serialize;
  readonly _mclBnG1_dbl: Unary;
  readonly _mclBnG1_add: Binary;
  readonly _mclBnG1_sub: Binary;
  readonly _mclBnG1_neg: Unary;
  readonly _mclBnG1_normalize: Unary;
  _mclBnG1_normalizeVec(out: Pointer, points: Pointer, count: number): void;
  readonly _mclBnG1_mul: Binary;
  readonly _mclBnG1_mulCT: Binary;
  readonly _mclBnG1_mulVec: Msm;
  readonly _mclBnG1_isEqual: Equality;
  readonly _mclBnG1_isZero: Predicate;
  readonly _mclBnG1_isValid: Predicate;
  readonly _mclBnG1_isValidOrder: Predicate;
  readonly _mclBnG1_hashAndMapToWithDst: Hash;
  readonly _mclBnG2_deserialize: Deserialize;
  readonly _mclBnG2_serialize: Serialize;
  readonly _mclBnG2_dbl: Unary;
  readonly _mclBnG2_add: Binary;
  readonly _mclBnG2_sub: Binary;
  readonly _mclBnG2_neg: Unary;
  _mclBnG2_normalizeVec(out: Pointer, points: Pointer, count: number): void;
  readonly _mclBnG2_mul: Binary;
  readonly _mclBnG2_mulCT: Binary;
  readonly _mclBnG2_mulVec: Msm;
  readonly _mclBnG2_isEqual: Equality;
  readonly _mclBnG2_isZero: Predicate;
  readonly _mclBnG2_isValidOrder: Predicate;
  readonly _mclBnG2_hashAndMapToWithDst: Hash;
  readonly _mclBnGT_mul: Binary;
  readonly _mclBnGT_invGeneric: Unary;
  readonly _mclBnGT_powGeneric: Binary;
  readonly _mclBnGT_isEqual: Equality;
  readonly _mclBnGT_isZero: Predicate;
  readonly _mclBnGT_isOne: Predicate;
  _mclBnGT_setInt32(out: Pointer, value: number): void;
  _mclBn_getUint64NumToPrecompute(): number;
  _mclBn_precomputeG2(out: Pointer, q: Pointer): void;
  readonly _mclBn_precomputedMillerLoop: Binary;
  _mclBn_precomputedMillerLoop2(
    out: Pointer,
    p1: Pointer,
    lines1: Pointer,
    p2: Pointer,
    lines2: Pointer,
  ): void;
  _mclBn_millerLoopVec(out: Pointer, ps: Pointer, qs: Pointer, count: number): void;
  readonly _mclBn_finalExp: Unary;
}

/** mcl's number of BLS12-381. */
const CURVE_BLS12_381 = 5;
/** Guards against a module built for other field sizes: 10 · (words of Fr) + (words of Fp). */
const COMPILED_TIME_VAR = 46;
/** mcl's number of RFC 9380 hashing (`MCL_MAP_TO_MODE_HASH_TO_CURVE`). */
const MAP_TO_MODE_RFC9380 = 5;

/** Starts a private instance, set to BLS12-381, big-endian ZCash encodings and RFC 9380 hashing. */
export async function startModule(random: RandomSource): Promise<MclModule> {
  let module: MclModule;
  try {
    module = (await createModule({
      cryptoGetRandomValues: (out: Uint8Array) => out.set(random(out.length)),
    })) as MclModule;
  } catch (cause) {
    throw new CryptoError(
      'ENGINE_UNAVAILABLE',
      'mcl engine: WebAssembly did not start ' +
        '(is it allowed by the content security policy?); use the noble engine',
      { cause },
    );
  }
  if (module._mclBn_init(CURVE_BLS12_381, COMPILED_TIME_VAR) !== 0) {
    throw new CryptoError('ENGINE_UNAVAILABLE', 'mcl engine: initialization failed');
  }
  module._mclBn_setETHserialization(1);
  if (module._mclBn_setMapToMode(MAP_TO_MODE_RFC9380) !== 0) {
    throw new CryptoError('ENGINE_UNAVAILABLE', 'mcl engine: no RFC 9380 hashing in this build');
  }
  // Decoding checks the subgroup explicitly, so that trusted decoding can leave it out.
  module._mclBn_verifyOrderG1(0);
  module._mclBn_verifyOrderG2(0);
  return module;
}
