/**
 * Code of one function, checked and ready to run.
 *
 * `translate` walks the bytecode once. Move requires that the operand stack is empty between basic
 * blocks, so the types on it are known at every instruction without a fixed point; each instruction
 * is checked against them and replaced by the variant for its operand types. What is checked: types,
 * abilities, constraints, visibility, stack balance, branch targets. What is not: the borrow rules
 * and the state of locals; the interpreter finds an empty local or a dangling reference when it is
 * used, and values are laid out so that a stale reference can neither duplicate nor retype a value.
 * Source: move-vm.md §3.2, §7.
 */
import type { CodeUnit } from '../binary/module.ts';
import { OP, OPERAND, OPERAND_KIND } from '../binary/opcodes.ts';
import { isVmError, STATUS, VmError } from '../common/index.ts';
import { CodeChecker } from './code-checker.ts';
import type { LinkedFunction } from './linked-function.ts';
import type { MoveType } from './types.ts';
import { DROP } from './types.ts';
import type { Value } from './value.ts';

export interface CallSite {
  readonly callee: LinkedFunction;
  /** Open types, in terms of the caller's type parameters. */
  readonly typeArguments: readonly MoveType[];
}

/** A pack, unpack or borrow of one enum variant, or a pack of a vector or generic struct. */
export interface PackSite {
  /** Index into `types`. */
  readonly type: number;
  /** Variant tag; 0 for structs and vectors. */
  readonly tag: number;
  /** Fields or elements. */
  readonly count: number;
}

export interface Code {
  /** Instructions, values of `I`. */
  readonly ops: Uint8Array;
  /** One operand for each instruction. */
  readonly args: Uint32Array;
  readonly localCount: number;
  readonly constants: readonly Value[];
  readonly calls: readonly CallSite[];
  readonly types: readonly MoveType[];
  readonly packs: readonly PackSite[];
  readonly switches: readonly (readonly number[])[];
  /** Locals whose type has no drop. */
  readonly undroppable: readonly number[];
}

/** Instructions after which control does not go on to the next one. */
const ENDS_FLOW: ReadonlySet<number> = new Set([OP.Ret, OP.Branch, OP.Abort, OP.VariantSwitch]);
const ENDS_BLOCK: ReadonlySet<number> = new Set([...ENDS_FLOW, OP.BrTrue, OP.BrFalse]);

/** Instruction numbers that some branch goes to. */
function branchTargets(unit: CodeUnit): Uint8Array {
  const targets = new Uint8Array(unit.ops.length);
  const mark = (target: number): void => {
    if (target >= targets.length) {
      throw new VmError(STATUS.INDEX_OUT_OF_BOUNDS, `branch to instruction ${target}`);
    }
    targets[target] = 1;
  };
  for (let pc = 0; pc < unit.ops.length; pc++) {
    if (OPERAND_KIND[unit.ops[pc]!] === OPERAND.Offset) mark(unit.args[pc]!);
  }
  for (const table of unit.jumpTables) for (const target of table.offsets) mark(target);
  return targets;
}

export function translate(linked: LinkedFunction): Code {
  const unit = linked.module.compiled.functions[linked.index]!.code;
  if (unit === undefined) throw new VmError(STATUS.UNREACHABLE, `${linked} is native`);
  if (unit.ops.length === 0) throw new VmError(STATUS.EMPTY_CODE_UNIT, `${linked} has no code`);
  const { constraints } = linked;
  const locals = [...linked.parameters, ...linked.module.signature(unit.locals, constraints)];
  const checker = new CodeChecker(linked, unit, locals);
  let pc = 0;
  try {
    const targets = branchTargets(unit);
    for (; pc < unit.ops.length; pc++) {
      if (targets[pc] === 1) checker.expectEmptyStack();
      const op = unit.ops[pc]!;
      checker.check(pc, op);
      if (ENDS_BLOCK.has(op)) checker.expectEmptyStack();
    }
    if (!ENDS_FLOW.has(unit.ops[unit.ops.length - 1]!)) {
      throw new VmError(STATUS.INVALID_FALL_THROUGH, 'the code runs past its end');
    }
  } catch (error) {
    throw isVmError(error) ? atInstruction(error, linked, pc) : error;
  }
  const undroppable: number[] = [];
  for (const [i, type] of locals.entries()) {
    if ((checker.abilities(type) & DROP) === 0) undroppable.push(i);
  }
  return { ...checker.result(), localCount: locals.length, undroppable };
}

function atInstruction(error: VmError, linked: LinkedFunction, pc: number): VmError {
  if (error.location !== undefined) return error;
  const { module } = linked;
  return new VmError(error.status, `${linked} at ${pc}: ${plainMessage(error)}`, {
    cause: error,
    location: {
      module: { address: module.package.storageId, name: module.name },
      function: linked.index,
      instruction: pc,
      functionName: linked.name,
    },
  });
}

/** The message without the status name that the constructor puts in front. */
export function plainMessage(error: VmError): string {
  return error.message.slice(error.statusName.length + 2);
}
