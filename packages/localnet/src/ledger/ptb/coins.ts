/**
 * SplitCoins and MergeCoins (sui-ledger.md §6.5), on coin values directly.
 *
 * A `Coin<T>` is `{ id: UID { id: ID { bytes } }, balance: Balance { value } }`.
 */
import { objectIdOf, type Slot, u64FromBigInt, type Value } from '../vm.ts';
import { fail } from './failure.ts';
import type { PlannedCommand } from './plan.ts';
import { type Run, setResult, takeUsage } from './run.ts';

const MAX_U64 = 2n ** 64n - 1n;

export function splitCoins(
  run: Run,
  index: number,
  command: Extract<PlannedCommand, { kind: 'splitCoins' }>,
): void {
  const amounts = command.amounts.map((usage) => toBigInt(takeUsage(run, usage).value));
  const balance = balanceCell(run.slot(command.coin.location));
  const total = amounts.reduce((sum, amount) => sum + amount, 0n);
  if (total > MAX_U64) fail('CoinBalanceOverflow');
  if (total > balance.get()) fail('InsufficientCoinBalance');
  balance.set(balance.get() - total);
  for (const [i, amount] of amounts.entries()) {
    const value: Value = [[[run.objects.freshId()]], [u64FromBigInt(amount)]];
    setResult(run, index, i, run.session.slot(command.coinType, value));
  }
}

export function mergeCoins(
  run: Run,
  command: Extract<PlannedCommand, { kind: 'mergeCoins' }>,
): void {
  const target = balanceCell(run.slot(command.target.location));
  let total = target.get();
  for (const usage of command.sources) {
    const { value } = takeUsage(run, usage);
    total += balanceOf(value);
    if (total > MAX_U64) fail('CoinBalanceOverflow');
    run.objects.recordDeleted(objectIdOf(value));
  }
  target.set(total);
}

function toBigInt(value: Value | undefined): bigint {
  if (typeof value === 'number' || typeof value === 'bigint') return BigInt(value);
  return fail('VMInvariantViolation');
}

/** The `Balance` struct of a coin value. */
function balanceStruct(coin: Value): Value[] {
  const balance = Array.isArray(coin) ? coin[1] : undefined;
  if (!Array.isArray(balance)) return fail('VMInvariantViolation');
  return balance;
}

function balanceOf(coin: Value): bigint {
  return toBigInt(balanceStruct(coin)[0]);
}

function balanceCell(slot: Slot): { get(): bigint; set(value: bigint): void } {
  const struct = balanceStruct(slot.peek());
  return {
    get: () => toBigInt(struct[0]),
    set: (value) => {
      struct[0] = u64FromBigInt(value);
    },
  };
}
