/**
 * Natives of `std` and of the parts of `sui` that need no ledger; the ledger adds its own.
 */
export {
  addressOf,
  bytesOf,
  bytesValue,
  deref,
  fieldReference,
  idOf,
  integerOf,
  itemsOf,
  objectIdOf,
  optionBytesValue,
  optionValue,
  referenceOf,
  smallOf,
  uidOf,
  uidValue,
} from './arguments.ts';
export { COST } from './costs.ts';
export { stdNatives } from './std.ts';
export { pureSuiNatives } from './sui.ts';
export { type ModuleNatives, nativesAt, nativeTable } from './table.ts';
