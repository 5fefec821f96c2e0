/**
 * The ledger's state: the store and the indexes over it, changed together.
 */
import { LiveIndexes } from './store/indexes.ts';
import type { CommitBatch, StorePort } from './store/port.ts';
import type { LedgerObject } from './types/object.ts';
import type { MovePackage, PackageSource } from './vm.ts';

export class LedgerState implements PackageSource {
  readonly store: StorePort;
  readonly indexes: LiveIndexes;

  constructor(store: StorePort) {
    this.store = store;
    this.indexes = new LiveIndexes(store.liveObjects());
  }

  live(id: string): LedgerObject | undefined {
    return this.store.live(id);
  }

  atVersion(id: string, version: bigint): LedgerObject | undefined {
    return this.store.atVersion(id, version);
  }

  package(storageId: string): MovePackage | undefined {
    const object = this.store.live(storageId);
    return object?.data.kind === 'package' ? object.data.package : undefined;
  }

  commit(batch: CommitBatch): void {
    const before = new Map<string, LedgerObject | undefined>();
    for (const { objectId } of batch.written) before.set(objectId, this.store.live(objectId));
    for (const id of batch.removed) before.set(id, this.store.live(id));
    this.store.commit(batch);
    for (const [id, old] of before) this.indexes.replace(old, this.store.live(id));
  }
}
