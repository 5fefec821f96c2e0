/** Listings, pages, filters, JSON (sui-ledger.md §2.3, §9). */
import { beforeAll, describe, expect, it } from 'vitest';
import type { Filter, TransactionPredicate } from '../../src/ledger/api.ts';
import { pageOf } from '../../src/ledger/cursors.ts';
import { MAX_JSON_BYTES, MAX_JSON_DEPTH } from '../../src/ledger/json.ts';
import { LAB } from './support/lab.ts';
import { GAS, Ptb } from './support/ptb.ts';
import { World } from './support/world.ts';

let world: World;
let lab: string;
let thing: string;

beforeAll(async () => {
  world = await World.create();
  const { id, created } = await world.publish('lab', LAB);
  lab = `${id}::lab`;
  thing = created.get('Thing')!;
});

describe('pages', () => {
  const items = ['a', 'b', 'c', 'd', 'e'];
  const page = (list: string[], limit: number, cursor?: string) =>
    pageOf(list, (item) => item, { limit, cursor });

  for (const limit of [1, 2, 5, 50]) {
    it(`of ${limit} give everything once, and no cursor at the end`, () => {
      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const next = page(items, limit, cursor);
        seen.push(...next.items);
        cursor = next.nextCursor;
      } while (cursor !== undefined);
      expect(seen).toEqual(items);
    });
  }

  it('keep their place when items come and go', () => {
    const { nextCursor } = page(items, 2);
    expect(page(['a', 'a2', 'b', 'c', 'd'], 2, nextCursor).items).toEqual(['c', 'd']);
    expect(page(['b', 'c', 'd'], 2, nextCursor).items).toEqual(['c', 'd']);
    expect(page(['a', 'c', 'd'], 2, nextCursor).items).toEqual(['c', 'd']);
    expect(page([], 2, nextCursor).items).toEqual([]);
  });

  it('refuse foreign cursors and limits', () => {
    expect(() => page(items, 2, 'x')).toThrow(
      expect.objectContaining({ code: 'LEDGER_INVALID_CURSOR' }),
    );
    for (const limit of [0, -1, 1.5]) expect(() => page(items, limit)).toThrow(/limit/);
  });
});

describe('owned objects', () => {
  it('coins by type, richest first; filters by type with and without arguments', () => {
    const list = (type?: string) =>
      world.ledger.ownedObjects({ owner: world.a, type, limit: 100 }).items;
    const balances = list('0x2::coin::Coin').map(({ coinBalance }) => coinBalance!);
    expect(balances).toEqual([...balances].sort((a, b) => (a > b ? -1 : 1)));
    expect(list('0x2::coin::Coin<0x2::sui::SUI>')).toHaveLength(balances.length);
    expect(list('0x2::coin::Coin<u8>')).toEqual([]);
    expect(list('0x2::package::UpgradeCap')).toHaveLength(1);
    expect(list()).toHaveLength(balances.length + 1);
    expect(() => list('::')).toThrow(/cannot read/);
  });

  it('balances', () => {
    const { items } = world.ledger.balances({ owner: world.b, limit: 10 });
    expect(items).toMatchObject([{ balance: 3_000_000_000_000n, coinCount: 3 }]);
    expect(world.ledger.balance(world.b, `${lab}::Thing`)).toMatchObject({ balance: 0n });
    expect(world.ledger.coinInfo('0x2::sui::SUI')).toMatchObject({
      metadata: { decimals: 9, symbol: 'SUI' },
    });
    expect(world.ledger.coinInfo(`${lab}::Thing`)).toBeUndefined();
  });
});

describe('listing transactions and events', () => {
  beforeAll(async () => {
    for (let i = 0; i < 3; i++) {
      const ptb = new Ptb();
      ptb.call(`${lab}::event_storm`, [ptb.u64(2)]);
      await world.ok(ptb);
    }
    const pay = new Ptb();
    pay.transfer([pay.split(GAS, [pay.u64(1)])], pay.address(world.a));
    await world.ok(pay, world.bob);
    world.ledger.createCheckpoint();
    await world.ok(new Ptb(), world.bob);
  });

  const list = (filter: Filter<TransactionPredicate>, rest: object = {}) =>
    world.ledger.listTransactions({ filter, limit: 100, ...rest });
  const one = (predicate: TransactionPredicate, negated = false) => [[{ negated, predicate }]];

  it('by sender, function, object; what has no checkpoint yet is not there', () => {
    expect(list(one({ kind: 'sender', address: world.b })).items).toHaveLength(1);
    const call = (rest: object) =>
      list(one({ kind: 'moveCall', package: lab.slice(0, 66), ...rest }));
    expect(call({}).items).toHaveLength(3);
    expect(call({ module: 'lab', function: 'event_storm' }).items).toHaveLength(3);
    expect(call({ module: 'lab', function: 'get' }).items).toHaveLength(0);
    expect(list(one({ kind: 'affectedObject', objectId: thing })).items).toHaveLength(1);
    const both = [
      { negated: false, predicate: { kind: 'affectedAddress', address: world.a } as const },
      { negated: true, predicate: { kind: 'sender', address: world.a } as const },
    ];
    // Genesis and Bob's payment.
    expect(list([both]).items).toHaveLength(2);
  });

  it('pages in both directions, and says why it ended', () => {
    const filter = one({ kind: 'sender', address: world.a });
    const all = list(filter);
    expect(all.end).toBe('ledgerTip');
    const digests = all.items.map(({ item }) => item.digest);
    const first = list(filter, { limit: 2 });
    expect(first.end).toBe('itemLimit');
    const rest = list(filter, { after: first.items.at(-1)!.cursor });
    expect([...first.items, ...rest.items].map(({ item }) => item.digest)).toEqual(digests);
    const back = list(filter, { descending: true });
    expect(back.items.map(({ item }) => item.digest)).toEqual(digests.toReversed());
    const exact = list(filter, { limit: digests.length });
    expect(exact.end).toBe('ledgerTip');
    const bounded = list(filter, { before: all.items[1]!.cursor });
    expect(bounded).toMatchObject({
      end: 'cursorBound',
      items: [{ item: { digest: digests[0] } }],
    });
    expect(list([], { endCheckpoint: 0n })).toMatchObject({ end: 'checkpointBound' });
    expect(list([], { endCheckpoint: 0n }).items).toHaveLength(1);
    expect(list([], { startCheckpoint: 99n }).items).toEqual([]);
    expect(() => list([], { after: 'nonsense' })).toThrow(/cursor/);
  });

  it('events by type, module, sender; across pages within one transaction', () => {
    const events = (type: string, rest: object = {}) =>
      world.ledger.listEvents({
        filter: [[{ negated: false, predicate: { kind: 'eventType', type } }]],
        limit: 100,
        ...rest,
      });
    const { items } = events(`${lab}::Note`);
    expect(items).toHaveLength(7);
    expect(events(lab).items).toHaveLength(7);
    expect(events(`${lab}::Not`).items).toHaveLength(0);
    const firstThree = events(`${lab}::Note`, { limit: 2 });
    const next = events(`${lab}::Note`, { limit: 2, after: firstThree.items.at(-1)!.cursor });
    expect([...firstThree.items, ...next.items].map(({ cursor }) => cursor)).toEqual(
      items.slice(0, 4).map(({ cursor }) => cursor),
    );
    const module = { kind: 'emitModule', package: lab.slice(0, 66), module: 'lab' } as const;
    expect(
      world.ledger.listEvents({ filter: [[{ negated: false, predicate: module }]], limit: 3 }),
    ).toMatchObject({ end: 'itemLimit' });
  });

  it('checkpoints', () => {
    const { items, end } = world.ledger.listCheckpoints({ limit: 10 });
    expect(items.map(({ item }) => item.sequenceNumber)).toEqual([0n, 1n]);
    expect(end).toBe('ledgerTip');
    expect(world.ledger.listCheckpoints({ limit: 1, descending: true })).toMatchObject({
      end: 'itemLimit',
      items: [{ item: { sequenceNumber: 1n } }],
    });
  });
});

describe('JSON', () => {
  const json = (type: string, ...bytes: number[]) => world.ledger.json(type, new Uint8Array(bytes));
  const zeros = (count: number) => new Array<number>(count).fill(0);
  it('renders every kind of value', () => {
    expect(json('bool', 1)).toBe(true);
    expect(json('u32', 1, 0, 0, 0)).toBe(1);
    expect(json('u64', 1, ...zeros(7))).toBe('1');
    expect(json('u256', ...zeros(31), 128)).toBe((2n ** 255n).toString());
    expect(json('vector<u8>', 2, 1, 2)).toBe('AQI=');
    expect(json('vector<u16>', 2, 1, 0, 2, 0)).toEqual([1, 2]);
    expect(json('0x1::option::Option<u8>', 0)).toBeNull();
    expect(json('0x1::option::Option<u8>', 1, 7)).toBe(7);
    expect(json('0x1::string::String', 2, 104, 105)).toBe('hi');
    expect(json('0x2::balance::Balance<0x2::sui::SUI>', 5, ...zeros(7))).toBe('5');
    expect(json('0x2::object::ID', ...zeros(31), 6)).toBe(`0x${'6'.padStart(64, '0')}`);
    const { data } = world.object(thing);
    expect(data.kind === 'move' && world.ledger.json(data.typeText, data.contents)).toEqual({
      id: thing,
      value: '100',
    });
  });
  it('leaves out what it cannot or must not render', () => {
    expect(json('u64', 1)).toBeUndefined();
    expect(json('u8', 1, 1)).toBeUndefined();
    expect(json('bool', 2)).toBeUndefined();
    expect(json('0x5::no::Such')).toBeUndefined();
    expect(json('not a type')).toBeUndefined();
    const big = (length: number) => {
      const bytes = new Uint8Array(length + 3);
      bytes.set([(length & 0x7f) | 0x80, ((length >> 7) & 0x7f) | 0x80, length >> 14]);
      return world.ledger.json('vector<u8>', bytes);
    };
    expect(big(MAX_JSON_BYTES - 3)).toBeDefined();
    expect(big(MAX_JSON_BYTES - 2)).toBeUndefined();
  });

  it('stops at the depth limit', async () => {
    const structs = Array.from({ length: MAX_JSON_DEPTH }, (_, i) => {
      const inner = i === 0 ? 'u8' : `D${i - 1}`;
      return `public struct D${i} has copy, drop, store { v: ${inner} }`;
    });
    const { id } = await world.publish('deep', `module deep::deep;\n${structs.join('\n')}\n`);
    // D0 is two deep: the struct and its number.
    const at = (depth: number) => json(`${id}::deep::D${depth - 2}`, 7);
    expect(at(2)).toEqual({ v: 7 });
    expect(at(MAX_JSON_DEPTH)).toBeDefined();
    expect(at(MAX_JSON_DEPTH + 1)).toBeUndefined();
  });
});
