/**
 * What the object runtime needs from the ledger, and what it gives back after a transaction.
 * Source: move-vm.md §3.1, §6.3.
 */
import type { MoveType, TypeTag, Value } from '@seal-ts/move-vm';

/** An object as the ledger has it. */
export interface StoredObject {
  readonly id: string;
  readonly version: bigint;
  /** With defining ids. */
  readonly type: TypeTag;
  /** BCS of the Move value. */
  readonly contents: Uint8Array;
}

/** Reads the state as it was before the transaction. */
export interface ChildReader {
  /**
   * The object that is owned by object `parent` (dynamic field or dynamic object field), or undefined.
   * The ledger has one writer, so what is live now is also what the root's version bound allows.
   */
  readChild(parent: string, id: string): StoredObject | undefined;
  /** The object owned by address `parent` (an object id) at exactly `version`, or undefined. */
  readReceived(parent: string, id: string, version: bigint): StoredObject | undefined;
}

/** The running transaction, as `TxContext` natives show it. */
export interface TransactionContext {
  readonly sender: string;
  /** 32 bytes. */
  readonly digest: Uint8Array;
  readonly epoch: bigint;
  readonly epochTimestampMs: bigint;
  readonly referenceGasPrice: bigint;
  readonly gasPrice: bigint;
  readonly gasBudget: bigint;
  /** Who pays, if not the sender. */
  readonly sponsor?: string;
}

export type NewOwner =
  | { readonly kind: 'address'; readonly address: string }
  | { readonly kind: 'consensusAddress'; readonly address: string }
  | { readonly kind: 'shared' }
  | { readonly kind: 'immutable' };

/** An object that got a new owner in this transaction; the last transfer of an object wins. */
export interface TransferredObject {
  readonly id: string;
  readonly owner: NewOwner;
  readonly type: MoveType;
  readonly value: Value;
}

/** An object under another object, before and after. At least one of the two is there. */
export interface ChildChange {
  readonly id: string;
  readonly before: { readonly parent: string; readonly object: StoredObject } | undefined;
  readonly after:
    | {
        readonly parent: string;
        readonly type: MoveType;
        readonly tag: TypeTag;
        readonly contents: Uint8Array;
      }
    | undefined;
}

export interface EmittedEvent {
  readonly type: MoveType;
  readonly tag: TypeTag;
  readonly contents: Uint8Array;
}

export interface ReceivedObject {
  readonly parent: string;
  readonly object: StoredObject;
}

/** Everything that natives did in one transaction. */
export interface ObjectRuntimeResults {
  /** Ids of UIDs made and still there. */
  readonly createdIds: ReadonlySet<string>;
  /** Ids of UIDs deleted that the transaction did not make. */
  readonly deletedIds: ReadonlySet<string>;
  /** In the order of each object's last transfer. */
  readonly transfers: ReadonlyMap<string, TransferredObject>;
  /**
   * Children that are new, changed (owner, type or BCS) or moved out. One that was moved out is in
   * `transfers`, in `deletedIds`, or wrapped in another object.
   */
  readonly children: readonly ChildChange[];
  /** Children that were read, changed or not. */
  readonly loadedChildren: ReadonlyMap<string, StoredObject>;
  readonly received: ReadonlyMap<string, ReceivedObject>;
  readonly events: readonly EmittedEvent[];
}
