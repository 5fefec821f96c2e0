/** Operands that an instruction takes and leaves, in verified code. Source: move-vm.md §3.2. */
import { OP } from '../binary/opcodes.ts';
import type { FunctionView } from './function-view.ts';

export interface StackEffect {
  readonly pops: number;
  readonly pushes: number;
}

const FIXED = new Map<number, StackEffect>();

function fixed(pops: number, pushes: number, ...ops: number[]): void {
  for (const op of ops) FIXED.set(op, { pops, pushes });
}

fixed(0, 0, OP.Branch, OP.Nop);
fixed(1, 0, OP.Pop, OP.BrTrue, OP.BrFalse, OP.StLoc, OP.Abort, OP.VariantSwitch);
fixed(0, 1, OP.LdU8, OP.LdU16, OP.LdU32, OP.LdU64, OP.LdU128, OP.LdU256, OP.LdConst);
fixed(0, 1, OP.LdTrue, OP.LdFalse, OP.CopyLoc, OP.MoveLoc, OP.MutBorrowLoc, OP.ImmBorrowLoc);
fixed(1, 1, OP.MutBorrowField, OP.ImmBorrowField, OP.MutBorrowFieldGeneric);
fixed(1, 1, OP.ImmBorrowFieldGeneric, OP.ReadRef, OP.FreezeRef, OP.Not, OP.VecLen, OP.VecPopBack);
fixed(1, 1, OP.CastU8, OP.CastU16, OP.CastU32, OP.CastU64, OP.CastU128, OP.CastU256);
fixed(2, 0, OP.WriteRef, OP.VecPushBack);
fixed(3, 0, OP.VecSwap);
fixed(2, 1, OP.Add, OP.Sub, OP.Mul, OP.Mod, OP.Div, OP.BitOr, OP.BitAnd, OP.Xor, OP.Or, OP.And);
fixed(2, 1, OP.Eq, OP.Neq, OP.Lt, OP.Gt, OP.Le, OP.Ge, OP.Shl, OP.Shr);
fixed(2, 1, OP.VecImmBorrow, OP.VecMutBorrow);

/** The effect of instruction `pc`. */
export function stackEffect(view: FunctionView, pc: number): StackEffect {
  const op = view.code.ops[pc]!;
  const known = FIXED.get(op);
  if (known !== undefined) return known;
  const arg = view.code.args[pc]!;
  const packed = (fields: number): StackEffect => ({ pops: fields, pushes: 1 });
  const unpacked = (fields: number): StackEffect => ({ pops: 1, pushes: fields });
  switch (op) {
    case OP.Ret:
      return { pops: view.returns.length, pushes: 0 };
    case OP.Call:
    case OP.CallGeneric: {
      const callee = op === OP.Call ? view.callee(arg) : view.calleeGeneric(arg);
      return { pops: callee.parameters.length, pushes: callee.returns.length };
    }
    case OP.Pack:
      return packed(view.struct(arg).fields.length);
    case OP.PackGeneric:
      return packed(view.structGeneric(arg).fields.length);
    case OP.PackVariant:
      return packed(view.variant(arg).fields.length);
    case OP.PackVariantGeneric:
      return packed(view.variantGeneric(arg).fields.length);
    case OP.VecPack:
      return packed(Number(view.code.wide[pc]!));
    case OP.Unpack:
      return unpacked(view.struct(arg).fields.length);
    case OP.UnpackGeneric:
      return unpacked(view.structGeneric(arg).fields.length);
    case OP.VecUnpack:
      return unpacked(Number(view.code.wide[pc]!));
    case OP.UnpackVariant:
    case OP.UnpackVariantImmRef:
    case OP.UnpackVariantMutRef:
      return unpacked(view.variant(arg).fields.length);
    default:
      return unpacked(view.variantGeneric(arg).fields.length);
  }
}
