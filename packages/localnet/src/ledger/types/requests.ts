/**
 * What callers ask the ledger: simulation requests, listings, filters.
 */
import type { LedgerEvent } from './effects.ts';
import type { Checkpoint, ExecutedTransaction } from './records.ts';
import type {
  Address,
  Digest,
  Expiration,
  ObjectRef,
  ProgrammableTransaction,
} from './transaction.ts';

/** Gas members left undefined are filled in by the ledger (§8.1, §8.2, §8.3). */
export interface SimulateRequest {
  readonly sender: Address;
  readonly programmable: ProgrammableTransaction;
  readonly gas: {
    /** Default: the reference gas price. */
    readonly price?: bigint | undefined;
    /** Default: estimated when gas is selected, else the coins' sum or the maximum. */
    readonly budget?: bigint | undefined;
    /** Default: selected coins, or the mock coin. An empty list counts as not given. */
    readonly payment?: readonly ObjectRef[] | undefined;
    /** Default: the sender. */
    readonly owner?: Address | undefined;
  };
  /** Default: none. */
  readonly expiration?: Expiration | undefined;
  /** `disabled` is dev inspect (§8.4). */
  readonly checks: 'enabled' | 'disabled';
  /** §8.2; only with checks enabled, ignored otherwise. */
  readonly selectGas: boolean;
}

/** A page of a listing; `nextCursor` is opaque text, undefined on the last page. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | undefined;
}

export interface OwnedObjectsQuery {
  readonly owner: Address;
  /** Canonical or short type text; without type arguments it matches every instantiation. */
  readonly type?: string | undefined;
  /** Most items to answer, at least 1. */
  readonly limit: number;
  /** `nextCursor` of the page before. */
  readonly cursor?: string | undefined;
}

export interface DynamicFieldsQuery {
  readonly parent: Address;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

export interface BalancesQuery {
  readonly owner: Address;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/** One predicate; a filter is an OR of ANDs of these. */
export type TransactionPredicate =
  | { readonly kind: 'sender'; readonly address: Address }
  /** Called function: `pkg`, `pkg::module` or `pkg::module::function`, by storage id. */
  | {
      readonly kind: 'moveCall';
      readonly package: Address;
      readonly module?: string | undefined;
      readonly function?: string | undefined;
    }
  | { readonly kind: 'affectedAddress'; readonly address: Address }
  | { readonly kind: 'affectedObject'; readonly objectId: Address };

export type EventPredicate =
  | { readonly kind: 'sender'; readonly address: Address }
  | { readonly kind: 'emitModule'; readonly package: Address; readonly module?: string | undefined }
  /** `pkg`, `pkg::module`, `pkg::module::Name`, or a full type with arguments. */
  | { readonly kind: 'eventType'; readonly type: string };

export interface Literal<P> {
  readonly negated: boolean;
  readonly predicate: P;
}

/** OR over terms, AND within a term. An empty filter matches everything. */
export type Filter<P> = readonly (readonly Literal<P>[])[];

/** Listing options; cursors are opaque text and exclusive bounds. */
export interface ScanOptions<P> {
  readonly filter?: Filter<P> | undefined;
  /** Inclusive bounds by checkpoint. Items not yet in a checkpoint are not listed. */
  readonly startCheckpoint?: bigint | undefined;
  readonly endCheckpoint?: bigint | undefined;
  readonly after?: string | undefined;
  readonly before?: string | undefined;
  readonly descending?: boolean | undefined;
  readonly limit: number;
}

/** Why a scan ended (§2.3): the first means that there may be more. */
export type ScanEnd = 'itemLimit' | 'checkpointBound' | 'cursorBound' | 'ledgerTip';

export interface Scan<T> {
  readonly items: readonly { readonly cursor: string; readonly item: T }[];
  readonly end: ScanEnd;
}

export interface EventItem {
  readonly event: LedgerEvent;
  readonly transaction: ExecutedTransaction;
  /** Position of the event in its transaction. */
  readonly index: number;
}

export type CheckpointSelector =
  | { readonly sequenceNumber: bigint }
  | { readonly digest: Digest }
  | 'latest';

/** Called after each new checkpoint, in order. Must not throw; failures are swallowed. */
export type CheckpointListener = (
  checkpoint: Checkpoint,
  transactions: readonly ExecutedTransaction[],
) => void;
