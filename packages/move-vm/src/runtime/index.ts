/** The running machine: load, link, check, run. */
export type * from './api.ts';
export { gasMeter } from './gas.ts';
export * from './limits.ts';
export { MISSING_NATIVE_ABORT_CODE } from './linked-function.ts';
export { MoveRuntime } from './runtime.ts';
export { isPureType } from './serialization.ts';
export { isOneTimeWitness, MoveSession } from './session.ts';
export {
  ADDRESS,
  BOOL,
  KIND,
  type Kind,
  MoveType,
  U8,
  U16,
  U32,
  U64,
  U128,
  U256,
  VECTOR_U8,
  vectorOf,
} from './types.ts';
export { MAX_U64, u64FromBigInt } from './u64.ts';
export {
  ByteVector,
  copyValue,
  equalValues,
  type Reference,
  SlotReference,
  type Value,
  Variant,
} from './value.ts';
export { VECTOR_ERROR } from './vector-operations.ts';
