/**
 * Type-checks a programmable transaction before anything runs (sui-ledger.md §6.2, §6.4).
 *
 * First every function, type and package is resolved over the whole transaction, then every
 * argument gets a location and a way of use. Errors name the command and the argument position.
 */
import type { LoadedInput, LoadedTransaction } from '../checks/inputs.ts';
import { SUI_ADDRESS, SUI_COIN_TYPE, struct } from '../type-text.ts';
import type {
  Argument,
  Command,
  MoveCallCommand,
  ProgrammableTransaction,
} from '../types/transaction.ts';
import {
  ABILITY,
  ADDRESS,
  KIND,
  type LoadedFunction,
  type MoveType,
  type Session,
  U64,
  vectorOf,
} from '../vm.ts';
import { isDatatype } from './datatypes.ts';
import { failArgument } from './failure.ts';
import {
  GAS_LOCATION,
  type Location,
  type LocationOrigin,
  type Plan,
  type PlannedCommand,
  type Usage,
  type UsageMode,
} from './plan.ts';
import { inCommand, isTxContext, type ResolvedCommand, resolveCommand } from './resolve.ts';

const UPGRADE_CAP = struct(SUI_ADDRESS, 'package', 'UpgradeCap');
const UPGRADE_TICKET = struct(SUI_ADDRESS, 'package', 'UpgradeTicket');
const UPGRADE_RECEIPT = struct(SUI_ADDRESS, 'package', 'UpgradeReceipt');

const KEY_AND_STORE = ABILITY.store | ABILITY.key;

export function typeCheck(
  programmable: ProgrammableTransaction,
  loaded: LoadedTransaction,
  session: Session,
): Plan {
  const resolved = programmable.commands.map((command, index) =>
    inCommand(index, () => resolveCommand(command, session)),
  );
  const checker = new Checker(loaded, session);
  for (const [index, command] of resolved.entries()) {
    inCommand(index, () => checker.command(command));
  }
  return checker.plan();
}

type ByteInput = Extract<LoadedInput, { kind: 'pure' | 'receiving' }>;

class Checker {
  readonly #session: Session;
  readonly #inputs: readonly LoadedInput[];
  readonly #locations: Location[] = [];
  /** Location of each object input, by input index. */
  readonly #objectLocations: (number | undefined)[] = [];
  /** For each pure or receiving input: type to location. */
  readonly #byteLocations: (Map<MoveType, number> | undefined)[] = [];
  /** Inputs that a `&mut` use has bound to one type. */
  readonly #fixed = new Map<number, MoveType>();
  readonly #commands: PlannedCommand[] = [];
  readonly #results: number[][] = [];

  constructor(loaded: LoadedTransaction, session: Session) {
    this.#session = session;
    this.#inputs = loaded.inputs;
    this.#add(session.typeOf(SUI_COIN_TYPE), { kind: 'gasCoin' });
    for (const [index, input] of loaded.inputs.entries()) {
      if (input.kind === 'object' && input.object.data.kind === 'move') {
        const type = session.typeOf(input.object.data.type);
        this.#objectLocations[index] = this.#add(type, { kind: 'object', input });
      } else {
        this.#byteLocations[index] = new Map();
      }
    }
  }

  plan(): Plan {
    return { locations: this.#locations, commands: this.#commands, results: this.#results };
  }

  #add(type: MoveType, origin: LocationOrigin, firstUse?: Location['firstUse']): number {
    this.#locations.push({ slot: undefined, type, origin, used: false, firstUse });
    return this.#locations.length - 1;
  }

  #finish(command: PlannedCommand, resultTypes: readonly MoveType[]): void {
    const index = this.#commands.length;
    this.#commands.push(command);
    this.#results.push(
      resultTypes.map((type, i) => this.#add(type, { kind: 'result', command: index, index: i })),
    );
  }

  command(resolved: ResolvedCommand): void {
    if (resolved.kind === 'moveCall') {
      this.#moveCall(resolved.command, resolved.function);
    } else if (resolved.kind === 'makeMoveVec') {
      this.#makeMoveVec(resolved.command, resolved.type);
    } else {
      this.#other(resolved.command);
    }
  }

  #other(command: Extract<ResolvedCommand, { kind: 'other' }>['command']): void {
    switch (command.kind) {
      case 'transferObjects':
        this.#transferObjects(command);
        break;
      case 'splitCoins':
        this.#splitCoins(command);
        break;
      case 'mergeCoins':
        this.#mergeCoins(command);
        break;
      case 'publish': {
        const { modules, dependencies } = command;
        const cap = this.#session.typeOf(UPGRADE_CAP);
        this.#finish({ kind: 'publish', modules, dependencies, arguments: [] }, [cap]);
        break;
      }
      case 'upgrade':
        this.#upgrade(command);
    }
  }

  #moveCall(command: MoveCallCommand, fn: LoadedFunction): void {
    const wanted = fn.parameters.filter((type) => !isTxContext(type));
    const sources = this.#sources(command.arguments, 0);
    const args = sources.map((source, i) => this.#argument(source, i, wanted[i]!));
    let next = 0;
    const parameters = fn.parameters.map((type) =>
      isTxContext(type) ? 'txContext' : args[next++]!,
    );
    const types = fn.returns;
    this.#finish({ kind: 'moveCall', function: fn, arguments: args, parameters }, types);
  }

  #transferObjects(command: Extract<Command, { kind: 'transferObjects' }>): void {
    const sources = this.#sources(command.objects, 0);
    const [addressSource] = this.#sources([command.address], sources.length);
    const objects = sources.map((source, i) => {
      const type = this.#fixedType(source);
      if (type === undefined || (type.abilities & KEY_AND_STORE) !== KEY_AND_STORE) {
        failArgument(i, 'InvalidTransferObject');
      }
      return this.#use(source, i, 'move');
    });
    const address = this.#argument(addressSource!, sources.length, ADDRESS);
    const args = [...objects, address];
    this.#finish({ kind: 'transferObjects', objects, address, arguments: args }, []);
  }

  #splitCoins(command: Extract<Command, { kind: 'splitCoins' }>): void {
    const [coinSource] = this.#sources([command.coin], 0);
    const amountSources = this.#sources(command.amounts, 1);
    const { usage: coin, type: coinType } = this.#coin(coinSource!);
    const amounts = amountSources.map((source, i) => this.#argument(source, i + 1, U64));
    const args = [coin, ...amounts];
    this.#finish(
      { kind: 'splitCoins', coin, amounts, coinType, arguments: args },
      amounts.map(() => coinType),
    );
  }

  #mergeCoins(command: Extract<Command, { kind: 'mergeCoins' }>): void {
    const [targetSource] = this.#sources([command.target], 0);
    const coinSources = this.#sources(command.sources, 1);
    const { usage: target, type } = this.#coin(targetSource!);
    const sources = coinSources.map((source, i) => this.#argument(source, i + 1, type));
    this.#finish({ kind: 'mergeCoins', target, sources, arguments: [target, ...sources] }, []);
  }

  /** A coin of any type, by mutable reference. */
  #coin(source: Source): { usage: Usage; type: MoveType } {
    const type = this.#fixedType(source);
    if (type === undefined || !isDatatype(type, SUI_ADDRESS, 'coin', 'Coin')) {
      return failArgument(0, 'TypeMismatch');
    }
    return { usage: this.#use(source, 0, 'borrowMut'), type };
  }

  #makeMoveVec(
    command: Extract<Command, { kind: 'makeMoveVec' }>,
    given: MoveType | undefined,
  ): void {
    const sources = this.#sources(command.elements, 0);
    let elementType = given;
    if (elementType === undefined) {
      elementType = this.#fixedType(sources[0]!);
      if (elementType === undefined || (elementType.abilities & ABILITY.key) === 0) {
        failArgument(0, 'InvalidMakeMoveVecNonObjectArgument');
      }
    }
    const type = elementType;
    const elements = sources.map((source, i) => this.#argument(source, i, type));
    this.#finish({ kind: 'makeMoveVec', elementType: type, arguments: elements }, [vectorOf(type)]);
  }

  #upgrade(command: Extract<Command, { kind: 'upgrade' }>): void {
    const [source] = this.#sources([command.ticket], 0);
    const ticket = this.#argument(source!, 0, this.#session.typeOf(UPGRADE_TICKET));
    const { modules, dependencies, package: id } = command;
    this.#finish(
      { kind: 'upgrade', modules, dependencies, package: id, ticket, arguments: [ticket] },
      [this.#session.typeOf(UPGRADE_RECEIPT)],
    );
  }

  /** Checks indices of all arguments of a command before any of their types. */
  #sources(list: readonly Argument[], start: number): Source[] {
    return list.map((argument, i) => this.#source(argument, start + i));
  }

  #source(argument: Argument, position: number): Source {
    switch (argument.kind) {
      case 'gasCoin':
        return { argument, location: GAS_LOCATION };
      case 'input': {
        const { index } = argument;
        const input = this.#inputs[index];
        if (input === undefined) failArgument(position, { kind: 'IndexOutOfBounds', index });
        if (input.kind === 'object') return { argument, location: this.#objectLocations[index]! };
        return { argument, location: undefined, bytes: input, index };
      }
      case 'result': {
        const { index } = argument;
        const results = this.#results[index];
        if (results === undefined) failArgument(position, { kind: 'IndexOutOfBounds', index });
        if (results.length !== 1) {
          failArgument(position, { kind: 'InvalidResultArity', result: index });
        }
        return { argument, location: results[0]! };
      }
      case 'nestedResult': {
        const { index, subIndex } = argument;
        const results = this.#results[index];
        if (results === undefined) failArgument(position, { kind: 'IndexOutOfBounds', index });
        const location = results[subIndex];
        if (location === undefined) {
          failArgument(position, {
            kind: 'SecondaryIndexOutOfBounds',
            result: index,
            secondary: subIndex,
          });
        }
        return { argument, location };
      }
    }
  }

  /** Type of a value whose type doesn't depend on its use; undefined for pure and receiving. */
  #fixedType(source: Source): MoveType | undefined {
    if (source.location === undefined) return this.#fixed.get(source.index);
    return this.#locations[source.location]!.type;
  }

  #argument(source: Source, position: number, expected: MoveType): Usage {
    const isReference = expected.kind === KIND.Reference || expected.kind === KIND.MutableReference;
    const type = isReference ? expected.element! : expected;
    const mutable = expected.kind === KIND.MutableReference;
    const actual = this.#fixedType(source);
    if (actual !== undefined && actual !== type) {
      failArgument(position, 'TypeMismatch', `Expected ${type}, found ${actual}.`);
    }
    let mode: UsageMode = mutable ? 'borrowMut' : 'borrow';
    if (!isReference) mode = (type.abilities & ABILITY.copy) === 0 ? 'move' : 'copy';
    if (mutable && source.location === undefined) this.#fixed.set(source.index, type);
    return this.#use(source, position, mode, type);
  }

  #use(source: Source, position: number, mode: UsageMode, type?: MoveType): Usage {
    const location = source.location ?? this.#byteLocation(source, position, type);
    this.#locations[location]!.used = true;
    return { location, mode, position, argument: source.argument };
  }

  /** Each type that reads an input's bytes has a value of its own. */
  #byteLocation(source: ByteSource, position: number, given: MoveType | undefined): number {
    const type = given ?? this.#fixed.get(source.index)!;
    const byType = this.#byteLocations[source.index]!;
    let location = byType.get(type);
    if (location === undefined) {
      const { bytes } = source;
      const origin: LocationOrigin =
        bytes.kind === 'pure'
          ? { kind: 'pure', bytes: bytes.bytes }
          : { kind: 'receiving', input: bytes };
      location = this.#add(type, origin, { command: this.#commands.length, position });
      byType.set(type, location);
    }
    return location;
  }
}

interface ByteSource {
  readonly argument: Argument;
  readonly location: undefined;
  readonly bytes: ByteInput;
  readonly index: number;
}

type Source = { readonly argument: Argument; readonly location: number } | ByteSource;
