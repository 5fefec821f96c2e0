/**
 * From what execution did to what the ledger keeps: smashes and charges gas, gives versions, and
 * builds effects (sui-ledger.md §5, §7).
 */

import { encodeEvents } from './bcs/ledger.ts';
import { least } from './bigints.ts';
import type { ObjectChange, ObjectChanges } from './changes.ts';
import { digestOf } from './digests.ts';
import { NO_GAS, netCost, roundUnits, splitRebate, storageCost } from './gas.ts';
import { ObjectRecord, storageSize } from './object.ts';
import { ExecutionFailure } from './ptb/failure.ts';
import type {
  ChangedObject,
  ExecutionStatus,
  GasCostSummary,
  LedgerEvent,
  TransactionEffects,
  UnchangedConsensusObject,
} from './types/effects.ts';
import type { LedgerObject, MoveObjectData } from './types/object.ts';
import type { GasData } from './types/transaction.ts';

/** Facts of one transaction that hold from start to end. */
export interface TransactionFrame {
  readonly digest: string;
  readonly sender: string;
  readonly gas: GasData;
  readonly epoch: bigint;
  /** Version of everything this transaction writes. */
  readonly lamport: bigint;
  /** Empty for system transactions. */
  readonly gasCoins: readonly LedgerObject[];
  /** Owned and mutable shared inputs, gas coins not included. */
  readonly mutableInputs: readonly LedgerObject[];
  readonly unchangedConsensusObjects: readonly UnchangedConsensusObject[];
  /** Sorted, without duplicates; may be computed when first read. */
  readonly dependencies: readonly string[];
}

/** What the commands did, or why they failed. */
export interface Execution {
  readonly failure: ExecutionFailure | undefined;
  /** Gas units used, before rounding. */
  readonly units: number;
  /** Without the effects of gas, but with the gas coin's own change if it was sent away. */
  readonly changes: ObjectChanges;
  readonly events: readonly LedgerEvent[];
}

export interface Settlement {
  readonly effects: TransactionEffects;
  readonly events: readonly LedgerEvent[];
  readonly written: readonly LedgerObject[];
  readonly removed: readonly string[];
  /** Live versions that were replaced or removed. */
  readonly replaced: readonly LedgerObject[];
}

const ID_BYTES = 32;

export function settle(frame: TransactionFrame, execution: Execution): Settlement {
  let { failure } = execution;
  let changes = failure === undefined ? execution.changes : new Map();
  completeChanges(frame, changes);
  let cost = NO_GAS;
  if (frame.gasCoins.length > 0) {
    const computation = computationCost(frame, execution);
    const charged = chargeStorage(frame, changes, computation);
    if (charged === undefined) {
      // The writes cannot be paid: drop them and charge for the inputs alone.
      failure ??= new ExecutionFailure({ kind: 'InsufficientGas' });
      changes = new Map();
      completeChanges(frame, changes);
      cost = chargeStorage(frame, changes, computation) ?? {
        ...NO_GAS,
        computationCost: frame.gas.budget,
      };
    } else {
      cost = charged;
    }
  }
  const events = failure === undefined ? execution.events : [];
  return record(frame, changes, events, failure, cost);
}

function computationCost({ gas }: TransactionFrame, { failure, units }: Execution): bigint {
  if (failure?.error.kind === 'InsufficientGas') return gas.budget;
  const cost = roundUnits(units) * gas.price;
  // The meter stops below the budget, so this only guards against a wrong meter.
  return least(cost, gas.budget);
}

/** Every mutable input is written, touched or not; all gas coins but the first are deleted. */
function completeChanges(frame: TransactionFrame, changes: ObjectChanges): void {
  for (const before of frame.mutableInputs) {
    if (!changes.has(before.objectId)) changes.set(before.objectId, unchanged(before));
  }
  for (const [index, coin] of frame.gasCoins.entries()) {
    if (index > 0) {
      changes.set(coin.objectId, {
        kind: 'remove',
        before: coin,
        how: 'deleted',
        created: false,
        typeText: undefined,
      });
    } else if (!changes.has(coin.objectId)) {
      changes.set(coin.objectId, smashed(coin, frame.gasCoins));
    }
  }
}

function unchanged(before: LedgerObject): ObjectChange {
  return { kind: 'write', data: before.data, owner: before.owner, before, created: false };
}

/** The first gas coin with the balance of all. */
function smashed(coin: LedgerObject, gasCoins: readonly LedgerObject[]): ObjectChange {
  const total = gasCoins.reduce((sum, { coinBalance }) => sum + (coinBalance ?? 0n), 0n);
  const data = withBalance(coin.data as MoveObjectData, total);
  return { kind: 'write', data, owner: coin.owner, before: coin, created: false };
}

/** A coin's data with another balance. */
export function withBalance(data: MoveObjectData, balance: bigint): MoveObjectData {
  const contents = data.contents.slice();
  new DataView(contents.buffer).setBigUint64(ID_BYTES, balance, true);
  return { ...data, contents };
}

/** The cost if the budget pays for it, else undefined. */
function chargeStorage(
  frame: TransactionFrame,
  changes: ObjectChanges,
  computation: bigint,
): GasCostSummary | undefined {
  let bytes = 0;
  let oldRebates = 0n;
  for (const change of changes.values()) {
    oldRebates += change.before?.storageRebate ?? 0n;
    if (change.kind === 'write') bytes += storageSize(change.data);
  }
  const { rebate, nonRefundable } = splitRebate(oldRebates);
  const cost: GasCostSummary = {
    computationCost: computation,
    storageCost: storageCost(bytes),
    storageRebate: rebate,
    nonRefundableStorageFee: nonRefundable,
  };
  return netCost(cost) <= frame.gas.budget ? cost : undefined;
}

function record(
  frame: TransactionFrame,
  changes: ObjectChanges,
  events: readonly LedgerEvent[],
  failure: ExecutionFailure | undefined,
  cost: GasCostSummary,
): Settlement {
  const gasId = frame.gasCoins[0]?.objectId;
  // Storage that was not charged keeps its old rebate.
  const storageCharged = cost.storageCost > 0n;
  const written: LedgerObject[] = [];
  const removed: string[] = [];
  const replaced: LedgerObject[] = [];
  const changedObjects: ChangedObject[] = [];
  for (const id of [...changes.keys()].sort()) {
    const change = changes.get(id)!;
    if (change.before !== undefined) replaced.push(change.before);
    if (change.kind === 'remove') {
      if (change.before !== undefined) removed.push(id);
      const entry = removedEntry(id, change);
      if (entry !== undefined) changedObjects.push(entry);
      continue;
    }
    const object = writtenObject(frame, id, change, cost, id === gasId, storageCharged);
    written.push(object);
    changedObjects.push(writtenEntry(change, object));
  }
  const gasIndex = changedObjects.findIndex(({ objectId }) => objectId === gasId);
  const effects: TransactionEffects = {
    status: statusOf(failure),
    executedEpoch: frame.epoch,
    gasUsed: cost,
    transactionDigest: frame.digest,
    gasObjectIndex: gasIndex < 0 ? undefined : gasIndex,
    eventsDigest:
      events.length === 0 ? undefined : digestOf('TransactionEvents', encodeEvents(events)),
    get dependencies() {
      return frame.dependencies;
    },
    lamportVersion: frame.lamport,
    changedObjects,
    unchangedConsensusObjects: frame.unchangedConsensusObjects,
  };
  return { effects, events, written, removed, replaced };
}

function statusOf(failure: ExecutionFailure | undefined): ExecutionStatus {
  if (failure === undefined) return { success: true };
  const { error, command, description } = failure;
  return { success: false, error, command, description };
}

function writtenObject(
  frame: TransactionFrame,
  objectId: string,
  change: Extract<ObjectChange, { kind: 'write' }>,
  cost: GasCostSummary,
  isGas: boolean,
  storageCharged: boolean,
): LedgerObject {
  let { data } = change;
  if (isGas && data.kind === 'move') {
    data = withBalance(data, balanceOf(data) - netCost(cost));
  }
  const storageRebate = storageCharged
    ? storageCost(storageSize(data))
    : (change.before?.storageRebate ?? 0n);
  return new ObjectRecord({
    objectId,
    version: data.kind === 'package' ? data.package.version : frame.lamport,
    owner: change.owner,
    data,
    previousTransaction: frame.digest,
    storageRebate:
      frame.gasCoins.length === 0 ? (change.before?.storageRebate ?? 0n) : storageRebate,
  });
}

function balanceOf(data: MoveObjectData): bigint {
  const { buffer, byteOffset } = data.contents;
  return new DataView(buffer, byteOffset).getBigUint64(ID_BYTES, true);
}

function inputState(before: LedgerObject | undefined): ChangedObject['input'] {
  if (before === undefined) return { kind: 'notExist' };
  const { version, owner } = before;
  return lazyDigest({ kind: 'exist' as const, version, owner }, before);
}

/** Adds the object's digest as a property that is computed when it is first read. */
function lazyDigest<T extends object>(state: T, object: LedgerObject): T & { digest: string } {
  return Object.defineProperty(state, 'digest', {
    enumerable: true,
    get: () => object.digest,
  }) as T & { digest: string };
}

function writtenEntry(
  change: Extract<ObjectChange, { kind: 'write' }>,
  object: LedgerObject,
): ChangedObject {
  const { objectId, owner, data, objectType } = object;
  const output: ChangedObject['output'] =
    data.kind === 'package'
      ? lazyDigest({ kind: 'packageWrite' as const, version: object.version }, object)
      : lazyDigest({ kind: 'objectWrite' as const, owner }, object);
  const idOperation = change.created ? 'created' : 'none';
  return { objectId, input: inputState(change.before), output, idOperation, objectType };
}

function removedEntry(
  objectId: string,
  change: Extract<ObjectChange, { kind: 'remove' }>,
): ChangedObject | undefined {
  const { before, how, created } = change;
  if (created && how === 'deleted') return undefined;
  const wrappedOperation = created ? 'created' : 'none';
  return {
    objectId,
    input: inputState(before),
    output: { kind: 'notExist' },
    idOperation: how === 'deleted' ? 'deleted' : wrappedOperation,
    objectType: before?.objectType ?? change.typeText ?? '',
  };
}

/** Input versions, then output versions. */
export function objectVersions(
  settlement: Pick<Settlement, 'replaced' | 'written'>,
): readonly { readonly objectId: string; readonly version: bigint }[] {
  const { replaced, written } = settlement;
  return [...replaced, ...written].map(({ objectId, version }) => ({ objectId, version }));
}
