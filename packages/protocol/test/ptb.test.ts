/** Transactions: codec against the official one, rules of §4.6 in order, staleness check of §4.7. */
import { bcs } from '@mysten/sui/bcs';
import { Transaction } from '@mysten/sui/transactions';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addressToBytes,
  CLOCK_OBJECT_ID,
  decodePtb,
  encodeBcs,
  encodePtb,
  fullIds,
  insertStalenessCheck,
  MAX_PTB_COMMANDS,
  MAX_PTB_INPUTS,
  MAX_TYPE_DEPTH,
  type MoveCall,
  PTB_REFUSAL,
  type Ptb,
  type PtbArgument,
  type PtbInput,
  SealServerError,
  type TypeTag,
  toBase64,
  validatePtb,
  validatePtbBase64,
  validatePtbBytes,
} from '../src/index.ts';
import { thrownBy } from './support/vectors.ts';

const PACKAGE = `0x${'ab'.repeat(32)}`;
const ID: PtbInput = { kind: 'pure', bytes: Uint8Array.of(2, 7, 8) };
const input = (index: number): PtbArgument => ({ kind: 'input', index });
const call = (change: Partial<MoveCall> = {}): MoveCall => ({
  kind: 'moveCall',
  package: PACKAGE,
  module: 'allowlist',
  function: 'seal_approve',
  typeArguments: [],
  arguments: [input(0)],
  ...change,
});
const ptb = (change: Partial<Ptb> = {}): Ptb => ({ inputs: [ID], commands: [call()], ...change });
const refusal = (value: Ptb): string => {
  const error = thrownBy(() => validatePtb(value));
  expect(error).toBeInstanceOf(SealServerError);
  expect(error.code).toBe('InvalidPTB');
  return (error as SealServerError).detail;
};

describe('codec', () => {
  it('agrees with the official client on every kind of input and command', async () => {
    const digest = '4vJ9JU1bJJE96FWSJKvHsmmFADCg4gpZQff4P3bkLKi';
    const tx = new Transaction();
    const owned = tx.objectRef({ objectId: '0x77', version: '3', digest });
    const receiving = tx.receivingRef({ objectId: '0x78', version: '4', digest });
    const shared = tx.sharedObjectRef({
      objectId: '0x79',
      initialSharedVersion: '5',
      mutable: true,
    });
    const [coin] = tx.splitCoins(tx.gas, [1n]);
    tx.mergeCoins(tx.gas, [coin!]);
    tx.moveCall({
      target: `${PACKAGE}::m::f`,
      typeArguments: ['u8', 'vector<u256>', '0x2::coin::Coin<0x2::sui::SUI>', 'bool', 'signer'],
      arguments: [owned, receiving, shared, tx.pure.u64(9)],
    });
    tx.makeMoveVec({ type: 'address', elements: [tx.pure.address('0x5')] });
    tx.makeMoveVec({ elements: [owned] });
    tx.publish({ modules: [[1, 2, 3]], dependencies: ['0x1', '0x2'] });
    tx.upgrade({ modules: [[4]], dependencies: ['0x1'], package: '0x9', ticket: owned });
    tx.transferObjects([owned], '0x6');
    const bytes = (await tx.build({ onlyTransactionKind: true })).slice(1);
    expect(encodePtb(decodePtb(bytes))).toEqual(bytes);
    const official = bcs.ProgrammableTransaction.parse(bytes);
    expect(decodePtb(bytes).commands).toHaveLength(official.commands.length);
  });

  it('reads withdrawals from balances', () => {
    const coinType: TypeTag = {
      kind: 'struct',
      address: `0x${'2'.padStart(64, '0')}`,
      module: 'sui',
      name: 'SUI',
      typeArgs: [],
    };
    const from = [
      { kind: 'sender' },
      { kind: 'sponsor' },
      { kind: 'senderAllowance', funder: PACKAGE, allowance: PACKAGE },
    ] as const;
    for (const source of from) {
      const withdrawal = {
        kind: 'fundsWithdrawal',
        maxAmount: 5n,
        coinType,
        from: source,
      } as const;
      const bytes = encodePtb(ptb({ inputs: [withdrawal] }));
      expect(decodePtb(bytes).inputs).toEqual([withdrawal]);
      const parsed = bcs.ProgrammableTransaction.parse(bytes);
      expect(bcs.ProgrammableTransaction.serialize(parsed).toBytes()).toEqual(bytes);
    }
  });

  it('bounds the nesting of types', () => {
    const nested = (depth: number): TypeTag =>
      depth === 1 ? { kind: 'u8' } : { kind: 'vector', element: nested(depth - 1) };
    const withType = (depth: number): Uint8Array =>
      encodePtb(ptb({ commands: [call({ typeArguments: [nested(depth)] })] }));
    decodePtb(withType(MAX_TYPE_DEPTH));
    expect(thrownBy(() => decodePtb(withType(MAX_TYPE_DEPTH + 1))).code).toBe('INVALID_BCS');
  });

  it.each(['', '_', '1a', 'a b', 'a-b', 'seal_approve\n', 'é', 'a'.repeat(129)])(
    'refuses %j as a name of module or function',
    (name) => {
      for (const change of [{ module: name }, { function: name }]) {
        const bytes = encodePtb(ptb({ commands: [call(change)] }));
        expect(thrownBy(() => decodePtb(bytes)).code).toBe('INVALID_BCS');
      }
    },
  );

  it.each(['a', 'A1', '_a', '__', 'a'.repeat(128)])('takes %j as a name', (name) => {
    const value = ptb({ commands: [call({ module: name, function: name })] });
    expect(decodePtb(encodePtb(value))).toEqual(value);
  });

  it('refuses trailing bytes, long lengths, unknown tags, bad digests and text', () => {
    const good = encodePtb(ptb());
    const object = encodePtb(
      ptb({
        inputs: [
          {
            kind: 'immutableOrOwned',
            ref: { objectId: PACKAGE, version: 1n, digest: new Uint8Array(32) },
          },
        ],
      }),
    );
    const shortDigest = Uint8Array.from(object);
    shortDigest[1 + 1 + 1 + 32 + 8] = 31;
    for (const bad of [
      new Uint8Array(),
      Uint8Array.of(...good, 0),
      good.subarray(0, good.length - 1),
      Uint8Array.of(0x81, 0x00, ...good.subarray(1)),
      Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0x0f),
      Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0xff, 0x00),
      Uint8Array.of(1, 3, ...good.subarray(2)),
      shortDigest,
      encodeBcs((w) => w.uleb(0).uleb(1).uleb(0).address(PACKAGE).byteVector(Uint8Array.of(0xff))),
    ]) {
      expect(thrownBy(() => decodePtb(bad)).code).toBe('INVALID_BCS');
    }
  });

  it('never accepts what it would write differently', () => {
    const seed = encodePtb(ptb());
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(seed.length - 1), fc.nat(255))), (edits) => {
        const bytes = Uint8Array.from(seed);
        for (const [at, value] of edits) bytes[at] = value;
        try {
          expect(encodePtb(decodePtb(bytes))).toEqual(bytes);
        } catch (error) {
          expect(error).toMatchObject({ code: 'INVALID_BCS' });
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('rules', () => {
  it('accepts several modules, functions and extra inputs, and keeps command order', () => {
    const other: PtbInput = { kind: 'pure', bytes: Uint8Array.of(0) };
    const { packageId, innerIds } = validatePtb(
      ptb({
        inputs: [ID, other],
        commands: [
          call({ arguments: [input(1), input(0)] }),
          call({ module: 'm', function: 'seal_approve_x' }),
          call({ arguments: [input(1)] }),
        ],
      }),
    );
    expect(packageId).toBe(PACKAGE);
    expect(innerIds).toEqual([new Uint8Array(), Uint8Array.of(7, 8), new Uint8Array()]);
  });

  it(`takes ${MAX_PTB_COMMANDS} commands and not one more`, () => {
    const many = (n: number): Ptb => ptb({ commands: Array.from({ length: n }, () => call()) });
    expect(validatePtb(many(MAX_PTB_COMMANDS)).innerIds).toHaveLength(MAX_PTB_COMMANDS);
    expect(refusal(many(MAX_PTB_COMMANDS + 1))).toBe('Too many commands in PTB (more than 100)');
  });

  const gas: PtbArgument = { kind: 'gasCoin' };
  const result: PtbArgument = { kind: 'result', index: 0 };
  const nested: PtbArgument = { kind: 'nestedResult', index: 0, subIndex: 0 };
  const split = { kind: 'splitCoins', coin: gas, amounts: [] } as const;
  const shared: PtbInput = {
    kind: 'shared',
    objectId: PACKAGE,
    initialSharedVersion: 1n,
    mutability: 'immutable',
  };
  const pure = (...bytes: number[]): PtbInput => ({ kind: 'pure', bytes: Uint8Array.from(bytes) });

  it.each<[string, Ptb, string]>([
    ['no commands', ptb({ commands: [] }), PTB_REFUSAL.empty],
    ['no inputs', ptb({ inputs: [] }), PTB_REFUSAL.empty],
    ['first command', ptb({ commands: [split, call()] }), PTB_REFUSAL.firstCommand],
    ['later command', ptb({ commands: [call(), split] }), PTB_REFUSAL.notMoveCall],
    ['gas coin', ptb({ commands: [call({ arguments: [gas] })] }), PTB_REFUSAL.notInput],
    ['result', ptb({ commands: [call({ arguments: [input(0), result] })] }), PTB_REFUSAL.notInput],
    ['nested', ptb({ commands: [call({ arguments: [nested] })] }), PTB_REFUSAL.notInput],
    ['no arguments', ptb({ commands: [call({ arguments: [] })] }), PTB_REFUSAL.noArguments],
    ['input missing', ptb({ commands: [call({ arguments: [input(1)] })] }), PTB_REFUSAL.firstKind],
    ['object as id', ptb({ inputs: [shared] }), PTB_REFUSAL.firstKind],
    ['id with a byte too many', ptb({ inputs: [pure(1, 2, 3)] }), PTB_REFUSAL.firstBcs],
    ['id too short', ptb({ inputs: [pure(2, 1)] }), PTB_REFUSAL.firstBcs],
    ['id with a long length', ptb({ inputs: [pure(0x81, 0, 1)] }), PTB_REFUSAL.firstBcs],
    ['empty pure', ptb({ inputs: [pure()] }), PTB_REFUSAL.firstBcs],
    ['function name', ptb({ commands: [call({ function: 'approve' })] }), PTB_REFUSAL.target],
    ['letter case', ptb({ commands: [call({ function: 'Seal_approve' })] }), PTB_REFUSAL.target],
    [
      'second package',
      ptb({ commands: [call(), call({ package: `0x${'1'.repeat(64)}` })] }),
      PTB_REFUSAL.target,
    ],
  ])('refuses: %s', (_name, value, detail) => {
    expect(refusal(value)).toBe(detail);
  });

  it('reports the first fault in the order of the reference', () => {
    const wrongAll = call({ function: 'approve', arguments: [gas] });
    expect(refusal(ptb({ commands: [wrongAll] }))).toBe(PTB_REFUSAL.notInput);
    const noArguments = call({ function: 'approve', arguments: [] });
    expect(refusal(ptb({ commands: [noArguments, split] }))).toBe(PTB_REFUSAL.noArguments);
    const tooMany = Array.from({ length: MAX_PTB_COMMANDS + 1 }, () => split);
    expect(refusal(ptb({ inputs: [], commands: tooMany }))).toBe(PTB_REFUSAL.tooMany);
  });

  it('makes full identities of any inner id, empty ones too', () => {
    const [empty, short] = fullIds('0x1', [new Uint8Array(), Uint8Array.of(7)]);
    expect(empty).toEqual(addressToBytes('0x1'));
    expect(short).toEqual(Uint8Array.of(...addressToBytes('0x1'), 7));
  });

  it('names Base64 and BCS faults', () => {
    const detail = (action: () => unknown): unknown =>
      (thrownBy(action) as SealServerError).message;
    expect(detail(() => validatePtbBase64('%'))).toBe('Invalid PTB: Invalid Base64');
    expect(detail(() => validatePtbBase64('AAA'))).toBe('Invalid PTB: Invalid Base64');
    expect(detail(() => validatePtbBase64('/w=='))).toBe('Invalid PTB: Invalid BCS');
    expect(detail(() => validatePtbBytes(new Uint8Array()))).toBe('Invalid PTB: Invalid BCS');
    const bytes = encodePtb(ptb());
    expect(validatePtbBase64(toBase64(bytes)).bytes).toEqual(bytes);
  });
});

describe('staleness check', () => {
  const check = { sealPackage: '0x5ea1', nowMs: 1_000n, allowedStalenessMs: 120_000n };

  it('goes first, with its inputs at the end', () => {
    const { inputs, commands } = insertStalenessCheck(ptb(), check);
    expect(inputs).toEqual([
      ID,
      { kind: 'pure', bytes: Uint8Array.of(0xe8, 3, 0, 0, 0, 0, 0, 0) },
      { kind: 'pure', bytes: Uint8Array.of(0xc0, 0xd4, 1, 0, 0, 0, 0, 0) },
      {
        kind: 'shared',
        objectId: CLOCK_OBJECT_ID,
        initialSharedVersion: 1n,
        mutability: 'immutable',
      },
    ]);
    expect(commands[0]).toEqual({
      kind: 'moveCall',
      package: `0x${'5ea1'.padStart(64, '0')}`,
      module: 'time',
      function: 'check_staleness',
      typeArguments: [],
      arguments: [input(1), input(2), input(3)],
    });
    expect(commands.slice(1)).toEqual(ptb().commands);
  });

  it.each(['immutable', 'mutable'] as const)('reuses a clock that is there (%s)', (mutability) => {
    const clock: PtbInput = {
      kind: 'shared',
      objectId: CLOCK_OBJECT_ID,
      initialSharedVersion: 1n,
      mutability,
    };
    const { inputs, commands } = insertStalenessCheck(ptb({ inputs: [ID, clock] }), check);
    expect(inputs).toHaveLength(4);
    expect(commands[0]).toMatchObject({ arguments: [input(2), input(3), input(1)] });
  });

  it('refuses when input indices run out', () => {
    const filled = (n: number): Ptb => ptb({ inputs: Array.from({ length: n }, () => ID) });
    const fits = insertStalenessCheck(filled(MAX_PTB_INPUTS - 3), check);
    expect(fits.inputs).toHaveLength(MAX_PTB_INPUTS);
    const error = thrownBy(() => insertStalenessCheck(filled(MAX_PTB_INPUTS - 2), check));
    expect(error.message).toBe('Invalid PTB: Index out of bounds');
  });
});
