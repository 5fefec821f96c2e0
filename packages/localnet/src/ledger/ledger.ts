import type {
  ClockAdvance,
  FundedCoin,
  LedgerApi,
  LedgerDeps,
  LedgerOptions,
  ServiceInfo,
  SignatureScope,
  SignatureVerdict,
} from './api.ts';
import { balanceChanges } from './balance-changes.ts';
import { encodeEffects } from './bcs/effects.ts';
import { decodeTransactionData, encodeTransactionData } from './bcs/transaction.ts';
import { checkForm } from './checks/form.ts';
import { digestOf } from './digests.ts';
import { LedgerError, RejectedTransaction } from './errors.ts';
import { MAX_TRANSACTION_BYTES, PROTOCOL_VERSION } from './limits.ts';
import { type LedgerParts, openChain } from './open.ts';
import { LedgerQueries } from './queries.ts';
import { objectVersions } from './settlement.ts';
import { parseSigners, verifyAnySignature, verifySigners } from './signatures.ts';
import { simulate } from './simulate.ts';
import { CheckpointTimer } from './timer.ts';
import {
  type ChainFacts,
  prepareTransaction,
  type RunDeps,
  type RunOptions,
  type TransactionRun,
} from './transactions.ts';
import type {
  Checkpoint,
  EpochRecord,
  ExecutedTransaction,
  SimulationResult,
} from './types/records.ts';
import type { CheckpointListener, SimulateRequest } from './types/requests.ts';
import type { TransactionData } from './types/transaction.ts';

const RUN_OPTIONS: RunOptions = { checks: 'enabled', collectOutputs: false };

export class Ledger extends LedgerQueries implements LedgerApi {
  readonly #parts: LedgerParts;
  readonly #runDeps: RunDeps;
  readonly #timer: CheckpointTimer;
  #closed = false;

  /** Opens the chain in the store, or makes a new one. */
  static async create(options: LedgerOptions, deps: LedgerDeps): Promise<Ledger> {
    return new Ledger(openChain(options, deps));
  }

  private constructor(parts: LedgerParts) {
    super(parts.state, parts.runtime, parts.checkpoints);
    this.#parts = parts;
    this.#runDeps = { state: parts.state, runtime: parts.runtime };
    this.#timer = new CheckpointTimer(
      { checkpointMs: parts.checkpointMs, heartbeatMs: parts.heartbeatMs },
      { timers: parts.timers, clock: () => performance.now(), seal: () => this.createCheckpoint() },
    );
  }

  info(): ServiceInfo {
    this.#timer.touch();
    const { checkpoints, state, referenceGasPrice } = this.#parts;
    const latest = checkpoints.latest!;
    return {
      chainId: state.store.checkpoint(0n)!.digest,
      epoch: checkpoints.epoch.epoch,
      checkpointHeight: latest.sequenceNumber,
      timestampMs: latest.timestampMs,
      lowestAvailableCheckpoint: 0n,
      protocolVersion: PROTOCOL_VERSION,
      referenceGasPrice,
    };
  }

  #chain(): ChainFacts {
    const { checkpoints, state, referenceGasPrice } = this.#parts;
    const { epoch, startTimestampMs } = checkpoints.epoch;
    const chainId = state.store.checkpoint(0n)!.digest;
    return { epoch, epochTimestampMs: startTimestampMs, referenceGasPrice, chainId };
  }

  async execute(
    transactionBytes: Uint8Array,
    signatures: readonly Uint8Array[],
  ): Promise<ExecutedTransaction> {
    this.#requireOpen();
    this.#timer.touch();
    const data = this.decodeTransaction(transactionBytes);
    const digest = digestOf('TransactionData', transactionBytes);
    const known = this.transaction(digest);
    if (known !== undefined) return known;
    const { sender, gasData } = data;
    const required = gasData.owner === sender ? [sender] : [sender, gasData.owner];
    const signers = parseSigners(signatures, required);
    checkForm(data, this.#chain());
    await verifySigners(transactionBytes, signers);
    this.#requireOpen();
    return this.transaction(digest) ?? this.#apply(data, transactionBytes, signatures);
  }

  /** Runs and commits; the signatures have been checked. */
  #apply(
    data: TransactionData,
    transactionBytes: Uint8Array,
    signatures: readonly Uint8Array[],
  ): ExecutedTransaction {
    const { state, checkpoints, checkpointMs } = this.#parts;
    const prepare = () =>
      prepareTransaction(data, this.#chain(), RUN_OPTIONS, this.#runDeps, transactionBytes);
    // Checked before a commit is opened, since a rejected transaction must leave nothing; and again
    // if opening it moved the Clock, which may be an input.
    const prepared = prepare();
    const opened = checkpoints.begin() !== undefined;
    const run = (opened ? prepare() : prepared)();
    const executed = recordOf(data, run, signatures, state.store.transactionCount());
    const { written, removed } = run;
    state.commit({ written, removed, transactions: [executed] });
    checkpoints.add(executed);
    if (checkpointMs === 0) this.createCheckpoint();
    else this.#timer.schedule();
    return this.transaction(executed.digest)!;
  }

  simulate(request: SimulateRequest): SimulationResult {
    this.#timer.touch();
    return simulate(request, this.#chain(), this.#runDeps);
  }

  decodeTransaction(transactionBytes: Uint8Array): TransactionData {
    if (transactionBytes.length > MAX_TRANSACTION_BYTES) {
      throw new RejectedTransaction(
        'SizeLimitExceeded',
        `Size limit exceeded: serialized transaction size is ${MAX_TRANSACTION_BYTES}`,
      );
    }
    try {
      return decodeTransactionData(transactionBytes);
    } catch (error) {
      if (!(error instanceof LedgerError)) throw error;
      throw new RejectedTransaction('Deserialization', `invalid transaction: ${error.message}`, {
        rejectionClass: 'request',
      });
    }
  }

  encodeTransaction(transaction: TransactionData): Uint8Array {
    return encodeTransactionData(transaction);
  }

  verifySignature(request: {
    readonly scope: SignatureScope;
    readonly message: Uint8Array;
    readonly signature: Uint8Array;
    readonly address?: string | undefined;
  }): Promise<SignatureVerdict> {
    return verifyAnySignature(request);
  }

  fund(
    recipient: string,
    amounts: readonly bigint[],
  ): Promise<{ readonly digest: string; readonly coins: readonly FundedCoin[] }> {
    return this.#parts.faucet.fund(this, recipient, amounts);
  }

  now(): bigint {
    return this.#parts.clock.now();
  }

  advanceClock(milliseconds: bigint): ClockAdvance {
    return this.setClock(this.now() + milliseconds);
  }

  setClock(timestampMs: bigint): ClockAdvance {
    this.#requireOpen();
    const { clock, checkpoints } = this.#parts;
    // What is pending belongs to the time before.
    if (checkpoints.hasPending) checkpoints.seal();
    clock.set(timestampMs);
    const transactionDigest = checkpoints.begin(true)!;
    const { timestampMs: time } = checkpoints.seal();
    return { timestampMs: time, transactionDigest };
  }

  freezeClock(frozen: boolean): void {
    this.#parts.clock.freeze(frozen);
  }

  createCheckpoint(): Checkpoint {
    this.#requireOpen();
    this.#timer.sealed();
    return this.#parts.checkpoints.seal();
  }

  advanceEpoch(): EpochRecord {
    this.#requireOpen();
    return this.#parts.checkpoints.advanceEpoch();
  }

  onCheckpoint(listener: CheckpointListener): () => void {
    return this.#parts.checkpoints.onCheckpoint(listener);
  }

  close(): void {
    if (this.#closed) return;
    this.#timer.stop();
    if (this.#parts.checkpoints.hasPending) this.#parts.checkpoints.seal();
    this.#closed = true;
    this.#parts.state.store.close();
  }

  #requireOpen(): void {
    if (this.#closed)
      throw new LedgerError('LEDGER_CLOSED', 'ledger: it was closed; open it again');
  }
}

function recordOf(
  transaction: TransactionData,
  run: TransactionRun,
  signatures: readonly Uint8Array[],
  sequence: bigint,
): ExecutedTransaction {
  const effectsBytes = encodeEffects(run.effects);
  return {
    digest: run.digest,
    transaction,
    transactionBytes: run.transactionBytes,
    signatures,
    effects: run.effects,
    effectsBytes,
    effectsDigest: digestOf('TransactionEffects', effectsBytes),
    events: run.events,
    balanceChanges: balanceChanges(run.replaced, run.written),
    objectVersions: objectVersions(run),
    sequence,
    checkpoint: undefined,
    timestampMs: undefined,
  };
}
