/**
 * Opens the chain that a store holds, or makes a new one in it.
 */
import { nobleEngine } from '@seal-ts/crypto/noble';
import { frameworkNatives } from '../natives/index.ts';
import type { LedgerDeps, LedgerOptions, TimerPort } from './api.ts';
import { balanceChanges } from './balance-changes.ts';
import { encodeEffects } from './bcs/effects.ts';
import { CheckpointBuilder } from './checkpoints.ts';
import { LedgerClock } from './clock.ts';
import { digestOf } from './digests.ts';
import { LedgerError } from './errors.ts';
import { type Faucet, faucetOf } from './faucet.ts';
import { makeGenesis } from './genesis.ts';
import { DEFAULT_REFERENCE_GAS_PRICE, MAX_GAS_PRICE, PROTOCOL_VERSION } from './limits.ts';
import { objectVersions } from './settlement.ts';
import { LedgerState } from './state.ts';
import { MemoryStore } from './store/memory.ts';
import type { StorePort } from './store/port.ts';
import type { EpochRecord, ExecutedTransaction } from './types/records.ts';
import { MoveRuntime } from './vm.ts';

const DEFAULT_CHECKPOINT_MS = 250;
const DEFAULT_HEARTBEAT_MS = 1000;
const SEED_BYTES = 32;

/** Everything a ledger stands on. */
export interface LedgerParts {
  readonly state: LedgerState;
  readonly runtime: MoveRuntime;
  readonly clock: LedgerClock;
  readonly checkpoints: CheckpointBuilder;
  readonly faucet: Faucet;
  readonly referenceGasPrice: bigint;
  readonly timers: TimerPort | undefined;
  readonly checkpointMs: number;
  readonly heartbeatMs: number;
}

/**
 * @throws LedgerError `LEDGER_INVALID_ARGUMENT` for wrong options, `LEDGER_INVARIANT` for a
 * wrong store
 */
export function openChain(options: LedgerOptions, deps: LedgerDeps): LedgerParts {
  const wall = deps.now ?? Date.now;
  const store = deps.store ?? new MemoryStore();
  const referenceGasPrice = options.referenceGasPrice ?? DEFAULT_REFERENCE_GAS_PRICE;
  if (referenceGasPrice < 1n || referenceGasPrice >= MAX_GAS_PRICE) {
    throw new LedgerError(
      'LEDGER_INVALID_ARGUMENT',
      `referenceGasPrice: expected 1 to ${MAX_GAS_PRICE - 1n}, got ${referenceGasPrice}`,
    );
  }
  const isNew = store.transactionCount() === 0n;
  const start = BigInt(Math.floor(wall()));
  const seed = isNew ? newSeed(options, deps) : store.seed();
  if (seed === undefined) {
    throw new LedgerError('LEDGER_INVARIANT', 'store: has transactions but no seed; use a new one');
  }
  const faucet = faucetOf(seed);
  const genesis = isNew
    ? makeGenesis({
        framework: deps.framework,
        timestampMs: start,
        treasury: faucet.address,
        accounts: options.accounts ?? [],
        seed,
      })
    : undefined;
  const state = new LedgerState(store);
  const clock = new LedgerClock(wall, latestTimestamp(store) ?? start);
  if (genesis !== undefined) commitGenesis(state, genesis, { start, seed, referenceGasPrice });
  const epoch = store.epoch(store.epochCount() - 1n)!;
  const checkpoints = new CheckpointBuilder(state, clock, { referenceGasPrice }, epoch);
  if (isNew) checkpoints.sealGenesis(store.transactionAt(0n)!, start);
  const runtime = new MoveRuntime(
    { natives: frameworkNatives({ engine: deps.engine ?? nobleEngine }) },
    { packages: state },
  );
  return {
    state,
    runtime,
    clock,
    checkpoints,
    faucet,
    referenceGasPrice,
    timers: deps.timers === null ? undefined : (deps.timers ?? systemTimers),
    checkpointMs: options.checkpointIntervalMs ?? DEFAULT_CHECKPOINT_MS,
    heartbeatMs: options.heartbeatMs ?? DEFAULT_HEARTBEAT_MS,
  };
}

function newSeed(options: LedgerOptions, deps: LedgerDeps): Uint8Array {
  const random = deps.random ?? ((length) => crypto.getRandomValues(new Uint8Array(length)));
  const seed = options.seed ?? random(SEED_BYTES);
  if (seed.length !== SEED_BYTES) {
    throw new LedgerError(
      'LEDGER_INVALID_ARGUMENT',
      `seed: expected ${SEED_BYTES} bytes, got ${seed.length}`,
    );
  }
  return seed;
}

function latestTimestamp(store: StorePort): bigint | undefined {
  const count = store.checkpointCount();
  return count === 0n ? undefined : store.checkpoint(count - 1n)!.timestampMs;
}

function commitGenesis(
  state: LedgerState,
  genesis: ReturnType<typeof makeGenesis>,
  facts: { start: bigint; seed: Uint8Array; referenceGasPrice: bigint },
): void {
  const { objects, transaction, transactionBytes, effects } = genesis;
  const effectsBytes = encodeEffects(effects);
  const executed: ExecutedTransaction = {
    digest: effects.transactionDigest,
    transaction,
    transactionBytes,
    signatures: [],
    effects,
    effectsBytes,
    effectsDigest: digestOf('TransactionEffects', effectsBytes),
    events: [],
    balanceChanges: balanceChanges([], objects),
    objectVersions: objectVersions({ replaced: [], written: objects }),
    sequence: 0n,
    checkpoint: undefined,
    timestampMs: undefined,
  };
  const epoch: EpochRecord = {
    epoch: 0n,
    firstCheckpoint: 0n,
    lastCheckpoint: undefined,
    startTimestampMs: facts.start,
    endTimestampMs: undefined,
    referenceGasPrice: facts.referenceGasPrice,
    protocolVersion: PROTOCOL_VERSION,
  };
  state.commit({
    written: objects,
    removed: [],
    transactions: [executed],
    epochs: [epoch],
    seed: facts.seed,
  });
}

const systemTimers: TimerPort = {
  after(ms, callback) {
    const timer = setTimeout(callback, ms);
    timer.unref();
    return () => clearTimeout(timer);
  },
};
