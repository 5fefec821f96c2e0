/** A programmable transaction as data (sui-ledger.md §3.1). Ids are 66-character lower-case. */
import type { TypeTag } from '../bcs/type-tag.ts';

export interface ObjectRef {
  readonly objectId: string;
  readonly version: bigint;
  /** 32 bytes. */
  readonly digest: Uint8Array;
}

/** How a shared object is used: read, written, or written by system settlement only. */
export type SharedMutability = 'immutable' | 'mutable' | 'nonExclusiveWrite';

export type WithdrawFrom =
  | { readonly kind: 'sender' | 'sponsor' }
  | { readonly kind: 'senderAllowance'; readonly funder: string; readonly allowance: string };

export type PtbInput =
  | { readonly kind: 'pure'; readonly bytes: Uint8Array }
  | { readonly kind: 'immutableOrOwned' | 'receiving'; readonly ref: ObjectRef }
  | {
      readonly kind: 'shared';
      readonly objectId: string;
      readonly initialSharedVersion: bigint;
      readonly mutability: SharedMutability;
    }
  | {
      readonly kind: 'fundsWithdrawal';
      readonly maxAmount: bigint;
      /** `T` of the `Balance<T>` withdrawn. */
      readonly coinType: TypeTag;
      readonly from: WithdrawFrom;
    };

export type PtbArgument =
  | { readonly kind: 'gasCoin' }
  | { readonly kind: 'input' | 'result'; readonly index: number }
  | { readonly kind: 'nestedResult'; readonly index: number; readonly subIndex: number };

export interface MoveCall {
  readonly kind: 'moveCall';
  readonly package: string;
  readonly module: string;
  readonly function: string;
  readonly typeArguments: readonly TypeTag[];
  readonly arguments: readonly PtbArgument[];
}

export type PtbCommand =
  | MoveCall
  | {
      readonly kind: 'transferObjects';
      readonly objects: readonly PtbArgument[];
      readonly address: PtbArgument;
    }
  | {
      readonly kind: 'splitCoins';
      readonly coin: PtbArgument;
      readonly amounts: readonly PtbArgument[];
    }
  | {
      readonly kind: 'mergeCoins';
      readonly target: PtbArgument;
      readonly sources: readonly PtbArgument[];
    }
  | {
      readonly kind: 'publish';
      readonly modules: readonly Uint8Array[];
      readonly dependencies: readonly string[];
    }
  | {
      readonly kind: 'makeMoveVec';
      readonly type: TypeTag | undefined;
      readonly elements: readonly PtbArgument[];
    }
  | {
      readonly kind: 'upgrade';
      readonly modules: readonly Uint8Array[];
      readonly dependencies: readonly string[];
      readonly package: string;
      readonly ticket: PtbArgument;
    };

export interface Ptb {
  readonly inputs: readonly PtbInput[];
  readonly commands: readonly PtbCommand[];
}
