/**
 * A hand-made ledger behind the real surface: it keeps objects, "runs" every transaction with the
 * outcome that the test has set, and makes checkpoints when told to. No Move code runs.
 */
import type {
  Balance,
  ChangedObject,
  Checkpoint,
  CheckpointListener,
  CoinInfo,
  DynamicFieldEntry,
  EpochRecord,
  EventItem,
  ExecutedTransaction,
  ExecutionStatus,
  JsonValue,
  LedgerApi,
  LedgerEvent,
  LedgerObject,
  PackageRecord,
  Page,
  Scan,
  ScanOptions,
  SignatureVerdict,
  SimulateRequest,
  SimulationResult,
  TransactionData,
  TransactionEffects,
  TransactionPredicate,
} from '../../../src/ledger/api.ts';
import {
  decodeTransactionData,
  encodeTransactionData,
} from '../../../src/ledger/bcs/transaction.ts';
import { digestOf } from '../../../src/ledger/digests.ts';
import { LedgerError, RejectedTransaction } from '../../../src/ledger/errors.ts';
import { addressOwner, digest, id, SUCCESS, SUI, structOf } from './values.ts';

const GENESIS_MS = 1_700_000_000_000n;

export class FakeLedger implements LedgerApi {
  readonly objects = new Map<string, LedgerObject[]>();
  readonly fields: DynamicFieldEntry[] = [];
  readonly packages = new Map<string, PackageRecord>();
  readonly executed: ExecutedTransaction[] = [];
  readonly checkpoints: Checkpoint[] = [];
  readonly epochs: EpochRecord[] = [epochRecord(0n, 0n, GENESIS_MS)];
  readonly #listeners = new Set<CheckpointListener>();
  /** Every simulation that was asked for. */
  readonly simulations: SimulateRequest[] = [];
  /** Outcome of the next transactions. */
  status: ExecutionStatus = SUCCESS;
  events: LedgerEvent[] = [];
  /** Thrown by execute and simulate instead of running. */
  rejection: Error | undefined;
  verdict: SignatureVerdict = { kind: 'valid' };
  clockMs = GENESIS_MS;
  frozen = false;

  constructor() {
    this.createCheckpoint();
  }

  /** Adds an object version, the live one from now on. */
  put(...objects: LedgerObject[]): void {
    for (const object of objects) {
      this.objects.set(object.objectId, [...(this.objects.get(object.objectId) ?? []), object]);
    }
  }

  info() {
    const last = this.checkpoints.at(-1)!;
    return {
      chainId: this.checkpoints[0]!.digest,
      epoch: this.epochs.at(-1)!.epoch,
      checkpointHeight: last.sequenceNumber,
      timestampMs: last.timestampMs,
      lowestAvailableCheckpoint: 0n,
      protocolVersion: 138n,
      referenceGasPrice: 1000n,
    };
  }

  object(objectId: string, version?: bigint): LedgerObject | undefined {
    const versions = this.objects.get(objectId);
    return version === undefined
      ? versions?.at(-1)
      : versions?.find((object) => object.version === version);
  }

  ownedObjects(query: Parameters<LedgerApi['ownedObjects']>[0]): Page<LedgerObject> {
    const owned = [...this.objects.values()]
      .map((versions) => versions.at(-1)!)
      .filter(({ owner }) => owner.kind === 'address' && owner.address === query.owner)
      .filter((o) => matchesType(o.objectType, query.type));
    return pageOf(owned, query.limit, query.cursor);
  }

  dynamicFields(query: Parameters<LedgerApi['dynamicFields']>[0]): Page<DynamicFieldEntry> {
    const fields = this.fields.filter((field) => field.parent === query.parent);
    return pageOf(fields, query.limit, query.cursor);
  }

  balance(owner: string, coinType: string): Balance {
    const none = { coinType, balance: 0n, coinCount: 0 };
    return this.#balances(owner).find((balance) => balance.coinType === coinType) ?? none;
  }

  balances(query: Parameters<LedgerApi['balances']>[0]): Page<Balance> {
    return pageOf(this.#balances(query.owner), query.limit, query.cursor);
  }

  #balances(owner: string): Balance[] {
    const totals = new Map<string, Balance>();
    for (const { coinBalance, data } of this.ownedObjects({ owner, limit: 1e6 }).items) {
      if (coinBalance === undefined || data.kind !== 'move') continue;
      const coinType = data.typeText.slice(data.typeText.indexOf('<') + 1, -1);
      const sum = totals.get(coinType) ?? { coinType, balance: 0n, coinCount: 0 };
      totals.set(coinType, {
        coinType,
        balance: sum.balance + coinBalance,
        coinCount: sum.coinCount + 1,
      });
    }
    return [...totals.values()];
  }

  coinInfo(coinType: string): CoinInfo | undefined {
    if (coinType !== SUI) return undefined;
    const metadata = {
      objectId: id(0xc0),
      decimals: 9,
      name: 'Sui',
      symbol: 'SUI',
      description: '',
      iconUrl: undefined,
    };
    return { coinType, metadata, treasury: { objectId: id(0xc1), totalSupply: 10n ** 19n } };
  }

  transaction(wanted: string): ExecutedTransaction | undefined {
    return this.executed.find((record) => record.digest === wanted);
  }

  checkpoint(selector: Parameters<LedgerApi['checkpoint']>[0]): Checkpoint | undefined {
    if (selector === 'latest') return this.checkpoints.at(-1);
    return this.checkpoints.find((checkpoint) =>
      'digest' in selector
        ? checkpoint.digest === selector.digest
        : checkpoint.sequenceNumber === selector.sequenceNumber,
    );
  }

  epoch(epoch?: bigint): EpochRecord | undefined {
    return epoch === undefined ? this.epochs.at(-1) : this.epochs[Number(epoch)];
  }

  listTransactions(options: ScanOptions<TransactionPredicate>): Scan<ExecutedTransaction> {
    const listed = this.executed.filter(
      (record) =>
        record.checkpoint !== undefined &&
        record.checkpoint >= (options.startCheckpoint ?? 0n) &&
        record.checkpoint <= (options.endCheckpoint ?? 1n << 60n) &&
        matchesFilter(record, options.filter),
    );
    return scan(listed, (record) => `${record.sequence}`, options);
  }

  listEvents(options: ScanOptions<never>): Scan<EventItem> {
    const { items } = this.listTransactions({ ...options, limit: 1e6, after: undefined });
    const events = items.flatMap(({ item: transaction }) =>
      transaction.events.map((event, index) => ({ event, transaction, index })),
    );
    return scan(events, (item) => `${item.transaction.sequence}.${item.index}`, options);
  }

  listCheckpoints(options: ScanOptions<never>): Scan<Checkpoint> {
    return scan(this.checkpoints, (checkpoint) => `${checkpoint.sequenceNumber}`, options);
  }

  package(storageId: string): PackageRecord | undefined {
    return this.packages.get(storageId);
  }

  packageVersions(anyId: string) {
    const original = this.packages.get(anyId)?.originalId;
    return [...this.packages.values()]
      .filter((record) => record.originalId === original)
      .map(({ storageId, version }) => ({ storageId, version }));
  }

  function(packageId: string, module: string, name: string) {
    return this.#module(packageId, module)?.functions.find((f) => f.name === name);
  }

  datatype(packageId: string, module: string, name: string) {
    return this.#module(packageId, module)?.datatypes.find((d) => d.name === name);
  }

  #module(packageId: string, module: string) {
    return this.packages.get(packageId)?.modules.find((m) => m.name === module);
  }

  json(type: string, value: Uint8Array): JsonValue | undefined {
    if (type.endsWith('::Opaque')) return undefined;
    return { type, bytes: value.length, list: [1, true, null, 'x'] };
  }

  async execute(bytes: Uint8Array, signatures: readonly Uint8Array[]) {
    if (this.rejection !== undefined) throw this.rejection;
    const transaction = this.decodeTransaction(bytes);
    const transactionDigest = digestOf('TransactionData', bytes);
    const known = this.transaction(transactionDigest);
    if (known !== undefined) return known;
    const run = this.#run(transaction, bytes);
    const record: ExecutedTransaction = {
      ...run,
      signatures,
      objectVersions: [],
      sequence: BigInt(this.executed.length),
      checkpoint: undefined,
      timestampMs: undefined,
    };
    this.executed.push(record);
    return record;
  }

  simulate(request: SimulateRequest): SimulationResult {
    this.simulations.push(request);
    if (this.rejection !== undefined) throw this.rejection;
    const { gas } = request;
    const payment = gas.payment?.length
      ? gas.payment
      : [{ objectId: `0x${'f'.repeat(64)}`, version: 1n, digest: digest('mock') }];
    const transaction: TransactionData = {
      kind: { kind: 'programmable', ...request.programmable },
      sender: request.sender,
      gasData: {
        payment,
        owner: gas.owner ?? request.sender,
        price: gas.price ?? 1000n,
        budget: gas.budget ?? 5_000_000n,
      },
      expiration: request.expiration ?? { kind: 'none' },
    };
    const run = this.#run(transaction, encodeTransactionData(transaction));
    const value = { type: 'u64', value: new Uint8Array(8) };
    const argument = { kind: 'nestedResult', index: 0, subIndex: 1 } as const;
    return {
      ...run,
      commandOutputs: this.status.success
        ? request.programmable.commands.map(() => ({
            returnValues: [value],
            mutatedByRef: [{ ...value, argument }],
          }))
        : [],
      objects: [],
    };
  }

  #run(transaction: TransactionData, transactionBytes: Uint8Array) {
    const transactionDigest = digestOf('TransactionData', transactionBytes);
    const effects = effectsOf(transaction, transactionDigest, this.status, this.events.length);
    return {
      digest: transactionDigest,
      transaction,
      transactionBytes,
      effects,
      effectsBytes: Uint8Array.of(1, 2, 3),
      effectsDigest: digest(`effects ${transactionDigest}`),
      events: this.status.success ? [...this.events] : [],
      balanceChanges: [{ address: transaction.sender, coinType: SUI, amount: -1_000_000n }],
    };
  }

  decodeTransaction(bytes: Uint8Array): TransactionData {
    try {
      return decodeTransactionData(bytes);
    } catch (error) {
      throw new RejectedTransaction('Deserialization', String(error));
    }
  }

  encodeTransaction(transaction: TransactionData): Uint8Array {
    return encodeTransactionData(transaction);
  }

  async verifySignature(): Promise<SignatureVerdict> {
    return this.verdict;
  }

  async fund(recipient: string, amounts: readonly bigint[]) {
    if (this.rejection !== undefined) throw this.rejection;
    const coins = amounts.map((amount, index) => ({ objectId: id(0xf00 + index), amount }));
    return { digest: digest(`fund ${recipient}`), coins };
  }

  now(): bigint {
    return this.clockMs;
  }

  advanceClock(milliseconds: bigint) {
    return this.setClock(this.clockMs + milliseconds);
  }

  setClock(timestampMs: bigint) {
    if (timestampMs < this.clockMs) {
      throw new LedgerError('LEDGER_CLOCK_BACKWARDS', 'the clock cannot go back');
    }
    this.clockMs = timestampMs;
    return { timestampMs, transactionDigest: digest(`clock ${timestampMs}`) };
  }

  freezeClock(frozen: boolean): void {
    this.frozen = frozen;
  }

  createCheckpoint(): Checkpoint {
    const sequenceNumber = BigInt(this.checkpoints.length);
    const included: ExecutedTransaction[] = [];
    this.executed.forEach((record, index) => {
      if (record.checkpoint !== undefined) return;
      const listed = { ...record, checkpoint: sequenceNumber, timestampMs: this.clockMs };
      this.executed[index] = listed;
      included.push(listed);
    });
    const checkpoint = checkpointRecord(sequenceNumber, this.clockMs, included);
    this.checkpoints.push(checkpoint);
    for (const listener of this.#listeners) listener(checkpoint, included);
    return checkpoint;
  }

  advanceEpoch(): EpochRecord {
    const next = epochRecord(BigInt(this.epochs.length), 1n, this.clockMs);
    this.epochs.push(next);
    return next;
  }

  onCheckpoint(listener: CheckpointListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  get listenerCount(): number {
    return this.#listeners.size;
  }

  close(): void {}
}

function pageOf<T>(items: readonly T[], limit: number, cursor: string | undefined): Page<T> {
  const start = cursor === undefined ? 0 : Number(cursor);
  const end = start + limit;
  return {
    items: items.slice(start, end),
    nextCursor: end < items.length ? String(end) : undefined,
  };
}

function scan<T>(
  all: readonly T[],
  cursorOf: (item: T) => string,
  options: ScanOptions<never> | ScanOptions<TransactionPredicate>,
): Scan<T> {
  const ordered = options.descending ? [...all].reverse() : all;
  const bound = options.descending ? options.before : options.after;
  const start = bound === undefined ? 0 : ordered.findIndex((item) => cursorOf(item) === bound) + 1;
  const items = ordered.slice(start, start + options.limit);
  return {
    items: items.map((item) => ({ cursor: cursorOf(item), item })),
    end: start + items.length < ordered.length ? 'itemLimit' : 'ledgerTip',
  };
}

function matchesFilter(
  record: ExecutedTransaction,
  filter: ScanOptions<TransactionPredicate>['filter'],
): boolean {
  if (filter === undefined) return true;
  return filter.some((term) =>
    term.every(
      ({ negated, predicate }) =>
        (predicate.kind === 'sender' && predicate.address === record.transaction.sender) !==
        negated,
    ),
  );
}

function matchesType(type: string, wanted: string | undefined): boolean {
  return wanted === undefined || type === wanted || type.startsWith(`${wanted}<`);
}

function epochRecord(epoch: bigint, firstCheckpoint: bigint, startMs: bigint): EpochRecord {
  return {
    epoch,
    firstCheckpoint,
    lastCheckpoint: undefined,
    startTimestampMs: startMs,
    endTimestampMs: undefined,
    referenceGasPrice: 1000n,
    protocolVersion: 138n,
  };
}

const GAS = {
  computationCost: 1_000_000n,
  storageCost: 1_976_000n,
  storageRebate: 978_120n,
  nonRefundableStorageFee: 9_880n,
};

function checkpointRecord(
  sequenceNumber: bigint,
  timestampMs: bigint,
  included: readonly ExecutedTransaction[],
): Checkpoint {
  return {
    sequenceNumber,
    epoch: 0n,
    digest: digest(`checkpoint ${sequenceNumber}`),
    contentDigest: digest(`contents ${sequenceNumber}`),
    previousDigest: sequenceNumber === 0n ? undefined : digest(`checkpoint ${sequenceNumber - 1n}`),
    networkTotalTransactions: BigInt(included.length),
    epochRollingGasCostSummary: GAS,
    timestampMs,
    endOfEpoch: undefined,
    transactions: included.map((record) => ({
      transaction: record.digest,
      effects: record.effectsDigest,
    })),
    userSignatures: included.map((record) => record.signatures),
    summaryBytes: Uint8Array.of(4),
    contentsBytes: Uint8Array.of(5),
  };
}

function effectsOf(
  transaction: TransactionData,
  transactionDigest: string,
  status: ExecutionStatus,
  eventCount: number,
): TransactionEffects {
  const gas = transaction.gasData.payment[0];
  const changed: ChangedObject[] = gas
    ? [
        {
          objectId: gas.objectId,
          input: {
            kind: 'exist',
            version: gas.version,
            digest: gas.digest,
            owner: addressOwner(transaction.gasData.owner),
          },
          output: {
            kind: 'objectWrite',
            digest: digest('gas after'),
            owner: addressOwner(transaction.gasData.owner),
          },
          idOperation: 'none',
          objectType: `${id(2)}::coin::Coin<${SUI}>`,
        },
      ]
    : [];
  return {
    status,
    executedEpoch: 0n,
    gasUsed: GAS,
    transactionDigest,
    gasObjectIndex: gas ? 0 : undefined,
    eventsDigest: status.success && eventCount > 0 ? digest('events') : undefined,
    dependencies: [digest('dependency')],
    lamportVersion: 9n,
    changedObjects: changed,
    unchangedConsensusObjects: [
      { objectId: id(6), kind: 'readOnlyRoot', version: 7n, digest: digest('clock') },
    ],
  };
}

/** An event of module `m` of a package. */
export function eventOf(packageId: string, sender: string): LedgerEvent {
  const type = structOf(`${packageId}::m::Happened`);
  return {
    packageId,
    module: 'm',
    sender,
    type,
    typeText: `${packageId}::m::Happened`,
    contents: Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0),
  };
}
