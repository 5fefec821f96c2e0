/**
 * The store in memory: every version of every object, every record, nothing on disk.
 */
import type { LedgerObject } from '../types/object.ts';
import type { Checkpoint, EpochRecord, ExecutedTransaction } from '../types/records.ts';
import type { CommitBatch, StorePort } from './port.ts';

export class MemoryStore implements StorePort {
  readonly #live = new Map<string, LedgerObject>();
  /** Ascending by version. */
  readonly #versions = new Map<string, LedgerObject[]>();
  readonly #sequenceOf = new Map<string, number>();
  readonly #transactions: ExecutedTransaction[] = [];
  readonly #checkpoints: Checkpoint[] = [];
  readonly #checkpointOf = new Map<string, number>();
  readonly #epochs: EpochRecord[] = [];
  #seed: Uint8Array | undefined;

  live(id: string): LedgerObject | undefined {
    return this.#live.get(id);
  }

  atVersion(id: string, version: bigint): LedgerObject | undefined {
    const versions = this.#versions.get(id);
    if (versions === undefined) return undefined;
    let low = 0;
    let high = versions.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (versions[middle]!.version < version) low = middle + 1;
      else high = middle;
    }
    const found = versions[low];
    return found?.version === version ? found : undefined;
  }

  liveObjects(): Iterable<LedgerObject> {
    return this.#live.values();
  }

  transaction(digest: string): ExecutedTransaction | undefined {
    const sequence = this.#sequenceOf.get(digest);
    return sequence === undefined ? undefined : this.#transactions[sequence];
  }

  transactionAt(sequence: bigint): ExecutedTransaction | undefined {
    return this.#transactions[Number(sequence)];
  }

  transactionCount(): bigint {
    return BigInt(this.#transactions.length);
  }

  checkpoint(sequence: bigint): Checkpoint | undefined {
    return this.#checkpoints[Number(sequence)];
  }

  checkpointByDigest(digest: string): Checkpoint | undefined {
    const sequence = this.#checkpointOf.get(digest);
    return sequence === undefined ? undefined : this.#checkpoints[sequence];
  }

  checkpointCount(): bigint {
    return BigInt(this.#checkpoints.length);
  }

  epoch(epoch: bigint): EpochRecord | undefined {
    return this.#epochs[Number(epoch)];
  }

  epochCount(): bigint {
    return BigInt(this.#epochs.length);
  }

  seed(): Uint8Array | undefined {
    return this.#seed;
  }

  commit(batch: CommitBatch): void {
    for (const object of batch.written) {
      this.#live.set(object.objectId, object);
      const versions = this.#versions.get(object.objectId);
      if (versions === undefined) this.#versions.set(object.objectId, [object]);
      else versions.push(object);
    }
    for (const id of batch.removed) this.#live.delete(id);
    for (const transaction of batch.transactions) {
      const sequence = Number(transaction.sequence);
      this.#transactions[sequence] = transaction;
      this.#sequenceOf.set(transaction.digest, sequence);
    }
    if (batch.checkpoint !== undefined) {
      this.#checkpointOf.set(batch.checkpoint.digest, this.#checkpoints.length);
      this.#checkpoints.push(batch.checkpoint);
    }
    if (batch.seed !== undefined) this.#seed = batch.seed;
    for (const epoch of batch.epochs ?? []) this.#epochs[Number(epoch.epoch)] = epoch;
  }

  close(): void {
    // Nothing is held outside of memory.
  }
}
