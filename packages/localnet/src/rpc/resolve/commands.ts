/** Protobuf commands and arguments to the ledger's form (spec sui-ledger §3.1, §8.1). */
import type { GrpcTypes } from '@mysten/sui/grpc';
import { GrpcTypes as Types } from '@mysten/sui/grpc';
import type { Argument, Command } from '../../ledger/api.ts';
import { addressField, typeField } from '../arguments.ts';
import { invalidField, missingField } from '../transport/status.ts';

const ArgumentKind = Types.Argument_ArgumentKind;
const MAX_U16 = 0xffff;

/** Path of the commands in a request, for error messages. */
const COMMANDS = 'transaction.kind.programmable_transaction.commands';

/** @throws RpcError INVALID_ARGUMENT that names the command's field */
export function parseCommands(commands: readonly GrpcTypes.Command[]): Command[] {
  return commands.map((command, index) => parseCommand(command, `${COMMANDS}[${index}]`));
}

function parseCommand({ command }: GrpcTypes.Command, field: string): Command {
  const list = (name: string, items: readonly GrpcTypes.Argument[]) =>
    items.map((item, index) => parseArgument(item, `${field}.${name}[${index}]`));
  const one = (name: string, item: GrpcTypes.Argument | undefined) =>
    parseArgument(item, `${field}.${name}`);
  const ids = (items: readonly string[]) =>
    items.map((item, index) => addressField(`${field}.dependencies[${index}]`, item));
  switch (command.oneofKind) {
    case 'moveCall': {
      const call = command.moveCall;
      return {
        kind: 'moveCall',
        package: addressField(`${field}.package`, call.package),
        module: call.module ?? '',
        function: call.function ?? '',
        typeArguments: call.typeArguments.map((type, index) =>
          typeField(`${field}.type_arguments[${index}]`, type),
        ),
        arguments: list('arguments', call.arguments),
      };
    }
    case 'transferObjects': {
      const { objects, address } = command.transferObjects;
      return {
        kind: 'transferObjects',
        objects: list('objects', objects),
        address: one('address', address),
      };
    }
    case 'splitCoins': {
      const { coin, amounts } = command.splitCoins;
      return { kind: 'splitCoins', coin: one('coin', coin), amounts: list('amounts', amounts) };
    }
    case 'mergeCoins': {
      const { coin, coinsToMerge } = command.mergeCoins;
      return {
        kind: 'mergeCoins',
        target: one('coin', coin),
        sources: list('coins_to_merge', coinsToMerge),
      };
    }
    case 'publish': {
      const { modules, dependencies } = command.publish;
      return { kind: 'publish', modules, dependencies: ids(dependencies) };
    }
    case 'makeMoveVector': {
      const { elementType, elements } = command.makeMoveVector;
      return {
        kind: 'makeMoveVec',
        type:
          elementType === undefined ? undefined : typeField(`${field}.element_type`, elementType),
        elements: list('elements', elements),
      };
    }
    case 'upgrade': {
      const { modules, dependencies, package: upgraded, ticket } = command.upgrade;
      return {
        kind: 'upgrade',
        modules,
        dependencies: ids(dependencies),
        package: addressField(`${field}.package`, upgraded),
        ticket: one('ticket', ticket),
      };
    }
    default:
      throw missingField(`${field}.command`);
  }
}

function parseArgument(argument: GrpcTypes.Argument | undefined, field: string): Argument {
  switch (argument?.kind) {
    case ArgumentKind.GAS:
      return { kind: 'gasCoin' };
    case ArgumentKind.INPUT:
      return { kind: 'input', index: u16(argument.input, `${field}.input`) };
    case ArgumentKind.RESULT: {
      const index = u16(argument.result, `${field}.result`);
      if (argument.subresult === undefined) return { kind: 'result', index };
      return {
        kind: 'nestedResult',
        index,
        subIndex: u16(argument.subresult, `${field}.subresult`),
      };
    }
    case undefined:
    case ArgumentKind.ARGUMENT_KIND_UNKNOWN:
      throw missingField(`${field}.kind`);
    default:
      throw invalidField(`${field}.kind`, `unknown argument kind ${argument?.kind}`);
  }
}

function u16(value: number | undefined, field: string): number {
  if (value === undefined) throw missingField(field);
  if (value > MAX_U16) throw invalidField(field, `${field} is ${value}, limit ${MAX_U16}`);
  return value;
}
