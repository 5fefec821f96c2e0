/**
 * The type walk: every instruction finds operands of the types it works on.
 *
 * A basic block begins and ends with an empty operand stack (of its own frame), so one straight walk
 * for each block decides balance and types together. Values cannot be forged past this: only the
 * module's own definitions can be packed, copies need `copy`, drops need `drop`.
 * Source: move-vm.md §1.6, §3.2, §7.
 */
import { ABILITY } from '../binary/module.ts';
import { OP, opcodeName } from '../binary/opcodes.ts';
import type { StatusName } from '../common/status.ts';
import type { FunctionView, MemberTypes } from './function-view.ts';
import { MAX_BLOCK_STACK, MAX_FUNCTION_PUSHES } from './limits.ts';
import { stepVector } from './type-safety-vector.ts';
import type { AbstractType, TypeInterner } from './types.ts';

/** The operand stack of the walk, with the function around it. */
export class TypeWalk {
  readonly view: FunctionView;
  readonly types: TypeInterner;
  readonly bool: AbstractType;
  readonly u8: AbstractType;
  readonly u64: AbstractType;
  readonly #stack: AbstractType[] = [];
  #pushes = 0;
  pc = 0;

  constructor(view: FunctionView) {
    this.view = view;
    this.types = view.types;
    this.bool = view.types.primitive('bool');
    this.u8 = view.types.primitive('u8');
    this.u64 = view.types.primitive('u64');
  }

  get depth(): number {
    return this.#stack.length;
  }

  fault(status: StatusName, message: string): Error {
    const op = opcodeName(this.view.code.ops[this.pc]!);
    return this.view.fault(status, this.pc, `${op}: ${message}`);
  }

  push(type: AbstractType): void {
    this.#stack.push(type);
    this.#pushes += 1;
    if (this.#stack.length > MAX_BLOCK_STACK) {
      throw this.fault('VALUE_STACK_OVERFLOW', `more than ${MAX_BLOCK_STACK} operands`);
    }
    if (this.#pushes > MAX_FUNCTION_PUSHES) {
      throw this.fault('VALUE_STACK_PUSH_OVERFLOW', `more than ${MAX_FUNCTION_PUSHES} pushes`);
    }
  }

  pushAll(types: readonly AbstractType[]): void {
    for (const type of types) this.push(type);
  }

  pop(): AbstractType {
    const type = this.#stack.pop();
    if (type === undefined) {
      throw this.fault('NEGATIVE_STACK_SIZE_WITHIN_BLOCK', 'the operand stack is empty');
    }
    return type;
  }

  expect(expected: AbstractType, status: StatusName): void {
    const actual = this.pop();
    if (actual !== expected) {
      throw this.fault(
        status,
        `expected ${this.types.text(expected)}, found ${this.types.text(actual)}`,
      );
    }
  }

  /** Pops `expected` from last to first. */
  expectAll(expected: readonly AbstractType[], status: StatusName): void {
    for (let i = expected.length - 1; i >= 0; i--) this.expect(expected[i]!, status);
  }

  /** Pops a reference (a mutable one if asked) and returns what it points to. */
  popReference(mutable: boolean, status: StatusName): AbstractType {
    const type = this.pop();
    if (type.kind !== 'reference' || (mutable && !type.mutable)) {
      const wanted = mutable ? 'a mutable reference' : 'a reference';
      throw this.fault(status, `expected ${wanted}, found ${this.types.text(type)}`);
    }
    return type.inner!;
  }

  popInteger(): AbstractType {
    const type = this.pop();
    if (!INTEGERS.has(type.kind)) {
      throw this.fault(
        'INTEGER_OP_TYPE_MISMATCH_ERROR',
        `expected an integer, found ${this.types.text(type)}`,
      );
    }
    return type;
  }

  need(type: AbstractType, ability: number, status: StatusName): void {
    if (!this.view.has(type, ability)) {
      throw this.fault(status, `${this.types.text(type)} lacks the ability`);
    }
  }
}

const INTEGERS: ReadonlySet<string> = new Set(['u8', 'u16', 'u32', 'u64', 'u128', 'u256']);

type Step = (walk: TypeWalk, arg: number) => void;
const STEPS: (Step | undefined)[] = [];

function on(step: Step, ...ops: number[]): void {
  for (const op of ops) STEPS[op] = step;
}

on(() => undefined, OP.Branch, OP.Nop);
on((w) => w.need(w.pop(), ABILITY.drop, 'POP_WITHOUT_DROP_ABILITY'), OP.Pop);
on((w) => w.expectAll(w.view.returns, 'RET_TYPE_MISMATCH_ERROR'), OP.Ret);
on((w) => w.expect(w.bool, 'BR_TYPE_MISMATCH_ERROR'), OP.BrTrue, OP.BrFalse);
on((w) => w.expect(w.u64, 'ABORT_TYPE_MISMATCH_ERROR'), OP.Abort);

on((w) => w.push(w.u8), OP.LdU8);
on((w) => w.push(w.types.primitive('u16')), OP.LdU16);
on((w) => w.push(w.types.primitive('u32')), OP.LdU32);
on((w) => w.push(w.u64), OP.LdU64);
on((w) => w.push(w.types.primitive('u128')), OP.LdU128);
on((w) => w.push(w.types.primitive('u256')), OP.LdU256);
on((w) => w.push(w.bool), OP.LdTrue, OP.LdFalse);
on((w, arg) => {
  w.push(w.types.fromToken(w.view.module.constants[arg]!.type));
}, OP.LdConst);

on((w, arg) => {
  const type = w.view.locals[arg]!;
  w.need(type, ABILITY.copy, 'COPYLOC_WITHOUT_COPY_ABILITY');
  w.push(type);
}, OP.CopyLoc);
on((w, arg) => w.push(w.view.locals[arg]!), OP.MoveLoc);
on((w, arg) => w.expect(w.view.locals[arg]!, 'STLOC_TYPE_MISMATCH_ERROR'), OP.StLoc);

function borrowLocal(mutable: boolean): Step {
  return (w, arg) => {
    const type = w.view.locals[arg]!;
    if (type.kind === 'reference') {
      throw w.fault('BORROWLOC_REFERENCE_ERROR', `local ${arg} is a reference already`);
    }
    w.push(w.types.reference(mutable, type));
  };
}
on(borrowLocal(true), OP.MutBorrowLoc);
on(borrowLocal(false), OP.ImmBorrowLoc);

function borrowField(mutable: boolean, generic: boolean): Step {
  return (w, arg) => {
    const [owner, field] = generic ? w.view.fieldGeneric(arg) : w.view.field(arg);
    const target = w.popReference(mutable, 'BORROWFIELD_TYPE_MISMATCH_ERROR');
    if (target !== owner) {
      throw w.fault(
        'BORROWFIELD_TYPE_MISMATCH_ERROR',
        `expected a reference to ${w.types.text(owner)}, found one to ${w.types.text(target)}`,
      );
    }
    w.push(w.types.reference(mutable, field));
  };
}
on(borrowField(true, false), OP.MutBorrowField);
on(borrowField(false, false), OP.ImmBorrowField);
on(borrowField(true, true), OP.MutBorrowFieldGeneric);
on(borrowField(false, true), OP.ImmBorrowFieldGeneric);

function call(generic: boolean): Step {
  return (w, arg) => {
    const callee = generic ? w.view.calleeGeneric(arg) : w.view.callee(arg);
    w.expectAll(callee.parameters, 'CALL_TYPE_MISMATCH_ERROR');
    w.pushAll(callee.returns);
  };
}
on(call(false), OP.Call);
on(call(true), OP.CallGeneric);

type Member = (walk: TypeWalk, arg: number) => MemberTypes;
const struct: Member = (w, arg) => w.view.struct(arg);
const structGeneric: Member = (w, arg) => w.view.structGeneric(arg);
const variant: Member = (w, arg) => w.view.variant(arg);
const variantGeneric: Member = (w, arg) => w.view.variantGeneric(arg);

function pack(member: Member): Step {
  return (w, arg) => {
    const { owner, fields } = member(w, arg);
    w.expectAll(fields, 'PACK_TYPE_MISMATCH_ERROR');
    w.push(owner);
  };
}
function unpack(member: Member): Step {
  return (w, arg) => {
    const { owner, fields } = member(w, arg);
    w.expect(owner, 'UNPACK_TYPE_MISMATCH_ERROR');
    w.pushAll(fields);
  };
}
function unpackReference(member: Member, mutable: boolean): Step {
  return (w, arg) => {
    const { owner, fields } = member(w, arg);
    if (w.popReference(mutable, 'UNPACK_TYPE_MISMATCH_ERROR') !== owner) {
      throw w.fault('UNPACK_TYPE_MISMATCH_ERROR', `expected a reference to ${w.types.text(owner)}`);
    }
    for (const field of fields) w.push(w.types.reference(mutable, field));
  };
}
on(pack(struct), OP.Pack);
on(pack(structGeneric), OP.PackGeneric);
on(pack(variant), OP.PackVariant);
on(pack(variantGeneric), OP.PackVariantGeneric);
on(unpack(struct), OP.Unpack);
on(unpack(structGeneric), OP.UnpackGeneric);
on(unpack(variant), OP.UnpackVariant);
on(unpack(variantGeneric), OP.UnpackVariantGeneric);
on(unpackReference(variant, false), OP.UnpackVariantImmRef);
on(unpackReference(variant, true), OP.UnpackVariantMutRef);
on(unpackReference(variantGeneric, false), OP.UnpackVariantGenericImmRef);
on(unpackReference(variantGeneric, true), OP.UnpackVariantGenericMutRef);

on((w, arg) => {
  const type = w.pop();
  const { headEnum } = w.view.code.jumpTables[arg]!;
  const { handle } = w.view.module.enums[headEnum]!;
  const target = type.inner;
  if (type.kind !== 'reference' || type.mutable) {
    throw w.fault('ENUM_SWITCH_BAD_OPERAND', `expected & of an enum, got ${w.types.text(type)}`);
  }
  if (target?.kind !== 'datatype' || target.index !== handle) {
    throw w.fault('ENUM_TYPE_MISMATCH', `the jump table is for another type`);
  }
}, OP.VariantSwitch);

on((w) => {
  const target = w.popReference(false, 'READREF_TYPE_MISMATCH_ERROR');
  w.need(target, ABILITY.copy, 'READREF_WITHOUT_COPY_ABILITY');
  w.push(target);
}, OP.ReadRef);
on((w) => {
  const target = w.popReference(true, 'WRITEREF_NO_MUTABLE_REFERENCE_ERROR');
  w.need(target, ABILITY.drop, 'WRITEREF_WITHOUT_DROP_ABILITY');
  w.expect(target, 'WRITEREF_TYPE_MISMATCH_ERROR');
}, OP.WriteRef);
on((w) => {
  const target = w.popReference(true, 'FREEZEREF_TYPE_MISMATCH_ERROR');
  w.push(w.types.reference(false, target));
}, OP.FreezeRef);

on(
  (w) => {
    const right = w.popInteger();
    w.expect(right, 'INTEGER_OP_TYPE_MISMATCH_ERROR');
    w.push(right);
  },
  OP.Add,
  OP.Sub,
  OP.Mul,
  OP.Mod,
  OP.Div,
  OP.BitOr,
  OP.BitAnd,
  OP.Xor,
);
on(
  (w) => {
    w.expect(w.u8, 'INTEGER_OP_TYPE_MISMATCH_ERROR');
    w.push(w.popInteger());
  },
  OP.Shl,
  OP.Shr,
);
on(
  (w) => {
    w.expect(w.popInteger(), 'INTEGER_OP_TYPE_MISMATCH_ERROR');
    w.push(w.bool);
  },
  OP.Lt,
  OP.Gt,
  OP.Le,
  OP.Ge,
);
on(
  (w) => {
    w.expect(w.bool, 'BOOLEAN_OP_TYPE_MISMATCH_ERROR');
    w.expect(w.bool, 'BOOLEAN_OP_TYPE_MISMATCH_ERROR');
    w.push(w.bool);
  },
  OP.Or,
  OP.And,
);
on((w) => {
  w.expect(w.bool, 'BOOLEAN_OP_TYPE_MISMATCH_ERROR');
  w.push(w.bool);
}, OP.Not);
on(
  (w) => {
    const right = w.pop();
    w.need(right, ABILITY.drop, 'EQUALITY_OP_TYPE_MISMATCH_ERROR');
    w.expect(right, 'EQUALITY_OP_TYPE_MISMATCH_ERROR');
    w.push(w.bool);
  },
  OP.Eq,
  OP.Neq,
);

for (const [op, kind] of [
  [OP.CastU8, 'u8'],
  [OP.CastU16, 'u16'],
  [OP.CastU32, 'u32'],
  [OP.CastU64, 'u64'],
  [OP.CastU128, 'u128'],
  [OP.CastU256, 'u256'],
] as const) {
  on((w) => {
    w.popInteger();
    w.push(w.types.primitive(kind));
  }, op);
}

export function checkTypes(view: FunctionView): void {
  const walk = new TypeWalk(view);
  const { ops, args } = view.code;
  for (const block of view.graph.blocks) {
    for (let pc = block.start; pc < block.end; pc++) {
      walk.pc = pc;
      const step = STEPS[ops[pc]!];
      if (step !== undefined) step(walk, args[pc]!);
      else stepVector(walk, ops[pc]!, args[pc]!);
    }
    if (walk.depth !== 0) {
      throw walk.fault('POSITIVE_STACK_SIZE_AT_BLOCK_END', `${walk.depth} operands are left`);
    }
  }
}
