/**
 * Instructions of the interpreter: Move's, specialized by operand type when code is linked.
 *
 * Numbers are dense because the interpreter dispatches with one `switch` over literals; a test holds
 * the two together. One instruction here for each in the bytecode, so that instruction numbers in
 * errors and branch targets need no mapping.
 */
export const I = {
  Nop: 0,
  Pop: 1,
  /** Locals that must not be dropped have to be empty. */
  Ret: 2,
  BrTrue: 3,
  BrFalse: 4,
  Branch: 5,
  /** Pushes the operand itself, a number. */
  LdSmall: 6,
  /** Pushes an immutable constant. */
  LdValue: 7,
  /** Pushes a copy of a constant vector. */
  LdCopy: 8,
  CopyLoc: 9,
  CopyLocDeep: 10,
  MoveLoc: 11,
  StLoc: 12,
  /** StLoc over a type without drop: the local must be empty. */
  StLocChecked: 13,
  BorrowLoc: 14,
  BorrowField: 15,
  ReadRef: 16,
  ReadRefDeep: 17,
  WriteRef: 18,
  Pack: 19,
  /** Pack of a generic type: its depth is checked once for each instance. */
  PackChecked: 20,
  Unpack: 21,
  PackVariant: 22,
  UnpackVariant: 23,
  UnpackVariantRef: 24,
  VariantSwitch: 25,
  Call: 26,
  CallNative: 27,
  Eq: 28,
  Neq: 29,
  EqDeep: 30,
  NeqDeep: 31,
  Lt: 32,
  Gt: 33,
  Le: 34,
  Ge: 35,
  Or: 36,
  And: 37,
  Not: 38,
  Abort: 39,
  // u8, u16, u32: the operand is the largest value.
  AddSmall: 40,
  SubSmall: 41,
  MulSmall: 42,
  DivSmall: 43,
  ModSmall: 44,
  AddU64: 45,
  SubU64: 46,
  MulU64: 47,
  DivU64: 48,
  ModU64: 49,
  // u128, u256: the operand is the bit width.
  AddBig: 50,
  SubBig: 51,
  MulBig: 52,
  DivBig: 53,
  ModBig: 54,
  BitOrSmall: 55,
  BitAndSmall: 56,
  XorSmall: 57,
  BitOrU64: 58,
  BitAndU64: 59,
  XorU64: 60,
  BitOrBig: 61,
  BitAndBig: 62,
  XorBig: 63,
  // The operand is the bit width.
  ShlSmall: 64,
  ShlU64: 65,
  ShlBig: 66,
  ShrSmall: 67,
  ShrU64: 68,
  ShrBig: 69,
  /** The operand is the largest value. */
  CastSmall: 70,
  CastU64: 71,
  /** The operand is the bit width. */
  CastBig: 72,
  /** The operand is a pack site. */
  VecPack: 73,
  /** The operand is the element count. */
  VecUnpack: 74,
  VecLen: 75,
  VecBorrow: 76,
  VecPushBack: 77,
  VecPopBack: 78,
  VecSwap: 79,
} as const;
