/**
 * Runs a planned transaction command by command (sui-ledger.md §6).
 */

import { typeText } from '../type-text.ts';
import type { CommandOutput, CommandValue } from '../types/records.ts';
import { KIND, type MoveType, type Slot, type VmArgument } from '../vm.ts';
import { mergeCoins, splitCoins } from './coins.ts';
import { ExecutionFailure, fail } from './failure.ts';
import type { PlannedCommand, Usage } from './plan.ts';
import { publish, upgrade } from './publish.ts';
import { inCommand } from './resolve.ts';
import { closeEventRange, type Run, setResult, takeUsage } from './run.ts';
import { vmFailure } from './vm-failure.ts';

/** Throws ExecutionFailure with the command's index. */
export function runCommands(run: Run): void {
  for (const [index, command] of run.plan.commands.entries()) {
    inCommand(index, () => runCommand(run, index, command));
  }
}

function runCommand(run: Run, index: number, command: PlannedCommand): void {
  const shared = consumedShared(run, command);
  const mutated = run.outputs === undefined ? [] : mutableUsages(command);
  try {
    dispatch(run, index, command);
  } catch (error) {
    const called = command.kind === 'moveCall' ? command.function.storageId : undefined;
    const pkg = called === undefined ? undefined : run.session.package(called);
    throw vmFailure(error, pkg, run.session);
  }
  if (command.kind === 'moveCall') {
    const { storageId, module } = command.function;
    closeEventRange(run, { package: storageId, module });
  }
  if (shared.length > 0) checkConsumedShared(run, shared);
  run.outputs?.push(outputOf(run, index, mutated));
}

function dispatch(run: Run, index: number, command: PlannedCommand): void {
  switch (command.kind) {
    case 'moveCall':
      moveCall(run, index, command);
      break;
    case 'transferObjects':
      transferObjects(run, command);
      break;
    case 'splitCoins':
      splitCoins(run, index, command);
      break;
    case 'mergeCoins':
      mergeCoins(run, command);
      break;
    case 'makeMoveVec': {
      const items = command.arguments.map((usage) => takeUsage(run, usage));
      setResult(run, index, 0, run.session.vector(command.elementType, items));
      break;
    }
    case 'publish':
      publish(run, index, command);
      break;
    case 'upgrade':
      upgrade(run, index, command);
  }
}

function moveCall(
  run: Run,
  index: number,
  command: Extract<PlannedCommand, { kind: 'moveCall' }>,
): void {
  const args = command.parameters.map((parameter, i) => {
    if (parameter !== 'txContext') return argument(run, parameter);
    const isMutable = command.function.parameters[i]!.kind === KIND.MutableReference;
    return isMutable ? run.txContext.borrowMut() : run.txContext.borrow();
  });
  const results = run.session.call(command.function, args);
  for (const [i, slot] of results.entries()) setResult(run, index, i, slot);
}

function argument(run: Run, usage: Usage): VmArgument {
  switch (usage.mode) {
    case 'borrow':
      return run.slot(usage.location).borrow();
    case 'borrowMut':
      return run.slot(usage.location).borrowMut();
    default:
      return takeUsage(run, usage);
  }
}

function transferObjects(
  run: Run,
  command: Extract<PlannedCommand, { kind: 'transferObjects' }>,
): void {
  const objects = command.objects.map((usage) => takeUsage(run, usage));
  const address = takeUsage(run, command.address).value;
  if (typeof address !== 'string') fail('VMInvariantViolation');
  for (const { type, value } of objects) {
    run.objects.transfer({ kind: 'address', address }, type, value);
  }
}

/** Ids of shared inputs that a command takes by value. */
function consumedShared(run: Run, command: PlannedCommand): string[] {
  const ids: string[] = [];
  for (const { location, mode } of command.arguments) {
    const { origin } = run.plan.locations[location]!;
    if (mode !== 'move' || origin.kind !== 'object') continue;
    const { owner, objectId } = origin.input.object;
    if (owner.kind === 'shared') ids.push(objectId);
  }
  return ids;
}

/** A shared object taken by value must be deleted or shared again in the same command. */
function checkConsumedShared(run: Run, ids: readonly string[]): void {
  const { deletedIds, transfers } = run.objects.results(run.session);
  for (const id of ids) {
    if (deletedIds.has(id) || transfers.get(id)?.owner.kind === 'shared') continue;
    throw new ExecutionFailure({ kind: 'SharedObjectOperationNotAllowed' });
  }
}

function mutableUsages(command: PlannedCommand): readonly Usage[] {
  return command.arguments.filter(({ mode }) => mode === 'borrowMut');
}

function outputOf(run: Run, index: number, mutated: readonly Usage[]): CommandOutput {
  const results = run.plan.results[index]!;
  return {
    returnValues: results.map((location) => {
      const { slot, type } = run.plan.locations[location]!;
      return commandValue(run, slot!, type);
    }),
    mutatedByRef: mutated.map((usage) => {
      const { type } = run.plan.locations[usage.location]!;
      const value = commandValue(run, run.slot(usage.location), type);
      return { ...value, argument: usage.argument };
    }),
  };
}

function commandValue(run: Run, slot: Slot, type: MoveType): CommandValue {
  return { type: typeText(run.session.tagOf(type)), value: slot.serialize() };
}
