/**
 * Numbers of protocol version 138 that the ledger enforces (sui-ledger.md §6.1, §7).
 */

/** The protocol version this ledger speaks. */
export const PROTOCOL_VERSION = 138n;
/** Version of what the system state object 0x5 holds. */
export const SYSTEM_STATE_VERSION = 2n;

// Transaction form (§6.1).
export const MAX_TRANSACTION_BYTES = 131_072;
export const MAX_INPUT_OBJECTS = 2048;
export const MAX_GAS_PAYMENT_OBJECTS = 256;
export const MAX_COMMANDS = 1024;
export const MAX_COMMAND_ARGUMENTS = 512;
export const MAX_TYPE_ARGUMENTS = 16;
export const MAX_TYPE_ARGUMENT_DEPTH = 16;
export const MAX_PURE_ARGUMENT_BYTES = 16_384;
export const MAX_MODULES_IN_PUBLISH = 64;
export const MAX_PACKAGE_DEPENDENCIES = 32;
export const MAX_PUBLISH_OR_UPGRADE = 5;

// What execution may write (§6.1).
export const MAX_OBJECT_BYTES = 256_000;
export const MAX_PACKAGE_BYTES = 102_400;
export const MAX_WRITTEN_BYTES = 5_000_000;
/** Of the estimate in `collect.ts`, not of the encoded effects. */
export const MAX_EFFECTS_BYTES = 524_288;

// Gas (§7).
export const GAS_ROUNDING_STEP = 1000n;
export const BASE_COMPUTATION_UNITS = 1000;
export const MAX_COMPUTATION_UNITS = 5_000_000;
/** Thousandths of a unit for each byte published, and for each byte of an input object. */
export const PUBLISH_MILLIUNITS_PER_BYTE = 80;
export const OBJECT_READ_MILLIUNITS_PER_BYTE = 15;
/** MIST for each stored byte: 100 units at a storage price of 76. */
export const STORAGE_MIST_PER_BYTE = 7600n;
/** Bytes charged for each object beside its data. */
export const OBJECT_STORAGE_OVERHEAD = 80;
/** Share of a storage rebate that comes back, in basis points. */
export const REBATE_BASIS_POINTS = 9900n;
export const MAX_GAS_BUDGET = 50_000_000_000_000n;
export const MAX_GAS_PRICE = 50_000_000_000n;
export const DEFAULT_REFERENCE_GAS_PRICE = 1000n;

/** Longest serialized signature that is looked at (a multisig is at most 8192 bytes). */
export const MAX_SIGNATURE_BYTES = 8193;
