/** The wallet's transactions on the embedded chain: what they may cost, and what is told when they fail. */

import { join } from 'node:path';
import { Ed25519Keypair } from '@mysten/sui/keypairs/ed25519';
import { Transaction } from '@mysten/sui/transactions';
import { toBase64 } from '@seal-ts/protocol';
import {
  buildTransaction,
  createdObject,
  execute,
  executeBase64,
  findExecuted,
  gasCoins,
  MAX_ESTIMATED_BUDGET,
  ROOMY_BUDGET,
  Wallet,
} from '@seal-ts/wallet';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Person, World } from './world.ts';

let world: World;
let person: Person;
let wallet: Wallet;
beforeAll(async () => {
  world = await World.start();
  person = await world.person('a');
  wallet = Wallet.open(join(person.home, 'client.yaml'));
});
afterAll(() => world?.close());

const key = () => wallet.key(person.address);
const code = (text: string) => expect.objectContaining({ code: text });

function split(amount: bigint): Transaction {
  const transaction = new Transaction();
  const coins = transaction.splitCoins(transaction.gas, [amount]);
  transaction.transferObjects([coins], person.address);
  return transaction;
}

function abort(): Transaction {
  const transaction = new Transaction();
  transaction.moveCall({
    target: '0x2::coin::from_balance',
    typeArguments: ['0x2::sui::SUI'],
    arguments: [
      transaction.moveCall({
        target: '0x2::balance::split',
        typeArguments: ['0x2::sui::SUI'],
        arguments: [
          transaction.moveCall({ target: '0x2::balance::zero', typeArguments: ['0x2::sui::SUI'] }),
          transaction.pure.u64(1),
        ],
      }),
    ],
  });
  return transaction;
}

async function budgetOf(spending: { sender: string; gasBudget?: bigint }): Promise<bigint> {
  const bytes = await buildTransaction(world.client, split(1n), { ...spending, purpose: 'a test' });
  return BigInt(Transaction.from(bytes).getData().gasData.budget ?? 0);
}

describe('transactions of a wallet', () => {
  it('leave room for what others do meanwhile, or have the budget that was given', async () => {
    expect(await budgetOf({ sender: person.address })).toBe(ROOMY_BUDGET);
    expect(ROOMY_BUDGET).toBeLessThan(MAX_ESTIMATED_BUDGET);
    expect(await budgetOf({ sender: person.address, gasBudget: 12_345_678n })).toBe(12_345_678n);
  });

  it('have the budget of the estimate where there is not more', async () => {
    const poor = Ed25519Keypair.generate().toSuiAddress();
    await world.localnet.ledger.fund(poor, [ROOMY_BUDGET - 1n]);
    const budget = await budgetOf({ sender: poor });
    expect(budget).toBeGreaterThan(0n);
    expect(budget).toBeLessThan(ROOMY_BUDGET);
    await world.localnet.ledger.fund(poor, [2n]);
    expect(await budgetOf({ sender: poor })).toBe(ROOMY_BUDGET);
  });

  it('answer what they created, and can be looked up', async () => {
    const bytes = await buildTransaction(world.client, split(7n), {
      sender: person.address,
      purpose: 'a test',
    });
    expect(await findExecuted(world.client, bytes, 'a test')).toBeUndefined();
    const executed = await executeBase64(
      world.client,
      (owner) => wallet.key(owner),
      toBase64(bytes),
    );
    expect(await findExecuted(world.client, bytes, 'a test')).toEqual(executed);
    const coin = createdObject(executed, (type) => type.includes('::coin::Coin<'), 'coin');
    const coins = await gasCoins(world.client, person.address);
    expect(coins).toContainEqual({ objectId: coin, balance: 7n });
    expect(() => createdObject(executed, () => false, 'nothing')).toThrow(
      code('TRANSACTION_FAILED'),
    );
  });

  it('say who cannot pay', async () => {
    const poor = person.address.replace(/..$/, '00');
    const attempt = buildTransaction(world.client, split(1n), {
      sender: poor,
      gasBudget: 10_000_000n,
      purpose: 'a test',
    });
    await expect(attempt).rejects.toThrow(code('NO_GAS'));
    await expect(attempt).rejects.toThrow(poor);
  });

  it('are not sent when they would fail', async () => {
    const attempt = execute(world.client, key(), abort(), { purpose: 'a test' });
    await expect(attempt).rejects.toThrow(code('TRANSACTION_NOT_SENT'));
    await expect(attempt).rejects.toThrow(/^a test: nothing was sent/);
  });

  it.each([
    ['no Base64', '***'],
    ['no transaction', 'AAAA'],
    ['too long', 'A'.repeat(4 * 60_000)],
  ])('given as text are refused: %s', async (_, text) => {
    const attempt = executeBase64(world.client, () => key(), text);
    await expect(attempt).rejects.toThrow(code('BAD_INPUT'));
  });

  it('say when the node cannot be asked', async () => {
    await world.localnet.close();
    await expect(gasCoins(world.client, person.address)).rejects.toThrow(
      code('TRANSACTION_NOT_SENT'),
    );
  });
});
