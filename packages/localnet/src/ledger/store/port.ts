/**
 * The storage port: what the ledger needs to keep, small enough to stand on memory or SQLite.
 *
 * One writer. `commit` is atomic: after it everything of the batch is there, before it nothing.
 * Indexes over live objects are derived by the ledger itself (`indexes.ts`), so a persistent
 * store only has to hand back records, and all live objects once at start.
 */
import type { LedgerObject } from '../types/object.ts';
import type { Checkpoint, EpochRecord, ExecutedTransaction } from '../types/records.ts';
import type { Address, Digest } from '../types/transaction.ts';

/** Everything one transaction, or one checkpoint, changes. */
export interface CommitBatch {
  /** New object versions; each becomes the live one of its id. */
  readonly written: readonly LedgerObject[];
  /** Ids that stop being live (deleted or wrapped); older versions stay readable. */
  readonly removed: readonly Address[];
  /** Appended to the total order; or replaced, when only its checkpoint has become known. */
  readonly transactions: readonly ExecutedTransaction[];
  readonly checkpoint?: Checkpoint;
  /** Inserted or replaced, by epoch number. */
  readonly epochs?: readonly EpochRecord[];
  /** Set once, by genesis: 32 bytes that faucet key and randomness come from. */
  readonly seed?: Uint8Array;
}

export interface StorePort {
  live(id: Address): LedgerObject | undefined;
  atVersion(id: Address, version: bigint): LedgerObject | undefined;
  liveObjects(): Iterable<LedgerObject>;
  transaction(digest: Digest): ExecutedTransaction | undefined;
  /** By position in the total order. */
  transactionAt(sequence: bigint): ExecutedTransaction | undefined;
  transactionCount(): bigint;
  checkpoint(sequence: bigint): Checkpoint | undefined;
  checkpointByDigest(digest: Digest): Checkpoint | undefined;
  checkpointCount(): bigint;
  epoch(epoch: bigint): EpochRecord | undefined;
  epochCount(): bigint;
  seed(): Uint8Array | undefined;
  commit(batch: CommitBatch): void;
  close(): void;
}
