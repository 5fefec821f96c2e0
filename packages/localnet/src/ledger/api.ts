/**
 * The ledger's surface, for the gRPC services, the command line and tests.
 *
 * Everything is synchronous but `execute` (signature checks are asynchronous) and what stands
 * on it. Reads see a transaction from the moment `execute` answers. Ids given as arguments must
 * be normalized (`0x` + 64 lower-case hex); records are immutable.
 */
import type { Engine } from '@seal-ts/crypto';
import type { StorePort } from './store/port.ts';
import type { LedgerObject } from './types/object.ts';
import type {
  Balance,
  Checkpoint,
  CoinInfo,
  DatatypeDescriptor,
  DynamicFieldEntry,
  EpochRecord,
  ExecutedTransaction,
  FunctionSignature,
  JsonValue,
  PackageRecord,
  SimulationResult,
} from './types/records.ts';
import type {
  BalancesQuery,
  CheckpointListener,
  CheckpointSelector,
  DynamicFieldsQuery,
  EventItem,
  EventPredicate,
  OwnedObjectsQuery,
  Page,
  Scan,
  ScanOptions,
  SimulateRequest,
  TransactionPredicate,
} from './types/requests.ts';
import type { Address, Digest, TransactionData } from './types/transaction.ts';

export * from './types/effects.ts';
export * from './types/object.ts';
export * from './types/records.ts';
export * from './types/requests.ts';
export * from './types/transaction.ts';

export interface LedgerOptions {
  /** MIST for each gas unit. Default 1000. */
  readonly referenceGasPrice?: bigint;
  /**
   * Milliseconds between checkpoints while there is work; 0 = one for each transaction. Default
   * 250.
   */
  readonly checkpointIntervalMs?: number;
  /**
   * Milliseconds after which a ledger without transactions makes a checkpoint anyway, so that the
   * Clock stays fresh; thirty times rarer when nobody has asked anything for a minute.
   * 0 = never. Default 1000.
   */
  readonly heartbeatMs?: number;
  /** Makes chain id, faucet key and randomness reproducible. Default: 32 random bytes. */
  readonly seed?: Uint8Array;
  /** Coins that exist from the start, MIST each. */
  readonly accounts?: readonly { readonly address: Address; readonly coins: readonly bigint[] }[];
}

/** A system package as compiled bytes. */
export interface FrameworkPackage {
  /** `0x…01`, `0x…02` or `0x…03`. */
  readonly id: Address;
  /** Module bytes, any order. */
  readonly modules: readonly Uint8Array[];
}

export interface LedgerDeps {
  /** Compiled 0x1 and 0x2 (and optionally 0x3), dependencies first. */
  readonly framework: readonly FrameworkPackage[];
  /** For `sui::bls12381`. Default: the noble engine of `@seal-ts/crypto`. */
  readonly engine?: Engine;
  /** Wall clock, milliseconds. Default `Date.now`. */
  readonly now?: () => number;
  /** Default: `crypto.getRandomValues`. */
  readonly random?: (length: number) => Uint8Array;
  /** Default: memory. */
  readonly store?: StorePort;
  /** Timers for checkpoints. Default: `setTimeout`, unreferenced. `null`: checkpoints by hand. */
  readonly timers?: TimerPort | null;
}

export interface TimerPort {
  /** Calls back once after `ms`; answers a function that cancels. */
  after(ms: number, callback: () => void): () => void;
}

export interface ServiceInfo {
  /** Base58 digest of checkpoint 0. */
  readonly chainId: Digest;
  readonly epoch: bigint;
  readonly checkpointHeight: bigint;
  /** Timestamp of the newest checkpoint, milliseconds. */
  readonly timestampMs: bigint;
  readonly lowestAvailableCheckpoint: bigint;
  readonly protocolVersion: bigint;
  readonly referenceGasPrice: bigint;
}

export type SignatureScope = 'transaction' | 'personalMessage';

/** `unparseable` maps to INVALID_ARGUMENT, `invalid` to `is_valid: false` with the reason. */
export type SignatureVerdict =
  | { readonly kind: 'valid' }
  | { readonly kind: 'invalid'; readonly reason: string }
  | { readonly kind: 'unparseable'; readonly reason: string };

/** Reading. */
export interface LedgerReader {
  info(): ServiceInfo;
  /** Without version: the live one; undefined if never there, deleted or wrapped. */
  object(id: Address, version?: bigint): LedgerObject | undefined;
  /** Address-owned objects: coins first by (type, balance descending, id), then (type, id). */
  ownedObjects(query: OwnedObjectsQuery): Page<LedgerObject>;
  dynamicFields(query: DynamicFieldsQuery): Page<DynamicFieldEntry>;
  balance(owner: Address, coinType: string): Balance;
  balances(query: BalancesQuery): Page<Balance>;
  coinInfo(coinType: string): CoinInfo | undefined;
  transaction(digest: Digest): ExecutedTransaction | undefined;
  checkpoint(selector: CheckpointSelector): Checkpoint | undefined;
  epoch(epoch?: bigint): EpochRecord | undefined;
  listTransactions(options: ScanOptions<TransactionPredicate>): Scan<ExecutedTransaction>;
  listEvents(options: ScanOptions<EventPredicate>): Scan<EventItem>;
  listCheckpoints(options: ScanOptions<never>): Scan<Checkpoint>;
  /** By storage id; undefined if no such object or not a package. */
  package(storageId: Address): PackageRecord | undefined;
  /** All versions of a package, oldest first, given the storage id of any of them. */
  packageVersions(
    anyId: Address,
  ): readonly { readonly storageId: Address; readonly version: bigint }[];
  function(packageId: Address, module: string, name: string): FunctionSignature | undefined;
  datatype(packageId: Address, module: string, name: string): DatatypeDescriptor | undefined;
  /** JSON of a Move value (§9); undefined beyond depth or size limits, or for an unknown type. */
  json(type: string, value: Uint8Array): JsonValue | undefined;
}

/** Running transactions. */
export interface LedgerWriter {
  /**
   * Checks and runs a signed transaction. Repeating an executed one answers its first result.
   * A transaction that runs and fails is an answer; one that may not run throws
   * RejectedTransaction.
   * @param transactionBytes BCS TransactionData
   * @param signatures serialized signatures, flag byte first
   */
  execute(
    transactionBytes: Uint8Array,
    signatures: readonly Uint8Array[],
  ): Promise<ExecutedTransaction>;
  /** Runs without keeping anything. Throws RejectedTransaction before execution (§8.5). */
  simulate(request: SimulateRequest): SimulationResult;
  /** Strict decoding; throws RejectedTransaction with name `Deserialization`. */
  decodeTransaction(transactionBytes: Uint8Array): TransactionData;
  encodeTransaction(transaction: TransactionData): Uint8Array;
  /** @param message BCS `vector<u8>` of a personal message, or raw BCS TransactionData */
  verifySignature(request: {
    readonly scope: SignatureScope;
    readonly message: Uint8Array;
    readonly signature: Uint8Array;
    readonly address?: Address | undefined;
  }): Promise<SignatureVerdict>;
  /** Sends new coins of these amounts (MIST) from the treasury. */
  fund(
    recipient: Address,
    amounts: readonly bigint[],
  ): Promise<{ readonly digest: Digest; readonly coins: readonly FundedCoin[] }>;
}

export interface FundedCoin {
  readonly objectId: Address;
  readonly amount: bigint;
}

/** Moving time by hand; for the admin port and tests. */
export interface LedgerAdmin {
  /** Ledger time now, milliseconds: what the next checkpoint will carry. */
  now(): bigint;
  /**
   * Moves ledger time forward, makes a checkpoint. Answers the new time and the clock's
   * transaction.
   */
  advanceClock(milliseconds: bigint): ClockAdvance;
  /** Sets ledger time (LedgerError LEDGER_CLOCK_BACKWARDS, LEDGER_CLOCK_TOO_LATE). */
  setClock(timestampMs: bigint): ClockAdvance;
  /** Frozen, time moves only by advanceClock and setClock. */
  freezeClock(frozen: boolean): void;
  /** Makes a checkpoint now, even an empty one. */
  createCheckpoint(): Checkpoint;
  /** Ends the epoch: its last checkpoint is made, the next begins. */
  advanceEpoch(): EpochRecord;
  /** Answers a function that ends the subscription. */
  onCheckpoint(listener: CheckpointListener): () => void;
  /** Stops timers; pending transactions go into a last checkpoint. */
  close(): void;
}

export interface ClockAdvance {
  readonly timestampMs: bigint;
  readonly transactionDigest: Digest;
}

/** `Ledger.create(options, deps)` in `ledger.ts` makes one. */
export interface LedgerApi extends LedgerReader, LedgerWriter, LedgerAdmin {}
