/**
 * Running one transaction against a state: loading, checking, executing, settling.
 */
import { encodeTransactionData } from './bcs/transaction.ts';
import { greatest, least } from './bigints.ts';
import { checkForm, checkProgrammable, requireProgrammable } from './checks/form.ts';
import {
  checkGasBalance,
  checkGasParameters,
  loadInputs,
  type ObjectSource,
} from './checks/inputs.ts';
import { digestOf } from './digests.ts';
import { executeCommands } from './execute.ts';
import { makeFrame } from './frame.ts';
import { type Settlement, settle } from './settlement.ts';
import type { LedgerState } from './state.ts';
import type { LedgerObject } from './types/object.ts';
import type { CommandOutput } from './types/records.ts';
import type { TransactionData } from './types/transaction.ts';
import type { MoveRuntime } from './vm.ts';

/** What a run needs to know of the chain. */
export interface ChainFacts {
  readonly epoch: bigint;
  readonly epochTimestampMs: bigint;
  readonly referenceGasPrice: bigint;
  readonly chainId: string;
}

export interface RunOptions {
  readonly checks: 'enabled' | 'disabled';
  readonly collectOutputs: boolean;
  /** A coin that exists only in this run. */
  readonly mockCoin?: LedgerObject | undefined;
}

export interface TransactionRun extends Settlement {
  readonly digest: string;
  readonly transactionBytes: Uint8Array;
  readonly outputs: readonly CommandOutput[];
}

export interface RunDeps {
  readonly state: LedgerState;
  readonly runtime: MoveRuntime;
}

/** Checks and runs in one go; throws RejectedTransaction before execution, changes nothing. */
export function runTransaction(
  data: TransactionData,
  chain: ChainFacts,
  options: RunOptions,
  deps: RunDeps,
): TransactionRun {
  return prepareTransaction(data, chain, options, deps, encodeTransactionData(data))();
}

/** Checks a transaction; throws RejectedTransaction. Answers what runs it on the same state. */
export function prepareTransaction(
  data: TransactionData,
  chain: ChainFacts,
  options: RunOptions,
  deps: RunDeps,
  transactionBytes: Uint8Array,
): () => TransactionRun {
  const { checks, collectOutputs, mockCoin } = options;
  const { state, runtime } = deps;
  const programmable = requireProgrammable(data);
  if (checks === 'enabled') checkForm(data, chain);
  else checkProgrammable(programmable, data.gasData.payment.length);
  const source = mockCoin === undefined ? state : withMock(state, mockCoin);
  if (checks === 'enabled') checkGasParameters(data.gasData, chain.referenceGasPrice);
  const loaded = loadInputs(data, programmable, { source, checks });
  if (checks === 'enabled') checkGasBalance(data.gasData, loaded.gasCoins);
  return () => {
    const digest = digestOf('TransactionData', transactionBytes);
    const effective = checks === 'enabled' ? data : withUncheckedGas(data, loaded.gasCoins);
    const frame = makeFrame(effective, digest, chain.epoch, loaded);
    const execution = executeCommands(frame, programmable, loaded, {
      runtime,
      live: (id) => source.live(id),
      epochTimestampMs: chain.epochTimestampMs,
      referenceGasPrice: chain.referenceGasPrice,
      checks,
      collectOutputs,
    });
    const settlement = settle(frame, execution);
    const outputs = settlement.effects.status.success ? execution.outputs : [];
    return { ...settlement, digest, transactionBytes, outputs };
  };
}

/** With checks disabled gas may be anything: held to what the coins have, at a price above zero. */
function withUncheckedGas(
  data: TransactionData,
  gasCoins: readonly LedgerObject[],
): TransactionData {
  const { gasData } = data;
  const balance = gasCoins.reduce((sum, { coinBalance }) => sum + (coinBalance ?? 0n), 0n);
  const budget = least(gasData.budget, balance);
  const price = greatest(gasData.price, 1n);
  return { ...data, gasData: { ...gasData, budget, price } };
}

function withMock(state: LedgerState, coin: LedgerObject): ObjectSource {
  return {
    live: (id) => (id === coin.objectId ? coin : state.live(id)),
    atVersion: (id, version) => (id === coin.objectId ? coin : state.atVersion(id, version)),
  };
}
