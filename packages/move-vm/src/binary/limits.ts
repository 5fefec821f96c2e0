/**
 * Limits of the binary format: fixed by the encoding, and by the network's configuration.
 * Source: move-vm.md §1.2–1.7 (mainnet protocol 118). Going over one is `MALFORMED` (3001).
 */

export const MIN_BINARY_VERSION = 6;
export const MAX_BINARY_VERSION = 7;
/** Top byte of the version word for Sui, from version 7 on. */
export const SUI_FLAVOR = 5;
/** First version with enums. */
export const ENUM_VERSION = 7;

/** Largest index into a table, and largest count that a length field may claim. */
export const MAX_TABLE_INDEX = 65_535;
export const MAX_TABLE_COUNT = 255;
export const MAX_SIGNATURE_TOKENS = 255;
/** Most constructors open at the same time while a signature token is read. */
export const MAX_SIGNATURE_DEPTH = 256;
export const MAX_TYPE_PARAMETER_COUNT = 255;
export const MAX_TYPE_PARAMETER_INDEX = 65_536;
export const MAX_INSTANTIATION_ARITY = 255;
export const MAX_CONSTANT_SIZE = 65_535;
export const MAX_IDENTIFIER_SIZE = 65_535;
export const MAX_FIELD_COUNT = 255;
export const MAX_FIELD_INDEX = 255;
export const MAX_VARIANT_COUNT = 127;
export const MAX_ACQUIRES_COUNT = 255;
export const MAX_CODE_LENGTH = 65_535;
export const MAX_JUMP_TABLES = 127;
export const MAX_LOCAL_INDEX = 255;
/** Parameters and declared locals of a function together. */
export const MAX_LOCALS = 256;
/** Largest index into the variant handle tables. */
export const MAX_VARIANT_HANDLE_INDEX = 1024;

/** Entries that the network allows in each table. */
export interface TableLimits {
  readonly moduleHandles: number;
  readonly datatypeHandles: number;
  readonly functionHandles: number;
  readonly functionInstantiations: number;
  readonly signatures: number;
  readonly constants: number;
  readonly identifiers: number;
  readonly addresses: number;
  readonly structs: number;
  readonly structInstantiations: number;
  readonly functions: number;
  readonly fieldHandles: number;
  readonly fieldInstantiations: number;
  readonly friends: number;
  readonly enums: number;
  readonly enumInstantiations: number;
  readonly variantHandles: number;
  readonly variantInstantiations: number;
}

export const NETWORK_TABLE_LIMITS: TableLimits = {
  moduleHandles: 100,
  datatypeHandles: 300,
  functionHandles: 1500,
  functionInstantiations: 750,
  signatures: 1000,
  constants: 4000,
  identifiers: 10_000,
  addresses: 100,
  structs: 200,
  structInstantiations: 100,
  functions: 1000,
  fieldHandles: 500,
  fieldInstantiations: 250,
  friends: 100,
  enums: MAX_TABLE_INDEX,
  enumInstantiations: MAX_TABLE_INDEX,
  variantHandles: 1024,
  variantInstantiations: 1024,
};
