/** What can happen to an object, within one transaction and across two (sui-ledger.md §5). */
import { beforeAll, describe, expect, it } from 'vitest';
import type { ChangedObject, ExecutedTransaction } from '../../src/ledger/api.ts';
import { dynamicFieldId } from '../../src/ledger/digests.ts';
import { MAX_OBJECT_BYTES, MAX_WRITTEN_BYTES } from '../../src/ledger/limits.ts';
import { LAB } from './support/lab.ts';
import { Ptb } from './support/ptb.ts';
import { createdObjects, World } from './support/world.ts';

let world: World;
let lab: string;
let sharedThing: string;

beforeAll(async () => {
  world = await World.create();
  const { id, created } = await world.publish('lab', LAB);
  lab = `${id}::lab`;
  sharedThing = created.get('Thing')!;
});

/** `input output operation` of an object, or undefined if it has no entry. */
function row({ effects }: ExecutedTransaction, id: string): string | undefined {
  const entry = effects.changedObjects.find(({ objectId }) => objectId === id);
  return entry && `${entry.input.kind} ${entry.output.kind} ${entry.idOperation}`;
}

function entry({ effects }: ExecutedTransaction, id: string): ChangedObject {
  return effects.changedObjects.find(({ objectId }) => objectId === id)!;
}

const CREATED = 'notExist objectWrite created';
const MUTATED = 'exist objectWrite none';
const DELETED = 'exist notExist deleted';
const WRAPPED = 'exist notExist none';
const UNWRAPPED = 'notExist objectWrite none';

async function makeThing(value = 5): Promise<string> {
  const ptb = new Ptb();
  ptb.transfer([ptb.call(`${lab}::make`, [ptb.u64(value)])], ptb.address(world.a));
  const executed = await world.ok(ptb);
  const id = createdObjects(executed).get('Thing')!;
  expect(row(executed, id)).toBe(CREATED);
  return id;
}

async function makeBox(thing: string): Promise<{ box: string; executed: ExecutedTransaction }> {
  const ptb = new Ptb();
  const boxed = ptb.call(`${lab}::wrap`, [ptb.object(world.object(thing))]);
  ptb.transfer([boxed], ptb.address(world.a));
  const executed = await world.ok(ptb);
  return { box: createdObjects(executed).get('Box')!, executed };
}

/** Calls a lab function with objects (by id) and numbers. */
async function call(name: string, ...args: (string | number)[]): Promise<ExecutedTransaction> {
  const ptb = new Ptb();
  const list = args.map((arg) =>
    typeof arg === 'string' ? ptb.object(world.object(arg)) : ptb.u64(arg),
  );
  ptb.call(`${lab}::${name}`, list);
  return world.ok(ptb);
}

describe('owned objects', () => {
  it('created, mutated, transferred, deleted; all with the lamport version', async () => {
    const id = await makeThing();
    const before = world.object(id);
    const executed = await call('set', id, 9);
    const after = world.object(id);
    expect(row(executed, id)).toBe(MUTATED);
    expect(after.version).toBe(executed.effects.lamportVersion);
    expect(after.version).toBeGreaterThan(before.version);
    expect(after.previousTransaction).toBe(executed.digest);
    expect(world.ledger.object(id, before.version)).toBe(before);

    const send = new Ptb();
    send.transfer([send.object(after)], send.address(world.b));
    const sent = await world.ok(send);
    expect(row(sent, id)).toBe(MUTATED);
    expect(world.object(id).owner).toEqual({ kind: 'address', address: world.b });

    const burn = new Ptb();
    burn.call(`${lab}::destroy`, [burn.object(world.object(id))]);
    const burnt = await world.ok(burn, world.bob);
    expect(row(burnt, id)).toBe(DELETED);
    expect(entry(burnt, id).objectType).toBe(`${lab}::Thing`);
    expect(world.ledger.object(id)).toBeUndefined();
    expect(world.ledger.object(id, before.version)).toBe(before);
  });

  it('an untouched owned input is written all the same', async () => {
    const id = await makeThing();
    const ptb = new Ptb();
    ptb.object(world.object(id));
    const executed = await world.ok(ptb);
    expect(row(executed, id)).toBe(MUTATED);
    expect(world.object(id).version).toBe(executed.effects.lamportVersion);
  });

  it('created and deleted in one transaction leaves no entry', async () => {
    const ptb = new Ptb();
    ptb.call(`${lab}::destroy`, [ptb.call(`${lab}::make`, [ptb.u64(1)])]);
    const executed = await world.ok(ptb);
    expect(executed.effects.changedObjects).toHaveLength(1);
    expect(executed.events).toHaveLength(1);
  });

  it('only its own module may transfer an object without store', async () => {
    const ptb = new Ptb();
    const bound = ptb.call(`${lab}::make_bound`);
    ptb.transfer([bound], ptb.address(world.b));
    expect((await world.run(ptb)).effects.status).toMatchObject({
      error: {
        kind: 'CommandArgumentError',
        argument: 0,
        error: { kind: 'InvalidTransferObject' },
      },
      command: 1,
    });
    const own = new Ptb();
    own.call(`${lab}::keep_bound`, [own.call(`${lab}::make_bound`), own.address(world.b)]);
    const id = createdObjects(await world.ok(own)).get('Bound')!;
    expect(world.object(id).data).toMatchObject({ hasPublicTransfer: false });
  });
});

describe('wrapping', () => {
  it('wrapped, then unwrapped with its old id', async () => {
    const id = await makeThing();
    const { box, executed } = await makeBox(id);
    expect(row(executed, id)).toBe(WRAPPED);
    expect(world.ledger.object(id)).toBeUndefined();
    const ptb = new Ptb();
    const thing = ptb.call(`${lab}::unwrap`, [ptb.object(world.object(box))]);
    ptb.transfer([thing], ptb.address(world.b));
    const opened = await world.ok(ptb);
    expect(row(opened, id)).toBe(UNWRAPPED);
    expect(world.object(id).version).toBe(opened.effects.lamportVersion);
  });

  it('unwrapped and deleted', async () => {
    const id = await makeThing();
    const { box } = await makeBox(id);
    expect(row(await call('destroy_inside', box), id)).toBe('notExist notExist deleted');
  });

  it('created and wrapped in one transaction', async () => {
    const ptb = new Ptb();
    const made = ptb.call(`${lab}::make`, [ptb.u64(1)]);
    ptb.transfer([ptb.call(`${lab}::wrap`, [made])], ptb.address(world.a));
    const executed = await world.ok(ptb);
    const rows = executed.effects.changedObjects.map(({ objectId }) => row(executed, objectId));
    expect(rows.sort()).toEqual([MUTATED, CREATED, 'notExist notExist created'].sort());
  });
});

describe('shared and immutable objects', () => {
  it('shared: the initial version stays, every mutable use bumps the version', async () => {
    const shared = world.object(sharedThing);
    const executed = await call('set', sharedThing, 3);
    expect(world.object(sharedThing).owner).toEqual(shared.owner);
    expect(world.object(sharedThing).version).toBe(executed.effects.lamportVersion);
  });

  it('read-only use is no change, and is recorded', async () => {
    const shared = world.object(sharedThing);
    const ptb = new Ptb();
    ptb.call(`${lab}::get`, [ptb.object(shared, 'immutable')]);
    const { effects } = await world.ok(ptb);
    expect(effects.changedObjects).toHaveLength(1);
    expect(effects.unchangedConsensusObjects).toMatchObject([
      { objectId: sharedThing, version: shared.version, digest: shared.digest },
    ]);
  });

  it('taken by value it must be shared again or deleted in the same command', async () => {
    const kept = new Ptb();
    const passed = kept.call(`${lab}::pass`, [kept.object(world.object(sharedThing))]);
    kept.transfer([passed], kept.address(world.a));
    expect((await world.run(kept)).effects.status).toMatchObject({
      error: { kind: 'SharedObjectOperationNotAllowed' },
      command: 0,
    });
    const before = world.object(sharedThing).owner;
    await call('reshare', sharedThing);
    expect(world.object(sharedThing).owner).toEqual(before);
    const thing = new Ptb();
    thing.call(`${lab}::share`, [thing.call(`${lab}::make`, [thing.u64(1)])]);
    const second = createdObjects(await world.ok(thing)).get('Thing')!;
    expect(row(await call('destroy', second), second)).toBe(DELETED);
  });

  it('an owned object cannot be shared later', async () => {
    const id = await makeThing();
    const ptb = new Ptb();
    ptb.call(`${lab}::share`, [ptb.object(world.object(id))]);
    expect((await world.run(ptb)).effects.status).toMatchObject({
      error: { kind: 'MoveAbort', code: 0n, location: { module: 'transfer' } },
    });
  });

  it('frozen: readable by everyone, never written', async () => {
    const id = await makeThing();
    await call('freeze_it', id);
    expect(world.object(id).owner).toEqual({ kind: 'immutable' });
    const ptb = new Ptb();
    ptb.call(`${lab}::get`, [ptb.object(world.object(id))]);
    const executed = await world.ok(ptb, world.bob);
    expect(row(executed, id)).toBeUndefined();
  });
});

describe('dynamic fields', () => {
  it('added, changed, untouched, removed, added again', async () => {
    const id = await makeThing();
    const field = dynamicFieldId(id, { kind: 'u64' }, new Uint8Array([7, 0, 0, 0, 0, 0, 0, 0]));
    expect(row(await call('add_field', id, 7, 1), field)).toBe(CREATED);
    expect(world.object(field).owner).toEqual({ kind: 'object', address: id });
    expect(row(await call('set_field', id, 7, 2), field)).toBe(MUTATED);
    expect(row(await call('touch_field', id, 7), field)).toBeUndefined();
    const [listed] = world.ledger.dynamicFields({ parent: id, limit: 10 }).items;
    expect(listed).toMatchObject({
      kind: 'field',
      fieldId: field,
      nameType: 'u64',
      valueType: 'u64',
    });
    expect(listed!.value[0]).toBe(2);
    expect(row(await call('remove_field', id, 7), field)).toBe(DELETED);
    expect(world.ledger.dynamicFields({ parent: id, limit: 10 }).items).toEqual([]);
    expect(row(await call('add_field', id, 7, 3), field)).toBe(CREATED);
  });

  it('removed and added again in one transaction is a change, or nothing', async () => {
    const id = await makeThing();
    await call('add_field', id, 1, 1);
    const ptb = new Ptb();
    const thing = ptb.object(world.object(id));
    ptb.call(`${lab}::remove_field`, [thing, ptb.u64(1)]);
    ptb.call(`${lab}::add_field`, [thing, ptb.u64(1), ptb.u64(8)]);
    const executed = await world.ok(ptb);
    const field = dynamicFieldId(id, { kind: 'u64' }, new Uint8Array([1, 0, 0, 0, 0, 0, 0, 0]));
    expect(row(executed, field)).toBe(MUTATED);
  });

  it('object fields: the child keeps its id and is owned by the field', async () => {
    const parent = await makeThing();
    const child = await makeThing();
    const added = await call('add_object', parent, 4, child);
    expect(row(added, child)).toBe(MUTATED);
    const [listed] = world.ledger.dynamicFields({ parent, limit: 10 }).items;
    expect(listed).toMatchObject({
      kind: 'object',
      childId: child,
      nameType: 'u64',
      valueType: `${lab}::Thing`,
    });
    expect(world.object(child).owner).toEqual({ kind: 'object', address: listed!.fieldId });
    const changed = await call('set_object', parent, 4, 77);
    expect(row(changed, child)).toBe(MUTATED);
    expect(row(changed, listed!.fieldId)).toBeUndefined();
    const ptb = new Ptb();
    const removed = ptb.call(`${lab}::remove_object`, [
      ptb.object(world.object(parent)),
      ptb.u64(4),
    ]);
    ptb.transfer([removed], ptb.address(world.a));
    const taken = await world.ok(ptb);
    expect(row(taken, child)).toBe(MUTATED);
    expect(row(taken, listed!.fieldId)).toBe(DELETED);
    expect(world.object(child).owner).toEqual({ kind: 'address', address: world.a });
  });

  it('a child removed and wrapped disappears', async () => {
    const parent = await makeThing();
    const child = await makeThing();
    await call('add_object', parent, 1, child);
    const ptb = new Ptb();
    const removed = ptb.call(`${lab}::remove_object`, [
      ptb.object(world.object(parent)),
      ptb.u64(1),
    ]);
    ptb.transfer([ptb.call(`${lab}::wrap`, [removed])], ptb.address(world.a));
    expect(row(await world.ok(ptb), child)).toBe(WRAPPED);
    expect(world.ledger.object(child)).toBeUndefined();
  });
});

describe('receiving', () => {
  async function give(): Promise<{ parent: string; gift: string }> {
    const parent = await makeThing();
    const gift = await makeThing();
    const ptb = new Ptb();
    ptb.transfer([ptb.object(world.object(gift))], ptb.address(parent));
    await world.ok(ptb);
    return { parent, gift };
  }

  it('takes an object that was sent to an object', async () => {
    const { parent, gift } = await give();
    const ptb = new Ptb();
    const got = ptb.call(`${lab}::receive`, [
      ptb.object(world.object(parent)),
      ptb.receiving(world.object(gift)),
    ]);
    ptb.transfer([got], ptb.address(world.b));
    const executed = await world.ok(ptb);
    expect(row(executed, gift)).toBe(MUTATED);
    expect(world.object(gift).owner).toEqual({ kind: 'address', address: world.b });
  });

  it('aborts for another parent, and leaves an object alone that is not received', async () => {
    const { gift } = await give();
    const other = await makeThing();
    const ptb = new Ptb();
    const got = ptb.call(`${lab}::receive`, [
      ptb.object(world.object(other)),
      ptb.receiving(world.object(gift)),
    ]);
    ptb.transfer([got], ptb.address(world.b));
    expect((await world.run(ptb)).effects.status).toMatchObject({
      error: { kind: 'MoveAbort', code: 3n, location: { module: 'transfer' } },
    });
    const unused = new Ptb();
    unused.receiving(world.object(gift));
    const before = world.object(gift);
    expect(row(await world.ok(unused), gift)).toBeUndefined();
    expect(world.object(gift)).toBe(before);
  });
});

describe('failed transactions', () => {
  it('change nothing but the gas coin and the versions of mutable inputs', async () => {
    const id = await makeThing(5);
    const contents = (object: string) => {
      const { data } = world.object(object);
      return data.kind === 'move' ? data.contents : undefined;
    };
    const before = contents(id);
    const ptb = new Ptb();
    ptb.call(`${lab}::set`, [ptb.object(world.object(id)), ptb.u64(99)]);
    ptb.call(`${lab}::refuse`);
    const executed = await world.run(ptb);
    expect(executed.effects.status).toMatchObject({
      error: { kind: 'MoveAbort', code: 7n, location: { functionName: 'refuse' } },
      command: 1,
    });
    expect(executed.events).toEqual([]);
    expect(contents(id)).toEqual(before);
    expect(row(executed, id)).toBe(MUTATED);
    expect(world.object(id).version).toBe(executed.effects.lamportVersion);
  });
});

describe('objects of one owner under consensus', () => {
  it('are used like shared ones, by their owner alone', async () => {
    const id = await makeThing();
    const given = new Ptb();
    given.call(`${lab}::party`, [given.object(world.object(id)), given.address(world.b)]);
    const executed = await world.ok(given);
    const startVersion = executed.effects.lamportVersion;
    const owner = { kind: 'consensusAddress', startVersion, address: world.b };
    expect(world.object(id).owner).toEqual(owner);
    const listed = world.ledger.ownedObjects({ owner: world.b, type: `${lab}::Thing`, limit: 9 });
    expect(listed.items.map(({ objectId }) => objectId)).toContain(id);
    const input = {
      kind: 'shared',
      objectId: id,
      initialSharedVersion: startVersion,
      mutability: 'mutable',
    } as const;
    const set = () => {
      const ptb = new Ptb();
      ptb.call(`${lab}::set`, [ptb.raw(input), ptb.u64(1)]);
      return ptb;
    };
    expect(() => world.simulate(set())).toThrow(/not signed by the correct sender/);
    await world.ok(set(), world.bob);
    expect(world.object(id).owner).toEqual(owner);
    const back = new Ptb();
    back.transfer([back.raw(input)], back.address(world.a));
    await world.ok(back, world.bob);
    expect(world.object(id).owner).toEqual({ kind: 'address', address: world.a });
  });
});

describe('limits on what is written', () => {
  const blobs = (size: number, count: number) => {
    const ptb = new Ptb();
    ptb.call(`${lab}::blobs`, [ptb.u64(size), ptb.u64(count), ptb.address(world.a)]);
    return world.simulate(ptb, world.a, { selectGas: false }).effects.status;
  };
  // 32 bytes of id and 3 of length stand before the bytes.
  const largest = MAX_OBJECT_BYTES - 35;
  it('the largest object, and one byte more', () => {
    expect(blobs(largest, 1)).toEqual({ success: true });
    expect(blobs(largest + 1, 1)).toMatchObject({
      error: { kind: 'MoveObjectTooBig', size: 256_001n, maxSize: 256_000n },
    });
  });
  it('all objects together', () => {
    const most = Math.floor((MAX_WRITTEN_BYTES - 40) / MAX_OBJECT_BYTES);
    expect(blobs(largest, most)).toEqual({ success: true });
    expect(blobs(largest, most + 1)).toMatchObject({ error: { kind: 'WrittenObjectsTooLarge' } });
  });
});

describe('randomness', () => {
  it('differs from transaction to transaction, and only transfers may follow', async () => {
    const roll = () => {
      const ptb = new Ptb();
      const random = ptb.object(world.object(`0x${'8'.padStart(64, '0')}`), 'immutable');
      ptb.call(`${lab}::roll`, [random]);
      return ptb;
    };
    const first = world.simulate(roll()).commandOutputs[0]!.returnValues[0]!.value;
    await world.ok(roll());
    const second = world.simulate(roll()).commandOutputs[0]!.returnValues[0]!.value;
    expect(first).toHaveLength(8);
    expect(first).not.toEqual(second);
    const more = roll();
    more.call(`${lab}::refuse`);
    expect(() => world.simulate(more)).toThrow(/Random/);
  });
});
