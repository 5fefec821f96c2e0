/**
 * What execution did to objects, before gas is charged (sui-ledger.md §5).
 */
import type { NewOwner } from '../natives/index.ts';
import type { LedgerObject, MoveObjectData, Owner, PackageData } from './types/object.ts';

export type ObjectChange =
  | {
      readonly kind: 'write';
      readonly data: MoveObjectData | PackageData;
      readonly owner: Owner;
      /** The version it replaces; undefined if created or unwrapped. */
      readonly before: LedgerObject | undefined;
      /** Its id was made by this transaction. */
      readonly created: boolean;
    }
  | {
      readonly kind: 'remove';
      /** Undefined if it was not a live object: unwrapped then deleted, or created then wrapped. */
      readonly before: LedgerObject | undefined;
      readonly how: 'deleted' | 'wrapped';
      readonly created: boolean;
      /** Type of a created and wrapped object, for the record. */
      readonly typeText: string | undefined;
    };

/** By object id. */
export type ObjectChanges = Map<string, ObjectChange>;

/** Fills in initial and start versions (§5). */
export function resolveOwner(
  target: NewOwner,
  before: LedgerObject | undefined,
  lamport: bigint,
): Owner {
  const old = before?.owner;
  switch (target.kind) {
    case 'shared':
      return old?.kind === 'shared' ? old : { kind: 'shared', initialSharedVersion: lamport };
    case 'consensusAddress':
      if (old?.kind === 'consensusAddress' && old.address === target.address) return old;
      return { kind: 'consensusAddress', startVersion: lamport, address: target.address };
    default:
      return target;
  }
}
