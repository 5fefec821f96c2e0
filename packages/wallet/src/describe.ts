/**
 * What a transaction does, in words, for the person who is about to sign it. Every value is in the text,
 * so that two transactions with the same texts do the same.
 */
import { createHash } from 'node:crypto';
import { TypeTagSerializer } from '@mysten/sui/bcs';
import type { Transaction } from '@mysten/sui/transactions';
import { fromBase64, normalizeAddress, toHex } from '@seal-ts/protocol';

type TransactionData = ReturnType<Transaction['getData']>;
type Input = TransactionData['inputs'][number];
type Command = TransactionData['commands'][number];
type Argument = Extract<Command, { $kind: 'TransferObjects' }>['TransferObjects']['address'];

/** How an object is shown, by its id. */
export type ObjectText = (objectId: string) => string;

/** One line for each command, in order; values are hex of their BCS. */
export function commandTexts(
  transaction: Transaction,
  objectText: ObjectText = (objectId) => `object ${objectId}`,
): string[] {
  const { commands, inputs } = transaction.getData();
  const one = (argument: Argument) => argumentText(argument, inputs, objectText);
  const all = (list: readonly Argument[]) => list.map(one).join(', ');
  return commands.map((command) => commandText(command, one, all));
}

function commandText(
  command: Command,
  one: (argument: Argument) => string,
  all: (list: readonly Argument[]) => string,
): string {
  switch (command.$kind) {
    case 'MoveCall': {
      const { package: packageId, module, function: name, typeArguments } = command.MoveCall;
      const types = typeArguments.length === 0 ? '' : `<${typeArguments.map(typeText).join(', ')}>`;
      const target = `${normalizeAddress(packageId)}::${module}::${name}`;
      return `call ${target}${types}(${all(command.MoveCall.arguments)})`;
    }
    case 'TransferObjects': {
      const { objects, address } = command.TransferObjects;
      return `transfer ${all(objects)} to ${one(address)}`;
    }
    case 'SplitCoins':
      return `split ${one(command.SplitCoins.coin)} into ${all(command.SplitCoins.amounts)}`;
    case 'MergeCoins': {
      const { sources, destination } = command.MergeCoins;
      return `merge ${all(sources)} into ${one(destination)}`;
    }
    case 'Publish':
      return `publish ${modulesText(command.Publish)}`;
    case 'Upgrade': {
      const { package: packageId, ticket } = command.Upgrade;
      const to = modulesText(command.Upgrade);
      return `upgrade package ${normalizeAddress(packageId)} with ${one(ticket)} to ${to}`;
    }
    case 'MakeMoveVec': {
      const { type, elements } = command.MakeMoveVec;
      return `make a vector of ${type ? typeText(type) : 'objects'}: ${all(elements)}`;
    }
    default:
      return JSON.stringify(command);
  }
}

function modulesText({ modules, dependencies }: { modules: string[]; dependencies: string[] }) {
  const hash = createHash('sha256')
    .update(JSON.stringify([modules, dependencies]))
    .digest('hex');
  return (
    `${modules.length} modules that depend on ${dependencies.length} packages ` +
    `(SHA-256 of both ${hash})`
  );
}

function argumentText(
  argument: Argument,
  inputs: readonly Input[],
  objectText: ObjectText,
): string {
  switch (argument.$kind) {
    case 'GasCoin':
      return 'the gas coin';
    case 'Result':
      return `result ${argument.Result}`;
    case 'NestedResult':
      return `result ${argument.NestedResult.join('.')}`;
    default: {
      const input = inputs[argument.Input];
      return input === undefined ? 'nothing' : inputText(input, objectText);
    }
  }
}

function inputText(input: Input, objectText: ObjectText): string {
  if (input.Pure !== undefined) return `0x${toHex(fromBase64(input.Pure.bytes))}`;
  const object =
    input.UnresolvedObject ??
    input.Object?.SharedObject ??
    input.Object?.ImmOrOwnedObject ??
    input.Object?.Receiving;
  return object === undefined
    ? JSON.stringify(input)
    : objectText(normalizeAddress(object.objectId));
}

/** One spelling for equal types. */
function typeText(type: string): string {
  return TypeTagSerializer.tagToString(TypeTagSerializer.parseFromStr(type, true));
}
