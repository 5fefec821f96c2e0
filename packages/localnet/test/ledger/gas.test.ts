/** Gas: exact figures, smashing, failing, estimating, selecting (sui-ledger.md §7, §8). */
import { beforeEach, describe, expect, it } from 'vitest';
import type { LedgerObject, TransactionData } from '../../src/ledger/api.ts';
import { affordableUnits, roundUnits, splitRebate, storageCost } from '../../src/ledger/gas.ts';
import { MAX_COMPUTATION_UNITS, MAX_GAS_BUDGET } from '../../src/ledger/limits.ts';
import { MOCK_COIN_BALANCE, MOCK_COIN_ID } from '../../src/ledger/simulate.ts';
import { LAB } from './support/lab.ts';
import { GAS, Ptb } from './support/ptb.ts';
import { World } from './support/world.ts';

const refOf = ({ objectId, version, digest }: LedgerObject) => ({ objectId, version, digest });

describe('arithmetic', () => {
  it('rounds units up to whole steps, at least one, at most the cap', () => {
    const cases: [number, bigint][] = [
      [0, 1000n],
      [1000, 1000n],
      [1001, 2000n],
      [MAX_COMPUTATION_UNITS, 5_000_000n],
      [MAX_COMPUTATION_UNITS + 1, 5_000_000n],
    ];
    for (const [units, charged] of cases) expect(roundUnits(units)).toBe(charged);
  });
  it('keeps the budget above the computation cost', () => {
    expect(affordableUnits(1_000_000n, 1000n)).toBe(0);
    expect(affordableUnits(1_000_001n, 1000n)).toBe(1000);
    expect(affordableUnits(MAX_GAS_BUDGET, 1000n)).toBe(MAX_COMPUTATION_UNITS);
  });
  it('gives 99 % of a rebate back', () => {
    expect(storageCost(130)).toBe(988_000n);
    expect(splitRebate(988_000n)).toEqual({ rebate: 978_120n, nonRefundable: 9_880n });
    expect(splitRebate(50n)).toEqual({ rebate: 50n, nonRefundable: 0n });
    expect(splitRebate(51n)).toEqual({ rebate: 50n, nonRefundable: 1n });
  });
});

let world: World;
beforeEach(async () => {
  world = await World.create({}, [1000n, 10n, 10n]);
});

function transaction(
  build: (ptb: Ptb) => void,
  payment: readonly LedgerObject[],
  budget = 10_000_000n,
): TransactionData {
  const ptb = new Ptb();
  build(ptb);
  return {
    kind: { kind: 'programmable', ...ptb.programmable },
    sender: world.a,
    gasData: { payment: payment.map(refOf), owner: world.a, price: 1000n, budget },
    expiration: { kind: 'none' },
  };
}

describe('payment', () => {
  it('smashes all coins into the first, also when the transaction fails', async () => {
    const { id } = await world.publish('lab', LAB);
    const coins = [...world.coins(world.a)].reverse();
    const total = coins.reduce((sum, { coinBalance }) => sum + coinBalance!, 0n);
    const data = transaction((p) => p.call(`${id}::lab::refuse`), coins);
    const { effects, balanceChanges } = await world.sign(data, world.alice);
    expect(effects.status.success).toBe(false);
    const { computationCost, storageCost: storage, storageRebate } = effects.gasUsed;
    const cost = computationCost + storage - storageRebate;
    expect(world.coins(world.a)).toMatchObject([
      { objectId: coins[0]!.objectId, coinBalance: total - cost },
    ]);
    expect(effects.changedObjects[effects.gasObjectIndex!]!.objectId).toBe(coins[0]!.objectId);
    expect(balanceChanges).toMatchObject([{ address: world.a, amount: -cost }]);
  });

  it('a gas coin sent away pays from where it is', async () => {
    const [coin] = world.coins(world.a);
    const data = transaction((p) => p.transfer([GAS], p.address(world.b)), [coin!]);
    const { effects } = await world.sign(data, world.alice);
    expect(effects.status).toEqual({ success: true });
    const moved = world.object(coin!.objectId);
    expect(moved.owner).toEqual({ kind: 'address', address: world.b });
    const { computationCost, storageCost: storage, storageRebate } = effects.gasUsed;
    expect(moved.coinBalance).toBe(coin!.coinBalance! - computationCost - storage + storageRebate);
    expect(effects.gasObjectIndex).toBeDefined();
  });

  it('the budget is out of reach for commands', async () => {
    const [coin] = world.coins(world.a);
    const spend = (amount: bigint) =>
      transaction((p) => p.transfer([p.split(GAS, [p.u64(amount)])], p.address(world.b)), [coin!]);
    const all = coin!.coinBalance! - 10_000_000n;
    const { effects } = await world.sign(spend(all + 1n), world.alice);
    expect(effects.status).toMatchObject({ error: { kind: 'InsufficientCoinBalance' } });
  });

  it('a split that leaves exactly the budget succeeds', async () => {
    const [coin] = world.coins(world.a);
    const all = coin!.coinBalance! - 10_000_000n;
    const data = transaction(
      (p) => p.transfer([p.split(GAS, [p.u64(all)])], p.address(world.b)),
      [coin!],
    );
    expect((await world.sign(data, world.alice)).effects.status).toEqual({ success: true });
  });
});

describe('running out', () => {
  it('of computation: the whole budget', async () => {
    const { id } = await world.publish('lab', LAB);
    const [coin] = world.coins(world.a);
    const data = transaction((p) => p.call(`${id}::lab::spin`), [coin!], 3_000_000n);
    const { effects } = await world.sign(data, world.alice);
    expect(effects.status).toMatchObject({ error: { kind: 'InsufficientGas' }, command: 0 });
    expect(effects.gasUsed).toEqual({
      computationCost: 3_000_000n,
      storageCost: 0n,
      storageRebate: 0n,
      nonRefundableStorageFee: 0n,
    });
    expect(world.object(coin!.objectId).coinBalance).toBe(coin!.coinBalance! - 3_000_000n);
    expect(world.object(coin!.objectId).storageRebate).toBe(coin!.storageRebate);
  });

  it('of storage: writes are dropped, inputs charged', async () => {
    await world.ledger.fund(world.a, [5_000_000_000_000n]);
    const [coin] = world.coins(world.a);
    const many = (p: Ptb) => {
      const amounts = new Array(10).fill(0).map(() => p.u64(1));
      const split = p.split(GAS, amounts);
      p.transfer(
        amounts.map((_, i) => Ptb.nested(split, i)),
        p.address(world.b),
      );
    };
    const data = transaction(many, [coin!], 5_000_000n);
    const { effects } = await world.sign(data, world.alice);
    expect(effects.status).toMatchObject({ error: { kind: 'InsufficientGas' } });
    expect(effects.changedObjects).toHaveLength(1);
    expect(effects.gasUsed).toMatchObject({ computationCost: 1_000_000n, storageCost: 988_000n });
  });
});

describe('simulation', () => {
  const transfer = () => {
    const ptb = new Ptb();
    ptb.transfer([ptb.split(GAS, [ptb.u64(7)])], ptb.address(world.b));
    return ptb;
  };

  it('without selection runs on the mock coin, for anybody', () => {
    const { transaction: data, effects } = world.simulate(transfer(), `0x${'7'.repeat(64)}`, {
      selectGas: false,
    });
    expect(effects.status).toEqual({ success: true });
    expect(data.gasData).toMatchObject({
      payment: [{ objectId: MOCK_COIN_ID, version: 1n }],
      budget: MAX_GAS_BUDGET,
      price: 1000n,
    });
    expect(effects.changedObjects.at(-1)?.objectId).toBe(MOCK_COIN_ID);
    expect(world.ledger.object(MOCK_COIN_ID)).toBeUndefined();
    expect(MOCK_COIN_BALANCE).toBe(10n ** 18n);
  });

  it('selects as few coins as it needs, largest first; all if the gas coin is used', async () => {
    const empty = world.simulate(new Ptb());
    expect(empty.transaction.gasData.payment).toHaveLength(1);
    expect(empty.transaction.gasData.payment[0]!.objectId).toBe(world.coins(world.a)[0]!.objectId);
    const spending = world.simulate(transfer());
    expect(spending.transaction.gasData.payment).toHaveLength(3);
    const input = new Ptb();
    input.object(world.coins(world.a)[0]!);
    const rest = world.simulate(input).transaction.gasData.payment;
    expect(rest.map(({ objectId }) => objectId)).not.toContain(world.coins(world.a)[0]!.objectId);
  });

  it('says when there is not enough', () => {
    const poor = `0x${'3'.repeat(64)}`;
    expect(() => world.simulate(new Ptb(), poor)).toThrow(
      new RegExp(`^Unable to perform gas selection .* for account ${poor} to satisfy`),
    );
    const payment = [refOf(world.coins(world.a)[2]!)];
    const ptb = new Ptb();
    for (let i = 0; i < 1024; i++) ptb.makeVec('u8', []);
    expect(() =>
      world.simulate(ptb, world.a, { gas: { payment, price: 40_000_000_000n } }),
    ).toThrow(
      /^Insufficient gas balance to cover estimated transaction cost\. Available gas balance: 10000000000 MIST/,
    );
  });

  it('checks price and budget, and leaves no trace', () => {
    expect(() => world.simulate(new Ptb(), world.a, { gas: { price: 1n } })).toThrow(
      /under reference/,
    );
    expect(() => world.simulate(new Ptb(), world.a, { gas: { budget: 1n } })).toThrow(
      /lower than min/,
    );
    const info = world.ledger.info();
    const coins = world.coins(world.a);
    world.simulate(transfer());
    expect(world.ledger.info()).toEqual(info);
    expect(world.coins(world.a)).toEqual(coins);
  });

  it('with checks disabled takes any gas figures', () => {
    const inspect = (gas: object) =>
      world.simulate(transfer(), world.a, { checks: 'disabled', selectGas: true, gas });
    expect(inspect({ price: 0n }).effects.status).toEqual({ success: true });
    expect(inspect({ budget: 0n }).effects.status).toMatchObject({
      error: { kind: 'InsufficientGas' },
    });
    const payment = [refOf(world.coins(world.b)[2]!)];
    expect(inspect({ payment, budget: 10_000_000n }).effects.status).toEqual({ success: true });
  });
});
