/**
 * Checkpoints, the Clock and epochs (sui-ledger.md §10).
 *
 * The first transaction after a checkpoint opens a commit: a system transaction sets the Clock to
 * the commit's time, then user transactions follow. The next checkpoint takes them all and carries
 * that time, so what Move code saw and what the checkpoint says agree.
 */
import { encodeEffects } from './bcs/effects.ts';
import { encodeCheckpointContents, encodeCheckpointSummary } from './bcs/ledger.ts';
import { encodeTransactionData } from './bcs/transaction.ts';
import type { ObjectChanges } from './changes.ts';
import type { LedgerClock } from './clock.ts';
import { digestOf } from './digests.ts';
import { addGas, NO_GAS } from './gas.ts';
import { clockContents } from './genesis.ts';
import { PROTOCOL_VERSION } from './limits.ts';
import { moveData } from './object.ts';
import { objectVersions, settle } from './settlement.ts';
import type { LedgerState } from './state.ts';
import { CLOCK_ID, SYSTEM_STATE_ID, ZERO_ADDRESS } from './system-ids.ts';
import type { GasCostSummary } from './types/effects.ts';
import type { Checkpoint, EpochRecord, ExecutedTransaction } from './types/records.ts';
import type { CheckpointListener } from './types/requests.ts';
import type { TransactionData, TransactionKind } from './types/transaction.ts';

interface CheckpointOptions {
  readonly referenceGasPrice: bigint;
}

export class CheckpointBuilder {
  readonly #state: LedgerState;
  readonly #clock: LedgerClock;
  readonly #options: CheckpointOptions;
  readonly #listeners = new Set<CheckpointListener>();
  /** Executed since the last checkpoint, in order. */
  #pending: ExecutedTransaction[] = [];
  /** Time of the open commit; undefined between a checkpoint and the next transaction. */
  #commitTime: bigint | undefined;
  #rolling: GasCostSummary = NO_GAS;
  #latest: Checkpoint | undefined;
  #epoch: EpochRecord;

  constructor(
    state: LedgerState,
    clock: LedgerClock,
    options: CheckpointOptions,
    epoch: EpochRecord,
  ) {
    this.#state = state;
    this.#clock = clock;
    this.#options = options;
    this.#epoch = epoch;
    this.#restore();
  }

  get epoch(): EpochRecord {
    return this.#epoch;
  }

  get latest(): Checkpoint | undefined {
    return this.#latest;
  }

  get hasPending(): boolean {
    return this.#pending.length > 0;
  }

  /** Takes up a stored chain: its last checkpoint and what came after it. */
  #restore(): void {
    const { store } = this.#state;
    const count = store.checkpointCount();
    if (count > 0n) {
      this.#latest = store.checkpoint(count - 1n);
      const last = this.#latest!;
      if (last.epoch === this.#epoch.epoch) this.#rolling = last.epochRollingGasCostSummary;
      for (let i = last.networkTotalTransactions; i < store.transactionCount(); i++) {
        this.#pending.push(store.transactionAt(i)!);
      }
      if (this.#pending.length > 0) this.#commitTime = this.#clockTime() ?? last.timestampMs;
    }
  }

  #clockTime(): bigint | undefined {
    const clock = this.#state.live(CLOCK_ID);
    if (clock?.data.kind !== 'move') return undefined;
    const { buffer, byteOffset } = clock.data.contents;
    return new DataView(buffer, byteOffset).getBigUint64(32, true);
  }

  /**
   * Opens a commit, unless one is open. Answers the digest of its Clock transaction, if it made
   * one.
   */
  begin(force = false): string | undefined {
    if (this.#commitTime !== undefined) return undefined;
    const now = this.#clock.now();
    this.#commitTime = now;
    if (!force && this.#clockTime() === now) return undefined;
    return this.#prologue(now);
  }

  /** Notes an executed transaction for the next checkpoint. */
  add(transaction: ExecutedTransaction): void {
    this.#pending.push(transaction);
  }

  /** Checkpoint 0: the genesis transaction alone. */
  sealGenesis(genesis: ExecutedTransaction, timestampMs: bigint): void {
    this.#pending = [genesis];
    this.#commitTime = timestampMs;
    this.seal();
  }

  onCheckpoint(listener: CheckpointListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Makes a checkpoint of what is pending, opening a commit first if none is open. */
  seal(endOfEpoch = false): Checkpoint {
    this.begin();
    const pending = this.#pending;
    const checkpoint = this.#build(pending, endOfEpoch);
    const { sequenceNumber, timestampMs } = checkpoint;
    const transactions = pending.map((transaction) => ({
      ...transaction,
      checkpoint: sequenceNumber,
      timestampMs,
    }));
    this.#state.commit({ written: [], removed: [], transactions, checkpoint });
    this.#pending = [];
    this.#commitTime = undefined;
    this.#latest = checkpoint;
    this.#rolling = checkpoint.epochRollingGasCostSummary;
    this.#notify(checkpoint, transactions);
    return checkpoint;
  }

  #notify(checkpoint: Checkpoint, transactions: readonly ExecutedTransaction[]): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener(checkpoint, transactions);
      } catch {
        // A reader's fault must not stop the chain (see CheckpointListener).
      }
    }
  }

  #build(pending: readonly ExecutedTransaction[], endOfEpoch: boolean): Checkpoint {
    const transactions = pending.map(({ digest, effectsDigest }) => ({
      transaction: digest,
      effects: effectsDigest,
    }));
    const userSignatures = pending.map(({ signatures }) => signatures);
    const contentsBytes = encodeCheckpointContents(transactions, userSignatures);
    const previous = this.#latest;
    const fields = {
      epoch: this.#epoch.epoch,
      sequenceNumber: previous === undefined ? 0n : previous.sequenceNumber + 1n,
      networkTotalTransactions: (previous?.networkTotalTransactions ?? 0n) + BigInt(pending.length),
      contentDigest: digestOf('CheckpointContents', contentsBytes),
      previousDigest: previous?.digest,
      epochRollingGasCostSummary: pending.reduce(
        (sum, { effects }) => addGas(sum, effects.gasUsed),
        this.#rolling,
      ),
      timestampMs: this.#commitTime ?? this.#clock.now(),
      endOfEpoch: endOfEpoch ? { nextProtocolVersion: PROTOCOL_VERSION } : undefined,
    };
    const summaryBytes = encodeCheckpointSummary(fields);
    const digest = digestOf('CheckpointSummary', summaryBytes);
    return { ...fields, digest, transactions, userSignatures, summaryBytes, contentsBytes };
  }

  /** Ends the epoch with a checkpoint of its own; the next begins at the same time. */
  advanceEpoch(): EpochRecord {
    this.begin();
    const time = this.#commitTime!;
    const next: EpochRecord = {
      epoch: this.#epoch.epoch + 1n,
      firstCheckpoint: (this.#latest?.sequenceNumber ?? -1n) + 2n,
      lastCheckpoint: undefined,
      startTimestampMs: time,
      endTimestampMs: undefined,
      referenceGasPrice: this.#options.referenceGasPrice,
      protocolVersion: PROTOCOL_VERSION,
    };
    // As on the network, the system state gets a new version; there is nothing in it that changes.
    const system = this.#state.live(SYSTEM_STATE_ID);
    const changes: ObjectChanges = new Map();
    if (system !== undefined) {
      const { data, owner } = system;
      changes.set(system.objectId, { kind: 'write', data, owner, before: system, created: false });
    }
    this.#system(
      {
        kind: 'changeEpoch',
        epoch: next.epoch,
        protocolVersion: PROTOCOL_VERSION,
        epochStartTimestampMs: time,
      },
      changes,
      system?.version ?? 0n,
    );
    const last = this.seal(true);
    const ended: EpochRecord = {
      ...this.#epoch,
      lastCheckpoint: last.sequenceNumber,
      endTimestampMs: time,
    };
    this.#epoch = next;
    this.#rolling = NO_GAS;
    this.#state.commit({ written: [], removed: [], transactions: [], epochs: [ended, next] });
    return next;
  }

  /** Sets the Clock. */
  #prologue(commitTimestampMs: bigint): string {
    const clock = this.#state.live(CLOCK_ID);
    const changes: ObjectChanges = new Map();
    if (clock?.data.kind === 'move') {
      const data = moveData(clock.data.type, clockContents(commitTimestampMs), false);
      changes.set(CLOCK_ID, {
        kind: 'write',
        data,
        owner: clock.owner,
        before: clock,
        created: false,
      });
    }
    // The number of transactions so far grows with each, so no two prologues are equal.
    const round = this.#state.store.transactionCount();
    const { epoch } = this.#epoch;
    const kind = { kind: 'consensusCommitPrologue', epoch, round, commitTimestampMs } as const;
    return this.#system(kind, changes, clock?.version ?? 0n);
  }

  /** Runs and records a system transaction: no gas, sender 0x0. */
  #system(kind: TransactionKind, changes: ObjectChanges, newestInput: bigint): string {
    const transaction: TransactionData = {
      kind,
      sender: ZERO_ADDRESS,
      gasData: { payment: [], owner: ZERO_ADDRESS, price: 1n, budget: 0n },
      expiration: { kind: 'none' },
    };
    const transactionBytes = encodeTransactionData(transaction);
    const digest = digestOf('TransactionData', transactionBytes);
    const settlement = settle(
      {
        digest,
        sender: ZERO_ADDRESS,
        gas: transaction.gasData,
        epoch: this.#epoch.epoch,
        lamport: newestInput + 1n,
        gasCoins: [],
        mutableInputs: [],
        unchangedConsensusObjects: [],
        dependencies: [],
      },
      { failure: undefined, units: 0, changes, events: [] },
    );
    const effectsBytes = encodeEffects(settlement.effects);
    const executed: ExecutedTransaction = {
      digest,
      transaction,
      transactionBytes,
      signatures: [],
      effects: settlement.effects,
      effectsBytes,
      effectsDigest: digestOf('TransactionEffects', effectsBytes),
      events: [],
      balanceChanges: [],
      objectVersions: objectVersions(settlement),
      sequence: this.#state.store.transactionCount(),
      checkpoint: undefined,
      timestampMs: undefined,
    };
    const { written, removed } = settlement;
    this.#state.commit({ written, removed, transactions: [executed] });
    this.add(executed);
    return digest;
  }
}
