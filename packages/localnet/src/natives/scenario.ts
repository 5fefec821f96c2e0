/**
 * `sui::test_scenario`: the objects between the transactions of one Move unit test.
 *
 * What a transaction transferred, shared or froze is in the inventory when it has ended; a test takes
 * objects out as copies and must give shared and immutable ones back as they were.
 * Source: move-vm.md §6.6.
 */
import {
  copyValue,
  type ExtensionKey,
  equalValues,
  KIND,
  type MoveType,
  type NativeContext,
  SUI_FRAMEWORK_ADDRESS,
  type Value,
  Variant,
} from '@seal-ts/move-vm';
import type { ObjectRuntime } from './object-runtime.ts';
import type { ChildReader, NewOwner, StoredObject } from './ports.ts';

/** How natives find the inventory of their session. */
export const SCENARIO: ExtensionKey<ScenarioInventory> = { name: 'test scenario inventory' };

/** Objects of one owner by type, oldest first. */
type ByType = Map<MoveType, Set<string>>;

interface Ticket {
  readonly owner: string;
  readonly value: Value;
  readonly object: StoredObject;
}

/** What `end_transaction` tells the test. */
export interface ScenarioEffects {
  readonly created: readonly string[];
  readonly written: readonly string[];
  readonly deleted: readonly string[];
  readonly transferred: readonly { readonly id: string; readonly owner: NewOwner }[];
  readonly eventCount: number;
}

export type EndOutcome = ScenarioEffects | 'invalidUsage';

/** Version that every ticket names: objects of a test have no versions. */
const TICKET_VERSION = 1n;

function ownerKey(owner: NewOwner): string {
  return 'address' in owner ? `address ${owner.address}` : owner.kind;
}

export function addressOwner(address: string): NewOwner {
  return { kind: 'address', address };
}

export class ScenarioInventory implements ChildReader {
  readonly #owners = new Map<string, ByType>();
  readonly #objects = new Map<string, Value>();
  readonly #taken = new Map<string, NewOwner>();
  readonly #takenImmutable = new Map<string, Value>();
  readonly #tickets = new Map<string, Ticket>();

  /** Nothing was stored before the test: children are only in the object runtime. */
  readChild(): undefined {
    return undefined;
  }

  readReceived(parent: string, id: string, version: bigint): StoredObject | undefined {
    const ticket = this.#tickets.get(id);
    if (ticket === undefined || ticket.owner !== parent || version !== TICKET_VERSION) {
      return undefined;
    }
    return ticket.object;
  }

  /** Takes the object out; undefined if the owner has none such, or it is taken already. */
  take(
    owner: NewOwner,
    type: MoveType,
    id: string,
    context: NativeContext,
    objects: ObjectRuntime,
  ): Value | undefined {
    const value = this.#objects.get(id);
    const held = this.#owners.get(ownerKey(owner))?.get(type)?.has(id) ?? false;
    if (value === undefined || !held || this.#taken.has(id)) return undefined;
    this.#taken.set(id, owner);
    if (owner.kind === 'immutable') this.#takenImmutable.set(id, copyValue(value, context));
    if (owner.kind === 'shared') objects.addSharedInput(id);
    return copyValue(value, context);
  }

  /** The object that came last and is not taken. */
  mostRecent(owner: NewOwner, type: MoveType): string | undefined {
    return this.ids(owner, type).findLast((id) => !this.#taken.has(id));
  }

  /** Oldest first, taken ones included. */
  ids(owner: NewOwner, type: MoveType): string[] {
    return [...(this.#owners.get(ownerKey(owner))?.get(type) ?? [])];
  }

  wasTaken(owner: NewOwner, id: string): boolean {
    const from = this.#taken.get(id);
    return from !== undefined && ownerKey(from) === ownerKey(owner);
  }

  hasTicket(id: string): boolean {
    return this.#tickets.has(id);
  }

  /** Lets the object be received in this transaction. Undefined if no address owns it. */
  allocateTicket(id: string, type: MoveType, context: NativeContext): bigint | undefined {
    const value = this.#objects.get(id);
    const owner = this.#addressOf(id);
    if (value === undefined || owner === undefined) return undefined;
    const object: StoredObject = {
      id,
      version: TICKET_VERSION,
      type: context.tagOf(type),
      contents: context.serialize(type, value),
    };
    this.#objects.delete(id);
    this.#tickets.set(id, { owner, value, object });
    return TICKET_VERSION;
  }

  /** Takes the ticket back. False if there is none. */
  deallocateTicket(id: string): boolean {
    const ticket = this.#tickets.get(id);
    if (ticket === undefined) return false;
    this.#tickets.delete(id);
    this.#objects.set(id, ticket.value);
    return true;
  }

  #addressOf(id: string): string | undefined {
    for (const [key, types] of this.#owners) {
      if (!key.startsWith('address ')) continue;
      for (const ids of types.values()) if (ids.has(id)) return key.slice('address '.length);
    }
    return undefined;
  }

  /** Ends the running transaction of the test. */
  endTransaction(objects: ObjectRuntime, context: NativeContext): EndOutcome {
    const { createdIds, deletedIds, transfers, received, events } = objects.takeTransaction();
    const borrowed = new Map(
      [...this.#taken].filter(([, owner]) => owner.kind === 'shared' || owner.kind === 'immutable'),
    );
    for (const id of [...this.#tickets.keys()]) {
      if (received.has(id)) this.#tickets.delete(id);
      else this.deallocateTicket(id);
    }
    let invalid = false;
    for (const { id, owner } of transfers.values()) {
      const from = borrowed.get(id);
      if (from !== undefined && ownerKey(from) !== ownerKey(owner)) invalid = true;
    }
    for (const id of deletedIds) if (borrowed.get(id)?.kind === 'immutable') invalid = true;

    const wrapped = new Set<string>();
    for (const { type, value } of transfers.values()) collectWrapped(type, value, wrapped);
    const children = new Set<string>();
    for (const { id, type, value } of objects.activeChildren()) {
      children.add(id);
      collectWrapped(type, value, wrapped);
    }
    for (const id of borrowed.keys()) if (wrapped.has(id) || children.has(id)) invalid = true;
    for (const { id, value } of transfers.values()) {
      const before = this.#takenImmutable.get(id);
      if (before !== undefined && !equalValues(before, value, context)) invalid = true;
    }
    if (invalid) return 'invalidUsage';

    const deleted = [...deletedIds, ...[...wrapped].sort()];
    this.#forget([...transfers.keys(), ...deletedIds, ...createdIds]);
    for (const { id, owner, type, value } of transfers.values()) {
      this.#insert(owner, type, id);
      this.#objects.set(id, value);
    }
    for (const id of [...deleted, ...children]) this.#objects.delete(id);
    for (const [id, owner] of this.#taken) if (owner.kind === 'shared') objects.addSharedInput(id);
    const ids = [...transfers.keys()];
    return {
      created: ids.filter((id) => createdIds.has(id)),
      written: ids.filter((id) => !createdIds.has(id)),
      deleted,
      transferred: [...transfers.values()].map(({ id, owner }) => ({ id, owner })),
      eventCount: events.length,
    };
  }

  #forget(ids: readonly string[]): void {
    for (const id of ids) {
      for (const types of this.#owners.values()) for (const held of types.values()) held.delete(id);
      this.#taken.delete(id);
      this.#takenImmutable.delete(id);
    }
  }

  #insert(owner: NewOwner, type: MoveType, id: string): void {
    const key = ownerKey(owner);
    const types = this.#owners.get(key) ?? new Map<MoveType, Set<string>>();
    this.#owners.set(key, types);
    const ids = types.get(type) ?? new Set<string>();
    types.set(type, ids.add(id));
  }
}

function isUid(type: MoveType): boolean {
  const { definition } = type;
  return (
    definition?.definingId === SUI_FRAMEWORK_ADDRESS &&
    definition.module === 'object' &&
    definition.name === 'UID'
  );
}

/** Ids of all UIDs inside an object, except those among its own fields. */
function collectWrapped(type: MoveType, object: Value, found: Set<string>): void {
  if (!Array.isArray(object)) return;
  for (const [i, field] of object.entries()) {
    const fieldType = type.fields[i]!;
    if (!isUid(fieldType)) collectUids(fieldType, field, found);
  }
}

function collectUids(type: MoveType, value: Value, found: Set<string>): void {
  if (type.kind === KIND.Vector) {
    if (!Array.isArray(value) || type.element!.kind !== KIND.Datatype) return;
    for (const item of value) collectUids(type.element!, item, found);
    return;
  }
  if (type.kind !== KIND.Datatype) return;
  if (isUid(type)) {
    const id = Array.isArray(value) && Array.isArray(value[0]) ? value[0][0] : undefined;
    if (typeof id === 'string') found.add(id);
    return;
  }
  const fields = value instanceof Variant ? value.fields : value;
  const types = type.variants[value instanceof Variant ? value.tag : 0] ?? [];
  if (!Array.isArray(fields)) return;
  for (const [i, field] of fields.entries()) collectUids(types[i]!, field, found);
}
