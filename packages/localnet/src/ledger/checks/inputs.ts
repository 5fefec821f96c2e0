/**
 * Loads what a transaction names and checks it against the ledger (sui-ledger.md §5, §14):
 * existence, versions, digests, owners, receiving references, packages, the gas payment.
 */
import { BASE_COMPUTATION_UNITS, MAX_GAS_BUDGET, MAX_GAS_PRICE } from '../limits.ts';
import { SUI_COIN_TEXT } from '../type-text.ts';
import type { LedgerObject } from '../types/object.ts';
import type {
  CallArg,
  GasData,
  ObjectRef,
  ProgrammableTransaction,
  TransactionData,
} from '../types/transaction.ts';
import type { TypeTag } from '../vm.ts';
import { reject } from './form.ts';

/** Where live objects and old versions come from. */
export interface ObjectSource {
  live(id: string): LedgerObject | undefined;
  atVersion(id: string, version: bigint): LedgerObject | undefined;
}

/** One input, resolved. */
export type LoadedInput =
  | { readonly kind: 'pure'; readonly bytes: Uint8Array }
  | {
      readonly kind: 'object';
      readonly object: LedgerObject;
      /** `owned` and `sharedMutable` inputs are written by every transaction. */
      readonly access: 'owned' | 'immutable' | 'sharedMutable' | 'sharedReadOnly';
    }
  | { readonly kind: 'receiving'; readonly object: LedgerObject };

export interface LoadedTransaction {
  readonly inputs: readonly LoadedInput[];
  /** In payment order; the first is the smash target. */
  readonly gasCoins: readonly LedgerObject[];
  /** Packages called, depended on, or named in type arguments. */
  readonly packages: readonly LedgerObject[];
}

interface InputContext {
  readonly source: ObjectSource;
  /** With `disabled`, ownership and exact references are not checked (§8.4). */
  readonly checks: 'enabled' | 'disabled';
}

export function loadInputs(
  data: TransactionData,
  programmable: ProgrammableTransaction,
  context: InputContext,
): LoadedTransaction {
  const inputs = programmable.inputs.map((input) => loadInput(input, data.sender, context));
  const packages = loadPackages(programmable, context.source);
  const { payment, owner } = data.gasData;
  const gasCoins = payment.map((ref) => loadGasCoin(ref, owner, context));
  return { inputs, gasCoins, packages };
}

function loadInput(input: CallArg, sender: string, context: InputContext): LoadedInput {
  switch (input.kind) {
    case 'pure':
      return { kind: 'pure', bytes: input.bytes };
    case 'immutableOrOwned':
      return loadOwned(input.ref, sender, context);
    case 'shared':
      return loadShared(input, sender, context);
    case 'receiving':
      return { kind: 'receiving', object: loadReceiving(input.ref, context) };
    case 'fundsWithdrawal':
      return reject('Unsupported', 'Feature is not supported: FundsWithdrawal inputs');
  }
}

/** The object a reference names, at exactly that version and digest. */
function loadReference(ref: ObjectRef, { source, checks }: InputContext): LedgerObject {
  const live = source.live(ref.objectId);
  if (checks === 'disabled') {
    const object = source.atVersion(ref.objectId, ref.version) ?? live;
    return object ?? notFound(ref.objectId, ref.version);
  }
  if (live === undefined) return notFound(ref.objectId, ref.version);
  if (live.data.kind === 'package') return packageAsObject(ref.objectId);
  if (live.owner.kind === 'shared' || live.owner.kind === 'consensusAddress') {
    return reject('NotOwnedObjectError', 'Object used as owned is not owned');
  }
  if (live.version !== ref.version) {
    reject(
      'ObjectVersionUnavailableForConsumption',
      `Object ID ${ref.objectId} Version ${ref.version} Digest ${ref.digest} ` +
        `is not available for consumption, current version: ${live.version}`,
    );
  }
  if (live.digest !== ref.digest) {
    reject(
      'InvalidObjectDigest',
      `Invalid Object digest for object ${ref.objectId}. Expected digest : ${live.digest}`,
    );
  }
  return live;
}

function loadOwned(ref: ObjectRef, sender: string, context: InputContext): LoadedInput {
  const object = loadReference(ref, context);
  if (object.data.kind === 'package') packageAsObject(ref.objectId);
  if (object.owner.kind === 'immutable') return { kind: 'object', object, access: 'immutable' };
  if (context.checks === 'enabled') checkOwner(object, sender);
  return { kind: 'object', object, access: 'owned' };
}

function checkOwner(object: LedgerObject, address: string): void {
  const { owner, objectId } = object;
  if (owner.kind === 'object') childAsInput(objectId, owner.address);
  if (owner.kind === 'address' && owner.address !== address) {
    wrongOwner(objectId, owner.address, address);
  }
}

function wrongOwner(objectId: string, owner: string, signer: string): never {
  reject(
    'IncorrectUserSignature',
    `Transaction was not signed by the correct sender: Object ${objectId} is owned by account ` +
      `address ${owner}, but given owner/signer address is ${signer}`,
  );
}

/** A shared object, or one that consensus orders for a single owner (named in the same way). */
function loadShared(
  input: Extract<CallArg, { kind: 'shared' }>,
  sender: string,
  { source, checks }: InputContext,
): LoadedInput {
  const object = source.live(input.objectId) ?? notFound(input.objectId, undefined);
  if (object.data.kind === 'package') packageAsObject(input.objectId);
  const { owner } = object;
  if (owner.kind !== 'shared' && owner.kind !== 'consensusAddress') {
    reject('NotSharedObjectError', 'Object used as shared is not shared');
  }
  const start = owner.kind === 'shared' ? owner.initialSharedVersion : owner.startVersion;
  if (checks === 'enabled' && start !== input.initialSharedVersion) {
    reject('SharedObjectStartingVersionMismatch', 'Wrong initial version given for shared object');
  }
  if (checks === 'enabled' && owner.kind === 'consensusAddress' && owner.address !== sender) {
    wrongOwner(object.objectId, owner.address, sender);
  }
  const access = input.mutability === 'immutable' ? 'sharedReadOnly' : 'sharedMutable';
  return { kind: 'object', object, access };
}

function loadReceiving(ref: ObjectRef, context: InputContext): LedgerObject {
  const object = loadReference(ref, context);
  switch (object.owner.kind) {
    case 'address':
      return object;
    case 'object':
      return childAsInput(ref.objectId, object.owner.address);
    case 'immutable':
      return reject(
        'MutableParameterExpected',
        'Immutable parameter provided, mutable parameter expected',
      );
    default:
      return reject('NotOwnedObjectError', 'Object used as owned is not owned');
  }
}

function loadGasCoin(ref: ObjectRef, owner: string, context: InputContext): LedgerObject {
  const object = loadReference(ref, context);
  if (object.owner.kind === 'address') {
    if (context.checks === 'enabled') checkOwner(object, owner);
  } else {
    reject('GasObjectNotOwnedObject', `Gas object ${ref.objectId} is not owned by an address`);
  }
  if (object.objectType !== SUI_COIN_TEXT) {
    reject('InvalidGasObject', `Object ${ref.objectId} is not a gas object`);
  }
  return object;
}

function notFound(id: string, version: bigint | undefined): never {
  reject(
    'ObjectNotFound',
    `Could not find the referenced object ${id} at version ${version ?? 'None'}`,
  );
}

function packageAsObject(id: string): never {
  reject(
    'MovePackageAsObject',
    `A move object is expected, instead a move package is passed: ${id}`,
  );
}

function childAsInput(id: string, parent: string): never {
  reject(
    'InvalidChildObjectArgument',
    `Object ${id} is owned by object ${parent}. ` +
      'Objects owned by other objects cannot be used as input arguments',
  );
}

function loadPackages(
  { commands }: ProgrammableTransaction,
  source: ObjectSource,
): readonly LedgerObject[] {
  const packages = new Map<string, LedgerObject>();
  const need = (id: string): void => {
    if (packages.has(id)) return;
    const object = source.live(id);
    if (object === undefined) {
      reject('DependentPackageNotFound', `Dependent package not found on-chain: ${id}`);
    }
    if (object.data.kind !== 'package') {
      reject(
        'MoveObjectAsPackage',
        `A move package is expected, instead a move object is passed: ${id}`,
      );
    }
    packages.set(id, object);
  };
  for (const command of commands) {
    if (command.kind === 'moveCall') {
      need(command.package);
      for (const type of command.typeArguments) forEachAddress(type, need);
    } else if (command.kind === 'makeMoveVec' && command.type !== undefined) {
      forEachAddress(command.type, need);
    } else if (command.kind === 'publish') {
      command.dependencies.forEach(need);
    } else if (command.kind === 'upgrade') {
      command.dependencies.forEach(need);
      need(command.package);
    }
  }
  return [...packages.values()];
}

function forEachAddress(type: TypeTag, visit: (address: string) => void): void {
  if (type.kind === 'vector') forEachAddress(type.element, visit);
  if (type.kind !== 'struct') return;
  visit(type.address);
  for (const argument of type.typeArgs) forEachAddress(argument, visit);
}

/** Price and budget bounds (§7). */
export function checkGasParameters(gas: GasData, referenceGasPrice: bigint): void {
  if (gas.price < referenceGasPrice) {
    reject(
      'GasPriceUnderRGP',
      `Gas price ${gas.price} under reference gas price (RGP) ${referenceGasPrice}`,
    );
  }
  if (gas.price >= MAX_GAS_PRICE) {
    reject('GasPriceTooHigh', `Gas price cannot exceed ${MAX_GAS_PRICE} mist`);
  }
  if (gas.budget > MAX_GAS_BUDGET) {
    reject('GasBudgetTooHigh', `Gas budget: ${gas.budget} is higher than max: ${MAX_GAS_BUDGET}`);
  }
  const minimum = BigInt(BASE_COMPUTATION_UNITS) * gas.price;
  if (gas.budget < minimum) {
    reject('GasBudgetTooLow', `Gas budget: ${gas.budget} is lower than min: ${minimum}`);
  }
}

/** The payment must cover the budget. */
export function checkGasBalance(gas: GasData, gasCoins: readonly LedgerObject[]): void {
  const balance = gasCoins.reduce((sum, coin) => sum + (coin.coinBalance ?? 0n), 0n);
  if (balance < gas.budget) {
    reject(
      'GasBalanceTooLow',
      `Balance of gas object ${balance} is lower than the needed amount: ${gas.budget}`,
    );
  }
}
