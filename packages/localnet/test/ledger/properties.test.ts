/** Laws that hold for random transactions (sui-ledger.md §17), and hostile bytes (localnet.md §6). */
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ExecutedTransaction, LedgerObject } from '../../src/ledger/api.ts';
import { LedgerError, RejectedTransaction } from '../../src/ledger/errors.ts';
import { TOTAL_SUPPLY } from '../../src/ledger/genesis.ts';
import { LAB } from './support/lab.ts';
import { GAS, Ptb } from './support/ptb.ts';
import { createdObjects, World } from './support/world.ts';

const RUNS = 40;

let world: World;
let lab: string;
let shared: string;
let things: string[];

beforeAll(async () => {
  world = await World.create();
  const { id, created } = await world.publish('lab', LAB);
  lab = `${id}::lab`;
  shared = created.get('Thing')!;
  things = [];
  for (let i = 0; i < 4; i++) {
    const ptb = new Ptb();
    ptb.transfer([ptb.call(`${lab}::make`, [ptb.u64(i)])], ptb.address(world.a));
    things.push(createdObjects(await world.ok(ptb)).get('Thing')!);
  }
});

/** One step of a random transaction: adds commands, with whatever the ledger holds now. */
const step = fc.record({
  kind: fc.constantFrom(
    'make',
    'set',
    'swap',
    'field',
    'removeField',
    'shared',
    'split',
    'merge',
    'wrap',
    'refuse',
    'divide',
    'keep',
    'events',
    'grow',
  ),
  a: fc.nat(3),
  b: fc.nat(3),
  amount: fc.nat(1_000_000),
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

function build(steps: readonly Step[]): Ptb {
  const ptb = new Ptb();
  const inputs = new Map<string, ReturnType<Ptb['object']>>();
  const input = (id: string) => {
    const known = inputs.get(id);
    if (known !== undefined) return known;
    const made = ptb.object(world.object(id));
    inputs.set(id, made);
    return made;
  };
  for (const { kind, a, b, amount } of steps) {
    const [x, y] = [things[a]!, things[b]!];
    const keep = (made: ReturnType<Ptb['call']>) => ptb.transfer([made], ptb.address(world.a));
    const call = (name: string, ...args: ReturnType<Ptb['call']>[]) =>
      ptb.call(`${lab}::${name}`, args);
    if (kind === 'make') keep(call('make', ptb.u64(amount)));
    if (kind === 'set') call('set', input(x), ptb.u64(amount));
    if (kind === 'swap') call('swap', input(x), input(y));
    if (kind === 'field') call('add_field', input(x), ptb.u64(amount % 5), ptb.u64(amount));
    if (kind === 'removeField') call('remove_field', input(x), ptb.u64(amount % 5));
    if (kind === 'shared') call('set', input(shared), ptb.u64(amount));
    if (kind === 'split') keep(ptb.split(GAS, [ptb.u64(amount)]));
    if (kind === 'merge') ptb.merge(GAS, [ptb.split(GAS, [ptb.u64(amount)])]);
    if (kind === 'wrap') keep(call('wrap', call('make', ptb.u64(amount))));
    if (kind === 'refuse' && amount % 7 === 0) call('refuse');
    if (kind === 'divide') call('divide', ptb.u64(amount), ptb.u64(b));
    if (kind === 'keep') keep(input(x));
    if (kind === 'events') call('event_storm', ptb.u64(amount % 50));
    if (kind === 'grow') call('grow', ptb.u64(amount % 20_000));
  }
  return ptb;
}

/** All SUI: coins, and what the ledger owes for storage. */
function wealth(): bigint {
  let sum = 0n;
  const add = ({ coinBalance, storageRebate }: LedgerObject) => {
    sum += storageRebate + (coinBalance ?? 0n);
  };
  for (const object of live.values()) add(object);
  return sum;
}

/** The live objects according to effects alone. */
const live = new Map<string, LedgerObject>();

function replay({ effects }: ExecutedTransaction): void {
  for (const { objectId, input, output } of effects.changedObjects) {
    const before = live.get(objectId);
    if (input.kind === 'exist') {
      expect(before).toMatchObject({
        version: input.version,
        digest: input.digest,
        owner: input.owner,
      });
    } else {
      expect(before).toBeUndefined();
    }
    if (output.kind === 'notExist') {
      live.delete(objectId);
      expect(world.ledger.object(objectId)).toBeUndefined();
      continue;
    }
    const version = output.kind === 'packageWrite' ? output.version : effects.lamportVersion;
    const after = world.ledger.object(objectId, version)!;
    expect(after.digest).toBe(output.digest);
    if (output.kind === 'objectWrite') expect(after.owner).toEqual(output.owner);
    live.set(objectId, after);
  }
}

describe('laws of execution', () => {
  it('same state, estimate, conservation, replay', async () => {
    world.ledger.createCheckpoint();
    let burnt = 0n;
    const { items } = world.ledger.listTransactions({ limit: 10_000 });
    for (const { item } of items) {
      replay(item);
      const { computationCost, nonRefundableStorageFee } = item.effects.gasUsed;
      burnt += computationCost + nonRefundableStorageFee;
    }
    expect(wealth() + burnt).toBe(TOTAL_SUPPLY);

    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 8 }), async (steps) => {
        const ptb = build(steps);
        const simulated = world.simulate(ptb);
        // The Clock transaction of a new commit is no part of what was simulated.
        const executed = await world.sign(simulated.transaction, world.alice);
        expect(executed.digest).toBe(simulated.digest);
        expect(executed.effectsBytes).toEqual(simulated.effectsBytes);
        expect(executed.events).toEqual(simulated.events);
        expect(executed.balanceChanges).toEqual(simulated.balanceChanges);
        const { status, gasUsed } = executed.effects;
        if (!status.success) expect(status.error.kind).not.toBe('InsufficientGas');
        burnt += gasUsed.computationCost + gasUsed.nonRefundableStorageFee;
        replay(executed);
        expect(wealth() + burnt).toBe(TOTAL_SUPPLY);
      }),
      { numRuns: RUNS },
    );
  });

  it('the same transactions on the same seed give the same bytes', async () => {
    const run = async () => {
      const other = await World.create();
      const { executed } = await other.publish('lab', LAB);
      const ptb = new Ptb();
      ptb.transfer([ptb.split(GAS, [ptb.u64(5)])], ptb.address(other.b));
      const paid = await other.ok(ptb);
      const { digest } = other.ledger.createCheckpoint();
      return [executed.effectsBytes, paid.effectsBytes, digest];
    };
    expect(await run()).toEqual(await run());
  });
});

describe('hostile input', () => {
  it('random and mutated transaction bytes end in a typed error or a result', async () => {
    const good = world.ledger.encodeTransaction(world.simulate(build([])).transaction);
    const mutated = fc
      .array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 })
      .map((changes) => {
        const bytes = good.slice();
        for (const [at, value] of changes) bytes[at] = value;
        return bytes;
      });
    const before = world.ledger.listTransactions({ limit: 10_000 }).items.length;
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.uint8Array({ maxLength: 300 }), mutated), async (bytes) => {
        const outcome = await world.ledger.execute(bytes, [new Uint8Array(97)]).then(
          () => undefined,
          (error: unknown) => error,
        );
        expect(outcome).toBeInstanceOf(RejectedTransaction);
      }),
      { numRuns: 300 },
    );
    expect(world.ledger.listTransactions({ limit: 10_000 }).items).toHaveLength(before);
  });

  it('mutated modules never break the ledger', async () => {
    const { compile } = await import('./support/world.ts');
    const { modules, dependencies } = await compile('lab', LAB);
    const original = modules[0]!.bytes;
    const info = world.ledger.info();
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(original.length - 1), fc.nat(255)), {
          minLength: 1,
          maxLength: 3,
        }),
        (changes) => {
          const bytes = original.slice();
          for (const [at, value] of changes) bytes[at] = value;
          const ptb = new Ptb();
          ptb.transfer([ptb.publish([bytes], dependencies)], ptb.address(world.a));
          const { effects } = world.simulate(ptb, world.a, { selectGas: false });
          if (effects.status.success) return;
          expect(effects.status.error.kind).not.toBe('InvariantViolation');
          expect(effects.status.description).not.toBe('');
        },
      ),
      { numRuns: 150 },
    );
    expect(world.ledger.info()).toEqual(info);
  });

  it('random simulations of any shape are answered or refused', () => {
    const argument = fc.oneof(
      fc.constant(GAS),
      fc.nat(5).map((index) => ({ kind: 'input', index }) as const),
      fc.nat(5).map((index) => ({ kind: 'result', index }) as const),
      fc
        .tuple(fc.nat(5), fc.nat(3))
        .map(([index, subIndex]) => ({ kind: 'nestedResult', index, subIndex }) as const),
    );
    const names = [
      'make',
      'set',
      'get',
      'wrap',
      'unwrap',
      'potato',
      'eat',
      'add_object',
      'pass',
      'share',
    ];
    const command = fc.record({
      kind: fc.constantFrom('call', 'transfer', 'split', 'merge', 'vector'),
      name: fc.constantFrom(...names),
      list: fc.array(argument, { maxLength: 3 }),
      one: argument,
    });
    fc.assert(
      fc.property(fc.array(command, { maxLength: 6 }), fc.boolean(), (commands, enabled) => {
        const ptb = new Ptb();
        ptb.u64(3);
        ptb.address(world.a);
        for (const id of things) ptb.object(world.object(id));
        for (const { kind, name, list, one } of commands) {
          if (kind === 'call') ptb.call(`${lab}::${name}`, list);
          if (kind === 'transfer') ptb.transfer(list, one);
          if (kind === 'split') ptb.split(one, list);
          if (kind === 'merge') ptb.merge(one, list);
          if (kind === 'vector') ptb.makeVec(undefined, list);
        }
        try {
          const checks = enabled ? 'enabled' : 'disabled';
          const { effects } = world.simulate(ptb, world.a, { checks, selectGas: false });
          if (!effects.status.success) {
            expect(effects.status.error.kind).not.toBe('InvariantViolation');
            expect(effects.status.error.kind).not.toBe('VMInvariantViolation');
          }
        } catch (error) {
          expect(error instanceof RejectedTransaction || error instanceof LedgerError).toBe(true);
        }
      }),
      { numRuns: 400 },
    );
  });
});
