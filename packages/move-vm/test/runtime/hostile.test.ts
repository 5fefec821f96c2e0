/**
 * Modules that the publisher would refuse, run all the same: the machine must hold on its own.
 *
 * Whatever the types show is refused before the first instruction runs; what only the run shows (an
 * empty local, a reference that outlived its value, a lost resource) ends the run. Nothing crashes
 * and no value is copied or retyped. Source: localnet.md §2.
 */
import { describe, expect, it } from 'vitest';
import { OP, type SignatureToken } from '../../src/binary/index.ts';
import { STATUS, structTag, type Value } from '../../src/index.ts';
import {
  Assembler,
  bool,
  type FunctionSpec,
  type Instruction,
  mut,
  param,
  ref,
  type,
  u8,
  u64,
  vector,
} from '../binary/assembler.ts';
import { vmError } from '../binary/expect-error.ts';
import { Bench, TEST_ADDRESS } from './move.ts';

const COIN = type(0);
const DATA = type(1);
const ENUM = type(2);

/** `Coin` (no abilities), `Data` (copy, drop), `E` (drop; variants A, B { x: u64 }). */
function hostile(spec: FunctionSpec, change?: (a: Assembler) => void): Bench {
  const a = new Assembler('m', TEST_ADDRESS);
  a.struct('Coin', 0, { value: u64 });
  a.struct('Data', 3, { value: u64 });
  a.enum('E', 2, { A: {}, B: { x: u64 } });
  a.module.fieldHandles.push({ owner: 0, field: 0 }, { owner: 1, field: 0 });
  a.module.variantHandles.push(
    { enumDefinition: 0, variant: 0 },
    { enumDefinition: 0, variant: 1 },
  );
  change?.(a);
  a.function('f', { visibility: 'public', ...spec });
  return new Bench([a.bytes()]);
}

function statusOf(subject: Bench, args: readonly Value[] = []): string {
  return vmError(() => subject.run('f', args)).statusName;
}

const code = (...instructions: Instruction[]): FunctionSpec => ({ code: instructions });

/** What the linker refuses; at run time that is an invariant violation. */
const REFUSED: [string, FunctionSpec, ((a: Assembler) => void)?][] = [
  ['a bool where a number is added', code([OP.LdTrue], [OP.LdU8, 1], [OP.Add], [OP.Pop], [OP.Ret])],
  ['u8 added to u64', code([OP.LdU64, 0, 1n], [OP.LdU8, 1], [OP.Add], [OP.Pop], [OP.Ret])],
  ['a number used as a reference', code([OP.LdU64, 0, 1n], [OP.ReadRef], [OP.Pop], [OP.Ret])],
  ['pop from nothing', code([OP.Pop], [OP.Ret])],
  ['values left at the end of a block', code([OP.LdTrue], [OP.Branch, 2], [OP.Pop], [OP.Ret])],
  ['running past the end', code([OP.Nop])],
  ['returning another type', { returns: [u64], ...code([OP.LdTrue], [OP.Ret]) }],
  ['returning nothing', { returns: [u64], ...code([OP.Ret]) }],
  [
    'copying a coin',
    { params: [COIN], returns: [COIN, COIN], ...code([OP.CopyLoc, 0], [OP.MoveLoc, 0], [OP.Ret]) },
  ],
  [
    'copying a coin through a reference',
    { params: [ref(COIN)], returns: [COIN], ...code([OP.MoveLoc, 0], [OP.ReadRef], [OP.Ret]) },
  ],
  ['dropping a coin', { params: [COIN], ...code([OP.MoveLoc, 0], [OP.Pop], [OP.Ret]) }],
  [
    'overwriting a coin',
    {
      params: [COIN, mut(COIN)],
      ...code([OP.MoveLoc, 0], [OP.MoveLoc, 1], [OP.WriteRef], [OP.Ret]),
    },
  ],
  [
    'comparing coins away',
    {
      params: [COIN, COIN],
      returns: [bool],
      ...code([OP.MoveLoc, 0], [OP.MoveLoc, 1], [OP.Eq], [OP.Ret]),
    },
  ],
  [
    'writing through an immutable reference',
    { params: [ref(u64)], ...code([OP.LdU64, 0, 1n], [OP.MoveLoc, 0], [OP.WriteRef], [OP.Ret]) },
  ],
  [
    'a mutable borrow of a field behind &',
    {
      params: [ref(DATA)],
      returns: [mut(u64)],
      ...code([OP.MoveLoc, 0], [OP.MutBorrowField, 1], [OP.Ret]),
    },
  ],
  [
    'a field of another struct',
    {
      params: [ref(DATA)],
      returns: [ref(u64)],
      ...code([OP.MoveLoc, 0], [OP.ImmBorrowField, 0], [OP.Ret]),
    },
  ],
  [
    'a struct packed from another type',
    { returns: [DATA], ...code([OP.LdTrue], [OP.Pack, 1], [OP.Ret]) },
  ],
  [
    'another struct unpacked',
    { params: [DATA], returns: [u64], ...code([OP.MoveLoc, 0], [OP.Unpack, 0], [OP.Ret]) },
  ],
  [
    'a vector of another element',
    code([OP.LdTrue], [OP.VecPack, 0, 1n], [OP.Pop], [OP.Ret]),
    (a) => {
      a.signature(u64);
    },
  ],
  [
    'more vector elements than there can be',
    code([OP.VecPack, 0, 1n << 60n], [OP.Pop], [OP.Ret]),
    (a) => {
      a.signature(u64);
    },
  ],
  [
    'unpacking more elements than fit',
    { params: [vector(u64)], ...code([OP.MoveLoc, 0], [OP.VecUnpack, 0, 1n << 63n], [OP.Ret]) },
    (a) => {
      a.signature(u64);
    },
  ],
  [
    'a reference stored in a local of another type',
    { params: [ref(u64)], locals: [ref(bool)], ...code([OP.MoveLoc, 0], [OP.StLoc, 1], [OP.Ret]) },
  ],
  [
    'a switch on a number',
    {
      params: [ref(u64)],
      jumpTables: [{ headEnum: 0, offsets: [2, 2] }],
      ...code([OP.MoveLoc, 0], [OP.VariantSwitch, 0], [OP.Ret]),
    },
  ],
  [
    'a copied type parameter without copy',
    {
      typeParameters: [0],
      params: [param(0)],
      returns: [param(0), param(0)],
      ...code([OP.CopyLoc, 0], [OP.MoveLoc, 0], [OP.Ret]),
    },
  ],
  [
    'a global storage instruction',
    code([OP.LdU8, 1], [OP.Pop], [OP.ExistsDeprecated, 0], [OP.Ret]),
  ],
];

describe('what types show is refused before anything runs', () => {
  it.each(REFUSED)('%s', (_name, spec, change) => {
    const subject = hostile(spec, change);
    const error = vmError(() => subject.runtime.checkPackage(subject.packages.get(TEST_ADDRESS)!));
    expect(error.code, error.message).toBe('MOVE_VM_VERIFICATION');
    expect(error.location?.functionName).toBe('f');
  });

  it('is an invariant violation when it comes out at run time', () => {
    const subject = hostile(code([OP.Pop], [OP.Ret]));
    expect(statusOf(subject)).toBe('UNKNOWN_INVARIANT_VIOLATION_ERROR');
  });

  const DATATYPES: [string, (a: Assembler) => void, string][] = [
    [
      'a copyable struct around a coin',
      (a) => a.struct('S', 1, { coin: COIN }),
      'FIELD_MISSING_TYPE_ABILITY',
    ],
    [
      'a droppable struct around a coin',
      (a) => a.struct('S', 2, { coin: COIN }),
      'FIELD_MISSING_TYPE_ABILITY',
    ],
    [
      'a phantom parameter used as a value',
      (a) => a.struct('S', 3, { x: param(0) }, [{ constraints: 0, phantom: true }]),
      'INVALID_PHANTOM_TYPE_PARAM_POSITION',
    ],
    [
      'a struct inside itself',
      (a) => a.struct('S', 3, { x: vector(type(3)) }),
      'RECURSIVE_STRUCT_DEFINITION',
    ],
    [
      'a struct inside itself through an argument',
      (a) => {
        a.struct('B', 3, { x: param(0) }, [{ constraints: 0, phantom: false }]);
        a.struct('S', 3, { x: type(3, type(4)) });
      },
      'RECURSIVE_STRUCT_DEFINITION',
    ],
    [
      'an argument that lacks the constraint',
      (a) => {
        a.struct('B', 3, { x: param(0) }, [{ constraints: 1, phantom: false }]);
        a.struct('S', 0, { x: type(3, COIN) });
      },
      'CONSTRAINT_NOT_SATISFIED',
    ],
    [
      'a reference in a field',
      (a) => a.struct('S', 0, { x: ref(u64) as SignatureToken }),
      'INVALID_SIGNATURE_TOKEN',
    ],
  ];
  it.each(DATATYPES)('%s', (_name, change, status) => {
    let subject: Bench;
    const error = vmError(() => {
      subject = hostile({}, change);
      subject.runtime.checkPackage(subject.packages.get(TEST_ADDRESS)!);
    });
    expect(error.statusName, error.message).toBe(status);
  });
});

describe('what only the run shows ends the run', () => {
  const INVARIANT = STATUS.UNKNOWN_INVARIANT_VIOLATION_ERROR;
  const RUNS: [string, FunctionSpec, Value[], number, ((a: Assembler) => void)?][] = [
    [
      'moving a local twice',
      {
        params: [COIN],
        returns: [COIN, COIN],
        ...code([OP.MoveLoc, 0], [OP.MoveLoc, 0], [OP.Ret]),
      },
      [[1]],
      INVARIANT,
    ],
    [
      'reading an empty local',
      { locals: [u64], ...code([OP.CopyLoc, 0], [OP.Pop], [OP.Ret]) },
      [],
      INVARIANT,
    ],
    [
      'borrowing an empty local',
      { locals: [u64], ...code([OP.ImmBorrowLoc, 0], [OP.Pop], [OP.Ret]) },
      [],
      INVARIANT,
    ],
    [
      'a reference to a local that was moved',
      {
        params: [DATA],
        returns: [u64],
        ...code(
          [OP.ImmBorrowLoc, 0],
          [OP.MoveLoc, 0],
          [OP.Pop],
          [OP.ImmBorrowField, 1],
          [OP.ReadRef],
          [OP.Ret],
        ),
      },
      [[1]],
      INVARIANT,
    ],
    ['leaving a coin behind', { params: [COIN], ...code([OP.Ret]) }, [[1]], INVARIANT],
    [
      'storing over a coin',
      {
        params: [COIN, COIN],
        returns: [COIN],
        ...code([OP.MoveLoc, 0], [OP.StLoc, 1], [OP.MoveLoc, 1], [OP.Ret]),
      },
      [[1], [2]],
      INVARIANT,
    ],
    [
      'an element reference after the element is gone',
      {
        params: [vector(u64)],
        returns: [u64],
        locals: [ref(u64)],
        ...code(
          [OP.ImmBorrowLoc, 0],
          [OP.LdU64, 0, 0n],
          [OP.VecImmBorrow, 0],
          [OP.StLoc, 1],
          [OP.MutBorrowLoc, 0],
          [OP.VecPopBack, 0],
          [OP.Pop],
          [OP.MoveLoc, 1],
          [OP.ReadRef],
          [OP.Ret],
        ),
      },
      [[5]],
      INVARIANT,
      (a) => {
        a.signature(u64);
      },
    ],
    [
      'unpacking the wrong variant',
      { returns: [u64], ...code([OP.PackVariant, 0], [OP.UnpackVariant, 1], [OP.Ret]) },
      [],
      STATUS.VARIANT_TAG_MISMATCH,
    ],
    [
      'borrowing into the wrong variant',
      {
        locals: [ENUM],
        returns: [u64],
        ...code(
          [OP.PackVariant, 0],
          [OP.StLoc, 0],
          [OP.ImmBorrowLoc, 0],
          [OP.UnpackVariantImmRef, 1],
          [OP.ReadRef],
          [OP.Ret],
        ),
      },
      [],
      STATUS.VARIANT_TAG_MISMATCH,
    ],
  ];
  it.each(RUNS)('%s', (_name, spec, args, status, change) => {
    const error = vmError(() => hostile(spec, change).run('f', args));
    expect(error.status, error.message).toBe(status);
  });

  it('a returned reference to a dead frame reads its own value, nothing else', () => {
    const subject = hostile(
      { returns: [u64], ...code([OP.Call, 0], [OP.ReadRef], [OP.Ret]) },
      (a) => {
        a.function('dangle', {
          returns: [ref(u64)],
          locals: [u64],
          code: [[OP.LdU64, 0, 7n], [OP.StLoc, 0], [OP.ImmBorrowLoc, 0], [OP.Ret]],
        });
      },
    );
    expect(subject.run('f')).toEqual([7]);
  });

  it('an aliased enum keeps the type of what was borrowed from it', () => {
    // Borrow x of B, then overwrite the enum by A through another reference, then write x.
    const subject = hostile({
      locals: [ENUM, mut(u64)],
      returns: [u64],
      code: [
        [OP.LdU64, 0, 7n],
        [OP.PackVariant, 1],
        [OP.StLoc, 0],
        [OP.MutBorrowLoc, 0],
        [OP.UnpackVariantMutRef, 1],
        [OP.StLoc, 1],
        [OP.PackVariant, 0],
        [OP.MutBorrowLoc, 0],
        [OP.WriteRef],
        [OP.LdU64, 0, 9n],
        [OP.CopyLoc, 1],
        [OP.WriteRef],
        [OP.MoveLoc, 1],
        [OP.ReadRef],
        [OP.Ret],
      ],
    });
    expect(subject.run('f')).toEqual([9]);
  });
});

describe('what compilers do not emit works', () => {
  const WORKS: [string, FunctionSpec, Value[], Value[]][] = [
    [
      'Nop, Or, And, BrTrue',
      {
        returns: [bool],
        ...code(
          [OP.Nop],
          [OP.LdTrue],
          [OP.LdFalse],
          [OP.Or],
          [OP.LdTrue],
          [OP.And],
          [OP.BrTrue, 9],
          [OP.LdFalse],
          [OP.Ret],
          [OP.LdTrue],
          [OP.Ret],
        ),
      },
      [],
      [true],
    ],
    [
      'Abort with values below it',
      {
        params: [COIN],
        ...code([OP.Branch, 1], [OP.MoveLoc, 0], [OP.Unpack, 0], [OP.Pop], [OP.Ret]),
      },
      [[3]],
      [],
    ],
    [
      'FreezeRef',
      {
        params: [u64],
        returns: [u64],
        ...code([OP.MutBorrowLoc, 0], [OP.FreezeRef], [OP.ReadRef], [OP.Ret]),
      },
      [4],
      [4],
    ],
    [
      'VecPack and VecUnpack with elements',
      {
        returns: [u8, u8],
        ...code([OP.LdU8, 1], [OP.LdU8, 2], [OP.VecPack, 0, 2n], [OP.VecUnpack, 0, 2n], [OP.Ret]),
      },
      [],
      [1, 2],
    ],
  ];
  it.each(WORKS)('%s', (_name, spec, args, expected) => {
    const subject = hostile(spec, (a) => {
      a.signature(u8);
    });
    expect(subject.run('f', args)).toEqual(expected);
  });
});

describe('types that nest very deep', () => {
  /** 150 structs, each a vector of 100 levels around the one before. */
  function tower(): Bench {
    const deep = (inner: SignatureToken): SignatureToken => {
      let token = inner;
      for (let i = 0; i < 100; i++) token = vector(token);
      return token;
    };
    return hostile(
      { returns: [type(3)], ...code([OP.LdConst, 0], [OP.Pack, 2], [OP.Ret]) },
      (a) => {
        a.struct('D0', 3, { x: deep(u8) });
        for (let i = 1; i < 150; i++) a.struct(`D${i}`, 3, { x: deep(type(2 + i)) });
        a.constant(deep(u8), 0);
      },
    );
  }

  it('may be declared, within the limits of the process', () => {
    const subject = tower();
    expect(() => subject.runtime.checkPackage(subject.packages.get(TEST_ADDRESS)!)).not.toThrow();
    expect(subject.run('f')).toHaveLength(1);
  });

  it('cannot have values', () => {
    const session = tower().session();
    const tag = structTag(TEST_ADDRESS, 'm', 'D149');
    const error = vmError(() => session.deserialize(session.typeOf(tag), Uint8Array.of(0)));
    expect(error.statusName).toBe('VM_MAX_VALUE_DEPTH_REACHED');
  });
});

describe('natives without an implementation', () => {
  it('abort with their own code, and only when called', () => {
    const subject = hostile(
      { ...code([OP.LdTrue], [OP.BrTrue, 3], [OP.Call, 0], [OP.Ret]) },
      (a) => {
        a.function('missing', { code: 'native' });
      },
    );
    expect(subject.run('f')).toEqual([]);
    const calls = hostile(code([OP.Call, 0], [OP.Ret]), (a) => {
      a.function('missing', { code: 'native' });
    });
    const error = vmError(() => calls.run('f'));
    expect(error).toMatchObject({ status: STATUS.ABORTED, subStatus: 0x6e6174697665n });
    expect(error.message).toContain('::m::missing is not implemented');
    expect(error.location).toMatchObject({ functionName: 'missing', instruction: 0 });
  });
});
