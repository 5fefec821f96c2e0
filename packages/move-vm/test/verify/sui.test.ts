/** Sui's own passes. Source: move-vm.md §7. */
import { describe, expect, it } from 'vitest';
import { ABILITY, OP, parseModule, type SignatureToken } from '../../src/binary/index.ts';
import { SUI_FRAMEWORK_ADDRESS } from '../../src/common/index.ts';
import { verifyModule, verifySui } from '../../src/verify/index.ts';
import {
  Assembler,
  bool,
  type FunctionSpec,
  mut,
  param,
  ref,
  type,
  u64,
  vector,
} from '../binary/assembler.ts';
import { expectSuiRefusal } from '../binary/expect-error.ts';

const { drop, store, key } = ABILITY;

/** A module `otw` with handles to UID (0), TxContext (1), Clock (2), Random (3) and `object::new` (0). */
class SuiAssembler extends Assembler {
  readonly uid: SignatureToken;
  readonly context: SignatureToken;
  readonly clock: SignatureToken;
  readonly random: SignatureToken;
  readonly newUid: number;

  constructor() {
    super('otw');
    const sui = (module: string): number => this.moduleHandle(SUI_FRAMEWORK_ADDRESS, module);
    this.uid = type(this.datatypeHandle(sui('object'), 'UID', store));
    this.context = type(this.datatypeHandle(sui('tx_context'), 'TxContext', drop));
    this.clock = type(this.datatypeHandle(sui('clock'), 'Clock', key));
    this.random = type(this.datatypeHandle(sui('random'), 'Random', key));
    this.newUid = this.functionHandle(sui('object'), 'new', {
      params: [mut(this.context)],
      returns: [this.uid],
    });
  }
}

/** Verifies the module as Move first: what is refused here must be refused by Sui alone. */
function sui(edit: (a: SuiAssembler) => void): () => void {
  const a = new SuiAssembler();
  edit(a);
  const module = parseModule(a.bytes());
  verifyModule(module);
  return () => verifySui(module);
}

describe('objects', () => {
  it('begin with id: UID', () => {
    expect(sui((a) => a.struct('S', key, { id: a.uid, n: u64 }))).not.toThrow();
    expect(sui((a) => a.struct('S', store, { n: u64 }))).not.toThrow();
    expectSuiRefusal(
      sui((a) => a.struct('S', key, { n: u64, id: a.uid })),
      "First field of struct S must be 'id'",
    );
    expectSuiRefusal(
      sui((a) => a.struct('S', key, { id: u64 })),
      'must be of type 0x2::object::UID',
    );
    expectSuiRefusal(
      sui((a) => {
        const own = a.struct('UID', store, { n: u64 });
        a.struct('S', key, { id: type(own) });
      }),
      'must be of type 0x2::object::UID',
    );
  });

  it('are never enums', () => {
    expectSuiRefusal(
      sui((a) => a.enum('E', key, { A: { x: u64 } })),
      "Enum E cannot have the 'key' ability",
    );
  });

  it('do not live in global storage', () => {
    const a = new SuiAssembler();
    a.struct('S', key, { id: a.uid });
    a.function('f', { code: [[OP.ExistsDeprecated, 0], [OP.Ret]] });
    const module = parseModule(a.bytes());
    expectSuiRefusal(() => verifySui(module), 'Access to Move global storage is not allowed');
  });
});

describe('ids', () => {
  const object = (a: SuiAssembler): SignatureToken => type(a.struct('S', key, { id: a.uid }));
  const maker = (spec: (a: SuiAssembler, s: SignatureToken) => FunctionSpec) =>
    sui((a) => {
      const s = object(a);
      a.function('make', { returns: [s], ...spec(a, s) });
    });

  it('come fresh from object::new, through locals too', () => {
    expect(
      maker((a) => ({
        params: [mut(a.context)],
        code: [[OP.MoveLoc, 0], [OP.Call, a.newUid], [OP.Pack, 0], [OP.Ret]],
      })),
    ).not.toThrow();
    expect(
      maker((a) => ({
        params: [mut(a.context)],
        locals: [a.uid],
        code: [
          [OP.MoveLoc, 0],
          [OP.Call, a.newUid],
          [OP.StLoc, 1],
          [OP.MoveLoc, 1],
          [OP.Pack, 0],
          [OP.Ret],
        ],
      })),
    ).not.toThrow();
  });

  it('are not taken from parameters, other objects or one branch', () => {
    const text = 'Object created without a newly created UID';
    expectSuiRefusal(
      maker((a) => ({ params: [a.uid], code: [[OP.MoveLoc, 0], [OP.Pack, 0], [OP.Ret]] })),
      text,
    );
    expectSuiRefusal(
      maker((_, s) => ({
        params: [s],
        code: [[OP.MoveLoc, 0], [OP.Unpack, 0], [OP.Pack, 0], [OP.Ret]],
      })),
      text,
    );
    expectSuiRefusal(
      maker((a) => ({
        params: [mut(a.context), bool, vector(a.uid)],
        locals: [a.uid],
        code: [
          [OP.MoveLoc, 1],
          [OP.BrTrue, 6],
          [OP.MutBorrowLoc, 2],
          [OP.VecPopBack, a.signature(a.uid)],
          [OP.StLoc, 3],
          [OP.Branch, 9],
          [OP.MoveLoc, 0],
          [OP.Call, a.newUid],
          [OP.StLoc, 3],
          [OP.MoveLoc, 2],
          [OP.VecUnpack, a.signature(a.uid), 0n],
          [OP.MoveLoc, 3],
          [OP.Pack, 0],
          [OP.Ret],
        ],
      })),
      text,
    );
  });
});

describe('private generics', () => {
  const calling = (
    module: string,
    name: string,
    argument: (a: SuiAssembler) => SignatureToken,
    constraints = drop,
  ) =>
    sui((a) => {
      const token = argument(a);
      const typeParameters = [constraints];
      const callee = a.functionHandle(a.moduleHandle(SUI_FRAMEWORK_ADDRESS, module), name, {
        params: [param(0)],
        typeParameters,
      });
      const typeArgs = a.signature(token);
      a.module.functionInstantiations.push({ handle: callee, typeArgs });
      a.function('f', {
        params: [token],
        typeParameters,
        code: [[OP.MoveLoc, 0], [OP.CallGeneric, 0], [OP.Ret]],
      });
    });
  const own = (a: SuiAssembler): SignatureToken => type(a.struct('Own', drop, { n: u64 }));

  it.each([
    ['event', 'emit'],
    ['transfer', 'transfer'],
    ['transfer', 'share_object'],
    ['transfer', 'freeze_object'],
    ['coin_registry', 'new_currency'],
  ])('%s::%s takes own types only', (module, name) => {
    expect(calling(module, name, own)).not.toThrow();
    const text = `Invalid call to 'sui::${module}::${name}'. Type argument #0`;
    expectSuiRefusal(
      calling(module, name, (a) => a.context),
      text,
    );
    expectSuiRefusal(
      calling(module, name, () => u64),
      text,
    );
    expectSuiRefusal(
      calling(module, name, () => param(0)),
      text,
    );
    expectSuiRefusal(
      calling(module, name, (a) => vector(own(a))),
      text,
    );
  });

  it('leaves public_transfer to everybody', () => {
    expect(calling('transfer', 'public_transfer', (a) => a.context)).not.toThrow();
  });
});

describe('one-time witness and init', () => {
  const witness = (a: SuiAssembler, abilities: number = drop): SignatureToken =>
    type(a.struct('OTW', abilities, { dummy_field: bool }));
  const init = (spec: (a: SuiAssembler) => FunctionSpec) =>
    sui((a) => {
      a.function('init', spec(a));
    });

  it('accepts init with and without a witness', () => {
    expect(init((a) => ({ params: [mut(a.context)] }))).not.toThrow();
    expect(init((a) => ({ params: [ref(a.context)] }))).not.toThrow();
    expect(init((a) => ({ params: [witness(a), mut(a.context)] }))).not.toThrow();
  });

  it.each<[string, (a: SuiAssembler) => FunctionSpec, string]>([
    ['public', (a) => ({ params: [mut(a.context)], visibility: 'public' }), 'must be private'],
    ['entry', (a) => ({ params: [mut(a.context)], isEntry: true }), "cannot be 'entry'"],
    ['generic', (a) => ({ params: [mut(a.context)], typeParameters: [0] }), 'type parameters'],
    [
      'returning',
      (a) => ({ params: [mut(a.context)], returns: [u64], code: [[OP.LdU64, 0, 1n], [OP.Ret]] }),
      'return values',
    ],
    ['without parameters', () => ({}), 'must have 1 or 2 parameters'],
    ['of three', (a) => ({ params: [u64, u64, mut(a.context)] }), 'must have 1 or 2 parameters'],
    ['without context', () => ({ params: [u64] }), 'as the last parameter'],
    ['with context by value', (a) => ({ params: [a.context] }), 'as the last parameter'],
    [
      'with two parameters and no witness',
      (a) => ({ params: [u64, mut(a.context)] }),
      'takes 1 parameter',
    ],
    [
      'that forgets its witness',
      (a) => {
        witness(a);
        return { params: [mut(a.context)] };
      },
      'as the first of 2 parameters',
    ],
  ])('refuses init %s', (_, spec, text) => {
    expectSuiRefusal(init(spec), text);
  });

  it('refuses a witness with other abilities, parameters, or a second value', () => {
    expectSuiRefusal(
      sui((a) => witness(a, drop | store)),
      "must have a single ability: 'drop'",
    );
    expectSuiRefusal(
      sui((a) => a.struct('OTW', drop, { x: bool }, [{ constraints: 0, phantom: true }])),
      'cannot have type parameters',
    );
    expectSuiRefusal(
      sui((a) => {
        const token = witness(a);
        a.function('forge', { returns: [token], code: [[OP.LdTrue], [OP.Pack, 0], [OP.Ret]] });
      }),
      'is instantiated in forge',
    );
  });

  it('takes a struct of that name without the single bool as any other', () => {
    expect(sui((a) => a.struct('OTW', drop | store, { n: u64 }))).not.toThrow();
  });

  it('lets nobody call init', () => {
    expectSuiRefusal(
      sui((a) => {
        const handle = a.function('init', { params: [mut(a.context)] });
        a.function('f', {
          params: [mut(a.context)],
          code: [[OP.MoveLoc, 0], [OP.Call, handle], [OP.Ret]],
        });
      }),
      'calls an init function',
    );
  });
});

describe('entry functions', () => {
  const entry = (parameter: (a: SuiAssembler) => SignatureToken, isEntry = true) =>
    sui((a) => {
      const code: FunctionSpec['code'] = [[OP.LdU64, 0, 1n], [OP.Abort]];
      a.function('f', { params: [parameter(a)], isEntry, code });
    });

  it('see clock and randomness through immutable references', () => {
    expect(entry((a) => ref(a.clock))).not.toThrow();
    expect(entry((a) => ref(a.random))).not.toThrow();
    expect(entry((a) => mut(a.clock), false)).not.toThrow();
    expect(entry(() => vector(u64))).not.toThrow();
    expectSuiRefusal(
      entry((a) => mut(a.clock)),
      'Clock must be passed by immutable reference',
    );
    expectSuiRefusal(
      entry((a) => a.clock),
      'Clock must be passed by immutable reference',
    );
    expectSuiRefusal(
      entry((a) => mut(a.random)),
      'Random must be passed by immutable reference',
    );
  });
});
