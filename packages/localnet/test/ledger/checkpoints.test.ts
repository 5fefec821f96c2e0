/** Checkpoints, the Clock, epochs, timers, reopening (sui-ledger.md §10). */
import { describe, expect, it } from 'vitest';
import { loadFramework } from '../../src/framework.ts';
import type { Checkpoint, TimerPort } from '../../src/ledger/api.ts';
import { MAX_CLOCK_MS } from '../../src/ledger/clock.ts';
import { MAX_FUNDED_COINS } from '../../src/ledger/faucet.ts';
import { Ledger } from '../../src/ledger/ledger.ts';
import { MemoryStore } from '../../src/ledger/store/memory.ts';
import { CLOCK_ID } from '../../src/ledger/system-ids.ts';
import { CheckpointTimer, IDLE_AFTER_MS, IDLE_SLOWDOWN } from '../../src/ledger/timer.ts';
import { LAB } from './support/lab.ts';
import { Ptb } from './support/ptb.ts';
import { START, World } from './support/world.ts';

const clockOf = (ledger: Ledger): bigint => {
  const { data } = ledger.object(CLOCK_ID)!;
  if (data.kind !== 'move') throw new TypeError('the clock is no object');
  return new DataView(data.contents.buffer, data.contents.byteOffset).getBigUint64(32, true);
};

describe('genesis', () => {
  it('is checkpoint 0, and its digest the chain id', async () => {
    const { ledger } = await World.create();
    const genesis = ledger.checkpoint({ sequenceNumber: 0n })!;
    expect(ledger.info()).toMatchObject({
      chainId: genesis.digest,
      epoch: 0n,
      checkpointHeight: 0n,
    });
    expect(genesis.transactions).toHaveLength(1);
    expect(ledger.transaction(genesis.transactions[0]!.transaction)).toMatchObject({
      sequence: 0n,
      checkpoint: 0n,
      timestampMs: BigInt(START),
      signatures: [],
    });
    expect(ledger.epoch()).toMatchObject({ epoch: 0n, startTimestampMs: BigInt(START) });
  });

  it('follows the seed; without one every chain is another', async () => {
    const framework = await loadFramework();
    const make = (seed?: Uint8Array) =>
      Ledger.create(seed === undefined ? {} : { seed }, {
        framework,
        now: () => START,
        timers: null,
      });
    const seed = new Uint8Array(32).fill(3);
    const ids = await Promise.all([make(seed), make(seed), make(), make()]);
    const [a, b, c, d] = ids.map((ledger) => ledger.info().chainId);
    expect(a).toBe(b);
    expect(new Set([a, c, d]).size).toBe(3);
    const price = Ledger.create({ referenceGasPrice: 0n }, { framework, timers: null });
    await expect(price).rejects.toMatchObject({ code: 'LEDGER_INVALID_ARGUMENT' });
    await expect(make(new Uint8Array(31))).rejects.toMatchObject({
      code: 'LEDGER_INVALID_ARGUMENT',
    });
  });

  it('holds the system objects at the versions that clients assume', async () => {
    const { ledger } = await World.create();
    for (const id of ['6', '8', 'a', 'c']) {
      const object = ledger.object(`0x${id.padStart(64, '0')}`)!;
      expect(object.owner).toEqual({ kind: 'shared', initialSharedVersion: 1n });
    }
    expect(ledger.object(`0x${'2'.padStart(64, '0')}`)?.objectType).toBe('package');
  });
});

describe('checkpoints', () => {
  it('take what was executed, the Clock first, and number it without gaps', async () => {
    const world = await World.create();
    const seen: Checkpoint[] = [];
    const stop = world.ledger.onCheckpoint((checkpoint) => seen.push(checkpoint));
    world.ledger.onCheckpoint(() => {
      throw new Error('a careless listener');
    });
    const one = await world.ok(new Ptb());
    const two = await world.ok(new Ptb(), world.bob);
    expect(one.checkpoint).toBeUndefined();
    expect(world.ledger.transaction(one.digest)).toBe(one);
    const checkpoint = world.ledger.createCheckpoint();
    expect(checkpoint.sequenceNumber).toBe(1n);
    expect(checkpoint.transactions.map(({ transaction }) => transaction)).toEqual(
      expect.arrayContaining([one.digest, two.digest]),
    );
    expect(world.ledger.transaction(one.digest)?.checkpoint).toBe(1n);
    expect(checkpoint.networkTotalTransactions).toBe(BigInt(1 + checkpoint.transactions.length));
    expect(checkpoint.epochRollingGasCostSummary.computationCost).toBe(2_000_000n);
    const next = world.ledger.createCheckpoint();
    expect(next).toMatchObject({ sequenceNumber: 2n, previousDigest: checkpoint.digest });
    stop();
    world.ledger.createCheckpoint();
    expect(seen.map(({ sequenceNumber }) => sequenceNumber)).toEqual([1n, 2n]);
    expect(world.ledger.checkpoint({ digest: next.digest })).toBe(next);
  });

  it('one for each transaction when the interval is 0', async () => {
    const world = await World.create({ checkpointIntervalMs: 0 });
    expect((await world.ok(new Ptb())).checkpoint).toBe(1n);
    expect((await world.ok(new Ptb())).checkpoint).toBe(2n);
  });
});

describe('the clock', () => {
  it('moves with checkpoints, forward only, and Move code sees it', async () => {
    const world = await World.create();
    const { ledger } = world;
    const { id } = await world.publish('lab', LAB);
    const advance = ledger.advanceClock(5000n);
    expect(advance.timestampMs).toBe(BigInt(START + 5000));
    expect(clockOf(ledger)).toBe(advance.timestampMs);
    const prologue = ledger.transaction(advance.transactionDigest)!;
    expect(prologue.effects).toMatchObject({
      gasObjectIndex: undefined,
      changedObjects: [{ objectId: CLOCK_ID, input: { kind: 'exist' } }],
    });
    expect(prologue.transaction.sender).toBe(`0x${'0'.repeat(64)}`);
    const ptb = new Ptb();
    ptb.call(`${id}::lab::time`, [ptb.object(ledger.object(CLOCK_ID)!, 'immutable')]);
    const { commandOutputs } = world.simulate(ptb);
    const { value } = commandOutputs[0]!.returnValues[0]!;
    expect(new DataView(value.buffer, value.byteOffset).getBigUint64(0, true)).toBe(
      advance.timestampMs,
    );
    expect(() => ledger.setClock(BigInt(START))).toThrow(/cannot go back/);
    expect(clockOf(ledger)).toBe(advance.timestampMs);
  });

  it('can be set as late as timestamps can be told', async () => {
    const { ledger } = await World.create();
    for (const late of [MAX_CLOCK_MS + 1n, 2n ** 64n - 1n]) {
      expect(() => ledger.setClock(late)).toThrow(/after the year 9000/);
      expect(() => ledger.advanceClock(late)).toThrow(/after the year 9000/);
    }
    expect(ledger.now()).toBeLessThan(MAX_CLOCK_MS);
    expect(ledger.setClock(MAX_CLOCK_MS).timestampMs).toBe(MAX_CLOCK_MS);
    expect(new Date(Number(ledger.now())).getUTCFullYear()).toBe(9000);
  });

  it('advancing by nothing still makes a clock transaction of its own', async () => {
    const { ledger } = await World.create();
    const digests = [0n, 0n, 0n].map((ms) => ledger.advanceClock(ms).transactionDigest);
    expect(new Set(digests).size).toBe(3);
  });

  it('stands still while frozen, and goes on from there', async () => {
    let now = START;
    const framework = await loadFramework();
    const ledger = await Ledger.create({}, { framework, now: () => now, timers: null });
    ledger.freezeClock(true);
    now += 60_000;
    expect(ledger.now()).toBe(BigInt(START));
    ledger.advanceClock(10n);
    expect(ledger.now()).toBe(BigInt(START + 10));
    ledger.freezeClock(false);
    now += 5;
    expect(ledger.now()).toBe(BigInt(START + 15));
  });
});

describe('epochs', () => {
  it('end with a checkpoint that says so', async () => {
    const world = await World.create();
    const { ledger } = world;
    await world.ok(new Ptb());
    ledger.advanceClock(1000n);
    const epoch = ledger.advanceEpoch();
    expect(epoch).toMatchObject({ epoch: 1n, startTimestampMs: BigInt(START + 1000) });
    const last = ledger.epoch(0n)!.lastCheckpoint!;
    expect(epoch.firstCheckpoint).toBe(last + 1n);
    expect(ledger.checkpoint({ sequenceNumber: last })).toMatchObject({
      epoch: 0n,
      endOfEpoch: { nextProtocolVersion: 138n },
    });
    expect(ledger.createCheckpoint()).toMatchObject({
      epoch: 1n,
      sequenceNumber: epoch.firstCheckpoint,
      epochRollingGasCostSummary: { computationCost: 0n },
    });
    expect((await world.ok(new Ptb())).effects.executedEpoch).toBe(1n);
    const expiration = { kind: 'epoch', epoch: 0n } as const;
    expect(() => world.simulate(new Ptb(), world.a, { expiration })).toThrow('Transaction Expired');
  });
});

describe('timers', () => {
  class FakeTimers implements TimerPort {
    readonly waiting = new Map<() => void, number>();
    after(ms: number, callback: () => void): () => void {
      this.waiting.set(callback, ms);
      return () => this.waiting.delete(callback);
    }
    fire(): void {
      const [[callback]] = [...this.waiting].sort(([, a], [, b]) => a - b) as [
        [() => void, number],
      ];
      this.waiting.delete(callback);
      callback();
    }
  }

  it('seals soon after a transaction, and beats without any', async () => {
    const timers = new FakeTimers();
    const framework = await loadFramework();
    const ledger = await Ledger.create({}, { framework, now: () => START, timers });
    expect([...timers.waiting.values()]).toEqual([1000]);
    await ledger.fund(`0x${'1'.repeat(64)}`, [1n]);
    expect([...timers.waiting.values()].sort()).toEqual([1000, 250]);
    timers.fire();
    expect(ledger.info().checkpointHeight).toBe(1n);
    expect([...timers.waiting.values()]).toEqual([1000]);
    timers.fire();
    expect(ledger.info().checkpointHeight).toBe(2n);
    ledger.close();
    expect(timers.waiting.size).toBe(0);
    await expect(ledger.fund(`0x${'1'.repeat(64)}`, [1n])).rejects.toMatchObject({
      code: 'LEDGER_CLOSED',
    });
  });

  it('slows down when nobody asks, and wakes up again', () => {
    const timers = new FakeTimers();
    let clock = 0;
    let sealed = 0;
    const seal = () => {
      sealed += 1;
      timer.sealed();
    };
    const timer: CheckpointTimer = new CheckpointTimer(
      { checkpointMs: 250, heartbeatMs: 100 },
      { timers, clock: () => clock, seal },
    );
    const waits = () => [...timers.waiting.values()];
    clock = IDLE_AFTER_MS - 1;
    timers.fire();
    expect(waits()).toEqual([100]);
    clock = IDLE_AFTER_MS;
    timers.fire();
    expect(waits()).toEqual([100 * IDLE_SLOWDOWN]);
    expect(sealed).toBe(2);
    timer.touch();
    expect(sealed).toBe(3);
    expect(waits()).toEqual([100]);
    timer.touch();
    expect(sealed).toBe(3);
    timer.stop();
    expect(waits()).toEqual([]);
  });
});

describe('the faucet', () => {
  it('pays up to its limit of coins, whatever is asked at once', async () => {
    const { ledger } = await World.create();
    const to = `0x${'5'.repeat(64)}`;
    const ones = (count: number) => new Array<bigint>(count).fill(1n);
    const wrong = { code: 'LEDGER_INVALID_ARGUMENT' };
    await expect(ledger.fund(to, [])).rejects.toMatchObject(wrong);
    await expect(ledger.fund(to, ones(MAX_FUNDED_COINS + 1))).rejects.toMatchObject(wrong);
    const paid = await Promise.all([
      ledger.fund(to, ones(MAX_FUNDED_COINS)),
      ledger.fund(to, [7n]),
    ]);
    expect(ledger.object(paid[1].coins[0]!.objectId)?.coinBalance).toBe(7n);
    expect(ledger.balance(to, '0x2::sui::SUI')).toMatchObject({
      balance: BigInt(MAX_FUNDED_COINS) + 7n,
      coinCount: MAX_FUNDED_COINS + 1,
    });
    await expect(ledger.fund(to, [2n ** 64n - 1n])).rejects.toMatchObject(wrong);
  });
});

describe('reopening', () => {
  it('goes on where the store stands, with the same chain id, faucet and pending work', async () => {
    const framework = await loadFramework();
    const store = new MemoryStore();
    const deps = { framework, store, now: () => START, timers: null };
    const first = await Ledger.create({}, deps);
    const { chainId } = first.info();
    const to = `0x${'1'.repeat(64)}`;
    first.createCheckpoint();
    const { digest } = await first.fund(to, [5n]);
    // No close: the process died before its checkpoint.
    const second = await Ledger.create({}, deps);
    expect(second.info().chainId).toBe(chainId);
    expect(second.balance(to, '0x2::sui::SUI').balance).toBe(5n);
    expect(second.transaction(digest)?.checkpoint).toBeUndefined();
    const checkpoint = second.createCheckpoint();
    expect(checkpoint.sequenceNumber).toBe(2n);
    expect(second.transaction(digest)?.checkpoint).toBe(2n);
    await second.fund(to, [6n]);
    expect(second.balance(to, '0x2::sui::SUI')).toMatchObject({ balance: 11n, coinCount: 2 });
  });
});
