/** Arguments of commands: every kind and use, exact error and position (sui-ledger.md §6.2–§6.5). */
import { beforeAll, describe, expect, it } from 'vitest';
import type { Argument } from '../../src/ledger/api.ts';
import { LAB } from './support/lab.ts';
import { GAS, Ptb } from './support/ptb.ts';
import { createdObjects, World } from './support/world.ts';

let world: World;
let lab: string;
let shared: string;
let owned: string;
let other: string;
let frozen: string;

beforeAll(async () => {
  world = await World.create();
  const { id, created } = await world.publish('lab', LAB);
  lab = `${id}::lab`;
  shared = created.get('Thing')!;
  const make = async (then: 'keep' | 'freeze'): Promise<string> => {
    const ptb = new Ptb();
    const thing = ptb.call(`${lab}::make`, [ptb.u64(5)]);
    if (then === 'keep') ptb.transfer([thing], ptb.address(world.a));
    else ptb.call(`${lab}::freeze_it`, [thing]);
    return createdObjects(await world.ok(ptb)).get('Thing')!;
  };
  owned = await make('keep');
  other = await make('keep');
  frozen = await make('freeze');
});

/** Simulates; failures must leave the ledger alone, which `simulate` promises. */
function status(build: (ptb: Ptb) => void): unknown {
  const ptb = new Ptb();
  build(ptb);
  return world.simulate(ptb).effects.status;
}

function argumentError(argument: number, error: string | object, command = 0): object {
  const kind = typeof error === 'string' ? { kind: error } : error;
  return {
    success: false,
    error: { kind: 'CommandArgumentError', argument, error: kind },
    command,
  };
}

function failure(kind: string, command: number | undefined = 0): object {
  return { success: false, error: { kind }, command };
}

const OK = { success: true };

describe('objects by kind and use', () => {
  const kinds = {
    owned: (ptb: Ptb) => ptb.object(world.object(owned)),
    immutable: (ptb: Ptb) => ptb.object(world.object(frozen)),
    sharedMutable: (ptb: Ptb) => ptb.object(world.object(shared), 'mutable'),
    sharedReadOnly: (ptb: Ptb) => ptb.object(world.object(shared), 'immutable'),
  };
  const uses = {
    reference: (ptb: Ptb, thing: Argument) => ptb.call(`${lab}::get`, [thing]),
    mutable: (ptb: Ptb, thing: Argument) => ptb.call(`${lab}::set`, [thing, ptb.u64(1)]),
    value: (ptb: Ptb, thing: Argument) => ptb.call(`${lab}::destroy`, [thing]),
  };
  const byValue = argumentError(0, 'InvalidObjectByValue');
  const byMutRef = argumentError(0, 'InvalidObjectByMutRef');
  const table: [keyof typeof kinds, keyof typeof uses, object][] = [
    ['owned', 'reference', OK],
    ['owned', 'mutable', OK],
    ['owned', 'value', OK],
    ['immutable', 'reference', OK],
    ['immutable', 'mutable', byMutRef],
    ['immutable', 'value', byValue],
    ['sharedMutable', 'reference', OK],
    ['sharedMutable', 'mutable', OK],
    ['sharedMutable', 'value', OK],
    ['sharedReadOnly', 'reference', OK],
    ['sharedReadOnly', 'mutable', byMutRef],
    ['sharedReadOnly', 'value', byValue],
  ];
  for (const [kind, use, expected] of table) {
    it(`${kind} by ${use}`, () => {
      expect(status((ptb) => uses[use](ptb, kinds[kind](ptb)))).toMatchObject(expected);
    });
  }
});

describe('the gas coin', () => {
  const COIN = '0x2::coin::Coin<0x2::sui::SUI>';
  it('can be borrowed, split, merged into and transferred', () => {
    expect(status((p) => p.call(`${lab}::coin_value`, [GAS]))).toEqual(OK);
    expect(status((p) => p.transfer([p.split(GAS, [p.u64(1)])], p.address(world.b)))).toEqual(OK);
    expect(status((p) => p.merge(GAS, [p.split(GAS, [p.u64(1)])]))).toEqual(OK);
    expect(status((p) => p.transfer([GAS], p.address(world.b)))).toEqual(OK);
  });
  it('goes by value nowhere else', () => {
    const wrong = (argument: number) => argumentError(argument, 'InvalidGasCoinUsage');
    const eat = status((p) => p.call(`${lab}::coin_eat`, [GAS, p.address(world.b)]));
    expect(eat).toMatchObject(wrong(0));
    expect(status((p) => p.makeVec(COIN, [GAS]))).toMatchObject(wrong(0));
    expect(
      status((p) => {
        const coin = p.split(GAS, [p.u64(1)]);
        p.merge(coin, [GAS]);
      }),
    ).toMatchObject(argumentError(1, 'InvalidGasCoinUsage', 1));
  });
});

describe('pure arguments', () => {
  const call = (name: string, bytes: number[]) =>
    status((p) => p.call(`${lab}::${name}`, [p.pure(new Uint8Array(bytes))]));
  const invalid = argumentError(0, 'InvalidBCSBytes');
  const cases: [string, number[], object][] = [
    ['flag', [1], OK],
    ['flag', [2], invalid],
    ['flag', [1, 0], invalid],
    ['bytes_length', [2, 9, 9], OK],
    ['bytes_length', [3, 9, 9], invalid],
    ['text_length', [2, 0xc3, 0xa9], OK],
    ['text_length', [1, 0xff], invalid],
    ['ascii_length', [1, 65], OK],
    ['ascii_length', [1, 0x80], invalid],
    ['maybe', [0], OK],
    ['maybe', [1, 5, 0, 0, 0, 0, 0, 0, 0], OK],
    ['maybe', [2, ...new Array<number>(16).fill(0)], invalid],
    ['an_id', new Array<number>(32).fill(1), OK],
    ['an_id', new Array<number>(31).fill(1), invalid],
    ['many', [2, 1, 1, 0, 0], OK],
    ['many', [2, 1, 1, 0], invalid],
    ['many', [0x80, 0x00], invalid],
    ['note_value', [1, 0, 0, 0, 0, 0, 0, 0], argumentError(0, 'InvalidUsageOfPureArg')],
    ['get', [1], argumentError(0, 'InvalidUsageOfPureArg')],
  ];
  for (const [name, bytes, expected] of cases) {
    it(`${name} of [${bytes.join(' ').slice(0, 24)}]`, () => {
      expect(call(name, bytes)).toMatchObject(expected);
    });
  }

  it('one input serves several types', () => {
    const both = status((p) => {
      const text = p.pure(new Uint8Array([1, 65]));
      p.call(`${lab}::bytes_length`, [text]);
      p.call(`${lab}::text_length`, [text]);
      p.call(`${lab}::ascii_length`, [text]);
    });
    expect(both).toEqual(OK);
  });

  it('a mutable use fixes the type, and the value stays changed', () => {
    const ptb = new Ptb();
    const number = ptb.u64(4);
    ptb.call(`${lab}::change`, [number]);
    ptb.call(`${lab}::change`, [number]);
    ptb.call(`${lab}::note`, [number]);
    const { commandOutputs, effects } = world.simulate(ptb);
    expect(effects.status).toEqual(OK);
    expect(commandOutputs[1]!.mutatedByRef[0]).toMatchObject({ type: 'u64', argument: number });
    expect(commandOutputs[2]!.returnValues[0]!.value[0]).toBe(6);
    const wrong = status((p) => {
      const bytes = p.u64(4);
      p.call(`${lab}::change`, [bytes]);
      p.call(`${lab}::text_length`, [bytes]);
    });
    expect(wrong).toMatchObject(argumentError(0, 'TypeMismatch', 1));
  });
});

describe('results', () => {
  it('a value moved is gone', () => {
    const twice = status((p) => {
      const thing = p.object(world.object(owned));
      p.call(`${lab}::destroy`, [thing]);
      p.call(`${lab}::get`, [thing]);
    });
    expect(twice).toMatchObject(argumentError(0, 'InvalidValueUsage', 1));
  });

  it('copyable values are used again, the last use consumes', () => {
    const reuse = status((p) => {
      const note = p.call(`${lab}::note`, [p.u64(1)]);
      p.call(`${lab}::note_value`, [note]);
      p.call(`${lab}::bump`, [note]);
      p.call(`${lab}::note_value`, [note]);
    });
    expect(reuse).toEqual(OK);
    const copyOnly = (uses: number) =>
      status((p) => {
        const it = p.call(`${lab}::copy_only`);
        for (let i = 0; i < uses; i++) p.call(`${lab}::eat_copy`, [it]);
      });
    expect(copyOnly(2)).toEqual(OK);
    expect(copyOnly(0)).toMatchObject({ error: { kind: 'UnusedValueWithoutDrop' } });
  });

  it('names results exactly', () => {
    const take = (argument: Argument) =>
      status((p) => {
        p.call(`${lab}::two_notes`);
        p.call(`${lab}::note_value`, [argument]);
      });
    expect(take({ kind: 'nestedResult', index: 0, subIndex: 1 })).toEqual(OK);
    expect(take({ kind: 'result', index: 0 })).toMatchObject(
      argumentError(0, { kind: 'InvalidResultArity', result: 0 }, 1),
    );
    expect(take({ kind: 'nestedResult', index: 0, subIndex: 2 })).toMatchObject(
      argumentError(0, { kind: 'SecondaryIndexOutOfBounds', result: 0, secondary: 2 }, 1),
    );
    expect(take({ kind: 'result', index: 1 })).toMatchObject(
      argumentError(0, { kind: 'IndexOutOfBounds', index: 1 }, 1),
    );
    expect(take({ kind: 'input', index: 9 })).toMatchObject(
      argumentError(0, { kind: 'IndexOutOfBounds', index: 9 }, 1),
    );
  });

  it('wants hot potatoes eaten', () => {
    const left = status((p) => p.call(`${lab}::potato`, [p.u64(1)]));
    expect(left).toMatchObject({ error: { kind: 'UnusedValueWithoutDrop' } });
    expect(status((p) => p.call(`${lab}::eat`, [p.call(`${lab}::potato`, [p.u64(1)])]))).toEqual(
      OK,
    );
  });
});

describe('references in one call', () => {
  const things = (p: Ptb) =>
    [p.object(world.object(owned)), p.object(world.object(other))] as const;
  it('two reads, or two writes of different objects', () => {
    expect(
      status((p) => {
        const [a, b] = things(p);
        p.call(`${lab}::get_two`, [a, a]);
        p.call(`${lab}::swap`, [a, b]);
      }),
    ).toEqual(OK);
  });
  for (const name of ['swap', 'read_write', 'consume_and_read']) {
    it(`${name} refuses the same object twice`, () => {
      const same = status((p) => {
        const [a] = things(p);
        p.call(`${lab}::${name}`, [a, a]);
      });
      expect(same).toMatchObject({
        error: { kind: 'CommandArgumentError', error: { kind: 'InvalidValueUsage' } },
      });
    });
  }
  it('refuses functions that return references', () => {
    const ref = status((p) => p.call(`${lab}::reference`, [p.object(world.object(owned))]));
    expect(ref).toMatchObject({ error: { kind: 'InvalidPublicFunctionReturnType', index: 0 } });
  });
});

describe('calls', () => {
  it('finds functions, and says what is wrong', () => {
    expect(status((p) => p.call(`${lab}::nothing`))).toMatchObject(failure('FunctionNotFound'));
    expect(status((p) => p.call(`${lab.slice(0, 66)}::no::nothing`))).toMatchObject(
      failure('FunctionNotFound'),
    );
    expect(status((p) => p.call(`${lab}::hidden`))).toMatchObject(
      failure('NonEntryFunctionInvoked'),
    );
    expect(status((p) => p.call(`${lab}::init`))).toMatchObject(failure('NonEntryFunctionInvoked'));
    expect(status((p) => p.call(`${lab}::note`))).toMatchObject(failure('ArityMismatch'));
    expect(status((p) => p.call(`${lab}::refuse`, [], ['u8']))).toMatchObject(
      failure('TypeArityMismatch'),
    );
  });

  it('checks type arguments', () => {
    const generic = (type: string) =>
      status((p) => p.call(`${lab}::generic`, [p.object(world.object(owned))], [type]));
    expect(generic(`${lab}::Thing`)).toEqual(OK);
    expect(generic('u64')).toMatchObject({
      error: { kind: 'TypeArgumentError', argument: 0, error: 'ConstraintNotSatisfied' },
    });
    expect(generic(`${lab}::Missing`)).toMatchObject({
      error: { kind: 'TypeArgumentError', argument: 0, error: 'TypeNotFound' },
    });
    expect(generic(`${lab}::Box`)).toMatchObject(argumentError(0, 'TypeMismatch'));
  });

  it('supplies the transaction context wherever it stands', () => {
    const ptb = new Ptb();
    ptb.call(`${lab}::who`);
    ptb.call(`${lab}::who_first`, [ptb.u64(3)]);
    const { commandOutputs } = world.simulate(ptb);
    expect(commandOutputs[0]!.returnValues[0]).toMatchObject({ type: 'address' });
    expect(commandOutputs[1]!.returnValues[0]!.value[0]).toBe(3);
  });

  it('keeps event and transfer internals out of reach', () => {
    const two = `0x${'2'.padStart(64, '0')}`;
    const share = status((p) =>
      p.call(`${two}::transfer::share_object`, [p.object(world.object(owned))], [`${lab}::Thing`]),
    );
    expect(share).toMatchObject(failure('NonEntryFunctionInvoked'));
    const publicly = status((p) =>
      p.call(
        `${two}::transfer::public_transfer`,
        [p.object(world.object(owned)), p.address(world.b)],
        [`${lab}::Thing`],
      ),
    );
    expect(publicly).toEqual(OK);
    const emit = status((p) =>
      p.call(`${two}::event::emit`, [p.call(`${lab}::note`, [p.u64(1)])], [`${lab}::Note`]),
    );
    expect(emit).toMatchObject({ error: { kind: 'NonEntryFunctionInvoked' } });
  });

  it('reports aborts, clever ones with their words, and arithmetic', () => {
    expect(status((p) => p.call(`${lab}::refuse_clever`))).toMatchObject({
      error: {
        kind: 'MoveAbort',
        location: { module: 'lab', functionName: 'refuse_clever' },
        clever: { constantName: 'ENotAllowed', rendered: 'not allowed here' },
      },
    });
    expect(status((p) => p.call(`${lab}::divide`, [p.u64(1), p.u64(0)]))).toMatchObject({
      error: { kind: 'MovePrimitiveRuntimeError', location: { functionName: 'divide' } },
    });
    expect(status((p) => p.call(`${lab}::event_storm`, [p.u64(1024)]))).toEqual(OK);
    expect(status((p) => p.call(`${lab}::event_storm`, [p.u64(1025)]))).toMatchObject(
      failure('MovePrimitiveRuntimeError'),
    );
  });
});

describe('private entry functions and hot values', () => {
  it('a live potato nearby makes the arguments hot', () => {
    const hot = status((p) => {
      const thing = p.object(world.object(owned));
      const potato = p.call(`${lab}::heat`, [thing]);
      p.call(`${lab}::look_entry`, [thing]);
      p.call(`${lab}::eat`, [potato]);
    });
    expect(hot).toMatchObject(argumentError(0, 'InvalidArgumentToPrivateEntryFunction', 1));
  });
  it('once eaten, or in another clique, it does not matter', () => {
    const cold = status((p) => {
      const thing = p.object(world.object(owned));
      p.call(`${lab}::eat`, [p.call(`${lab}::heat`, [thing])]);
      p.call(`${lab}::look_entry`, [thing]);
    });
    expect(cold).toEqual(OK);
    const apart = status((p) => {
      const potato = p.call(`${lab}::potato`, [p.u64(1)]);
      p.call(`${lab}::look_entry`, [p.object(world.object(owned))]);
      p.call(`${lab}::eat`, [potato]);
    });
    expect(apart).toEqual(OK);
  });
  it('the function may eat the last potato itself', () => {
    expect(
      status((p) => p.call(`${lab}::eat_entry`, [p.call(`${lab}::potato`, [p.u64(1)])])),
    ).toEqual(OK);
  });
  it('a shared object taken by value heats for ever', () => {
    const heated = status((p) => {
      const thing = p.object(world.object(owned));
      p.call(`${lab}::share_again`, [p.object(world.object(shared)), thing]);
      p.call(`${lab}::look_entry`, [thing]);
    });
    expect(heated).toMatchObject(argumentError(0, 'InvalidArgumentToPrivateEntryFunction', 1));
  });
});

describe('coin commands', () => {
  it('splits exactly what is there, never more', () => {
    const split = (amounts: bigint[]) =>
      status((p) => {
        const coin = p.split(GAS, [p.u64(10)]);
        const parts = p.split(
          coin,
          amounts.map((amount) => p.u64(amount)),
        );
        const all = amounts.map((_, i) => Ptb.nested(parts, i));
        p.transfer([...all, coin], p.address(world.b));
      });
    expect(split([4n, 6n])).toEqual(OK);
    expect(split([4n, 7n])).toMatchObject(failure('InsufficientCoinBalance', 1));
    expect(split([2n ** 64n - 1n, 1n])).toMatchObject(failure('CoinBalanceOverflow', 1));
  });
  it('wants coins', () => {
    const thing = (p: Ptb) => p.object(world.object(owned));
    expect(status((p) => p.split(thing(p), [p.u64(1)]))).toMatchObject(
      argumentError(0, 'TypeMismatch'),
    );
    expect(status((p) => p.merge(GAS, [thing(p)]))).toMatchObject(argumentError(1, 'TypeMismatch'));
    expect(status((p) => p.split(p.u64(1), [p.u64(1)]))).toMatchObject(
      argumentError(0, 'TypeMismatch'),
    );
  });
  it('transfers to a pure or computed address only', () => {
    const to = status((p) => p.transfer([p.object(world.object(owned))], p.u64(1)));
    expect(to).toMatchObject(argumentError(1, 'InvalidBCSBytes'));
    const computed = status((p) =>
      p.transfer([p.object(world.object(owned))], p.call(`${lab}::who`)),
    );
    expect(computed).toEqual(OK);
    expect(status((p) => p.transfer([p.u64(1)], p.address(world.a)))).toMatchObject(
      argumentError(0, 'InvalidTransferObject'),
    );
  });
});

describe('MakeMoveVec', () => {
  it('of objects, of typed values, of nothing', () => {
    expect(
      status((p) =>
        p.call(`${lab}::things`, [
          p.makeVec(undefined, [p.object(world.object(owned)), p.object(world.object(other))]),
        ]),
      ),
    ).toEqual(OK);
    expect(status((p) => p.call(`${lab}::many`, [p.makeVec('vector<u16>', [])]))).toEqual(OK);
    expect(status((p) => p.makeVec(undefined, [p.u64(1)]))).toMatchObject(
      argumentError(0, 'InvalidMakeMoveVecNonObjectArgument'),
    );
    expect(
      status((p) => p.makeVec('u64', [p.u64(1), p.object(world.object(owned))])),
    ).toMatchObject(argumentError(1, 'TypeMismatch'));
  });
});

describe('checks disabled', () => {
  it('skips visibility, ownership and leftovers, keeps types', () => {
    const inspect = (build: (ptb: Ptb) => void, sender = world.b) => {
      const ptb = new Ptb();
      build(ptb);
      return world.simulate(ptb, sender, { checks: 'disabled', selectGas: false });
    };
    expect(inspect((p) => p.call(`${lab}::hidden`)).commandOutputs[0]!.returnValues[0]).toEqual({
      type: 'u64',
      value: new Uint8Array([3, 0, 0, 0, 0, 0, 0, 0]),
    });
    const foreign = inspect((p) => p.call(`${lab}::get`, [p.object(world.object(owned))]));
    expect(foreign.effects.status).toEqual(OK);
    expect(inspect((p) => p.call(`${lab}::potato`, [p.u64(1)])).effects.status).toEqual(OK);
    const struct = inspect((p) => p.call(`${lab}::note_value`, [p.u64(8)]));
    expect(struct.commandOutputs[0]!.returnValues[0]!.value[0]).toBe(8);
    const wrong = inspect((p) => p.call(`${lab}::get`, [p.object(world.coins(world.a)[0]!)]));
    expect(wrong.effects.status).toMatchObject(argumentError(0, 'TypeMismatch'));
  });
});
