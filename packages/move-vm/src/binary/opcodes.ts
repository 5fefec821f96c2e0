/**
 * Opcodes of binary format 6 and 7, and the kind of operand each carries. Source: move-vm.md §1.6.
 */

export const OP = {
  Pop: 0x01,
  Ret: 0x02,
  BrTrue: 0x03,
  BrFalse: 0x04,
  Branch: 0x05,
  LdU64: 0x06,
  LdConst: 0x07,
  LdTrue: 0x08,
  LdFalse: 0x09,
  CopyLoc: 0x0a,
  MoveLoc: 0x0b,
  StLoc: 0x0c,
  MutBorrowLoc: 0x0d,
  ImmBorrowLoc: 0x0e,
  MutBorrowField: 0x0f,
  ImmBorrowField: 0x10,
  Call: 0x11,
  Pack: 0x12,
  Unpack: 0x13,
  ReadRef: 0x14,
  WriteRef: 0x15,
  Add: 0x16,
  Sub: 0x17,
  Mul: 0x18,
  Mod: 0x19,
  Div: 0x1a,
  BitOr: 0x1b,
  BitAnd: 0x1c,
  Xor: 0x1d,
  Or: 0x1e,
  And: 0x1f,
  Not: 0x20,
  Eq: 0x21,
  Neq: 0x22,
  Lt: 0x23,
  Gt: 0x24,
  Le: 0x25,
  Ge: 0x26,
  Abort: 0x27,
  Nop: 0x28,
  ExistsDeprecated: 0x29,
  MutBorrowGlobalDeprecated: 0x2a,
  ImmBorrowGlobalDeprecated: 0x2b,
  MoveFromDeprecated: 0x2c,
  MoveToDeprecated: 0x2d,
  FreezeRef: 0x2e,
  Shl: 0x2f,
  Shr: 0x30,
  LdU8: 0x31,
  LdU128: 0x32,
  CastU8: 0x33,
  CastU64: 0x34,
  CastU128: 0x35,
  MutBorrowFieldGeneric: 0x36,
  ImmBorrowFieldGeneric: 0x37,
  CallGeneric: 0x38,
  PackGeneric: 0x39,
  UnpackGeneric: 0x3a,
  ExistsGenericDeprecated: 0x3b,
  MutBorrowGlobalGenericDeprecated: 0x3c,
  ImmBorrowGlobalGenericDeprecated: 0x3d,
  MoveFromGenericDeprecated: 0x3e,
  MoveToGenericDeprecated: 0x3f,
  VecPack: 0x40,
  VecLen: 0x41,
  VecImmBorrow: 0x42,
  VecMutBorrow: 0x43,
  VecPushBack: 0x44,
  VecPopBack: 0x45,
  VecUnpack: 0x46,
  VecSwap: 0x47,
  LdU16: 0x48,
  LdU32: 0x49,
  LdU256: 0x4a,
  CastU16: 0x4b,
  CastU32: 0x4c,
  CastU256: 0x4d,
  PackVariant: 0x4e,
  PackVariantGeneric: 0x4f,
  UnpackVariant: 0x50,
  UnpackVariantImmRef: 0x51,
  UnpackVariantMutRef: 0x52,
  UnpackVariantGeneric: 0x53,
  UnpackVariantGenericImmRef: 0x54,
  UnpackVariantGenericMutRef: 0x55,
  VariantSwitch: 0x56,
} as const;

export type OpcodeName = keyof typeof OP;

/** What follows the opcode byte, and which table an index points into. */
export const OPERAND = {
  /** Not an opcode. */
  Unknown: 0,
  None: 1,
  /** Instruction number in the same function. */
  Offset: 2,
  Local: 3,
  Constant: 4,
  FieldHandle: 5,
  FieldInstantiation: 6,
  FunctionHandle: 7,
  FunctionInstantiation: 8,
  StructDefinition: 9,
  StructInstantiation: 10,
  /** Element type of a vector instruction: a signature of one token. */
  VectorSignature: 11,
  /** The same, then a u64 element count. */
  VectorSignatureCount: 12,
  VariantHandle: 13,
  VariantInstantiation: 14,
  JumpTable: 15,
  U8: 16,
  U16: 17,
  U32: 18,
  U64: 19,
  U128: 20,
  U256: 21,
} as const;

/** Operand kind by opcode; 256 entries. */
export const OPERAND_KIND: Uint8Array = (() => {
  const kinds = new Uint8Array(256);
  for (const code of Object.values(OP)) kinds[code] = OPERAND.None;
  const assign = (kind: number, ...codes: number[]): void => {
    for (const code of codes) kinds[code] = kind;
  };
  assign(OPERAND.Offset, OP.BrTrue, OP.BrFalse, OP.Branch);
  assign(OPERAND.Local, OP.CopyLoc, OP.MoveLoc, OP.StLoc, OP.MutBorrowLoc, OP.ImmBorrowLoc);
  assign(OPERAND.Constant, OP.LdConst);
  assign(OPERAND.FieldHandle, OP.MutBorrowField, OP.ImmBorrowField);
  assign(OPERAND.FieldInstantiation, OP.MutBorrowFieldGeneric, OP.ImmBorrowFieldGeneric);
  assign(OPERAND.FunctionHandle, OP.Call);
  assign(OPERAND.FunctionInstantiation, OP.CallGeneric);
  assign(OPERAND.StructDefinition, OP.Pack, OP.Unpack);
  assign(OPERAND.StructInstantiation, OP.PackGeneric, OP.UnpackGeneric);
  for (let code: number = OP.ExistsDeprecated; code <= OP.MoveToDeprecated; code++) {
    kinds[code] = OPERAND.StructDefinition;
  }
  for (let code: number = OP.ExistsGenericDeprecated; code <= OP.MoveToGenericDeprecated; code++) {
    kinds[code] = OPERAND.StructInstantiation;
  }
  for (let code: number = OP.VecLen; code <= OP.VecSwap; code++) {
    kinds[code] = OPERAND.VectorSignature;
  }
  assign(OPERAND.VectorSignatureCount, OP.VecPack, OP.VecUnpack);
  assign(
    OPERAND.VariantHandle,
    OP.PackVariant,
    OP.UnpackVariant,
    OP.UnpackVariantImmRef,
    OP.UnpackVariantMutRef,
  );
  assign(
    OPERAND.VariantInstantiation,
    OP.PackVariantGeneric,
    OP.UnpackVariantGeneric,
    OP.UnpackVariantGenericImmRef,
    OP.UnpackVariantGenericMutRef,
  );
  assign(OPERAND.JumpTable, OP.VariantSwitch);
  assign(OPERAND.U8, OP.LdU8);
  assign(OPERAND.U16, OP.LdU16);
  assign(OPERAND.U32, OP.LdU32);
  assign(OPERAND.U64, OP.LdU64);
  assign(OPERAND.U128, OP.LdU128);
  assign(OPERAND.U256, OP.LdU256);
  return kinds;
})();

/** First format version that has an opcode. */
export function opcodeVersion(opcode: number): number {
  return opcode >= OP.PackVariant ? 7 : 6;
}

const NAMES: ReadonlyMap<number, string> = new Map(
  Object.entries(OP).map(([name, code]) => [code, name]),
);

/** `MoveLoc` for 0x0b; the number in hex for a byte that is no opcode. */
export function opcodeName(opcode: number): string {
  return NAMES.get(opcode) ?? `0x${opcode.toString(16)}`;
}
