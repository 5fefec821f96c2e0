/**
 * Checks on a typed transaction (sui-ledger.md §6.2–§6.4), in the network's order: pure bytes and
 * input objects, called functions, moves and borrows, leftovers, hot arguments.
 */
import { STD_ADDRESS, SUI_ADDRESS } from '../type-text.ts';
import {
  ABILITY,
  isVmError,
  KIND,
  type LoadedFunction,
  type MoveType,
  type Session,
  type Slot,
} from '../vm.ts';
import { isDatatype } from './datatypes.ts';
import { ExecutionFailure, fail, failArgument } from './failure.ts';
import { checkHotArguments } from './hot-arguments.ts';
import { GAS_LOCATION, type Plan, type PlannedCommand, type Usage } from './plan.ts';
import { inCommand } from './resolve.ts';

/** `transfer` functions that only the module defining the object may call. */
const INTERNAL_TRANSFERS = new Set([
  'transfer',
  'freeze_object',
  'share_object',
  'receive',
  'party_transfer',
]);

/** Throws ExecutionFailure. With checks disabled (dev inspect) some rules do not hold (§8.4). */
export function verifyPlan(plan: Plan, session: Session, checks: 'enabled' | 'disabled'): void {
  checkBytes(plan, session, checks);
  eachCommand(plan, (command) => checkInputUses(plan, command));
  eachCommand(plan, (command) => {
    if (command.kind === 'moveCall') checkFunction(command.function, checks);
  });
  const borrowed = checkMoves(plan);
  moveLastCopies(plan, borrowed);
  if (checks === 'enabled') checkLeftovers(plan);
  if (checks === 'enabled') checkHotArguments(plan);
}

function eachCommand(plan: Plan, check: (command: PlannedCommand) => void): void {
  for (const [index, command] of plan.commands.entries()) inCommand(index, () => check(command));
}

function checkBytes(plan: Plan, session: Session, checks: 'enabled' | 'disabled'): void {
  for (const location of plan.locations) {
    const { firstUse, type, origin } = location;
    if (firstUse === undefined) continue;
    inCommand(firstUse.command, () => {
      if (origin.kind === 'receiving' && !isReceiving(type)) {
        failArgument(firstUse.position, 'TypeMismatch', 'A receiving input needs Receiving<T>.');
      }
      if (origin.kind !== 'pure') return;
      if (checks === 'enabled' && !session.isPure(type)) {
        failArgument(firstUse.position, 'InvalidUsageOfPureArg', `The type is ${type}.`);
      }
      location.slot = readBytes(session, type, origin.bytes, firstUse.position);
    });
  }
}

function readBytes(session: Session, type: MoveType, bytes: Uint8Array, position: number): Slot {
  try {
    return session.isPure(type)
      ? session.deserializePure(type, bytes)
      : session.deserializeSlot(type, bytes);
  } catch (error) {
    if (!isVmError(error)) throw error;
    return failArgument(position, 'InvalidBCSBytes', `The type is ${type}.`);
  }
}

function isReceiving(type: MoveType): boolean {
  if (!isDatatype(type, SUI_ADDRESS, 'transfer', 'Receiving')) return false;
  return (type.typeArguments[0]!.abilities & ABILITY.key) !== 0;
}

function checkInputUses(plan: Plan, command: PlannedCommand): void {
  for (const { location, mode, position } of command.arguments) {
    const { origin } = plan.locations[location]!;
    if (origin.kind !== 'object' || mode === 'borrow' || mode === 'copy') continue;
    const { access } = origin.input;
    if (access === 'owned' || access === 'sharedMutable') continue;
    failArgument(position, mode === 'move' ? 'InvalidObjectByValue' : 'InvalidObjectByMutRef');
  }
  if (command.kind === 'transferObjects') return;
  for (const { location, mode, position } of command.arguments) {
    if (location === GAS_LOCATION && mode === 'move') {
      // Sending it away as a balance is the one other use by value.
      if (!isSendFunds(command)) failArgument(position, 'InvalidGasCoinUsage');
    }
  }
}

function isSendFunds(command: PlannedCommand): boolean {
  if (command.kind !== 'moveCall') return false;
  const { originalId, module, name } = command.function;
  return originalId === SUI_ADDRESS && module === 'coin' && name === 'send_funds';
}

function checkFunction(fn: LoadedFunction, checks: 'enabled' | 'disabled'): void {
  const reference = fn.returns.findIndex(isReference);
  if (reference >= 0) {
    throw new ExecutionFailure({ kind: 'InvalidPublicFunctionReturnType', index: reference });
  }
  if (fn.originalId === SUI_ADDRESS) {
    if (fn.module === 'event') {
      fail('NonEntryFunctionInvoked', `Cannot directly call functions in sui::event.`);
    }
    if (fn.module === 'transfer' && INTERNAL_TRANSFERS.has(fn.name)) {
      fail(
        'NonEntryFunctionInvoked',
        `Cannot directly call sui::transfer::${fn.name}. Use the public variant instead.`,
      );
    }
  }
  if (fn.originalId === STD_ADDRESS && fn.module === 'internal') {
    fail('NonEntryFunctionInvoked', 'Cannot directly call functions in std::internal.');
  }
  if (checks === 'disabled' || fn.visibility === 'public' || fn.isEntry) return;
  fail('NonEntryFunctionInvoked');
}

function isReference(type: MoveType): boolean {
  return type.kind === KIND.Reference || type.kind === KIND.MutableReference;
}

/**
 * Use after move, and conflicting borrows in one command. Answers the copies made while
 * borrowed.
 */
function checkMoves(plan: Plan): ReadonlySet<Usage> {
  const moved = new Set<number>();
  const borrowedCopies = new Set<Usage>();
  eachCommand(plan, (command) => {
    const borrows = new Map<number, Usage[]>();
    for (const usage of command.arguments) {
      const { location, mode, position } = usage;
      const here = borrows.get(location);
      if (moved.has(location) || (mode === 'move' && here !== undefined)) {
        failArgument(position, 'InvalidValueUsage');
      }
      if (mode === 'move') moved.add(location);
      else if (mode === 'copy' && here !== undefined) borrowedCopies.add(usage);
      else if (mode !== 'copy') borrows.set(location, [...(here ?? []), usage]);
    }
    for (const usages of borrows.values()) checkAliases(usages);
  });
  return borrowedCopies;
}

/** A `&mut` excludes every other reference to the same value; the first of them is to blame. */
function checkAliases(usages: readonly Usage[]): void {
  if (usages.length > 1 && usages.some(({ mode }) => mode === 'borrowMut')) {
    failArgument(usages[0]!.position, 'InvalidValueUsage');
  }
}

/** The last use of a copyable value, if a copy, is a move. */
function moveLastCopies(plan: Plan, borrowedCopies: ReadonlySet<Usage>): void {
  const usedLater = new Set<number>();
  for (let i = plan.commands.length - 1; i >= 0; i--) {
    const usages = plan.commands[i]!.arguments;
    for (let j = usages.length - 1; j >= 0; j--) {
      const usage = usages[j]!;
      if (usage.mode === 'copy' && !usedLater.has(usage.location) && !borrowedCopies.has(usage)) {
        usage.mode = 'move';
      }
      usedLater.add(usage.location);
    }
  }
}

function checkLeftovers(plan: Plan): void {
  const moved = new Set<number>();
  for (const { arguments: usages } of plan.commands) {
    for (const { location, mode } of usages) if (mode === 'move') moved.add(location);
  }
  for (const [index, { type, origin }] of plan.locations.entries()) {
    if (origin.kind !== 'result' || moved.has(index)) continue;
    if ((type.abilities & ABILITY.drop) !== 0) continue;
    const { command: result, index: secondary } = origin;
    throw new ExecutionFailure({ kind: 'UnusedValueWithoutDrop', result, secondary });
  }
}
