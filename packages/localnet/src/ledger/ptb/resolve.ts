/**
 * Resolves the functions and types that commands name, over the whole transaction and before any
 * argument is looked at (sui-ledger.md §6.2, §6.4).
 */
import { functionConstraints } from '../introspection.ts';
import { SUI_ADDRESS } from '../type-text.ts';
import type { Command, MoveCallCommand } from '../types/transaction.ts';
import {
  isVmError,
  KIND,
  type LoadedFunction,
  type MoveType,
  type Session,
  STATUS,
  type TypeTag,
} from '../vm.ts';
import { isDatatype } from './datatypes.ts';
import { ExecutionFailure, fail } from './failure.ts';

/** A command with its functions and types resolved. */
export type ResolvedCommand =
  | { kind: 'moveCall'; command: MoveCallCommand; function: LoadedFunction }
  | {
      kind: 'makeMoveVec';
      command: Extract<Command, { kind: 'makeMoveVec' }>;
      type: MoveType | undefined;
    }
  | { kind: 'other'; command: Exclude<Command, { kind: 'moveCall' | 'makeMoveVec' }> };

/** Runs a step and stamps its failure with the command's index. */
export function inCommand<T>(index: number, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof ExecutionFailure) error.command ??= index;
    throw error;
  }
}

export function resolveCommand(command: Command, session: Session): ResolvedCommand {
  if (command.kind === 'moveCall') {
    return { kind: 'moveCall', command, function: resolveFunction(command, session) };
  }
  if (command.kind === 'makeMoveVec') {
    const type = command.type === undefined ? undefined : resolveType(command.type, 0, session);
    return { kind: 'makeMoveVec', command, type };
  }
  return { kind: 'other', command };
}

function resolveType(tag: TypeTag, index: number, session: Session): MoveType {
  try {
    return session.typeOf(tag);
  } catch (error) {
    if (!isVmError(error)) throw error;
    const kind =
      error.status === STATUS.CONSTRAINT_NOT_SATISFIED ? 'ConstraintNotSatisfied' : 'TypeNotFound';
    throw new ExecutionFailure({ kind: 'TypeArgumentError', argument: index, error: kind });
  }
}

function resolveFunction(command: MoveCallCommand, session: Session): LoadedFunction {
  const { package: id, module, function: name } = command;
  const types = command.typeArguments.map((tag, index) => resolveType(tag, index, session));
  try {
    const expected = session.typeParameterCount(id, module, name);
    if (expected === undefined) fail('FunctionNotFound', `No function ${id}::${module}::${name}.`);
    if (expected !== types.length) {
      fail('TypeArityMismatch', `Expected ${expected}, got ${types.length}.`);
    }
    const fn = session.loadFunction(id, module, name, types);
    const wanted = fn.parameters.filter((type) => !isTxContext(type)).length;
    if (wanted !== command.arguments.length) {
      fail('ArityMismatch', `Expected ${wanted}, got ${command.arguments.length}.`);
    }
    return fn;
  } catch (error) {
    if (!isVmError(error)) throw error;
    if (error.status === STATUS.CONSTRAINT_NOT_SATISFIED) {
      const argument = constraintCulprit(command, types, session);
      throw new ExecutionFailure({
        kind: 'TypeArgumentError',
        argument,
        error: 'ConstraintNotSatisfied',
      });
    }
    return fail('FunctionNotFound', `No function ${id}::${module}::${name}.`);
  }
}

/** Index of the type argument that breaks its constraint. */
function constraintCulprit(
  command: MoveCallCommand,
  types: readonly MoveType[],
  session: Session,
): number {
  const pkg = session.package(command.package);
  const constraints = functionConstraints(pkg, command.module, command.function);
  const index = types.findIndex((type, i) => {
    const needed = constraints[i] ?? 0;
    return (type.abilities & needed) !== needed;
  });
  return Math.max(index, 0);
}

/** The system supplies the context; it is not among the user's arguments. */
export function isTxContext(type: MoveType): boolean {
  if (type.kind !== KIND.Reference && type.kind !== KIND.MutableReference) return false;
  return isDatatype(type.element!, SUI_ADDRESS, 'tx_context', 'TxContext');
}
