/**
 * Simulation (sui-ledger.md §8.2–§8.5): fills in gas, runs the transaction, keeps nothing.
 */
import { balanceChanges } from './balance-changes.ts';
import { encodeEffects } from './bcs/effects.ts';
import { BcsWriter } from './bcs/writer.ts';
import { greatest, least } from './bigints.ts';
import { digestOf, ZERO_DIGEST } from './digests.ts';
import { RejectedTransaction } from './errors.ts';
import {
  GAS_ROUNDING_STEP,
  MAX_GAS_BUDGET,
  MAX_GAS_PAYMENT_OBJECTS,
  MAX_INPUT_OBJECTS,
} from './limits.ts';
import { moveData, ObjectRecord } from './object.ts';
import {
  type ChainFacts,
  type RunDeps,
  runTransaction,
  type TransactionRun,
} from './transactions.ts';
import { SUI_COIN_TEXT, SUI_COIN_TYPE } from './type-text.ts';
import type { BalanceChange } from './types/effects.ts';
import type { LedgerObject } from './types/object.ts';
import type { SimulationResult } from './types/records.ts';
import type { SimulateRequest } from './types/requests.ts';
import type {
  Argument,
  Command,
  GasData,
  ObjectRef,
  TransactionData,
} from './types/transaction.ts';

/** Balance of the mock gas coin: a billion SUI. */
export const MOCK_COIN_BALANCE = 1_000_000_000_000_000_000n;
export const MOCK_COIN_ID = `0x${'f'.repeat(64)}`;
/** Gas units of safety on top of a measured cost. */
const ESTIMATE_OVERHEAD_UNITS = 1000n;
/** Units for reading one more gas coin: 40 bytes at 15 units. */
const COIN_READ_UNITS = 600n;

export function simulate(
  request: SimulateRequest,
  chain: ChainFacts,
  deps: RunDeps,
): SimulationResult {
  const select = request.selectGas && request.checks === 'enabled';
  const resolved = select
    ? selectGas(request, chain, deps)
    : { gas: withoutSelection(request, chain, deps), needsMock: isUnpaid(request) };
  const data = dataOf(request, resolved.gas);
  const mockCoin = resolved.needsMock ? mockGasCoin(resolved.gas.owner) : undefined;
  const { checks } = request;
  const run = runTransaction(data, chain, { checks, collectOutputs: true, mockCoin }, deps);
  return new Simulation(data, run);
}

/** The answer; bytes and digests are made when somebody reads them. */
class Simulation implements SimulationResult {
  readonly transaction: TransactionData;
  readonly #run: TransactionRun;
  #effectsBytes: Uint8Array | undefined;
  #balanceChanges: readonly BalanceChange[] | undefined;

  constructor(transaction: TransactionData, run: TransactionRun) {
    this.transaction = transaction;
    this.#run = run;
  }

  get digest(): string {
    return this.#run.digest;
  }
  get transactionBytes(): Uint8Array {
    return this.#run.transactionBytes;
  }
  get effects(): SimulationResult['effects'] {
    return this.#run.effects;
  }
  get effectsBytes(): Uint8Array {
    this.#effectsBytes ??= encodeEffects(this.#run.effects);
    return this.#effectsBytes;
  }
  get effectsDigest(): string {
    return digestOf('TransactionEffects', this.effectsBytes);
  }
  get events(): SimulationResult['events'] {
    return this.#run.events;
  }
  get balanceChanges(): readonly BalanceChange[] {
    this.#balanceChanges ??= balanceChanges(this.#run.replaced, this.#run.written);
    return this.#balanceChanges;
  }
  get commandOutputs(): SimulationResult['commandOutputs'] {
    return this.#run.outputs;
  }
  get objects(): readonly LedgerObject[] {
    return [...this.#run.replaced, ...this.#run.written];
  }
}

interface ResolvedGas {
  readonly gas: GasData;
  readonly needsMock: boolean;
}

function isUnpaid(request: SimulateRequest): boolean {
  return (request.gas.payment ?? []).length === 0;
}

function dataOf(request: SimulateRequest, gasData: GasData): TransactionData {
  return {
    kind: { kind: 'programmable', ...request.programmable },
    sender: request.sender,
    gasData,
    expiration: request.expiration ?? { kind: 'none' },
  };
}

function refOf({ objectId, version, digest }: LedgerObject): ObjectRef {
  return { objectId, version, digest };
}

const mockCoins = new Map<string, LedgerObject>();
/** Owners whose mock coin is remembered; the cache starts afresh beyond. */
const MAX_MOCK_COINS = 1024;

function mockGasCoin(owner: string): LedgerObject {
  let coin = mockCoins.get(owner);
  if (coin === undefined) {
    const contents = new BcsWriter().address(MOCK_COIN_ID).u64(MOCK_COIN_BALANCE).toBytes();
    coin = new ObjectRecord({
      objectId: MOCK_COIN_ID,
      version: 1n,
      owner: { kind: 'address', address: owner },
      data: moveData(SUI_COIN_TYPE, contents, true),
      previousTransaction: ZERO_DIGEST,
      storageRebate: 0n,
    });
    if (mockCoins.size >= MAX_MOCK_COINS) mockCoins.clear();
    mockCoins.set(owner, coin);
  }
  return coin;
}

/** §8.3: what was given, else defaults and the mock coin. */
function withoutSelection(request: SimulateRequest, chain: ChainFacts, deps: RunDeps): GasData {
  const { price = chain.referenceGasPrice, owner = request.sender } = request.gas;
  if (isUnpaid(request)) {
    const { budget = MAX_GAS_BUDGET } = request.gas;
    return { payment: [refOf(mockGasCoin(owner))], owner, price, budget };
  }
  const payment = request.gas.payment!;
  const { budget = least(MAX_GAS_BUDGET, balanceOf(payment, deps)) } = request.gas;
  return { payment, owner, price, budget };
}

function balanceOf(payment: readonly ObjectRef[], { state }: RunDeps): bigint {
  return payment.reduce((sum, ref) => sum + (state.live(ref.objectId)?.coinBalance ?? 0n), 0n);
}

/** §8.2: estimates the budget and chooses coins, as far as they were not given. */
function selectGas(request: SimulateRequest, chain: ChainFacts, deps: RunDeps): ResolvedGas {
  const { price = chain.referenceGasPrice, owner = request.sender } = request.gas;
  const estimated = request.gas.budget === undefined;
  const budget = request.gas.budget ?? estimateBudget(request, price, owner, chain, deps);
  if (!isUnpaid(request)) {
    const payment = request.gas.payment!;
    const available = balanceOf(payment, deps);
    if (estimated && available < budget) {
      throw new RejectedTransaction(
        'GasSelection',
        `Insufficient gas balance to cover estimated transaction cost. ` +
          `Available gas balance: ${available} MIST. Estimated gas budget required: ${budget} MIST`,
        { rejectionClass: 'request' },
      );
    }
    return { gas: { payment, owner, price, budget }, needsMock: false };
  }
  const chosen = chooseCoins(request, { owner, price, budget, estimated }, deps);
  return {
    gas: { payment: chosen.payment, owner, price, budget: chosen.budget },
    needsMock: false,
  };
}

function estimateBudget(
  request: SimulateRequest,
  price: bigint,
  owner: string,
  chain: ChainFacts,
  deps: RunDeps,
): bigint {
  const coin = mockGasCoin(owner);
  const gas: GasData = { payment: [refOf(coin)], owner, price, budget: MAX_GAS_BUDGET };
  const run = runTransaction(
    dataOf(request, gas),
    chain,
    { checks: 'enabled', collectOutputs: false, mockCoin: coin },
    deps,
  );
  const { computationCost, storageCost, storageRebate } = run.effects.gasUsed;
  const mockStorage =
    run.written.find(({ objectId }) => objectId === MOCK_COIN_ID)?.storageRebate ?? 0n;
  const net = computationCost + storageCost - mockStorage - storageRebate;
  const cost = greatest(net, computationCost);
  return least(MAX_GAS_BUDGET, cost + ESTIMATE_OVERHEAD_UNITS * chain.referenceGasPrice);
}

interface CoinWish {
  readonly owner: string;
  readonly price: bigint;
  readonly budget: bigint;
  /** The budget may grow with the number of coins. */
  readonly estimated: boolean;
}

/**
 * The owner's richest coins until they cover the budget; all of them if a command uses the gas
 * coin,
 * for nobody knows how much it will take from it.
 */
function chooseCoins(
  request: SimulateRequest,
  wish: CoinWish,
  { state }: RunDeps,
): { payment: readonly ObjectRef[]; budget: bigint } {
  const used = inputIds(request);
  const most = Math.min(
    MAX_GAS_PAYMENT_OBJECTS,
    MAX_INPUT_OBJECTS - request.programmable.inputs.length,
  );
  const takeAll = request.programmable.commands.some(usesGasCoin);
  const payment: ObjectRef[] = [];
  let balance = 0n;
  let budget = wish.budget;
  for (const coin of state.indexes.owned(wish.owner)) {
    if (payment.length >= most || (!takeAll && payment.length > 0 && balance >= budget)) break;
    if (coin.objectType !== SUI_COIN_TEXT || coin.owner.kind !== 'address') continue;
    if (used.has(coin.objectId)) continue;
    payment.push(refOf(coin));
    balance += coin.coinBalance ?? 0n;
    if (wish.estimated)
      budget = least(MAX_GAS_BUDGET, wish.budget + readCost(payment.length, wish.price));
  }
  if (payment.length === 0 || balance < budget) {
    throw new RejectedTransaction(
      'GasSelection',
      `Unable to perform gas selection due to insufficient SUI balance (in address balance or ` +
        `coins) for account ${wish.owner} to satisfy required budget ${budget}.`,
      { rejectionClass: 'request' },
    );
  }
  return { payment, budget };
}

/** Reading the coins beyond the first, in whole rounding steps. */
function readCost(coins: number, price: bigint): bigint {
  const units = BigInt(coins - 1) * COIN_READ_UNITS;
  return ((units + GAS_ROUNDING_STEP - 1n) / GAS_ROUNDING_STEP) * GAS_ROUNDING_STEP * price;
}

function inputIds({ programmable }: SimulateRequest): ReadonlySet<string> {
  const ids = new Set<string>();
  for (const input of programmable.inputs) {
    if (input.kind === 'immutableOrOwned' || input.kind === 'receiving')
      ids.add(input.ref.objectId);
  }
  return ids;
}

function usesGasCoin(command: Command): boolean {
  const isGas = ({ kind }: Argument): boolean => kind === 'gasCoin';
  switch (command.kind) {
    case 'moveCall':
      return command.arguments.some(isGas);
    case 'transferObjects':
      return command.objects.some(isGas);
    case 'splitCoins':
      return isGas(command.coin);
    case 'mergeCoins':
      return isGas(command.target) || command.sources.some(isGas);
    case 'makeMoveVec':
      return command.elements.some(isGas);
    default:
      return false;
  }
}
