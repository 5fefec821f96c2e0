/**
 * The one door to the Move VM package: everything the ledger takes from it.
 */
export {
  ADDRESS,
  type Argument as VmArgument,
  addressFromBytes,
  addressToBytes,
  type BuiltPackage,
  buildPublish,
  buildUpgrade,
  type CompiledModule,
  explainAbort,
  gasMeter,
  isIdentifier,
  isVmError,
  KIND,
  type LoadedFunction,
  type MovePackage,
  MoveRuntime,
  type MoveSession as Session,
  type MoveType,
  normalizeAddress,
  objectIdOf,
  type PackageSource,
  packageDigest,
  parseModule,
  parseTypeTag,
  type SignatureToken,
  type Slot,
  STATUS,
  type StructTag,
  type TypeTag,
  U64,
  u64FromBigInt,
  type Value,
  VmError,
  vectorOf,
} from '@seal-ts/move-vm';

/** Ability bits of the binary format. */
export const ABILITY = { copy: 1, drop: 2, store: 4, key: 8 } as const;
