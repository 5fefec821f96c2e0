/**
 * The shape of a user transaction, decoded (sui-ledger.md §3.1).
 *
 * Plain data: ids are `0x` + 64 lower-case hex digits, digests Base58 text of 32 bytes, every
 * u64 a bigint, byte strings `Uint8Array`. `bcs/transaction.ts` turns it into bytes and back.
 */
import type { TypeTag } from '../vm.ts';

/** An address or object id: `0x` + 64 lower-case hex digits. */
export type Address = string;
/** Base58 text of a 32-byte digest. */
export type Digest = string;

/** One version of one object, named exactly. */
export interface ObjectRef {
  readonly objectId: Address;
  readonly version: bigint;
  readonly digest: Digest;
}

/** Names one value inside a programmable transaction. Indices are u16. */
export type Argument =
  | { readonly kind: 'gasCoin' }
  | { readonly kind: 'input'; readonly index: number }
  | { readonly kind: 'result'; readonly index: number }
  | { readonly kind: 'nestedResult'; readonly index: number; readonly subIndex: number };

/** How a shared object is taken. `nonExclusiveWrite` is for system transactions only. */
export type SharedMutability = 'immutable' | 'mutable' | 'nonExclusiveWrite';

/** One input of a programmable transaction. */
export type CallArg =
  | { readonly kind: 'pure'; readonly bytes: Uint8Array }
  | { readonly kind: 'immutableOrOwned'; readonly ref: ObjectRef }
  | {
      readonly kind: 'shared';
      readonly objectId: Address;
      readonly initialSharedVersion: bigint;
      readonly mutability: SharedMutability;
    }
  | { readonly kind: 'receiving'; readonly ref: ObjectRef }
  | { readonly kind: 'fundsWithdrawal'; readonly withdrawal: FundsWithdrawal };

/** A withdrawal from an address balance; parsed, and refused by this ledger. */
export interface FundsWithdrawal {
  /** Most to take, in the coin's smallest unit. */
  readonly maxAmount: bigint;
  readonly balanceType: TypeTag;
  readonly from:
    | { readonly kind: 'sender' }
    | { readonly kind: 'sponsor' }
    | { readonly kind: 'senderAllowance'; readonly funder: Address; readonly allowance: Address };
}

export interface MoveCallCommand {
  readonly kind: 'moveCall';
  /** Storage id of the package version to run. */
  readonly package: Address;
  readonly module: string;
  readonly function: string;
  readonly typeArguments: readonly TypeTag[];
  readonly arguments: readonly Argument[];
}

export type Command =
  | MoveCallCommand
  | {
      readonly kind: 'transferObjects';
      readonly objects: readonly Argument[];
      readonly address: Argument;
    }
  | { readonly kind: 'splitCoins'; readonly coin: Argument; readonly amounts: readonly Argument[] }
  | {
      readonly kind: 'mergeCoins';
      readonly target: Argument;
      readonly sources: readonly Argument[];
    }
  | {
      readonly kind: 'publish';
      readonly modules: readonly Uint8Array[];
      readonly dependencies: readonly Address[];
    }
  | {
      readonly kind: 'makeMoveVec';
      readonly type: TypeTag | undefined;
      readonly elements: readonly Argument[];
    }
  | {
      readonly kind: 'upgrade';
      readonly modules: readonly Uint8Array[];
      readonly dependencies: readonly Address[];
      readonly package: Address;
      readonly ticket: Argument;
    };

export interface ProgrammableTransaction {
  readonly inputs: readonly CallArg[];
  readonly commands: readonly Command[];
}

export interface GasData {
  readonly payment: readonly ObjectRef[];
  readonly owner: Address;
  /** MIST for each gas unit. */
  readonly price: bigint;
  /** MIST. */
  readonly budget: bigint;
}

/** Bounds of validity; `undefined` members are absent bounds. */
export interface ValidDuring {
  readonly minEpoch: bigint | undefined;
  readonly maxEpoch: bigint | undefined;
  readonly minTimestamp: bigint | undefined;
  readonly maxTimestamp: bigint | undefined;
  /** Chain identifier: digest of checkpoint 0. */
  readonly chain: Digest;
  /** u32. */
  readonly nonce: number;
}

export type Expiration =
  | { readonly kind: 'none' }
  | { readonly kind: 'epoch'; readonly epoch: bigint }
  | { readonly kind: 'validDuring'; readonly during: ValidDuring }
  | {
      readonly kind: 'validity';
      readonly during: ValidDuring;
      readonly allowedProposers:
        | { readonly epoch: bigint; readonly proposers: readonly number[] }
        | undefined;
    };

/** The programmable kind, the only one users may send. */
export interface ProgrammableKind extends ProgrammableTransaction {
  readonly kind: 'programmable';
}

/** First transaction of the chain: creates every initial object. */
export interface GenesisKind {
  readonly kind: 'genesis';
  /** BCS of each genesis object ({data, owner}), in creation order. */
  readonly objects: readonly Uint8Array[];
}

/** Moves the Clock at the head of a checkpoint. */
export interface ConsensusCommitPrologueKind {
  readonly kind: 'consensusCommitPrologue';
  readonly epoch: bigint;
  /** One for each commit, dense within an epoch. */
  readonly round: bigint;
  readonly commitTimestampMs: bigint;
}

/** Ends an epoch. */
export interface ChangeEpochKind {
  readonly kind: 'changeEpoch';
  /** The epoch that begins. */
  readonly epoch: bigint;
  readonly protocolVersion: bigint;
  readonly epochStartTimestampMs: bigint;
}

export type TransactionKind =
  | ProgrammableKind
  | GenesisKind
  | ConsensusCommitPrologueKind
  | ChangeEpochKind;

export interface TransactionData {
  readonly kind: TransactionKind;
  readonly sender: Address;
  readonly gasData: GasData;
  readonly expiration: Expiration;
}
