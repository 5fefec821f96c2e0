/**
 * Gathers what the commands of a transaction did to objects (sui-ledger.md §5): transfers,
 * children, deletions, inputs that stayed in place, and what ended up wrapped.
 */
import type { ObjectRuntimeResults } from '../natives/index.ts';
import { type ObjectChange, type ObjectChanges, resolveOwner } from './changes.ts';
import { MAX_EFFECTS_BYTES, MAX_OBJECT_BYTES, MAX_WRITTEN_BYTES } from './limits.ts';
import { moveData, packageData } from './object.ts';
import { ExecutionFailure } from './ptb/failure.ts';
import { type TransactionFrame, withBalance } from './settlement.ts';
import type { LedgerObject, MoveObjectData } from './types/object.ts';
import {
  ABILITY,
  type MovePackage,
  type MoveType,
  type Session,
  type Slot,
  type StructTag,
} from './vm.ts';

export class ChangeCollector {
  readonly changes: ObjectChanges = new Map();
  readonly #frame: TransactionFrame;
  readonly #session: Session;
  readonly #results: ObjectRuntimeResults;
  readonly #known: ReadonlyMap<string, LedgerObject>;
  readonly #live: (id: string) => LedgerObject | undefined;

  constructor(
    frame: TransactionFrame,
    session: Session,
    results: ObjectRuntimeResults,
    known: ReadonlyMap<string, LedgerObject>,
    live: (id: string) => LedgerObject | undefined,
  ) {
    this.#frame = frame;
    this.#session = session;
    this.#results = results;
    this.#known = known;
    this.#live = live;
  }

  /** The version that a change of `id` replaces. */
  #before(id: string): LedgerObject | undefined {
    const input = this.#known.get(id);
    if (input !== undefined) return input;
    const { loadedChildren, received } = this.#results;
    return loadedChildren.has(id) || received.has(id) ? this.#live(id) : undefined;
  }

  #data(type: MoveType, contents: Uint8Array): MoveObjectData {
    const tag = this.#session.tagOf(type) as StructTag;
    return moveData(tag, contents, (type.abilities & ABILITY.store) !== 0);
  }

  transfers(): void {
    for (const { id, owner, type, value } of this.#results.transfers.values()) {
      const before = this.#before(id);
      this.changes.set(id, {
        kind: 'write',
        data: this.#data(type, this.#session.serialize(type, value)),
        owner: resolveOwner(owner, before, this.#frame.lamport),
        before,
        created: this.#results.createdIds.has(id),
      });
    }
  }

  children(): void {
    for (const { id, after } of this.#results.children) {
      if (after === undefined) continue;
      this.changes.set(id, {
        kind: 'write',
        data: this.#data(after.type, after.contents),
        owner: { kind: 'object', address: after.parent },
        before: this.#before(id),
        created: this.#results.createdIds.has(id),
      });
    }
    this.#checkCircles();
  }

  /** No object may own itself, through however many others. */
  #checkCircles(): void {
    const parents = new Map<string, string>();
    for (const { id, after } of this.#results.children) {
      if (after !== undefined) parents.set(id, after.parent);
    }
    for (const start of parents.keys()) {
      let at: string | undefined = parents.get(start);
      for (let steps = 0; at !== undefined && steps <= parents.size; steps++) {
        if (at === start) {
          throw new ExecutionFailure({ kind: 'CircularObjectOwnership', objectId: start });
        }
        at = parents.get(at);
      }
    }
  }

  deletions(): void {
    for (const id of this.#results.deletedIds) this.#remove(id, 'deleted');
  }

  #remove(id: string, how: 'deleted' | 'wrapped'): void {
    const created = this.#results.createdIds.has(id);
    const before = this.#before(id);
    this.changes.set(id, { kind: 'remove', before, how, created, typeText: undefined });
  }

  gasCoin(slot: Slot | undefined): void {
    const coin = this.#frame.gasCoins[0];
    if (coin === undefined || slot === undefined) return;
    const { budget } = this.#frame.gas;
    const sent = this.changes.get(coin.objectId);
    if (sent?.kind === 'write') {
      const data = addBalance(sent.data as MoveObjectData, budget);
      this.changes.set(coin.objectId, { ...sent, data });
    } else if (!slot.isEmpty) {
      const contents = slot.serialize();
      const data = addBalance({ ...(coin.data as MoveObjectData), contents }, budget);
      const change = { data, owner: coin.owner, before: coin, created: false };
      this.changes.set(coin.objectId, { kind: 'write', ...change });
    }
  }

  /** An object input: still in its place, or moved somewhere, or wrapped. */
  input(
    object: LedgerObject,
    access: 'owned' | 'immutable' | 'sharedMutable' | 'sharedReadOnly',
    slot: Slot | undefined,
    type: MoveType,
  ): void {
    if (access === 'immutable' || access === 'sharedReadOnly' || slot === undefined) return;
    if (this.changes.has(object.objectId)) return;
    if (slot.isEmpty) {
      this.#remove(object.objectId, 'wrapped');
      return;
    }
    const data = this.#data(type, slot.serialize());
    const change = { data, owner: object.owner, before: object, created: false };
    this.changes.set(object.objectId, { kind: 'write', ...change });
  }

  /** Ids that ended up inside other values. */
  leftovers(): void {
    const { createdIds, children, received } = this.#results;
    for (const id of createdIds) if (!this.changes.has(id)) this.#remove(id, 'wrapped');
    for (const { id, after } of children) {
      if (after === undefined && !this.changes.has(id)) this.#remove(id, 'wrapped');
    }
    for (const id of received.keys()) if (!this.changes.has(id)) this.#remove(id, 'wrapped');
  }

  packages(published: readonly MovePackage[]): void {
    for (const pkg of published) {
      this.changes.set(pkg.storageId, {
        kind: 'write',
        data: packageData(pkg),
        owner: { kind: 'immutable' },
        before: undefined,
        created: true,
      });
    }
  }

  /** @param inputs number of objects that the transaction names, packages among them */
  checkLimits(inputs: number): void {
    checkEffectsSize(this.changes, inputs);
    let total = 0;
    for (const change of this.changes.values()) total += contentsSize(change);
    if (total > MAX_WRITTEN_BYTES) tooBig('WrittenObjectsTooLarge', total, MAX_WRITTEN_BYTES);
  }
}

/** Status, epoch, gas summary and events digest, and room for the two lists. */
const EFFECTS_FIXED_BYTES = 120 + 10 + 40 + 40 + 2 * 1000;
/** An object reference and an owner. */
const EFFECTS_STATE_BYTES = 80 + 48;
const EFFECTS_INPUT_BYTES = 40;

/**
 * Holds the network's upper estimate of the effects' size to its limit: one state before and one
 * after each change.
 * @throws ExecutionFailure `EffectsTooLarge`
 */
export function checkEffectsSize(changes: ObjectChanges, inputs: number): void {
  let states = 0;
  for (const change of changes.values()) {
    if (change.before !== undefined) states += 1;
    if (change.kind === 'write') states += 1;
  }
  const size = EFFECTS_FIXED_BYTES + EFFECTS_STATE_BYTES * states + EFFECTS_INPUT_BYTES * inputs;
  if (size > MAX_EFFECTS_BYTES) tooBig('EffectsTooLarge', size, MAX_EFFECTS_BYTES);
}

function contentsSize(change: ObjectChange): number {
  if (change.kind !== 'write' || change.data.kind !== 'move') return 0;
  const size = change.data.contents.length;
  if (size > MAX_OBJECT_BYTES) tooBig('MoveObjectTooBig', size, MAX_OBJECT_BYTES);
  return size;
}

function tooBig(
  kind: 'EffectsTooLarge' | 'MoveObjectTooBig' | 'WrittenObjectsTooLarge',
  size: number,
  max: number,
): never {
  throw new ExecutionFailure({ kind, size: BigInt(size), maxSize: BigInt(max) });
}

function addBalance(data: MoveObjectData, amount: bigint): MoveObjectData {
  const balance = new DataView(data.contents.buffer, data.contents.byteOffset).getBigUint64(
    32,
    true,
  );
  return withBalance(data, balance + amount);
}
