/**
 * The object side of one transaction: new and deleted ids, transfers, dynamic fields, events.
 *
 * Natives write here while Move runs; the ledger reads `results` when the last command is done and
 * turns it into effects. A child object is read once and then lives here as a Move value; at the end
 * its BCS is compared with what was read, so touching a value is not yet changing it.
 * Source: move-vm.md §3.1, §3.4, §6.3.
 */
import {
  type ExtensionKey,
  type MoveType,
  type NativeContext,
  objectIdOf,
  type Reference,
  SlotReference,
  STATUS,
  type TypeTag,
  type Value,
  VmError,
} from '@seal-ts/move-vm';
import { deriveFreshId } from './ids.ts';
import type {
  ChildChange,
  ChildReader,
  EmittedEvent,
  NewOwner,
  ObjectRuntimeResults,
  ReceivedObject,
  StoredObject,
  TransactionContext,
  TransferredObject,
} from './ports.ts';

/** Limits of one transaction at protocol 118, and the sub-status that tells which one was met. */
export const MAX_NEW_IDS = 2048;
export const MAX_DELETED_IDS = 2048;
export const MAX_TRANSFERS = 2048;
export const MAX_CHILD_OBJECTS = 1000;
export const MAX_EVENTS = 1024;
export const MAX_EVENT_BYTES = 256_000;
export const MAX_TOTAL_EVENT_BYTES = 65_536_000;

export const MEMORY_LIMIT = {
  eventCount: 0n,
  eventSize: 1n,
  newIds: 2n,
  deletedIds: 3n,
  transfers: 4n,
  childObjects: 5n,
  totalEventSize: 7n,
} as const;

/** Objects with fixed ids, which the system shares at genesis: they count as new. */
const SYSTEM_OBJECTS: ReadonlySet<string> = new Set(
  ['5', '6', '7', '8', '9', 'a', 'c', '403'].map((digits) => `0x${digits.padStart(64, '0')}`),
);

export interface ObjectRuntimeLimits {
  readonly newIds: number;
  readonly deletedIds: number;
  readonly transfers: number;
}

/** Limits of a user's transaction. */
export const USER_LIMITS: ObjectRuntimeLimits = {
  newIds: MAX_NEW_IDS,
  deletedIds: MAX_DELETED_IDS,
  transfers: MAX_TRANSFERS,
};
/** System transactions and Move unit tests. */
export const SYSTEM_LIMITS: ObjectRuntimeLimits = {
  newIds: 16 * MAX_NEW_IDS,
  deletedIds: 16 * MAX_DELETED_IDS,
  transfers: 16 * MAX_TRANSFERS,
};

/** How natives find the object runtime of their session. */
export const OBJECT_RUNTIME: ExtensionKey<ObjectRuntime> = { name: 'object runtime' };

export interface ObjectRuntimeOptions {
  readonly context: TransactionContext;
  /** Inputs that are shared already: sharing them again is allowed. */
  readonly sharedInputs?: Iterable<string>;
  readonly limits?: ObjectRuntimeLimits;
}

/** What natives need of a session to move values in and out of bytes. */
export type TypeServices = Pick<
  NativeContext,
  'typeOf' | 'tagOf' | 'serialize' | 'deserialize' | 'charge'
>;

/** A child object in the runtime: what was stored, and what is there now. */
interface Child {
  readonly before: { readonly parent: string; readonly object: StoredObject } | undefined;
  parent: string | undefined;
  type: MoveType | undefined;
  /** One cell, so that references into it stay valid; undefined while moved out. */
  readonly cell: [Value | undefined];
}

export type ChildLookup = 'absent' | 'otherType' | { readonly cell: [Value | undefined] };

export class ObjectRuntime {
  readonly #reader: ChildReader;
  readonly #limits: ObjectRuntimeLimits;
  readonly #shared: Set<string>;
  #context: TransactionContext;
  #idsCreated = 0n;
  readonly #created = new Set<string>();
  readonly #deleted = new Set<string>();
  readonly #transfers = new Map<string, TransferredObject>();
  readonly #children = new Map<string, Child>();
  readonly #received = new Map<string, ReceivedObject>();
  readonly #events: EmittedEvent[] = [];
  #eventBytes = 0;

  constructor(options: ObjectRuntimeOptions, deps: { reader: ChildReader }) {
    this.#context = options.context;
    this.#limits = options.limits ?? USER_LIMITS;
    this.#shared = new Set(options.sharedInputs);
    this.#reader = deps.reader;
  }

  get context(): TransactionContext {
    return this.#context;
  }

  /** Ids handed out so far; the next one is derived from this number. */
  get idsCreated(): bigint {
    return this.#idsCreated;
  }

  /** Events so far; a range of it belongs to a command. */
  get events(): readonly EmittedEvent[] {
    return this.#events;
  }

  /** Transfers so far, by object id. */
  get transfers(): ReadonlyMap<string, TransferredObject> {
    return this.#transfers;
  }

  /** Ids deleted so far that the transaction did not make. */
  get deletedIds(): ReadonlySet<string> {
    return this.#deleted;
  }

  /** `tx_context::replace`, for tests. */
  replaceContext(context: TransactionContext, idsCreated: bigint): void {
    this.#context = context;
    this.#idsCreated = idsCreated;
  }

  /** The next id of the transaction, marked as new. */
  freshId(): string {
    const id = this.nextId();
    this.recordNew(id);
    return id;
  }

  /** The next id of the transaction for something that is no Move object (a package). */
  nextId(): string {
    const id = deriveFreshId(this.#context.digest, this.#idsCreated);
    this.#idsCreated += 1n;
    return id;
  }

  recordNew(id: string): void {
    if (this.#deleted.delete(id)) return;
    this.#created.add(id);
    checkLimit(this.#created.size, this.#limits.newIds, MEMORY_LIMIT.newIds, 'new ids');
  }

  recordDeleted(id: string): void {
    if (this.#created.delete(id)) return;
    this.#deleted.add(id);
    checkLimit(this.#deleted.size, this.#limits.deletedIds, MEMORY_LIMIT.deletedIds, 'deleted ids');
  }

  isNew(id: string): boolean {
    return this.#created.has(id);
  }

  /** True if the object may be shared: made in this transaction, shared before, or the system's own. */
  mayShare(id: string): boolean {
    return this.#created.has(id) || this.#shared.has(id) || SYSTEM_OBJECTS.has(id);
  }

  /** Gives the object to an owner. The last transfer of an object wins. */
  transfer(owner: NewOwner, type: MoveType, value: Value): void {
    const id = objectIdOf(value);
    this.#transfers.delete(id);
    this.#transfers.set(id, { id, owner, type, value });
    checkLimit(
      this.#transfers.size,
      this.#limits.transfers,
      MEMORY_LIMIT.transfers,
      'transferred objects',
    );
  }

  emit(type: MoveType, value: Value, types: TypeServices): void {
    if (this.#events.length >= MAX_EVENTS) {
      throw overLimit(MEMORY_LIMIT.eventCount, MAX_EVENTS, 'events');
    }
    const contents = types.serialize(type, value);
    const tag = types.tagOf(type);
    checkLimit(contents.length, MAX_EVENT_BYTES, MEMORY_LIMIT.eventSize, 'bytes in an event');
    this.#eventBytes += contents.length;
    checkLimit(
      this.#eventBytes,
      MAX_TOTAL_EVENT_BYTES,
      MEMORY_LIMIT.totalEventSize,
      'bytes of events',
    );
    this.#events.push({ type, tag, contents });
  }

  /** True if `parent` has the child, of any type. */
  hasChild(parent: string, id: string): boolean {
    const child = this.#child(parent, id);
    return child !== undefined && child.parent === parent;
  }

  /** The child's cell if it has exactly the type. */
  child(parent: string, id: string, type: MoveType, types: TypeServices): ChildLookup {
    const child = this.#child(parent, id);
    if (child === undefined || child.parent !== parent) return 'absent';
    if (child.type === undefined) {
      const { object } = child.before!;
      if (types.typeOf(object.type) !== type) return 'otherType';
      child.type = type;
      child.cell[0] = types.deserialize(type, object.contents);
      types.charge(object.contents.length);
    }
    return child.type === type ? child : 'otherType';
  }

  /** Reference to the child's value. */
  static reference(cell: [Value | undefined]): Reference {
    return new SlotReference(cell, 0);
  }

  addChild(parent: string, type: MoveType, value: Value): void {
    const id = objectIdOf(value);
    const child = this.#child(parent, id);
    if (child?.parent !== undefined) {
      throw new VmError(
        STATUS.UNKNOWN_INVARIANT_VIOLATION_ERROR,
        `object ${id} is already a child of ${child.parent}`,
      );
    }
    this.#transfers.delete(id);
    if (child === undefined) {
      this.#cache(id, { before: undefined, parent, type, cell: [value] });
    } else {
      child.parent = parent;
      child.type = type;
      child.cell[0] = value;
    }
  }

  /** Moves the value out of a cell that `child` gave. */
  removeChild(id: string): Value {
    const child = this.#children.get(id);
    const value = child?.cell[0];
    if (child === undefined || value === undefined) {
      throw new VmError(STATUS.UNKNOWN_INVARIANT_VIOLATION_ERROR, `child ${id} has no value`);
    }
    child.parent = undefined;
    child.cell[0] = undefined;
    return value;
  }

  /** The child in the cache, read from the ledger the first time. */
  #child(parent: string, id: string): Child | undefined {
    const cached = this.#children.get(id);
    if (cached !== undefined) return cached;
    if (this.#created.has(parent)) return undefined;
    const object = this.#reader.readChild(parent, id);
    if (object === undefined) return undefined;
    const child: Child = {
      before: { parent, object },
      parent,
      type: undefined,
      cell: [undefined],
    };
    this.#cache(id, child);
    return child;
  }

  #cache(id: string, child: Child): void {
    this.#children.set(id, child);
    checkLimit(this.#children.size, MAX_CHILD_OBJECTS, MEMORY_LIMIT.childObjects, 'child objects');
  }

  /** The object that a `Receiving` names; undefined if it cannot be received (again). */
  receive(parent: string, id: string, version: bigint): StoredObject | undefined {
    if (this.#received.has(id)) return undefined;
    const object = this.#reader.readReceived(parent, id, version);
    if (object === undefined) return undefined;
    this.#received.set(id, { parent, object });
    return object;
  }

  /** Marks an input as shared already (tests take shared objects in the middle of a run). */
  addSharedInput(id: string): void {
    this.#shared.add(id);
  }

  /** Children that are in place with a value in memory. */
  *activeChildren(): Generator<{ id: string; type: MoveType; value: Value }> {
    for (const [id, { parent, type, cell }] of this.#children) {
      const value = cell[0];
      if (parent !== undefined && type !== undefined && value !== undefined) {
        yield { id, type, value };
      }
    }
  }

  /**
   * Ends one of the transactions of a Move unit test: gives back what it did and forgets it. Children
   * stay, with their values.
   */
  takeTransaction(): Omit<ObjectRuntimeResults, 'children' | 'loadedChildren'> {
    const taken = {
      createdIds: new Set(this.#created),
      deletedIds: new Set(this.#deleted),
      transfers: new Map(this.#transfers),
      received: new Map(this.#received),
      events: [...this.#events],
    };
    this.#created.clear();
    this.#deleted.clear();
    this.#transfers.clear();
    this.#received.clear();
    this.#shared.clear();
    this.#events.length = 0;
    this.#eventBytes = 0;
    return taken;
  }

  /** What the transaction did. Values in it are the runtime's own: read them before anything else runs. */
  results(types: TypeServices): ObjectRuntimeResults {
    const loadedChildren = new Map<string, StoredObject>();
    const children: ChildChange[] = [];
    for (const [id, child] of this.#children) {
      if (child.before !== undefined) loadedChildren.set(id, child.before.object);
      const change = childChange(id, child, types);
      if (change !== undefined) children.push(change);
    }
    return {
      createdIds: this.#created,
      deletedIds: this.#deleted,
      transfers: this.#transfers,
      children,
      loadedChildren,
      received: this.#received,
      events: this.#events,
    };
  }
}

/** The difference a child makes; undefined if it is as it was. */
function childChange(id: string, child: Child, types: TypeServices): ChildChange | undefined {
  const { before, parent, type } = child;
  const value = child.cell[0];
  if (parent === undefined || type === undefined || value === undefined) {
    const untouched = type === undefined && parent !== undefined;
    return before === undefined || untouched ? undefined : { id, before, after: undefined };
  }
  const contents = types.serialize(type, value);
  if (before?.parent === parent && sameType(types, before.object.type, type)) {
    if (sameBytes(before.object.contents, contents)) return undefined;
  }
  return { id, before, after: { parent, type, tag: types.tagOf(type), contents } };
}

function sameType(types: TypeServices, tag: TypeTag, type: MoveType): boolean {
  return types.typeOf(tag) === type;
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

function checkLimit(count: number, limit: number, subStatus: bigint, what: string): void {
  if (count > limit) throw overLimit(subStatus, limit, what);
}

function overLimit(subStatus: bigint, limit: number, what: string): VmError {
  return new VmError(
    STATUS.MEMORY_LIMIT_EXCEEDED,
    `a transaction may have at most ${limit} ${what}`,
    { subStatus },
  );
}
