/**
 * Reading the ledger: objects, fields, balances, records, packages (sui-ledger.md §2.3).
 */
import { BcsReader } from './bcs/reader.ts';
import type { CheckpointBuilder } from './checkpoints.ts';
import { pageOf } from './cursors.ts';
import { LedgerError } from './errors.ts';
import { describePackage } from './introspection.ts';
import { renderJson, valueLength } from './json.ts';
import { normalizeTypePrefix, scanCheckpoints, scanEvents, scanTransactions } from './scan.ts';
import type { LedgerState } from './state.ts';
import { coinTypeOf, isStruct, SUI_ADDRESS, SUI_TEXT, struct, typeText } from './type-text.ts';
import type { LedgerObject, MoveObjectData } from './types/object.ts';
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
} from './types/records.ts';
import type {
  BalancesQuery,
  CheckpointSelector,
  DynamicFieldsQuery,
  EventItem,
  EventPredicate,
  OwnedObjectsQuery,
  Page,
  Scan,
  ScanOptions,
  TransactionPredicate,
} from './types/requests.ts';
import {
  addressFromBytes,
  gasMeter,
  isVmError,
  type MoveRuntime,
  parseTypeTag,
  type Session,
  type TypeTag,
} from './vm.ts';

export abstract class LedgerQueries {
  readonly #state: LedgerState;
  readonly #runtime: MoveRuntime;
  readonly #checkpoints: CheckpointBuilder;

  protected constructor(state: LedgerState, runtime: MoveRuntime, checkpoints: CheckpointBuilder) {
    this.#state = state;
    this.#runtime = runtime;
    this.#checkpoints = checkpoints;
  }

  object(id: string, version?: bigint): LedgerObject | undefined {
    return version === undefined ? this.#state.live(id) : this.#state.atVersion(id, version);
  }

  ownedObjects(query: OwnedObjectsQuery): Page<LedgerObject> {
    let objects = this.#state.indexes.owned(query.owner);
    if (query.type !== undefined) {
      const wanted = normalizeTypePrefix(query.type);
      objects = objects.filter(
        ({ objectType }) => objectType === wanted || objectType.startsWith(`${wanted}<`),
      );
    }
    return pageOf(objects, ({ objectId }) => objectId, query);
  }

  dynamicFields(query: DynamicFieldsQuery): Page<DynamicFieldEntry> {
    const fields = this.#state.indexes
      .children(query.parent)
      .filter(({ data }) => data.kind === 'move' && isField(data.type));
    const page = pageOf(fields, ({ objectId }) => objectId, query);
    return { ...page, items: page.items.map((field) => this.#fieldEntry(query.parent, field)) };
  }

  #fieldEntry(parent: string, fieldObject: LedgerObject): DynamicFieldEntry {
    const { type, contents } = fieldObject.data as MoveObjectData;
    const [keyType, valueTag] = type.typeArgs as [TypeTag, TypeTag];
    const isObject = isStruct(keyType, SUI_ADDRESS, 'dynamic_object_field', 'Wrapper');
    const nameType = isObject && keyType.kind === 'struct' ? keyType.typeArgs[0]! : keyType;
    const keyLength = this.#keyLength(nameType, contents.subarray(32));
    const value = contents.slice(32 + keyLength);
    const childId = isObject ? addressFromBytes(contents, contents.length - 32) : undefined;
    const child = childId === undefined ? undefined : this.#state.live(childId);
    return {
      parent,
      kind: isObject ? 'object' : 'field',
      fieldId: fieldObject.objectId,
      nameType: typeText(nameType),
      nameValue: contents.slice(32, 32 + keyLength),
      valueType: child?.objectType ?? typeText(valueTag),
      value,
      childId,
      fieldObject,
    };
  }

  /** Bytes of a field's key; 0 for a type too deep to be read. */
  #keyLength(type: TypeTag, bytes: Uint8Array): number {
    try {
      return valueLength(this.#session().typeOf(type), bytes);
    } catch (error) {
      if (isVmError(error) || error instanceof LedgerError) return 0;
      throw error;
    }
  }

  #session(): Session {
    return this.#runtime.session({ gas: gasMeter(Number.MAX_SAFE_INTEGER) });
  }

  balance(owner: string, coinType: string): Balance {
    const wanted = normalizeTypePrefix(coinType);
    const found = this.#balancesOf(owner).find((balance) => balance.coinType === wanted);
    return found ?? { coinType: wanted, balance: 0n, coinCount: 0 };
  }

  balances(query: BalancesQuery): Page<Balance> {
    return pageOf(this.#balancesOf(query.owner), ({ coinType }) => coinType, query);
  }

  /** By coin type. */
  #balancesOf(owner: string): readonly Balance[] {
    const totals = new Map<string, { coinType: string; balance: bigint; coinCount: number }>();
    for (const object of this.#state.indexes.owned(owner)) {
      const amount = object.coinBalance;
      if (amount === undefined) break;
      const coinType = typeText(coinTypeOf((object.data as MoveObjectData).type)!);
      const total = totals.get(coinType) ?? { coinType, balance: 0n, coinCount: 0 };
      total.balance += amount;
      total.coinCount += 1;
      totals.set(coinType, total);
    }
    return [...totals.values()];
  }

  coinInfo(coinType: string): CoinInfo | undefined {
    const wanted = normalizeTypePrefix(coinType);
    const { indexes } = this.#state;
    const metadata = this.#coinMetadata(indexes.coinObject('metadata', wanted));
    const currency = this.#coinMetadata(indexes.coinObject('currency', wanted));
    const treasuryId = indexes.coinObject('treasury', wanted);
    const treasury = treasuryId === undefined ? undefined : this.#treasury(treasuryId);
    if (wanted === SUI_TEXT) return { ...SUI_INFO, metadata: metadata ?? SUI_INFO.metadata };
    if (metadata === undefined && currency === undefined && treasury === undefined) {
      return undefined;
    }
    return { coinType: wanted, metadata: metadata ?? currency, treasury };
  }

  #coinMetadata(id: string | undefined): CoinInfo['metadata'] {
    if (id === undefined) return undefined;
    const { data } = this.#state.live(id)!;
    if (data.kind !== 'move') return undefined;
    const fields = renderJson(data.type, data.contents, this.#session());
    if (typeof fields !== 'object' || fields === null || Array.isArray(fields)) return undefined;
    const text = (name: string): string => {
      const value = (fields as { readonly [field: string]: JsonValue })[name];
      return typeof value === 'string' ? value : '';
    };
    const decimals = (fields as { readonly [field: string]: JsonValue })['decimals'];
    return {
      objectId: id,
      decimals: typeof decimals === 'number' ? decimals : 0,
      name: text('name'),
      symbol: text('symbol'),
      description: text('description'),
      iconUrl: text('icon_url') || undefined,
    };
  }

  /** `TreasuryCap { id, total_supply: Supply { value } }`. */
  #treasury(objectId: string): CoinInfo['treasury'] {
    const { data } = this.#state.live(objectId)!;
    if (data.kind !== 'move') return undefined;
    const reader = new BcsReader(data.contents);
    reader.address();
    return { objectId, totalSupply: reader.u64() };
  }

  transaction(digest: string): ExecutedTransaction | undefined {
    return this.#state.store.transaction(digest);
  }

  checkpoint(selector: CheckpointSelector): Checkpoint | undefined {
    if (selector === 'latest') return this.#checkpoints.latest;
    const { store } = this.#state;
    if ('digest' in selector) return store.checkpointByDigest(selector.digest);
    return store.checkpoint(selector.sequenceNumber);
  }

  epoch(epoch?: bigint): EpochRecord | undefined {
    return epoch === undefined ? this.#checkpoints.epoch : this.#state.store.epoch(epoch);
  }

  listTransactions(options: ScanOptions<TransactionPredicate>): Scan<ExecutedTransaction> {
    return scanTransactions(this.#state, options);
  }

  listEvents(options: ScanOptions<EventPredicate>): Scan<EventItem> {
    return scanEvents(this.#state, options);
  }

  listCheckpoints(options: ScanOptions<never>): Scan<Checkpoint> {
    return scanCheckpoints(this.#state, options);
  }

  package(storageId: string): PackageRecord | undefined {
    const pkg = this.#state.package(storageId);
    return pkg === undefined ? undefined : describePackage(pkg, this.#state);
  }

  packageVersions(anyId: string): readonly { storageId: string; version: bigint }[] {
    const pkg = this.#state.package(anyId);
    return pkg === undefined ? [] : this.#state.indexes.lineage(pkg.originalId);
  }

  function(packageId: string, module: string, name: string): FunctionSignature | undefined {
    const found = this.package(packageId)?.modules.find((entry) => entry.name === module);
    return found?.functions.find((entry) => entry.name === name);
  }

  datatype(packageId: string, module: string, name: string): DatatypeDescriptor | undefined {
    const found = this.package(packageId)?.modules.find((entry) => entry.name === module);
    return found?.datatypes.find((entry) => entry.name === name);
  }

  json(type: string, value: Uint8Array): JsonValue | undefined {
    try {
      return renderJson(parseTypeTag(type), value, this.#session());
    } catch (error) {
      if (isVmError(error)) return undefined;
      throw error;
    }
  }
}

const FIELD_TYPE = struct(SUI_ADDRESS, 'dynamic_field', 'Field');

function isField(type: TypeTag): boolean {
  return isStruct(type, FIELD_TYPE.address, FIELD_TYPE.module, FIELD_TYPE.name);
}

/** What every Sui chain says of its own coin. */
const SUI_INFO: CoinInfo & { metadata: NonNullable<CoinInfo['metadata']> } = {
  coinType: SUI_TEXT,
  metadata: {
    objectId: undefined,
    decimals: 9,
    name: 'Sui',
    symbol: 'SUI',
    description: '',
    iconUrl: undefined,
  },
  treasury: undefined,
};
