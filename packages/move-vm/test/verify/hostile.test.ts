/**
 * Hostile modules: each breaks one rule that keeps values honest, and is refused with its status.
 * Source: move-vm.md §7, localnet.md §2.
 */
import { describe, expect, it } from 'vitest';
import { OP, parseModule } from '../../src/binary/index.ts';
import { verifyModule } from '../../src/verify/index.ts';
import {
  Assembler,
  address,
  bool,
  type FunctionSpec,
  type Instruction,
  mut,
  param,
  ref,
  signer,
  type,
  u8,
  u64,
  u128,
  vector,
} from '../binary/assembler.ts';
import { expectStatus, vmError } from '../binary/expect-error.ts';

const verify = (a: Assembler) => (): void => verifyModule(parseModule(a.bytes()));

/**
 * A module with `Coin` (no abilities, handle 0), `Data` (copy, drop; handle 1), enum `E` (drop;
 * handle 2: A, B { x: u64 }) and one function.
 */
function hostile(spec: FunctionSpec, change?: (a: Assembler) => void): () => void {
  const a = new Assembler();
  a.struct('Coin', 0, { value: u64 });
  a.struct('Data', 3, { value: u64 });
  a.enum('E', 2, { A: {}, B: { x: u64 } });
  a.module.fieldHandles.push({ owner: 0, field: 0 }, { owner: 1, field: 0 });
  a.module.variantHandles.push(
    { enumDefinition: 0, variant: 0 },
    { enumDefinition: 0, variant: 1 },
  );
  change?.(a);
  a.function('f', spec);
  return verify(a);
}

const COIN = type(0);
const DATA = type(1);
const ENUM = type(2);
const code = (...instructions: Instruction[]): FunctionSpec => ({ code: instructions });

describe('what is fine', () => {
  it.each<[string, FunctionSpec]>([
    [
      'Nop, And, Or and BrTrue',
      code(
        [OP.Nop],
        [OP.LdTrue],
        [OP.LdFalse],
        [OP.Or],
        [OP.LdTrue],
        [OP.And],
        [OP.BrTrue, 7],
        [OP.Ret],
      ),
    ],
    [
      'a coin moved through',
      { params: [COIN], returns: [COIN], code: [[OP.MoveLoc, 0], [OP.Ret]] },
    ],
    [
      'a field read',
      {
        params: [ref(COIN)],
        returns: [u64],
        code: [[OP.MoveLoc, 0], [OP.ImmBorrowField, 0], [OP.ReadRef], [OP.Ret]],
      },
    ],
    [
      'two borrows of one local, used in turn',
      {
        params: [u64],
        code: [[OP.MutBorrowLoc, 0], [OP.Pop], [OP.MutBorrowLoc, 0], [OP.Pop], [OP.Ret]],
      },
    ],
  ])('%s', (_, spec) => {
    expect(hostile(spec)).not.toThrow();
  });
});

describe('the operand stack', () => {
  it.each<[string, FunctionSpec, string]>([
    ['underflow', code([OP.Pop], [OP.Ret]), 'NEGATIVE_STACK_SIZE_WITHIN_BLOCK'],
    [
      'underflow in arithmetic',
      code([OP.LdU8, 1], [OP.Add], [OP.Pop], [OP.Ret]),
      'NEGATIVE_STACK_SIZE_WITHIN_BLOCK',
    ],
    ['values left at the end', code([OP.LdTrue], [OP.Ret]), 'POSITIVE_STACK_SIZE_AT_BLOCK_END'],
    [
      'values left over a branch',
      code([OP.LdTrue], [OP.Branch, 2], [OP.Pop], [OP.Ret]),
      'POSITIVE_STACK_SIZE_AT_BLOCK_END',
    ],
    ['no returned value', { returns: [u64], code: [[OP.Ret]] }, 'NEGATIVE_STACK_SIZE_WITHIN_BLOCK'],
    [
      'VecPack of a huge count',
      code([OP.VecPack, 0, 2n ** 64n - 1n], [OP.Pop], [OP.Ret]),
      'VALUE_STACK_OVERFLOW',
    ],
    [
      'VecUnpack of a huge count',
      { params: [vector(u8)], code: [[OP.MoveLoc, 0], [OP.VecUnpack, 0, 2n ** 63n], [OP.Ret]] },
      'VALUE_STACK_OVERFLOW',
    ],
    [
      'VecPack beyond the stack',
      code([OP.VecPack, 0, 3n], [OP.Pop], [OP.Ret]),
      'NEGATIVE_STACK_SIZE_WITHIN_BLOCK',
    ],
  ])('%s', (_, spec, status) => {
    expectStatus(
      hostile(spec, (a) => a.signature(u8)),
      status,
    );
  });

  it('holds 1024 operands and not one more', () => {
    const pushes = (n: number): FunctionSpec =>
      code(...Array<Instruction>(n).fill([OP.LdTrue]), ...Array<Instruction>(n).fill([OP.Pop]), [
        OP.Ret,
      ]);
    expect(hostile(pushes(1024))).not.toThrow();
    expectStatus(hostile(pushes(1025)), 'VALUE_STACK_OVERFLOW');
  });

  it('sees 10000 pushes in a function and not one more', () => {
    const pairs = (n: number): FunctionSpec =>
      code(...Array.from({ length: n }, () => [[OP.LdTrue], [OP.Pop]] as Instruction[]).flat(), [
        OP.Ret,
      ]);
    expect(hostile(pairs(10_000))).not.toThrow();
    expectStatus(hostile(pairs(10_001)), 'VALUE_STACK_PUSH_OVERFLOW');
  });
});

describe('control flow', () => {
  it.each<[string, FunctionSpec, string]>([
    ['no code', code(), 'EMPTY_CODE_UNIT'],
    ['code that runs off its end', code([OP.Nop]), 'INVALID_FALL_THROUGH'],
    ['a conditional jump at the end', code([OP.LdTrue], [OP.BrTrue, 0]), 'INVALID_FALL_THROUGH'],
    ['a jump out of the code', code([OP.Branch, 2], [OP.Ret]), 'INDEX_OUT_OF_BOUNDS'],
    [
      'a loop entered in the middle',
      code([OP.LdTrue], [OP.BrTrue, 3], [OP.Nop], [OP.LdTrue], [OP.BrTrue, 2], [OP.Ret]),
      'INVALID_LOOP_SPLIT',
    ],
  ])('%s', (_, spec, status) => {
    expectStatus(hostile(spec), status);
  });

  it('nests loops 5 deep and not 6', () => {
    const loops = (depth: number): FunctionSpec => {
      const heads = Array<Instruction>(depth).fill([OP.Nop]);
      const tails: Instruction[] = [];
      for (let head = depth - 1; head >= 0; head--) tails.push([OP.LdTrue], [OP.BrTrue, head]);
      return code(...heads, ...tails, [OP.Ret]);
    };
    expect(hostile(loops(5))).not.toThrow();
    expectStatus(hostile(loops(6)), 'LOOP_MAX_DEPTH_REACHED');
  });

  it('has 1024 basic blocks and not 1025', () => {
    const blocks = (n: number): FunctionSpec =>
      code(...Array.from({ length: n - 1 }, (_, i): Instruction => [OP.Branch, i + 1]), [OP.Ret]);
    expect(hostile(blocks(1024))).not.toThrow();
    expectStatus(hostile(blocks(1025)), 'TOO_MANY_BASIC_BLOCKS');
  });
});

describe('type confusion', () => {
  it.each<[string, FunctionSpec, string]>([
    [
      'a number returned as a coin',
      { params: [u64], returns: [COIN], code: [[OP.MoveLoc, 0], [OP.Ret]] },
      'RET_TYPE_MISMATCH_ERROR',
    ],
    [
      'data stored as a coin',
      { params: [DATA], locals: [COIN], code: [[OP.MoveLoc, 0], [OP.StLoc, 1], [OP.Ret]] },
      'STLOC_TYPE_MISMATCH_ERROR',
    ],
    [
      'a coin packed from a bool',
      { returns: [COIN], code: [[OP.LdTrue], [OP.Pack, 0], [OP.Ret]] },
      'PACK_TYPE_MISMATCH_ERROR',
    ],
    [
      'data unpacked as a coin',
      { params: [DATA], returns: [u64], code: [[OP.MoveLoc, 0], [OP.Unpack, 0], [OP.Ret]] },
      'UNPACK_TYPE_MISMATCH_ERROR',
    ],
    [
      'a field of another struct',
      { params: [ref(DATA)], code: [[OP.MoveLoc, 0], [OP.ImmBorrowField, 0], [OP.Pop], [OP.Ret]] },
      'BORROWFIELD_TYPE_MISMATCH_ERROR',
    ],
    [
      'a mutable field of an immutable reference',
      { params: [ref(COIN)], code: [[OP.MoveLoc, 0], [OP.MutBorrowField, 0], [OP.Pop], [OP.Ret]] },
      'BORROWFIELD_TYPE_MISMATCH_ERROR',
    ],
    [
      'a field of a number',
      { params: [u64], code: [[OP.MoveLoc, 0], [OP.ImmBorrowField, 0], [OP.Pop], [OP.Ret]] },
      'BORROWFIELD_TYPE_MISMATCH_ERROR',
    ],
    [
      'a write through an immutable reference',
      { params: [ref(u64)], code: [[OP.LdU64, 0, 1n], [OP.MoveLoc, 0], [OP.WriteRef], [OP.Ret]] },
      'WRITEREF_NO_MUTABLE_REFERENCE_ERROR',
    ],
    [
      'a write of another type',
      { params: [mut(u64)], code: [[OP.LdU8, 1], [OP.MoveLoc, 0], [OP.WriteRef], [OP.Ret]] },
      'WRITEREF_TYPE_MISMATCH_ERROR',
    ],
    [
      'a number read as a reference',
      { params: [u64], code: [[OP.MoveLoc, 0], [OP.ReadRef], [OP.Pop], [OP.Ret]] },
      'READREF_TYPE_MISMATCH_ERROR',
    ],
    [
      'an immutable reference frozen',
      { params: [ref(u64)], code: [[OP.MoveLoc, 0], [OP.FreezeRef], [OP.Pop], [OP.Ret]] },
      'FREEZEREF_TYPE_MISMATCH_ERROR',
    ],
    [
      'widths mixed',
      {
        params: [u64, u128],
        code: [[OP.MoveLoc, 0], [OP.MoveLoc, 1], [OP.Add], [OP.Pop], [OP.Ret]],
      },
      'INTEGER_OP_TYPE_MISMATCH_ERROR',
    ],
    [
      'an address as a number',
      { params: [address], code: [[OP.MoveLoc, 0], [OP.CastU64], [OP.Pop], [OP.Ret]] },
      'INTEGER_OP_TYPE_MISMATCH_ERROR',
    ],
    [
      'a shift by a u64',
      { params: [u64], code: [[OP.CopyLoc, 0], [OP.MoveLoc, 0], [OP.Shl], [OP.Pop], [OP.Ret]] },
      'INTEGER_OP_TYPE_MISMATCH_ERROR',
    ],
    [
      'numbers in And',
      code([OP.LdU8, 1], [OP.LdU8, 1], [OP.And], [OP.Pop], [OP.Ret]),
      'BOOLEAN_OP_TYPE_MISMATCH_ERROR',
    ],
    [
      'a branch on a number',
      code([OP.LdU8, 1], [OP.BrTrue, 2], [OP.Ret]),
      'BR_TYPE_MISMATCH_ERROR',
    ],
    ['an abort with a u8', code([OP.LdU8, 1], [OP.Abort]), 'ABORT_TYPE_MISMATCH_ERROR'],
    [
      'a reference to a reference',
      { params: [ref(u64)], code: [[OP.ImmBorrowLoc, 0], [OP.Pop], [OP.Ret]] },
      'BORROWLOC_REFERENCE_ERROR',
    ],
    [
      'types mixed in Eq',
      { params: [u64, u8], code: [[OP.MoveLoc, 0], [OP.MoveLoc, 1], [OP.Eq], [OP.Pop], [OP.Ret]] },
      'EQUALITY_OP_TYPE_MISMATCH_ERROR',
    ],
    [
      'a vector instruction on another vector',
      { params: [ref(vector(bool))], code: [[OP.MoveLoc, 0], [OP.VecLen, 0], [OP.Pop], [OP.Ret]] },
      'TYPE_MISMATCH',
    ],
    [
      'a push through an immutable reference',
      {
        params: [ref(vector(u8))],
        code: [[OP.MoveLoc, 0], [OP.LdU8, 1], [OP.VecPushBack, 0], [OP.Ret]],
      },
      'TYPE_MISMATCH',
    ],
    [
      'a switch on a value',
      {
        params: [ENUM],
        code: [[OP.MoveLoc, 0], [OP.VariantSwitch, 0], [OP.Ret]],
        jumpTables: [{ headEnum: 0, offsets: [2, 2] }],
      },
      'ENUM_SWITCH_BAD_OPERAND',
    ],
    [
      'a switch on another type',
      {
        params: [ref(DATA)],
        code: [[OP.MoveLoc, 0], [OP.VariantSwitch, 0], [OP.Ret]],
        jumpTables: [{ headEnum: 0, offsets: [2, 2] }],
      },
      'ENUM_TYPE_MISMATCH',
    ],
    [
      'a mutable variant of an immutable reference',
      {
        params: [ref(ENUM)],
        code: [[OP.MoveLoc, 0], [OP.UnpackVariantMutRef, 1], [OP.Pop], [OP.Ret]],
      },
      'UNPACK_TYPE_MISMATCH_ERROR',
    ],
  ])('%s', (_, spec, status) => {
    const { code: instructions } = spec;
    const usesVector =
      Array.isArray(instructions) &&
      instructions.some(([op]) => op >= OP.VecPack && op <= OP.VecSwap);
    expectStatus(
      hostile(spec, (a) => usesVector && a.signature(u8)),
      status,
    );
  });

  it('names the place of the fault', () => {
    const error = vmError(hostile(code([OP.Nop], [OP.Pop], [OP.Ret])));
    expect(error.location).toMatchObject({ function: 0, instruction: 1, functionName: 'f' });
    expect(error.code).toBe('MOVE_VM_VERIFICATION');
  });

  it('holds in code that nothing reaches', () => {
    expectStatus(hostile(code([OP.Ret], [OP.Pop], [OP.Ret])), 'NEGATIVE_STACK_SIZE_WITHIN_BLOCK');
  });
});

describe('resources', () => {
  it.each<[string, FunctionSpec, string]>([
    [
      'copied',
      { params: [COIN], code: [[OP.CopyLoc, 0], [OP.Pop], [OP.Ret]] },
      'COPYLOC_WITHOUT_COPY_ABILITY',
    ],
    [
      'copied through a reference',
      { params: [ref(COIN)], returns: [COIN], code: [[OP.MoveLoc, 0], [OP.ReadRef], [OP.Ret]] },
      'READREF_WITHOUT_COPY_ABILITY',
    ],
    [
      'dropped',
      { params: [COIN], code: [[OP.MoveLoc, 0], [OP.Pop], [OP.Ret]] },
      'POP_WITHOUT_DROP_ABILITY',
    ],
    ['left behind', { params: [COIN], code: [[OP.Ret]] }, 'UNSAFE_RET_UNUSED_VALUES_WITHOUT_DROP'],
    [
      'left behind on one path',
      {
        params: [COIN, bool],
        locals: [u64],
        code: [
          [OP.MoveLoc, 1],
          [OP.BrFalse, 5],
          [OP.MoveLoc, 0],
          [OP.Unpack, 0],
          [OP.StLoc, 2],
          [OP.Ret],
        ],
      },
      'UNSAFE_RET_UNUSED_VALUES_WITHOUT_DROP',
    ],
    [
      'overwritten',
      {
        params: [COIN, COIN],
        returns: [COIN],
        code: [[OP.MoveLoc, 0], [OP.StLoc, 1], [OP.MoveLoc, 1], [OP.Ret]],
      },
      'STLOC_UNSAFE_TO_DESTROY_ERROR',
    ],
    [
      'overwritten through a reference',
      {
        params: [mut(COIN), COIN],
        code: [[OP.MoveLoc, 1], [OP.MoveLoc, 0], [OP.WriteRef], [OP.Ret]],
      },
      'WRITEREF_WITHOUT_DROP_ABILITY',
    ],
    [
      'compared away',
      {
        params: [COIN, COIN],
        returns: [bool],
        code: [[OP.MoveLoc, 0], [OP.MoveLoc, 1], [OP.Eq], [OP.Ret]],
      },
      'EQUALITY_OP_TYPE_MISMATCH_ERROR',
    ],
    [
      'moved twice',
      { params: [COIN], returns: [COIN, COIN], code: [[OP.MoveLoc, 0], [OP.MoveLoc, 0], [OP.Ret]] },
      'MOVELOC_UNAVAILABLE_ERROR',
    ],
    [
      'read before it is there',
      { locals: [u64], returns: [u64], code: [[OP.CopyLoc, 0], [OP.Ret]] },
      'COPYLOC_UNAVAILABLE_ERROR',
    ],
    [
      'borrowed before it is there',
      { locals: [u64], code: [[OP.ImmBorrowLoc, 0], [OP.Pop], [OP.Ret]] },
      'BORROWLOC_UNAVAILABLE_ERROR',
    ],
    [
      'a signer copied',
      { params: [signer], code: [[OP.CopyLoc, 0], [OP.Pop], [OP.Ret]] },
      'COPYLOC_WITHOUT_COPY_ABILITY',
    ],
    [
      'a type parameter dropped',
      { params: [param(0)], typeParameters: [0], code: [[OP.MoveLoc, 0], [OP.Pop], [OP.Ret]] },
      'POP_WITHOUT_DROP_ABILITY',
    ],
  ])('%s', (_, spec, status) => {
    expectStatus(hostile(spec), status);
  });
});

describe('references', () => {
  it.each<[string, FunctionSpec, string]>([
    [
      'to a local, returned',
      { params: [u64], returns: [ref(u64)], code: [[OP.ImmBorrowLoc, 0], [OP.Ret]] },
      'UNSAFE_RET_LOCAL_OR_RESOURCE_STILL_BORROWED',
    ],
    [
      'to a local that moves away',
      {
        params: [u64],
        locals: [ref(u64)],
        code: [[OP.ImmBorrowLoc, 0], [OP.StLoc, 1], [OP.MoveLoc, 0], [OP.Pop], [OP.Ret]],
      },
      'MOVELOC_EXISTS_BORROW_ERROR',
    ],
    [
      'to a local that is overwritten',
      {
        params: [u64],
        locals: [ref(u64)],
        code: [[OP.ImmBorrowLoc, 0], [OP.StLoc, 1], [OP.LdU64, 0, 1n], [OP.StLoc, 0], [OP.Ret]],
      },
      'STLOC_UNSAFE_TO_DESTROY_ERROR',
    ],
    [
      'mutable, while the local is copied',
      {
        params: [u64],
        locals: [mut(u64)],
        code: [[OP.MutBorrowLoc, 0], [OP.StLoc, 1], [OP.CopyLoc, 0], [OP.Pop], [OP.Ret]],
      },
      'COPYLOC_EXISTS_BORROW_ERROR',
    ],
    [
      'mutable, while it is borrowed again',
      {
        params: [u64],
        locals: [mut(u64)],
        code: [[OP.MutBorrowLoc, 0], [OP.StLoc, 1], [OP.ImmBorrowLoc, 0], [OP.Pop], [OP.Ret]],
      },
      'BORROWLOC_EXISTS_BORROW_ERROR',
    ],
    [
      'written while its copy lives',
      {
        params: [mut(u64)],
        locals: [mut(u64)],
        code: [
          [OP.CopyLoc, 0],
          [OP.StLoc, 1],
          [OP.LdU64, 0, 1n],
          [OP.MoveLoc, 0],
          [OP.WriteRef],
          [OP.LdU64, 0, 2n],
          [OP.MoveLoc, 1],
          [OP.WriteRef],
          [OP.Ret],
        ],
      },
      'WRITEREF_EXISTS_BORROW_ERROR',
    ],
    [
      'frozen while its copy lives',
      {
        params: [mut(u64)],
        locals: [mut(u64)],
        code: [[OP.CopyLoc, 0], [OP.StLoc, 1], [OP.MoveLoc, 0], [OP.FreezeRef], [OP.Pop], [OP.Ret]],
      },
      'FREEZEREF_EXISTS_MUTABLE_BORROW_ERROR',
    ],
    [
      'to an element of a vector that shrinks',
      {
        params: [mut(vector(u8))],
        locals: [mut(u8)],
        code: [
          [OP.CopyLoc, 0],
          [OP.LdU64, 0, 0n],
          [OP.VecMutBorrow, 0],
          [OP.StLoc, 1],
          [OP.MoveLoc, 0],
          [OP.VecPopBack, 0],
          [OP.Pop],
          [OP.LdU8, 1],
          [OP.MoveLoc, 1],
          [OP.WriteRef],
          [OP.Ret],
        ],
      },
      'VEC_UPDATE_EXISTS_MUTABLE_BORROW_ERROR',
    ],
    [
      'into a variant that is replaced',
      {
        params: [mut(ENUM)],
        locals: [mut(u64)],
        code: [
          [OP.CopyLoc, 0],
          [OP.UnpackVariantMutRef, 1],
          [OP.StLoc, 1],
          [OP.PackVariant, 0],
          [OP.MoveLoc, 0],
          [OP.WriteRef],
          [OP.LdU64, 0, 9n],
          [OP.MoveLoc, 1],
          [OP.WriteRef],
          [OP.Ret],
        ],
      },
      'WRITEREF_EXISTS_BORROW_ERROR',
    ],
    [
      'passed twice as mutable',
      {
        params: [mut(u64), mut(u64)],
        code: [[OP.CopyLoc, 0], [OP.CopyLoc, 0], [OP.Call, 0], [OP.Ret]],
      },
      'CALL_BORROWED_MUTABLE_REFERENCE_ERROR',
    ],
    [
      'dangling after a loop turn',
      {
        params: [u64],
        locals: [ref(u64)],
        code: [
          [OP.Nop],
          [OP.ImmBorrowLoc, 0],
          [OP.StLoc, 1],
          [OP.LdTrue],
          [OP.BrTrue, 0],
          [OP.MoveLoc, 0],
          [OP.Pop],
          [OP.Ret],
        ],
      },
      'MOVELOC_EXISTS_BORROW_ERROR',
    ],
  ])('%s', (_, spec, status) => {
    expectStatus(
      hostile(spec, (a) => a.signature(u8)),
      status,
    );
  });
});

describe('declarations', () => {
  it('recursive structs and enums', () => {
    const direct = new Assembler();
    direct.struct('S', 0, { next: vector(type(0)) });
    expectStatus(verify(direct), 'RECURSIVE_STRUCT_DEFINITION');
    const mutual = new Assembler();
    mutual.struct('A', 0, { b: type(1) });
    mutual.struct('B', 0, { a: type(0) });
    expectStatus(verify(mutual), 'RECURSIVE_STRUCT_DEFINITION');
    const item = new Assembler();
    item.enum('E', 0, { Leaf: {}, Node: { below: type(0) } });
    expectStatus(verify(item), 'RECURSIVE_ENUM_DEFINITION');
    const generic = new Assembler();
    generic.struct('Box', 0, { x: param(0) }, [{ constraints: 0, phantom: false }]);
    generic.struct('S', 0, { x: type(0, type(1)) });
    expectStatus(verify(generic), 'RECURSIVE_STRUCT_DEFINITION');
  });

  it('fields without the abilities of their struct', () => {
    const a = new Assembler();
    a.struct('Coin', 0, { value: u64 });
    a.struct('Copyable', 1, { coin: type(0) });
    expectStatus(verify(a), 'FIELD_MISSING_TYPE_ABILITY');
  });

  it('references in fields and in type arguments', () => {
    const a = new Assembler();
    a.struct('S', 0, { x: ref(u8) });
    expectStatus(verify(a), 'INVALID_SIGNATURE_TOKEN');
    expectStatus(hostile({ params: [vector(ref(u8))] }), 'INVALID_SIGNATURE_TOKEN');
    expectStatus(hostile({ params: [ref(mut(u8))] }), 'INVALID_SIGNATURE_TOKEN');
  });

  it('phantom parameters used as values', () => {
    const a = new Assembler();
    a.struct('S', 0, { x: param(0) }, [{ constraints: 0, phantom: true }]);
    expectStatus(verify(a), 'INVALID_PHANTOM_TYPE_PARAM_POSITION');
  });

  it('type arguments that break their constraints', () => {
    const a = new Assembler();
    a.struct('Coin', 0, { value: u64 });
    const g = a.function('g', { typeParameters: [1] });
    a.module.functionInstantiations.push({ handle: g, typeArgs: a.signature(type(0)) });
    a.function('f', { code: [[OP.CallGeneric, 0], [OP.Ret]] });
    expectStatus(verify(a), 'CONSTRAINT_NOT_SATISFIED');
  });

  it('generic calls that build ever larger types', () => {
    const a = new Assembler();
    const f = a.function('f', { typeParameters: [0], code: [[OP.CallGeneric, 0], [OP.Ret]] });
    a.module.functionInstantiations.push({ handle: f, typeArgs: a.signature(vector(param(0))) });
    expectStatus(verify(a), 'LOOP_IN_INSTANTIATION_GRAPH');
    const same = new Assembler();
    const g = same.function('g', { typeParameters: [0], code: [[OP.CallGeneric, 0], [OP.Ret]] });
    same.module.functionInstantiations.push({ handle: g, typeArgs: same.signature(param(0)) });
    expect(verify(same)).not.toThrow();
  });

  it('constants that are no values of their type', () => {
    const constant = (...args: Parameters<Assembler['constant']>) => {
      const a = new Assembler();
      a.constant(...args);
      return verify(a);
    };
    expect(constant(vector(u8), 1, 7)).not.toThrow();
    expectStatus(constant(bool, 2), 'MALFORMED_CONSTANT_DATA');
    expectStatus(constant(u64, 1), 'MALFORMED_CONSTANT_DATA');
    expectStatus(constant(u8, 1, 2), 'MALFORMED_CONSTANT_DATA');
    expectStatus(constant(vector(u8), 0x81, 0), 'MALFORMED_CONSTANT_DATA');
    expectStatus(constant(vector(u64), 0xff, 0xff, 3), 'MALFORMED_CONSTANT_DATA');
    expectStatus(constant(signer, 1), 'INVALID_CONSTANT_TYPE');
  });

  it('anything twice, foreign or missing', () => {
    const change = (edit: (a: Assembler) => void) => {
      const a = new Assembler();
      edit(a);
      return verify(a);
    };
    expectStatus(
      change((a) => void a.module.identifiers.push('m')),
      'DUPLICATE_ELEMENT',
    );
    expectStatus(
      change((a) => void a.module.signatures.push([u8], [u8])),
      'DUPLICATE_ELEMENT',
    );
    expectStatus(
      change((a) => void [a.constant(u8, 1), a.constant(u8, 1)]),
      'DUPLICATE_ELEMENT',
    );
    expectStatus(
      change((a) => void a.datatypeHandle(0, 'S', 0)),
      'UNIMPLEMENTED_HANDLE',
    );
    expectStatus(
      change((a) => void a.functionHandle(0, 'f')),
      'UNIMPLEMENTED_HANDLE',
    );
    expectStatus(
      change((a) => void a.struct('S', 0, {})),
      'ZERO_SIZED_STRUCT',
    );
    expectStatus(
      change((a) => {
        a.struct('S', 0, { x: u8 });
        a.module.datatypeHandles[0] = {
          ...a.module.datatypeHandles[0]!,
          module: a.moduleHandle(`0x${'1'.repeat(64)}`, 'other'),
        };
      }),
      'INVALID_MODULE_HANDLE',
    );
    expectStatus(
      change((a) => void a.module.friends.push({ address: 0, name: 0 })),
      'INVALID_FRIEND_DECL_WITH_SELF',
    );
  });
});
