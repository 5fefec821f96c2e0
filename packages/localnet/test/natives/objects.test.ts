/** Object natives and the object runtime behind them. Source: move-vm.md §3.1, §6.3. */
import { deriveDynamicFieldID } from '@mysten/sui/utils';
import { blake2b } from '@noble/hashes/blake2.js';
import {
  addressFromBytes,
  addressToBytes,
  isVmError,
  normalizeAddress,
  objectIdOf,
  type Slot,
  STATUS,
  structTag,
  type VmError,
} from '@seal-ts/move-vm';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  deriveChildId,
  deriveFreshId,
  MAX_CHILD_OBJECTS,
  MAX_EVENT_BYTES,
  MAX_EVENTS,
  MAX_NEW_IDS,
  type StoredObject,
} from '../../src/natives/index.ts';
import { SELF, SENDER, type Transaction, type World, world } from './world.ts';

const SOURCE = `module subject::m;
use sui::dynamic_field as df;
use sui::dynamic_object_field as dof;
use sui::event;
use sui::table::{Self, Table};
use sui::transfer::Receiving;

public struct Thing has key, store { id: UID, value: u64 }
public struct Other has key, store { id: UID, value: u64 }
public struct Note has copy, drop { value: u64 }
public struct Blob has copy, drop { bytes: vector<u8> }

public fun make(value: u64, ctx: &mut TxContext): Thing { Thing { id: object::new(ctx), value } }
public fun make_and_delete(ctx: &mut TxContext) { delete(make(1, ctx)) }
public fun delete(t: Thing) { let Thing { id, value: _ } = t; id.delete() }
public fun send(t: Thing, to: address) { transfer::transfer(t, to) }
public fun share(t: Thing) { transfer::share_object(t) }
public fun freeze_it(t: Thing) { transfer::freeze_object(t) }
public fun id(t: &Thing): address { object::id_address(t) }

public fun add(t: &mut Thing, name: u64, value: u64) { df::add(&mut t.id, name, value) }
public fun get(t: &Thing, name: u64): u64 { *df::borrow(&t.id, name) }
public fun get_as_bool(t: &Thing, name: u64): bool { *df::borrow(&t.id, name) }
public fun set(t: &mut Thing, name: u64, value: u64) { *df::borrow_mut(&mut t.id, name) = value }
public fun touch(t: &mut Thing, name: u64) { let _: &mut u64 = df::borrow_mut(&mut t.id, name); }
public fun remove(t: &mut Thing, name: u64): u64 { df::remove(&mut t.id, name) }
public fun remove_and_add(t: &mut Thing, name: u64) { let v: u64 = df::remove(&mut t.id, name); df::add(&mut t.id, name, v) }
public fun has(t: &Thing, name: u64): bool { df::exists_(&t.id, name) }
public fun has_typed(t: &Thing, name: u64): bool { df::exists_with_type<u64, u64>(&t.id, name) }
public fun has_bool(t: &Thing, name: u64): bool { df::exists_with_type<u64, bool>(&t.id, name) }
public fun attach(t: &mut Thing, child: Thing) { dof::add(&mut t.id, 0u8, child) }
public fun child_value(t: &Thing): u64 { dof::borrow<u8, Thing>(&t.id, 0).value }
public fun table(n: u64, ctx: &mut TxContext): Table<u64, u64> {
  let mut t = table::new(ctx); let mut i = 0;
  while (i < n) { t.add(i, i * i); i = i + 1; };
  t
}
public fun look(t: &Table<u64, u64>, k: u64): u64 { t[k] }
public fun receive(t: &mut Thing, r: Receiving<Thing>): Thing { transfer::receive(&mut t.id, r) }

public fun note(value: u64) { event::emit(Note { value }) }
public fun notes(n: u64) { let mut i = 0; while (i < n) { note(i); i = i + 1; } }
public fun blob(n: u64) { let mut bytes = vector[]; let mut i = 0; while (i < n) { bytes.push_back(0); i = i + 1; }; event::emit(Blob { bytes }) }
public fun many(n: u64, ctx: &mut TxContext) { let mut i = 0; while (i < n) { let id = object::new(ctx); transfer::transfer(Thing { id, value: i }, @0x1); i = i + 1; } }
public fun fresh(ctx: &mut TxContext): address { tx_context::fresh_object_address(ctx) }
public fun sender(ctx: &TxContext): address { ctx.sender() }
public fun epoch(ctx: &TxContext): u64 { ctx.epoch() }
public fun time(ctx: &TxContext): u64 { ctx.epoch_timestamp_ms() }
public fun sponsored(ctx: &TxContext): bool { ctx.sponsor().is_some() }
`;

let subject: World;
beforeAll(async () => {
  subject = await world(SOURCE);
});

function failure(work: () => unknown): VmError {
  try {
    work();
  } catch (error) {
    if (isVmError(error)) return error;
    throw error;
  }
  return expect.fail('nothing was thrown');
}

/** Abort code and the module it happened in. */
function abort(work: () => unknown): [string, bigint | undefined] {
  const error = failure(work);
  expect(error.status, error.message).toBe(STATUS.ABORTED);
  return [error.location!.module.name, error.subStatus];
}

const thing = (transaction: Transaction, value = 1): Slot => transaction.call('make', value)[0]!;

describe('ids', () => {
  it('derives fresh ids from digest and counter', () => {
    const transaction = subject.transaction();
    const digest = new Uint8Array(32).fill(7);
    expect(transaction.value('fresh')).toBe(deriveFreshId(digest, 0n));
    expect(objectIdOf(thing(transaction).peek())).toBe(deriveFreshId(digest, 1n));
    expect(transaction.objects.idsCreated).toBe(2n);
  });

  it('derives fresh ids by the formula', () => {
    const preimage = new Uint8Array(41).fill(7, 1, 33);
    preimage[0] = 0xf1;
    preimage[33] = 2;
    const expected = addressFromBytes(blake2b(preimage, { dkLen: 32 }));
    expect(deriveFreshId(new Uint8Array(32).fill(7), 2n)).toBe(expected);
  });

  it('derives field ids as the official client does', () => {
    const key = new Uint8Array(8);
    key[0] = 1;
    expect(deriveChildId(normalizeAddress('0x2'), { kind: 'u64' }, key)).toBe(
      deriveDynamicFieldID('0x2', 'u64', key),
    );
    const tag = structTag(SELF, 'm', 'Thing');
    expect(deriveChildId(SELF, { kind: 'vector', element: tag }, new Uint8Array())).toBe(
      deriveDynamicFieldID(SELF, `vector<${SELF}::m::Thing>`, new Uint8Array()),
    );
  });

  it('forgets ids that were made and deleted', () => {
    const transaction = subject.transaction();
    transaction.call('make_and_delete');
    const results = transaction.objects.results(transaction.session);
    expect([results.createdIds.size, results.deletedIds.size]).toEqual([0, 0]);
  });

  it('records ids of older objects that are deleted', () => {
    const transaction = subject.transaction();
    const old = olderThing(transaction, 0x91);
    transaction.call('delete', old.slot);
    expect([...transaction.objects.results(transaction.session).deletedIds]).toEqual([old.id]);
  });

  it('allows 2048 new ids and not one more', () => {
    subject.transaction().call('many', MAX_NEW_IDS);
    const error = failure(() => subject.transaction().call('many', MAX_NEW_IDS + 1));
    expect([error.status, error.subStatus]).toEqual([STATUS.MEMORY_LIMIT_EXCEEDED, 2n]);
  });
});

const THING = structTag(SELF, 'm', 'Thing');

/** A Thing that existed before the transaction. */
function olderThing(transaction: Transaction, seed: number, value = 5): { id: string; slot: Slot } {
  const id = normalizeAddress(seed.toString(16).padStart(2, '0'));
  const bytes = new Uint8Array(40);
  bytes.set(addressToBytes(id));
  bytes[32] = value;
  const type = transaction.session.typeOf(THING);
  return { id, slot: transaction.session.deserializeSlot(type, bytes) };
}

describe('transfers', () => {
  it('keeps the last owner', () => {
    const transaction = subject.transaction();
    const made = thing(transaction);
    const id = objectIdOf(made.peek());
    transaction.call('send', made, SENDER);
    const { transfers, createdIds } = transaction.objects.results(transaction.session);
    expect(transfers.get(id)?.owner).toEqual({ kind: 'address', address: SENDER });
    expect(`${transfers.get(id)?.type}`).toBe(`${SELF}::m::Thing`);
    expect([...createdIds]).toEqual([id]);
  });

  it('shares and freezes new objects', () => {
    const transaction = subject.transaction();
    transaction.call('share', thing(transaction));
    transaction.call('freeze_it', thing(transaction));
    const owners = [...transaction.objects.transfers.values()].map(({ owner }) => owner.kind);
    expect(owners).toEqual(['shared', 'immutable']);
  });

  it('aborts with 0 when an older object is shared, unless it was shared', () => {
    const transaction = subject.transaction();
    const old = olderThing(transaction, 0x91);
    expect(abort(() => transaction.call('share', old.slot))).toEqual(['transfer', 0n]);
    const again = subject.transaction({}, { sharedInputs: [old.id] });
    again.call('share', olderThing(again, 0x91).slot);
    expect(again.objects.transfers.get(old.id)?.owner.kind).toBe('shared');
    const system = subject.transaction();
    system.call('share', olderThing(system, 6).slot);
    expect(system.objects.transfers.size).toBe(1);
  });
});

describe('dynamic fields', () => {
  it('live in the transaction', () => {
    const transaction = subject.transaction();
    const parent = thing(transaction);
    transaction.call('add', parent, 1, 10);
    expect(transaction.value('get', parent, 1)).toBe(10);
    transaction.call('set', parent, 1, 11);
    expect(transaction.value('get', parent, 1)).toBe(11);
    expect(transaction.value('has', parent, 1)).toBe(true);
    expect(transaction.value('has', parent, 2)).toBe(false);
    expect(transaction.value('has_typed', parent, 1)).toBe(true);
    expect(transaction.value('has_bool', parent, 1)).toBe(false);
    const { children, createdIds } = transaction.objects.results(transaction.session);
    expect(children).toHaveLength(1);
    expect(children[0]!.before).toBeUndefined();
    expect(children[0]!.after?.parent).toBe(objectIdOf(parent.peek()));
    expect(createdIds.has(children[0]!.id)).toBe(true);
  });

  it('abort with the codes of dynamic_field', () => {
    const with1 = (): [Transaction, Slot] => {
      const transaction = subject.transaction();
      const parent = thing(transaction);
      transaction.call('add', parent, 1, 10);
      return [transaction, parent];
    };
    const cases: [string, (t: Transaction, parent: Slot) => unknown, bigint][] = [
      ['add twice', (t, p) => t.call('add', p, 1, 10), 0n],
      ['get nothing', (t, p) => t.call('get', p, 2), 1n],
      ['set nothing', (t, p) => t.call('set', p, 2, 1), 1n],
      ['remove nothing', (t, p) => t.call('remove', p, 2), 1n],
      ['get another type', (t, p) => t.call('get_as_bool', p, 1), 2n],
    ];
    for (const [name, work, code] of cases) {
      const [transaction, parent] = with1();
      expect(
        abort(() => work(transaction, parent)),
        name,
      ).toEqual(['dynamic_field', code]);
    }
  });

  it('leave nothing behind when added and removed', () => {
    const transaction = subject.transaction();
    const parent = thing(transaction);
    transaction.call('add', parent, 1, 10);
    expect(transaction.value('remove', parent, 1)).toBe(10);
    expect(transaction.objects.results(transaction.session).children).toEqual([]);
  });

  it('hold objects of their own', () => {
    const transaction = subject.transaction();
    const parent = thing(transaction);
    const child = thing(transaction, 42);
    const id = objectIdOf(child.peek());
    transaction.call('attach', parent, child);
    expect(transaction.value('child_value', parent)).toBe(42);
    const { children } = transaction.objects.results(transaction.session);
    const field = children.find((change) => change.after?.parent === objectIdOf(parent.peek()));
    expect(children.find((change) => change.id === id)?.after?.parent).toBe(field?.id);
  });
});

/** A field `1 → 10` of an older thing, as the ledger would have stored it. */
function storedField(): { parent: string; field: StoredObject } {
  const transaction = subject.transaction();
  const { id, slot } = olderThing(transaction, 0x91);
  transaction.call('add', slot, 1, 10);
  const [change] = transaction.objects.results(transaction.session).children;
  const { tag, contents } = change!.after!;
  return { parent: id, field: { id: change!.id, version: 4n, type: tag, contents } };
}

describe('stored children', () => {
  function reading(): {
    transaction: Transaction;
    parent: Slot;
    field: StoredObject;
    reads: string[];
  } {
    const { parent, field } = storedField();
    const reads: string[] = [];
    const transaction = subject.transaction({
      readChild(owner, id) {
        reads.push(id);
        return owner === parent && id === field.id ? field : undefined;
      },
    });
    return { transaction, parent: olderThing(transaction, 0x91).slot, field, reads };
  }

  it('are read once', () => {
    const { transaction, parent, field, reads } = reading();
    expect(transaction.value('get', parent, 1)).toBe(10);
    expect(transaction.value('get', parent, 1)).toBe(10);
    expect(reads).toEqual([field.id]);
    const results = transaction.objects.results(transaction.session);
    expect(results.loadedChildren.get(field.id)).toBe(field);
    expect(results.children).toEqual([]);
  });

  it.each(['touch', 'remove_and_add'])('are unchanged after %s', (name) => {
    const { transaction, parent } = reading();
    transaction.call(name, parent, 1);
    expect(transaction.objects.results(transaction.session).children).toEqual([]);
  });

  it('are unchanged when the same value is written, changed when another is', () => {
    const same = reading();
    same.transaction.call('set', same.parent, 1, 10);
    expect(same.transaction.objects.results(same.transaction.session).children).toEqual([]);
    const other = reading();
    other.transaction.call('set', other.parent, 1, 11);
    const [change] = other.transaction.objects.results(other.transaction.session).children;
    expect(change?.before?.object).toBe(other.field);
    expect(change?.after?.contents.at(-8)).toBe(11);
  });

  it('are gone when removed', () => {
    const { transaction, parent, field } = reading();
    expect(transaction.value('remove', parent, 1)).toBe(10);
    const results = transaction.objects.results(transaction.session);
    expect(results.children).toMatchObject([{ id: field.id, after: undefined }]);
    expect([...results.deletedIds]).toEqual([field.id]);
  });

  it('may be 1000 and not one more', () => {
    const transaction = subject.transaction();
    transaction.call('table', MAX_CHILD_OBJECTS);
    const error = failure(() => subject.transaction().call('table', MAX_CHILD_OBJECTS + 1));
    expect([error.status, error.subStatus]).toEqual([STATUS.MEMORY_LIMIT_EXCEEDED, 5n]);
  });
});

describe('receiving', () => {
  function receiving(stored?: Partial<StoredObject>) {
    const id = normalizeAddress('0x77');
    const contents = new Uint8Array(40);
    contents.set(addressToBytes(id));
    const object: StoredObject = { id, version: 3n, type: THING, contents, ...stored };
    const transaction = subject.transaction({
      readReceived: (_parent, wanted, version) =>
        wanted === id && version === object.version ? object : undefined,
    });
    const parent = olderThing(transaction, 0x91).slot;
    const receive = (version = 3) => transaction.call('receive', parent, [[id], version]);
    return { transaction, receive, object };
  }

  it('moves the object in, once', () => {
    const { transaction, receive, object } = receiving();
    expect(objectIdOf(receive()[0]!.peek())).toBe(object.id);
    expect(transaction.objects.results(transaction.session).received.get(object.id)?.object).toBe(
      object,
    );
    expect(abort(receive)).toEqual(['transfer', 3n]);
  });

  it('aborts for what is not there, another type, or malformed bytes', () => {
    expect(abort(() => receiving().receive(2))).toEqual(['transfer', 3n]);
    const other = structTag(SELF, 'm', 'Other');
    expect(abort(receiving({ type: other }).receive)).toEqual(['transfer', 2n]);
    expect(abort(receiving({ contents: new Uint8Array(39) }).receive)).toEqual(['transfer', 1n]);
  });
});

describe('events', () => {
  it('are kept in order with their type and bytes', () => {
    const transaction = subject.transaction();
    transaction.call('notes', 2);
    const { events } = transaction.objects;
    expect(events.map(({ contents }) => contents[0])).toEqual([0, 1]);
    expect(events[0]!.tag).toMatchObject({ address: SELF, module: 'm', name: 'Note' });
  });

  it('may be 1024 and not one more', () => {
    subject.transaction().call('notes', MAX_EVENTS);
    const error = failure(() => subject.transaction().call('notes', MAX_EVENTS + 1));
    expect([error.status, error.subStatus]).toEqual([STATUS.MEMORY_LIMIT_EXCEEDED, 0n]);
    expect(error.location?.module.name).toBe('event');
  });

  it('may have 256000 bytes and not one more', () => {
    const lengthPrefix = 3;
    subject.transaction().call('blob', MAX_EVENT_BYTES - lengthPrefix);
    const error = failure(() =>
      subject.transaction().call('blob', MAX_EVENT_BYTES - lengthPrefix + 1),
    );
    expect([error.status, error.subStatus]).toEqual([STATUS.MEMORY_LIMIT_EXCEEDED, 1n]);
  });
});

it('shows the transaction in its context', () => {
  const transaction = subject.transaction();
  expect(transaction.value('sender')).toBe(SENDER);
  expect(transaction.value('epoch')).toBe(3);
  expect(transaction.value('time')).toBe(1234);
  expect(transaction.value('sponsored')).toBe(false);
});

it('says which service a session lacks', () => {
  const session = subject.runtime.session({ gas: { budget: 1e6, used: 0, charge: () => {} } });
  const fn = session.loadFunction(SELF, 'm', 'note');
  const { parameters } = fn;
  const error = failure(() => session.call(fn, [session.slot(parameters[0]!, 1).take()]));
  expect(error.status).toBe(STATUS.VM_EXTENSION_ERROR);
  expect(error.message).toContain('has no object runtime');
});
