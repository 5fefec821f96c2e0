/**
 * Balance changes (sui-ledger.md §9): outputs minus inputs over all coins that have an owner with
 * an address, for each (address, coin type); gas included, zeros dropped, sorted.
 */
import { coinTypeOf, typeText } from './type-text.ts';
import type { BalanceChange } from './types/effects.ts';
import type { LedgerObject } from './types/object.ts';

export function balanceChanges(
  inputs: readonly LedgerObject[],
  outputs: readonly LedgerObject[],
): readonly BalanceChange[] {
  const totals = new Map<string, { address: string; coinType: string; amount: bigint }>();
  const add = (object: LedgerObject, sign: bigint): void => {
    const balance = object.coinBalance;
    const { owner, data } = object;
    if (balance === undefined || data.kind === 'package') return;
    if (owner.kind === 'shared' || owner.kind === 'immutable') return;
    const coinType = typeText(coinTypeOf(data.type)!);
    const key = `${owner.address} ${coinType}`;
    const total = totals.get(key) ?? { address: owner.address, coinType, amount: 0n };
    total.amount += sign * balance;
    totals.set(key, total);
  };
  for (const object of inputs) add(object, -1n);
  for (const object of outputs) add(object, 1n);
  return [...totals]
    .filter(([, { amount }]) => amount !== 0n)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, change]) => change);
}
