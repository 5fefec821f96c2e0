/** Which specialized instruction an integer operation becomes, by the type of its operands. */
import { OP, opcodeName } from '../binary/opcodes.ts';
import { STATUS, VmError } from '../common/index.ts';
import { I } from './instructions.ts';
import { BOOL, KIND, type MoveType, U8, U16, U32, U64, U128, U256 } from './types.ts';

export interface IntegerInstruction {
  readonly instruction: number;
  readonly operand: number;
  readonly result: MoveType;
  /** Takes two operands of the same type. */
  readonly binary: boolean;
}

/** Bits of an integer type by kind. */
const BITS: Readonly<Record<number, number>> = {
  [KIND.U8]: 8,
  [KIND.U16]: 16,
  [KIND.U32]: 32,
  [KIND.U64]: 64,
  [KIND.U128]: 128,
  [KIND.U256]: 256,
};

/** Instructions for u8–u32, for u64, for u128–u256. */
const ARITHMETIC: Readonly<Record<number, readonly [number, number, number]>> = {
  [OP.Add]: [I.AddSmall, I.AddU64, I.AddBig],
  [OP.Sub]: [I.SubSmall, I.SubU64, I.SubBig],
  [OP.Mul]: [I.MulSmall, I.MulU64, I.MulBig],
  [OP.Div]: [I.DivSmall, I.DivU64, I.DivBig],
  [OP.Mod]: [I.ModSmall, I.ModU64, I.ModBig],
  [OP.BitOr]: [I.BitOrSmall, I.BitOrU64, I.BitOrBig],
  [OP.BitAnd]: [I.BitAndSmall, I.BitAndU64, I.BitAndBig],
  [OP.Xor]: [I.XorSmall, I.XorU64, I.XorBig],
};
const SHIFTS: Readonly<Record<number, readonly [number, number, number]>> = {
  [OP.Shl]: [I.ShlSmall, I.ShlU64, I.ShlBig],
  [OP.Shr]: [I.ShrSmall, I.ShrU64, I.ShrBig],
};
const COMPARISONS: Readonly<Record<number, number>> = {
  [OP.Lt]: I.Lt,
  [OP.Gt]: I.Gt,
  [OP.Le]: I.Le,
  [OP.Ge]: I.Ge,
};
const CASTS: Readonly<Record<number, MoveType>> = {
  [OP.CastU8]: U8,
  [OP.CastU16]: U16,
  [OP.CastU32]: U32,
  [OP.CastU64]: U64,
  [OP.CastU128]: U128,
  [OP.CastU256]: U256,
};

/** 0 for u8–u32 (numbers), 1 for u64, 2 for u128 and u256. */
function family(bits: number): 0 | 1 | 2 {
  if (bits <= 32) return 0;
  return bits === 64 ? 1 : 2;
}

/** Undefined if `op` is no integer operation; throws if `type` is no integer. */
export function integerInstruction(
  op: number,
  type: MoveType | undefined,
): IntegerInstruction | undefined {
  const arithmetic = ARITHMETIC[op];
  const shift = SHIFTS[op];
  const comparison = COMPARISONS[op];
  const target = CASTS[op];
  if (arithmetic === undefined && shift === undefined && comparison === undefined) {
    if (target === undefined) return undefined;
  }
  const bits = type === undefined ? undefined : BITS[type.kind];
  if (type === undefined || bits === undefined) {
    throw new VmError(
      STATUS.INTEGER_OP_TYPE_MISMATCH_ERROR,
      `${opcodeName(op)} of ${type ?? 'an empty stack'}`,
    );
  }
  if (comparison !== undefined) {
    return { instruction: comparison, operand: 0, result: BOOL, binary: true };
  }
  if (target !== undefined) return castTo(target);
  if (shift !== undefined) {
    return { instruction: shift[family(bits)], operand: bits, result: type, binary: false };
  }
  const operand = bits <= 32 ? 2 ** bits - 1 : bits;
  return { instruction: arithmetic![family(bits)], operand, result: type, binary: true };
}

function castTo(target: MoveType): IntegerInstruction {
  const bits = BITS[target.kind]!;
  const instruction = [I.CastSmall, I.CastU64, I.CastBig][family(bits)]!;
  const operand = bits <= 32 ? 2 ** bits - 1 : bits;
  return { instruction, operand, result: target, binary: false };
}
