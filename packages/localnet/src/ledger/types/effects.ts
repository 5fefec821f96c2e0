/**
 * What a transaction did: effects V2, events, balance changes (sui-ledger.md §3.5, §3.7, §9).
 */
import type { StructTag } from '../vm.ts';
import type { Owner } from './object.ts';
import type { Address, Digest } from './transaction.ts';

/** All in MIST. Net cost = computation + storage − rebate. */
export interface GasCostSummary {
  readonly computationCost: bigint;
  readonly storageCost: bigint;
  readonly storageRebate: bigint;
  readonly nonRefundableStorageFee: bigint;
}

/** Where in Move code a failure happened. */
export interface MoveLocation {
  /** Storage id of the package version that ran. */
  readonly package: Address;
  readonly module: string;
  /** Function definition index, u16. */
  readonly function: number;
  /** Instruction offset, u16. */
  readonly instruction: number;
  readonly functionName: string | undefined;
}

/** Kinds of CommandArgumentError (§9.1) that carry no values. */
export type PlainArgumentError =
  | 'TypeMismatch'
  | 'InvalidBCSBytes'
  | 'InvalidUsageOfPureArg'
  | 'InvalidArgumentToPrivateEntryFunction'
  | 'InvalidGasCoinUsage'
  | 'InvalidValueUsage'
  | 'InvalidObjectByValue'
  | 'InvalidObjectByMutRef'
  | 'SharedObjectOperationNotAllowed'
  | 'InvalidArgumentArity'
  | 'InvalidTransferObject'
  | 'InvalidMakeMoveVecNonObjectArgument'
  | 'ArgumentWithoutValue'
  | 'CannotMoveBorrowedValue'
  | 'CannotWriteToExtendedReference'
  | 'InvalidReferenceArgument'
  | 'InvalidTxContext';

/** Kinds of CommandArgumentError (§9.1), with their values. */
export type CommandArgumentErrorKind =
  | { readonly kind: PlainArgumentError }
  | { readonly kind: 'IndexOutOfBounds'; readonly index: number }
  | {
      readonly kind: 'SecondaryIndexOutOfBounds';
      readonly result: number;
      readonly secondary: number;
    }
  | { readonly kind: 'InvalidResultArity'; readonly result: number };

export type PackageUpgradeErrorKind =
  | { readonly kind: 'UnableToFetchPackage'; readonly packageId: Address }
  | { readonly kind: 'NotAPackage'; readonly objectId: Address }
  | { readonly kind: 'IncompatibleUpgrade' }
  | { readonly kind: 'DigestDoesNotMatch'; readonly digest: Uint8Array }
  | { readonly kind: 'UnknownUpgradePolicy'; readonly policy: number }
  | {
      readonly kind: 'PackageIDDoesNotMatch';
      readonly packageId: Address;
      readonly ticketId: Address;
    };

/** Failures (§9.1) that carry no values. */
export type PlainFailure =
  | 'InsufficientGas'
  | 'InvalidGasObject'
  | 'InvariantViolation'
  | 'FeatureNotYetSupported'
  | 'InsufficientCoinBalance'
  | 'CoinBalanceOverflow'
  | 'PublishErrorNonZeroAddress'
  | 'SuiMoveVerificationError'
  | 'VMVerificationOrDeserializationError'
  | 'VMInvariantViolation'
  | 'FunctionNotFound'
  | 'ArityMismatch'
  | 'TypeArityMismatch'
  | 'NonEntryFunctionInvoked'
  | 'InvalidTransferObject'
  | 'PublishUpgradeMissingDependency'
  | 'PublishUpgradeDependencyDowngrade'
  | 'CertificateDenied'
  | 'SuiMoveVerificationTimedout'
  | 'SharedObjectOperationNotAllowed'
  | 'InputObjectDeleted'
  | 'ExecutionCancelledDueToRandomnessUnavailable'
  | 'InvalidLinkage'
  | 'InsufficientFundsForWithdraw';

/** ExecutionFailureStatus (§9.1); `kind` is Sui's name. */
export type FailureKind =
  | { readonly kind: PlainFailure }
  | {
      readonly kind:
        | 'MoveObjectTooBig'
        | 'MovePackageTooBig'
        | 'EffectsTooLarge'
        | 'WrittenObjectsTooLarge'
        | 'MoveVectorElemTooBig'
        | 'MoveRawValueTooBig';
      readonly size: bigint;
      readonly maxSize: bigint;
    }
  | {
      readonly kind: 'CircularObjectOwnership' | 'NonExclusiveWriteInputObjectModified';
      readonly objectId: Address;
    }
  | { readonly kind: 'MovePrimitiveRuntimeError'; readonly location: MoveLocation | undefined }
  | {
      readonly kind: 'MoveAbort';
      readonly location: MoveLocation;
      readonly code: bigint;
      /** Filled when the code is a clever one and the module holds its constants. */
      readonly clever: CleverError | undefined;
    }
  | {
      readonly kind: 'CommandArgumentError';
      /** Position of the argument in its command. */
      readonly argument: number;
      readonly error: CommandArgumentErrorKind;
    }
  | {
      readonly kind: 'TypeArgumentError';
      readonly argument: number;
      readonly error: 'TypeNotFound' | 'ConstraintNotSatisfied';
    }
  | {
      readonly kind: 'UnusedValueWithoutDrop';
      readonly result: number;
      readonly secondary: number;
    }
  | { readonly kind: 'InvalidPublicFunctionReturnType'; readonly index: number }
  | { readonly kind: 'PackageUpgradeError'; readonly error: PackageUpgradeErrorKind }
  | {
      readonly kind: 'ExecutionCancelledDueToSharedObjectCongestion';
      readonly objectIds: readonly Address[];
    }
  | {
      readonly kind: 'AddressDeniedForCoin';
      readonly address: Address;
      readonly coinType: string;
    }
  | { readonly kind: 'CoinTypeGlobalPause'; readonly coinType: string };

/** Reading of a clever abort code (§9). */
export interface CleverError {
  readonly errorCode: number | undefined;
  readonly lineNumber: number | undefined;
  readonly constantName: string | undefined;
  readonly constantType: string | undefined;
  /** The constant as text, when it is UTF-8 bytes. */
  readonly rendered: string | undefined;
  /** The constant's BCS, when it is not text. */
  readonly raw: Uint8Array | undefined;
}

export type ExecutionStatus =
  | { readonly success: true }
  | {
      readonly success: false;
      readonly error: FailureKind;
      /** Index of the failing command; undefined if the failure is of the whole transaction. */
      readonly command: number | undefined;
      /** One sentence for people; never empty. */
      readonly description: string;
    };

export type InputState =
  | { readonly kind: 'notExist' }
  | {
      readonly kind: 'exist';
      readonly version: bigint;
      readonly digest: Digest;
      readonly owner: Owner;
    };

export type OutputState =
  | { readonly kind: 'notExist' }
  /** Its version is the lamport version. */
  | { readonly kind: 'objectWrite'; readonly digest: Digest; readonly owner: Owner }
  | { readonly kind: 'packageWrite'; readonly version: bigint; readonly digest: Digest };

export interface ChangedObject {
  readonly objectId: Address;
  readonly input: InputState;
  readonly output: OutputState;
  readonly idOperation: 'none' | 'created' | 'deleted';
  /** Canonical type, from the output or else the input version; `package` for packages. */
  readonly objectType: string;
}

export interface UnchangedConsensusObject {
  readonly objectId: Address;
  /** Only read-only roots can occur on a ledger with one writer. */
  readonly kind: 'readOnlyRoot';
  readonly version: bigint;
  readonly digest: Digest;
}

export interface TransactionEffects {
  readonly status: ExecutionStatus;
  readonly executedEpoch: bigint;
  readonly gasUsed: GasCostSummary;
  readonly transactionDigest: Digest;
  /** Index into `changedObjects`; undefined for system transactions. */
  readonly gasObjectIndex: number | undefined;
  readonly eventsDigest: Digest | undefined;
  readonly dependencies: readonly Digest[];
  readonly lamportVersion: bigint;
  /** Sorted by id. */
  readonly changedObjects: readonly ChangedObject[];
  /** In input order. */
  readonly unchangedConsensusObjects: readonly UnchangedConsensusObject[];
}

/** One event, as §3.7. */
export interface LedgerEvent {
  /** Storage id of the package whose function the command called. */
  readonly packageId: Address;
  readonly module: string;
  readonly sender: Address;
  /** Type of the event value, by defining ids. */
  readonly type: StructTag;
  /** Canonical text of `type`. */
  readonly typeText: string;
  readonly contents: Uint8Array;
}

/** Coins an address (or object) gained or lost, gas included. */
export interface BalanceChange {
  readonly address: Address;
  /** Canonical type of the coin's parameter. */
  readonly coinType: string;
  /** Signed, never zero. */
  readonly amount: bigint;
}
