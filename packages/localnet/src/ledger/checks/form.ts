/**
 * Checks on a transaction's form alone, before any object is looked at (sui-ledger.md §6.1, §14):
 * sizes, identifiers, empty commands, expiration, duplicate inputs, system objects.
 */
import { RejectedTransaction, type RejectionName } from '../errors.ts';
import {
  MAX_COMMAND_ARGUMENTS,
  MAX_COMMANDS,
  MAX_GAS_PAYMENT_OBJECTS,
  MAX_INPUT_OBJECTS,
  MAX_MODULES_IN_PUBLISH,
  MAX_PACKAGE_DEPENDENCIES,
  MAX_PUBLISH_OR_UPGRADE,
  MAX_PURE_ARGUMENT_BYTES,
  MAX_TYPE_ARGUMENT_DEPTH,
  MAX_TYPE_ARGUMENTS,
} from '../limits.ts';
import { AUTHENTICATOR_STATE_ID, CLOCK_ID, RANDOM_ID } from '../system-ids.ts';
import type {
  Argument,
  CallArg,
  Command,
  Expiration,
  ProgrammableTransaction,
  TransactionData,
} from '../types/transaction.ts';
import { isIdentifier, type TypeTag } from '../vm.ts';

interface FormContext {
  readonly epoch: bigint;
  readonly chainId: string;
}

/** The programmable part of a user transaction; anything else is refused. */
export function requireProgrammable(data: TransactionData): ProgrammableTransaction {
  if (data.kind.kind !== 'programmable') {
    reject('InvalidSystemTransaction', 'Only programmable transactions can be sent by users');
  }
  return data.kind;
}

/** Throws RejectedTransaction for the first rule of form that the transaction breaks. */
export function checkForm(data: TransactionData, context: FormContext): ProgrammableTransaction {
  const programmable = requireProgrammable(data);
  checkExpiration(data.expiration, context);
  if (data.gasData.payment.length === 0) {
    if (data.expiration.kind === 'validDuring') unsupported('gas payment from an address balance');
    reject('MissingGasPayment', 'Transaction gas payment missing');
  }
  checkProgrammable(programmable, data.gasData.payment.length);
  checkDuplicates(programmable.inputs, data.gasData.payment);
  return programmable;
}

/** The part of `checkForm` that also holds with checks disabled. */
export function checkProgrammable(programmable: ProgrammableTransaction, gasCoins: number): void {
  const { inputs, commands } = programmable;
  limit('maximum number of gas payment objects', gasCoins, MAX_GAS_PAYMENT_OBJECTS);
  limit('maximum input objects in a transaction', inputs.length + gasCoins, MAX_INPUT_OBJECTS);
  limit('maximum commands in a programmable transaction', commands.length, MAX_COMMANDS);
  for (const input of inputs) checkInput(input);
  for (const command of commands) checkCommand(command);
  const publishes = commands.filter(({ kind }) => kind === 'publish' || kind === 'upgrade').length;
  if (publishes > MAX_PUBLISH_OR_UPGRADE) {
    reject(
      'MaxPublishCountExceeded',
      `${MAX_PUBLISH_OR_UPGRADE} max publish/upgrade commands allowed, ${publishes} provided`,
    );
  }
  checkRandomness(programmable);
}

export function reject(reason: RejectionName, message: string): never {
  throw new RejectedTransaction(reason, message);
}

export function unsupported(feature: string): never {
  reject('Unsupported', `Feature is not supported: ${feature}`);
}

function limit(name: string, value: number, max: number): void {
  if (value > max) reject('SizeLimitExceeded', `Size limit exceeded: ${name} is ${max}`);
}

function checkExpiration(expiration: Expiration, { epoch, chainId }: FormContext): void {
  if (expiration.kind === 'none') return;
  if (expiration.kind === 'epoch') {
    if (epoch > expiration.epoch) reject('TransactionExpired', 'Transaction Expired');
    return;
  }
  if (expiration.kind === 'validity') unsupported('Validity expiration');
  const { during } = expiration;
  if (during.minTimestamp !== undefined || during.maxTimestamp !== undefined) {
    unsupported('timestamp bounds in a ValidDuring expiration');
  }
  if (during.chain !== chainId) {
    reject(
      'InvalidChainId',
      `Transaction chain ID ${during.chain} does not match network chain ID ${chainId}.`,
    );
  }
  if (during.minEpoch === undefined || during.maxEpoch === undefined) {
    reject('InvalidExpiration', 'ValidDuring expiration must have both epoch bounds');
  }
  if (epoch < during.minEpoch || epoch > during.maxEpoch) {
    reject('TransactionExpired', 'Transaction Expired');
  }
}

function checkInput(input: CallArg): void {
  if (input.kind === 'pure') {
    limit('maximum pure argument size', input.bytes.length, MAX_PURE_ARGUMENT_BYTES);
  } else if (input.kind === 'fundsWithdrawal') {
    unsupported('withdrawals from an address balance (FundsWithdrawal inputs)');
  } else if (input.kind === 'shared') {
    checkSystemObject(input.objectId, input.mutability !== 'immutable');
    if (input.mutability === 'nonExclusiveWrite') unsupported('non-exclusive writes');
  } else {
    checkSystemObject(input.ref.objectId, false);
  }
}

function checkSystemObject(id: string, mutable: boolean): void {
  if (id === AUTHENTICATOR_STATE_ID) {
    reject(
      'InaccessibleSystemObject',
      `Object ${id} is a system object and cannot be accessed by user transactions`,
    );
  }
  if (mutable && (id === CLOCK_ID || id === RANDOM_ID)) {
    reject(
      'ImmutableParameterExpectedError',
      'Mutable parameter provided, immutable parameter expected',
    );
  }
}

function checkCommand(command: Command): void {
  switch (command.kind) {
    case 'moveCall':
      limit('maximum arguments in a move call', command.arguments.length, MAX_COMMAND_ARGUMENTS);
      limit(
        'maximum type arguments in a move call',
        command.typeArguments.length,
        MAX_TYPE_ARGUMENTS,
      );
      for (const type of command.typeArguments) checkType(type, 1);
      checkIdentifier(command.module);
      checkIdentifier(command.function);
      return;
    case 'transferObjects':
      requireArguments(command.objects);
      return;
    case 'splitCoins':
      requireArguments(command.amounts);
      return;
    case 'mergeCoins':
      requireArguments(command.sources);
      return;
    case 'makeMoveVec':
      if (command.type === undefined) requireArguments(command.elements);
      else checkType(command.type, 1);
      limit('maximum arguments in a command', command.elements.length, MAX_COMMAND_ARGUMENTS);
      return;
    case 'publish':
    case 'upgrade':
      if (command.modules.length === 0) emptyCommand();
      limit('maximum modules in a publish', command.modules.length, MAX_MODULES_IN_PUBLISH);
      limit('maximum package dependencies', command.dependencies.length, MAX_PACKAGE_DEPENDENCIES);
  }
}

function requireArguments(list: readonly Argument[]): void {
  if (list.length === 0) emptyCommand();
  limit('maximum arguments in a command', list.length, MAX_COMMAND_ARGUMENTS);
}

function emptyCommand(): never {
  reject(
    'EmptyCommandInput',
    'TransferObjects, MergeCoin, and Publish cannot have empty arguments. ' +
      'If MakeMoveVec has empty arguments, it must have a type specified',
  );
}

function checkIdentifier(text: string): void {
  if (!isIdentifier(text)) {
    reject('InvalidIdentifier', `Invalid identifier found in the transaction: ${text}`);
  }
}

function checkType(type: TypeTag, depth: number): void {
  limit('maximum type argument depth in a call', depth, MAX_TYPE_ARGUMENT_DEPTH);
  if (type.kind === 'vector') checkType(type.element, depth + 1);
  if (type.kind !== 'struct') return;
  checkIdentifier(type.module);
  checkIdentifier(type.name);
  limit('maximum type arguments in a move call', type.typeArgs.length, MAX_TYPE_ARGUMENTS);
  for (const argument of type.typeArgs) checkType(argument, depth + 1);
}

/** After a command that uses Random only transfers and merges may come (§5). */
function checkRandomness({ inputs, commands }: ProgrammableTransaction): void {
  const random = inputs.findIndex(
    (input) => input.kind === 'shared' && input.objectId === RANDOM_ID,
  );
  if (random < 0) return;
  let used = false;
  for (const command of commands) {
    if (used && command.kind !== 'transferObjects' && command.kind !== 'mergeCoins') {
      reject(
        'PostRandomCommandRestrictions',
        'Only TransferObjects and MergeCoins may follow a command that uses Random',
      );
    }
    used ||=
      command.kind === 'moveCall' &&
      command.arguments.some(
        ({ kind, ...rest }) => kind === 'input' && 'index' in rest && rest.index === random,
      );
  }
}

function checkDuplicates(
  inputs: readonly CallArg[],
  payment: readonly { readonly objectId: string }[],
): void {
  const seen = new Set<string>();
  const readOnly = new Set<string>();
  for (const { objectId } of payment) addMutable(objectId, seen);
  for (const input of inputs) {
    if (input.kind === 'immutableOrOwned') addMutable(input.ref.objectId, seen);
    else if (input.kind === 'shared' && input.mutability !== 'immutable') {
      addMutable(input.objectId, seen);
    } else if (input.kind === 'shared') {
      if (readOnly.has(input.objectId)) duplicate();
      readOnly.add(input.objectId);
    }
  }
  for (const id of readOnly) if (seen.has(id)) duplicate();
  for (const input of inputs) {
    if (input.kind !== 'receiving') continue;
    const { objectId } = input.ref;
    if (seen.has(objectId) || readOnly.has(objectId)) duplicate();
    seen.add(objectId);
  }
}

function addMutable(id: string, seen: Set<string>): void {
  if (seen.has(id)) {
    reject(
      'MutableObjectUsedMoreThanOnce',
      `Mutable object ${id} cannot appear more than one in one transaction`,
    );
  }
  seen.add(id);
}

function duplicate(): never {
  reject('DuplicateObjectRefInput', "The transaction inputs contain duplicated ObjectRef's");
}
