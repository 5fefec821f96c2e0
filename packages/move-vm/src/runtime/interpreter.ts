/**
 * The interpreter: one operand stack for all frames, an explicit frame stack, one dispatch loop.
 *
 * Code was type-checked when it was translated (code.ts), so the loop does not look at types. It
 * does look for what the check leaves open: empty locals, stale references, stack and frame limits.
 * Gas is counted in a local variable and handed to the meter at calls, backward jumps and before
 * anything that costs more than one unit. Source: move-vm.md §3.
 */
import { isVmError, STATUS, VmError } from '../common/index.ts';
import type { GasMeter, NativeContext } from './api.ts';
import { type Code, plainMessage } from './code.ts';
import {
  addBig,
  castBig,
  castSmall,
  divBig,
  modBig,
  mulBig,
  shlBig,
  shlSmall,
  shrBig,
  shrSmall,
  subBig,
} from './integer-operations.ts';
import { MAX_OPERAND_STACK, MAX_SAVED_FRAMES } from './limits.ts';
import { type FunctionInstance, type LinkedFunction, missingNative } from './linked-function.ts';
import {
  addU64,
  andU64,
  arithmeticError,
  castU64,
  divU64,
  modU64,
  mulU64,
  orU64,
  shlU64,
  shrU64,
  subU64,
  type U64,
  xorU64,
} from './u64.ts';
import {
  type Cell,
  copyValue,
  equalValues,
  internalType,
  type Reference,
  SlotReference,
  type Value,
  Variant,
} from './value.ts';
import {
  borrowElement,
  packVector,
  popElement,
  pushElement,
  swapElements,
  unpackVector,
  vectorAt,
} from './vector-operations.ts';

/** Instructions that may run before the meter hears of them. */
const TICKS_PER_REPORT = 1000;

interface Frame {
  instance: FunctionInstance;
  code: Code;
  pc: number;
  locals: Cell[];
}

function emptyLocal(index: number): VmError {
  return new VmError(STATUS.UNKNOWN_INVARIANT_VIOLATION_ERROR, `local ${index} is empty`);
}

function undropped(index: number): VmError {
  return new VmError(
    STATUS.UNKNOWN_INVARIANT_VIOLATION_ERROR,
    `local ${index} holds a value that must not be dropped`,
  );
}

function checkUndroppable(code: Code, locals: readonly Cell[]): void {
  for (const index of code.undroppable) {
    if (locals[index] !== undefined) throw undropped(index);
  }
}

function stackOverflow(): VmError {
  return new VmError(
    STATUS.EXECUTION_STACK_OVERFLOW,
    `more than ${MAX_OPERAND_STACK} values on the operand stack`,
  );
}

export class Interpreter {
  readonly #gas: GasMeter;
  readonly #natives: NativeContext;
  readonly #stack: Value[] = [];
  readonly #frames: Frame[] = [];
  /** The native that runs, for the location of its errors. */
  #native: LinkedFunction | undefined;

  constructor(gas: GasMeter, natives: NativeContext) {
    this.#gas = gas;
    this.#natives = natives;
  }

  /** Runs `instance` to its end and gives back its results. */
  run(instance: FunctionInstance, args: readonly Value[]): Value[] {
    this.#native = undefined;
    if (instance.isNative) return this.#runNative(instance, args);
    const code = this.#entryCode(instance);
    const locals = new Array<Cell>(code.localCount);
    for (const [i, value] of args.entries()) locals[i] = value;
    return this.#loop({ instance, code, pc: 0, locals });
  }

  #entryCode(instance: FunctionInstance): Code {
    try {
      return instance.function.code;
    } catch (error) {
      throw this.#located(error, instance.function, 0);
    }
  }

  #runNative(instance: FunctionInstance, args: readonly Value[]): Value[] {
    try {
      const result = this.#callNative(instance, [...args]);
      return result === undefined ? [] : [result];
    } catch (error) {
      throw this.#located(error, instance.function, 0);
    }
  }

  #callNative(instance: FunctionInstance, args: Value[]): Value | undefined {
    const linked = instance.function;
    this.#native = linked;
    if (linked.native === undefined) throw missingNative(linked);
    const result = linked.native(this.#natives, instance.typeArguments, args);
    if ((result === undefined) !== (linked.returns.length === 0)) {
      throw internalType(`returned by ${linked}`);
    }
    this.#native = undefined;
    return result;
  }

  /** The error with the place where it happened. */
  #located(error: unknown, running: LinkedFunction, pc: number): unknown {
    const native = this.#native;
    const linked = native ?? running;
    const location = {
      module: { address: linked.module.package.storageId, name: linked.module.name },
      function: linked.index,
      instruction: native === undefined ? pc : 0,
      functionName: linked.name,
    };
    if (!isVmError(error)) {
      return new VmError(
        STATUS.UNKNOWN_INVARIANT_VIOLATION_ERROR,
        `${linked} failed inside the machine: ${String(error)}`,
        { location, cause: error },
      );
    }
    if (error.location !== undefined && error.code !== 'MOVE_VM_VERIFICATION') return error;
    // A rejection at run time means that publishing let something through.
    const status =
      error.code === 'MOVE_VM_VERIFICATION'
        ? STATUS.UNKNOWN_INVARIANT_VIOLATION_ERROR
        : error.status;
    return new VmError(status, plainMessage(error), {
      location,
      cause: error,
      ...(error.subStatus === undefined ? {} : { subStatus: error.subStatus }),
    });
  }

  /**
   * The dispatch loop. One long function on purpose: locals stay in registers and the literal cases
   * become a jump table; the numbers are those of `I` (a test compares them). `break` leaves the
   * switch for the shared end, which checks the stack limit and goes on to the next instruction;
   * `continue` skips it.
   */
  #loop(entry: Frame): Value[] {
    const gas = this.#gas;
    const frames = this.#frames;
    const stack = this.#stack;
    let frame = entry;
    let { code, locals } = frame;
    let { ops, args } = code;
    let pc = 0;
    let sp = 0;
    let ticks = 0;
    frames.length = 0;
    try {
      for (;;) {
        ticks++;
        const arg = args[pc]!;
        switch (ops[pc]) {
          case 0: // Nop
            break;
          case 1: // Pop
            sp--;
            break;
          case 2: {
            // Ret
            if (code.undroppable.length > 0) checkUndroppable(code, locals);
            const caller = frames.pop();
            if (caller === undefined) {
              gas.charge(ticks);
              ticks = 0;
              const results = stack.slice(0, sp);
              stack.length = 0;
              return results;
            }
            frame = caller;
            ({ code, locals, pc } = frame);
            ({ ops, args } = code);
            break;
          }
          case 3: // BrTrue
            sp--;
            if (stack[sp] === true) {
              if (ticks > TICKS_PER_REPORT) {
                gas.charge(ticks);
                ticks = 0;
              }
              pc = arg;
              continue;
            }
            break;
          case 4: // BrFalse
            sp--;
            if (stack[sp] === false) {
              if (ticks > TICKS_PER_REPORT) {
                gas.charge(ticks);
                ticks = 0;
              }
              pc = arg;
              continue;
            }
            break;
          case 5: // Branch
            if (ticks > TICKS_PER_REPORT) {
              gas.charge(ticks);
              ticks = 0;
            }
            pc = arg;
            continue;
          case 6: // LdSmall
            stack[sp++] = arg;
            break;
          case 7: // LdValue
            stack[sp++] = code.constants[arg]!;
            break;
          case 8: // LdCopy
            stack[sp++] = copyValue(code.constants[arg]!, gas);
            break;
          case 9: {
            // CopyLoc
            const value = locals[arg];
            if (value === undefined) throw emptyLocal(arg);
            stack[sp++] = value;
            break;
          }
          case 10: {
            // CopyLocDeep
            const value = locals[arg];
            if (value === undefined) throw emptyLocal(arg);
            stack[sp++] = copyValue(value, gas);
            break;
          }
          case 11: {
            // MoveLoc
            const value = locals[arg];
            if (value === undefined) throw emptyLocal(arg);
            locals[arg] = undefined;
            stack[sp++] = value;
            break;
          }
          case 13: // StLocChecked
            if (locals[arg] !== undefined) throw undropped(arg);
            locals[arg] = stack[--sp];
            break;
          case 12: // StLoc
            locals[arg] = stack[--sp];
            break;
          case 14: // BorrowLoc
            if (locals[arg] === undefined) throw emptyLocal(arg);
            stack[sp++] = new SlotReference(locals, arg);
            break;
          case 15: // BorrowField
            stack[sp - 1] = new SlotReference((stack[sp - 1] as Reference).get() as Value[], arg);
            break;
          case 16: // ReadRef
            stack[sp - 1] = (stack[sp - 1] as Reference).get();
            break;
          case 17: // ReadRefDeep
            stack[sp - 1] = copyValue((stack[sp - 1] as Reference).get(), gas);
            break;
          case 18: // WriteRef
            sp -= 2;
            (stack[sp + 1] as Reference).set(stack[sp]!);
            break;
          case 19: // Pack
            sp -= arg;
            stack[sp] = stack.slice(sp, sp + arg);
            sp++;
            break;
          case 20: {
            // PackChecked
            const { type, count } = code.packs[arg]!;
            frame.instance.packedType(type);
            sp -= count;
            stack[sp] = stack.slice(sp, sp + count);
            sp++;
            break;
          }
          case 21: {
            // Unpack
            const fields = stack[--sp] as Value[];
            for (let i = 0; i < arg; i++) stack[sp++] = fields[i]!;
            break;
          }
          case 22: {
            // PackVariant
            const { type, tag, count } = code.packs[arg]!;
            frame.instance.packedType(type);
            sp -= count;
            stack[sp] = new Variant(tag, stack.slice(sp, sp + count));
            sp++;
            break;
          }
          case 23: {
            // UnpackVariant
            const fields = variantFields(stack[--sp]!, code.packs[arg]!.tag);
            for (let i = 0; i < fields.length; i++) stack[sp++] = fields[i]!;
            break;
          }
          case 24: {
            // UnpackVariantRef
            const fields = variantFields((stack[--sp] as Reference).get(), code.packs[arg]!.tag);
            for (let i = 0; i < fields.length; i++) {
              stack[sp++] = new SlotReference(fields, i);
            }
            break;
          }
          case 25: {
            // VariantSwitch
            const { tag } = (stack[--sp] as Reference).get() as Variant;
            if (ticks > TICKS_PER_REPORT) {
              gas.charge(ticks);
              ticks = 0;
            }
            pc = code.switches[arg]![tag]!;
            continue;
          }
          case 26: {
            // Call
            if (frames.length >= MAX_SAVED_FRAMES) throw callStackOverflow();
            const callee = frame.instance.callee(arg);
            const calleeCode = callee.function.code;
            if (ticks > TICKS_PER_REPORT) {
              gas.charge(ticks);
              ticks = 0;
            }
            frame.pc = pc;
            frames.push(frame);
            const { localCount } = calleeCode;
            const count = callee.parameters.length;
            sp -= count;
            locals = new Array<Cell>(localCount);
            for (let i = 0; i < count; i++) locals[i] = stack[sp + i];
            frame = { instance: callee, code: calleeCode, pc: 0, locals };
            code = calleeCode;
            ({ ops, args } = code);
            pc = 0;
            continue;
          }
          case 27: {
            // CallNative
            const callee = frame.instance.callee(arg);
            gas.charge(ticks);
            ticks = 0;
            sp -= callee.parameters.length;
            const result = this.#callNative(callee, stack.slice(sp, sp + callee.parameters.length));
            if (result !== undefined) stack[sp++] = result;
            break;
          }
          case 28: // Eq
            sp--;
            stack[sp - 1] = stack[sp - 1] === stack[sp];
            break;
          case 29: // Neq
            sp--;
            stack[sp - 1] = stack[sp - 1] !== stack[sp];
            break;
          case 30: // EqDeep
            sp--;
            stack[sp - 1] = equalValues(stack[sp - 1]!, stack[sp]!, gas);
            break;
          case 31: // NeqDeep
            sp--;
            stack[sp - 1] = !equalValues(stack[sp - 1]!, stack[sp]!, gas);
            break;
          case 32: // Lt
            sp--;
            stack[sp - 1] = stack[sp - 1]! < stack[sp]!;
            break;
          case 33: // Gt
            sp--;
            stack[sp - 1] = stack[sp - 1]! > stack[sp]!;
            break;
          case 34: // Le
            sp--;
            stack[sp - 1] = stack[sp - 1]! <= stack[sp]!;
            break;
          case 35: // Ge
            sp--;
            stack[sp - 1] = stack[sp - 1]! >= stack[sp]!;
            break;
          case 36: // Or
            sp--;
            stack[sp - 1] = (stack[sp - 1] as boolean) || (stack[sp] as boolean);
            break;
          case 37: // And
            sp--;
            stack[sp - 1] = (stack[sp - 1] as boolean) && (stack[sp] as boolean);
            break;
          case 38: // Not
            stack[sp - 1] = !stack[sp - 1];
            break;
          case 39: // Abort
            throw aborted(stack[sp - 1] as U64);
          case 40: {
            // AddSmall
            sp--;
            const sum = (stack[sp - 1] as number) + (stack[sp] as number);
            if (sum > arg) throw arithmeticError('overflow');
            stack[sp - 1] = sum;
            break;
          }
          case 41: {
            // SubSmall
            sp--;
            const difference = (stack[sp - 1] as number) - (stack[sp] as number);
            if (difference < 0) throw arithmeticError('underflow');
            stack[sp - 1] = difference;
            break;
          }
          case 42: {
            // MulSmall
            sp--;
            const product = (stack[sp - 1] as number) * (stack[sp] as number);
            if (product > arg) throw arithmeticError('overflow');
            stack[sp - 1] = product;
            break;
          }
          case 45: // AddU64
            sp--;
            stack[sp - 1] = addU64(stack[sp - 1] as U64, stack[sp] as U64);
            break;
          case 46: // SubU64
            sp--;
            stack[sp - 1] = subU64(stack[sp - 1] as U64, stack[sp] as U64);
            break;
          case 75: // VecLen
            stack[sp - 1] = vectorAt(stack[sp - 1] as Reference).length;
            break;
          case 76: // VecBorrow
            sp--;
            stack[sp - 1] = borrowElement(stack[sp - 1] as Reference, stack[sp] as U64);
            break;
          case 77: // VecPushBack
            sp -= 2;
            pushElement(stack[sp] as Reference, stack[sp + 1]!);
            break;
          case 78: // VecPopBack
            stack[sp - 1] = popElement(stack[sp - 1] as Reference);
            break;
          case 79: // VecSwap
            sp -= 3;
            swapElements(stack[sp] as Reference, stack[sp + 1] as U64, stack[sp + 2] as U64);
            break;
          case 73: {
            // VecPack
            const { type, count } = code.packs[arg]!;
            const bytes = frame.instance.packsBytes(type);
            sp -= count;
            stack[sp] = packVector(stack.slice(sp, sp + count), bytes);
            sp++;
            break;
          }
          case 74: {
            // VecUnpack
            const elements = unpackVector(stack[--sp]!, arg);
            for (let i = 0; i < arg; i++) stack[sp++] = elements[i]!;
            break;
          }
          default:
            sp = integerOperation(ops[pc]!, arg, stack, sp);
        }
        if (sp > MAX_OPERAND_STACK) throw stackOverflow();
        pc++;
      }
    } catch (error) {
      stack.length = 0;
      throw this.#located(error, frame.instance.function, pc);
    } finally {
      if (ticks > 0) settle(gas, ticks);
    }
  }
}

/** Counts what ran since the last report without hiding the error that ended the run. */
function settle(gas: GasMeter, ticks: number): void {
  gas.used = Math.min(gas.budget, gas.used + ticks);
}

function callStackOverflow(): VmError {
  return new VmError(STATUS.CALL_STACK_OVERFLOW, `more than ${MAX_SAVED_FRAMES} saved frames`);
}

function aborted(code: U64): VmError {
  return new VmError(STATUS.ABORTED, `code ${code}`, { subStatus: BigInt(code) });
}

function variantFields(value: Value, tag: number): Value[] {
  if (!(value instanceof Variant)) throw internalType('enum');
  if (value.tag !== tag) {
    throw new VmError(STATUS.VARIANT_TAG_MISMATCH, `expected variant ${tag}, found ${value.tag}`);
  }
  return value.fields;
}

/** The less frequent integer instructions; returns the new stack height. */
function integerOperation(op: number, arg: number, stack: Value[], height: number): number {
  const top = height - 1;
  const b = stack[top]!;
  if (op >= 70 && op <= 72) {
    stack[top] = castInteger(op, b, arg);
    return height;
  }
  const a = stack[top - 1]!;
  stack[top - 1] = op >= 55 ? bitOperation(op, a, b, arg) : arithmetic(op, a, b, arg);
  return top;
}

function castInteger(op: number, value: Value, arg: number): Value {
  if (op === 70) return castSmall(value as U64, arg);
  return op === 71 ? castU64(value as U64) : castBig(value as U64, arg);
}

function arithmetic(op: number, a: Value, b: Value, arg: number): Value {
  switch (op) {
    case 43: // DivSmall
      if (b === 0) throw arithmeticError('division by zero');
      return Math.floor((a as number) / (b as number));
    case 44: // ModSmall
      if (b === 0) throw arithmeticError('modulo by zero');
      return (a as number) % (b as number);
    case 47: // MulU64
      return mulU64(a as U64, b as U64);
    case 48: // DivU64
      return divU64(a as U64, b as U64);
    case 49: // ModU64
      return modU64(a as U64, b as U64);
    case 50: // AddBig
      return addBig(a as bigint, b as bigint, arg);
    case 51: // SubBig
      return subBig(a as bigint, b as bigint, arg);
    case 52: // MulBig
      return mulBig(a as bigint, b as bigint, arg);
    case 53: // DivBig
      return divBig(a as bigint, b as bigint);
    case 54: // ModBig
      return modBig(a as bigint, b as bigint);
    default:
      throw new VmError(STATUS.UNREACHABLE, `instruction ${op}`);
  }
}

function bitOperation(op: number, a: Value, b: Value, arg: number): Value {
  switch (op) {
    case 55: // BitOrSmall
      return ((a as number) | (b as number)) >>> 0;
    case 56: // BitAndSmall
      return ((a as number) & (b as number)) >>> 0;
    case 57: // XorSmall
      return ((a as number) ^ (b as number)) >>> 0;
    case 58: // BitOrU64
      return orU64(a as U64, b as U64);
    case 59: // BitAndU64
      return andU64(a as U64, b as U64);
    case 60: // XorU64
      return xorU64(a as U64, b as U64);
    case 61: // BitOrBig
      return (a as bigint) | (b as bigint);
    case 62: // BitAndBig
      return (a as bigint) & (b as bigint);
    case 63: // XorBig
      return (a as bigint) ^ (b as bigint);
    case 64: // ShlSmall
      return shlSmall(a as number, b as number, arg);
    case 65: // ShlU64
      return shlU64(a as U64, b as number);
    case 66: // ShlBig
      return shlBig(a as bigint, b as number, arg);
    case 67: // ShrSmall
      return shrSmall(a as number, b as number, arg);
    case 68: // ShrU64
      return shrU64(a as U64, b as number);
    case 69: // ShrBig
      return shrBig(a as bigint, b as number, arg);
    default:
      throw new VmError(STATUS.UNREACHABLE, `instruction ${op}`);
  }
}
