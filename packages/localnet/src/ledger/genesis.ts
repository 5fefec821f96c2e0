/**
 * The first state of a chain (sui-ledger.md §5, §10): framework packages, system objects, the
 * treasury, funded accounts, and checkpoint 0, whose digest is the chain's identifier.
 */
import type { FrameworkPackage } from './api.ts';
import { encodeGenesisObject } from './bcs/object.ts';
import { encodeTransactionData } from './bcs/transaction.ts';
import { BcsWriter } from './bcs/writer.ts';
import { blake2b256, digestOf, dynamicFieldId } from './digests.ts';
import { LedgerError } from './errors.ts';
import { NO_GAS } from './gas.ts';
import { compiledModule } from './introspection.ts';
import { SYSTEM_STATE_VERSION } from './limits.ts';
import { moveData, type ObjectInit, ObjectRecord, packageData } from './object.ts';
import {
  ALIAS_STATE_ID,
  CLOCK_ID,
  COIN_REGISTRY_ID,
  RANDOM_ID,
  SYSTEM_STATE_ID,
  ZERO_ADDRESS,
} from './system-ids.ts';
import { SUI_ADDRESS, SUI_COIN_TYPE, SUI_SYSTEM_ADDRESS, struct } from './type-text.ts';
import type { TransactionEffects } from './types/effects.ts';
import type { LedgerObject, Owner } from './types/object.ts';
import type { TransactionData } from './types/transaction.ts';
import { addressFromBytes, addressToBytes, type MovePackage, type StructTag } from './vm.ts';

/** All SUI there is, in MIST: ten billion SUI. */
export const TOTAL_SUPPLY = 10_000_000_000_000_000_000n;
const GENESIS_VERSION = 1n;
const ALIAS_STATE_VERSION = 0n;
const SYSTEM_STATE_TYPE = struct(SUI_SYSTEM_ADDRESS, 'sui_system', 'SuiSystemState');
const CLOCK_TYPE = struct(SUI_ADDRESS, 'clock', 'Clock');
const ALIAS_STATE_TYPE = struct(SUI_ADDRESS, 'address_alias', 'AddressAliasState');
const COIN_REGISTRY_TYPE = struct(SUI_ADDRESS, 'coin_registry', 'CoinRegistry');
const RANDOM_TYPE = struct(SUI_ADDRESS, 'random', 'Random');
const RANDOM_INNER_TYPE = struct(SUI_ADDRESS, 'random', 'RandomInner');

interface GenesisOptions {
  readonly framework: readonly FrameworkPackage[];
  readonly timestampMs: bigint;
  readonly treasury: string;
  readonly accounts: readonly { readonly address: string; readonly coins: readonly bigint[] }[];
  /** 32 bytes that make ids, randomness and the chain id this chain's own. */
  readonly seed: Uint8Array;
}

export interface Genesis {
  readonly objects: readonly LedgerObject[];
  readonly transaction: TransactionData;
  readonly transactionBytes: Uint8Array;
  readonly effects: TransactionEffects;
}

type Draft = Omit<ObjectInit, 'previousTransaction' | 'storageRebate'>;

export function makeGenesis(options: GenesisOptions): Genesis {
  const packages = options.framework.map((source) => frameworkPackage(source, options.framework));
  const drafts: Draft[] = packages.map((pkg) => ({
    objectId: pkg.storageId,
    version: GENESIS_VERSION,
    owner: { kind: 'immutable' },
    data: packageData(pkg),
  }));
  drafts.push(...systemObjects(packages, options), ...coins(options));
  const transaction: TransactionData = {
    kind: { kind: 'genesis', objects: drafts.map((draft) => encodeGenesisObject(recordOf(draft))) },
    sender: ZERO_ADDRESS,
    gasData: { payment: [], owner: ZERO_ADDRESS, price: 1n, budget: 0n },
    expiration: { kind: 'none' },
  };
  const transactionBytes = encodeTransactionData(transaction);
  const digest = digestOf('TransactionData', transactionBytes);
  const objects = drafts.map((draft) => recordOf(draft, digest));
  return { objects, transaction, transactionBytes, effects: genesisEffects(digest, objects) };
}

function recordOf(draft: Draft, previousTransaction = ''): LedgerObject {
  return new ObjectRecord({ ...draft, previousTransaction, storageRebate: 0n });
}

function genesisEffects(digest: string, objects: readonly LedgerObject[]): TransactionEffects {
  const sorted = [...objects].sort((a, b) => (a.objectId < b.objectId ? -1 : 1));
  return {
    status: { success: true },
    executedEpoch: 0n,
    gasUsed: NO_GAS,
    transactionDigest: digest,
    gasObjectIndex: undefined,
    eventsDigest: undefined,
    dependencies: [],
    lamportVersion: GENESIS_VERSION,
    changedObjects: sorted.map((object) => ({
      objectId: object.objectId,
      input: { kind: 'notExist' },
      output:
        object.data.kind === 'package'
          ? { kind: 'packageWrite', version: object.version, digest: object.digest }
          : { kind: 'objectWrite', digest: object.digest, owner: object.owner },
      idOperation: 'created',
      objectType: object.objectType,
    })),
    unchangedConsensusObjects: [],
  };
}

/** A system package: version 1, its own original, linked to those listed before it. */
function frameworkPackage(
  source: FrameworkPackage,
  framework: readonly FrameworkPackage[],
): MovePackage {
  const modules: [string, Uint8Array][] = source.modules.map((bytes) => {
    const module = compiledModule(bytes);
    const self = module.moduleHandles[module.selfHandle]!;
    if (module.addresses[self.address] !== source.id) {
      throw new LedgerError(
        'LEDGER_INVALID_ARGUMENT',
        `framework: a module of ${source.id} is compiled for ${module.addresses[self.address]}`,
      );
    }
    return [module.identifiers[self.name]!, bytes];
  });
  modules.sort(([a], [b]) => (a < b ? -1 : 1));
  const position = framework.indexOf(source);
  return {
    storageId: source.id,
    originalId: source.id,
    version: GENESIS_VERSION,
    modules: new Map(modules),
    typeOrigins: modules.flatMap(([module, bytes]) => {
      const { structs, enums, datatypeHandles, identifiers } = compiledModule(bytes);
      return [...structs, ...enums].map(({ handle }) => ({
        module,
        datatype: identifiers[datatypeHandles[handle]!.name]!,
        package: source.id,
      }));
    }),
    linkage: new Map(
      framework
        .slice(0, position)
        .map(({ id }) => [id, { storageId: id, version: GENESIS_VERSION }]),
    ),
  };
}

function systemObjects(packages: readonly MovePackage[], options: GenesisOptions): Draft[] {
  const has = (type: StructTag): boolean =>
    packages
      .find(({ storageId }) => storageId === type.address)
      ?.typeOrigins.some((o) => o.module === type.module && o.datatype === type.name) ?? false;
  const drafts: Draft[] = [];
  if (has(SYSTEM_STATE_TYPE)) {
    // SuiSystemState { id, version }.
    const contents = new BcsWriter().address(SYSTEM_STATE_ID).u64(SYSTEM_STATE_VERSION).toBytes();
    drafts.push(shared(SYSTEM_STATE_ID, SYSTEM_STATE_TYPE, contents));
  }
  if (has(CLOCK_TYPE))
    drafts.push(shared(CLOCK_ID, CLOCK_TYPE, clockContents(options.timestampMs)));
  if (has(RANDOM_TYPE) && has(RANDOM_INNER_TYPE)) drafts.push(...randomObjects(options.seed));
  if (has(ALIAS_STATE_TYPE)) {
    // AddressAliasState { id, version }.
    const contents = new BcsWriter().address(ALIAS_STATE_ID).u64(ALIAS_STATE_VERSION).toBytes();
    drafts.push(shared(ALIAS_STATE_ID, ALIAS_STATE_TYPE, contents));
  }
  if (has(COIN_REGISTRY_TYPE)) {
    drafts.push(shared(COIN_REGISTRY_ID, COIN_REGISTRY_TYPE, addressToBytes(COIN_REGISTRY_ID)));
  }
  return drafts;
}

function shared(objectId: string, type: StructTag, contents: Uint8Array): Draft {
  const owner: Owner = { kind: 'shared', initialSharedVersion: GENESIS_VERSION };
  return { objectId, version: GENESIS_VERSION, owner, data: moveData(type, contents, false) };
}

/** BCS of the Clock at a time. */
export function clockContents(timestampMs: bigint): Uint8Array {
  return new BcsWriter().address(CLOCK_ID).u64(timestampMs).toBytes();
}

/** `Random { id, inner: Versioned { id, version } }` with its inner state as a dynamic field. */
function randomObjects(seed: Uint8Array): Draft[] {
  const innerId = derivedId('random', seed);
  const random = new BcsWriter().address(RANDOM_ID).address(innerId).u64(1n).toBytes();
  const key = new BcsWriter().u64(1n).toBytes();
  const fieldId = dynamicFieldId(innerId, { kind: 'u64' }, key);
  const bytes = blake2b256(new TextEncoder().encode('randomness'), seed);
  const field = new BcsWriter().address(fieldId).u64(1n);
  // RandomInner { version, epoch, randomness_round, random_bytes }.
  field.u64(1n).u64(0n).u64(1n).bytes(bytes);
  const fieldType = struct(SUI_ADDRESS, 'dynamic_field', 'Field', [
    { kind: 'u64' },
    RANDOM_INNER_TYPE,
  ]);
  return [
    shared(RANDOM_ID, RANDOM_TYPE, random),
    {
      objectId: fieldId,
      version: GENESIS_VERSION,
      owner: { kind: 'object', address: innerId },
      data: moveData(fieldType, field.toBytes(), false),
    },
  ];
}

function derivedId(label: string, seed: Uint8Array, index = 0): string {
  const writer = new BcsWriter().string(label).raw(seed).u64(BigInt(index));
  return addressFromBytes(blake2b256(writer.toBytes()));
}

/** Coins of the accounts, and the treasury with what is left. */
function coins({ accounts, treasury, seed }: GenesisOptions): Draft[] {
  const drafts: Draft[] = [];
  let rest = TOTAL_SUPPLY;
  const add = (address: string, balance: bigint): void => {
    const objectId = derivedId('coin', seed, drafts.length);
    const contents = new BcsWriter().raw(addressToBytes(objectId)).u64(balance).toBytes();
    const owner: Owner = { kind: 'address', address };
    const data = moveData(SUI_COIN_TYPE, contents, true);
    drafts.push({ objectId, version: GENESIS_VERSION, owner, data });
  };
  for (const { address, coins: amounts } of accounts) {
    for (const amount of amounts) {
      rest -= amount;
      add(address, amount);
    }
  }
  if (rest < 0n) {
    throw new LedgerError(
      'LEDGER_INVALID_ARGUMENT',
      `accounts: coins exceed the total supply of ${TOTAL_SUPPLY} MIST by ${-rest}`,
    );
  }
  add(treasury, rest);
  return drafts;
}
