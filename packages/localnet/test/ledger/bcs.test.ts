/** Our BCS against the client's: every failure, random transactions, every object type (§3, §9.1). */
import { bcs } from '@mysten/sui/bcs';
import { hex } from '@scure/base';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type {
  Argument,
  CallArg,
  Command,
  Expiration,
  FailureKind,
  Owner,
  TransactionData,
} from '../../src/ledger/api.ts';
import {
  COMMAND_ARGUMENT_ERRORS,
  encodeEffects,
  FAILURE_KINDS,
  PACKAGE_UPGRADE_ERRORS,
} from '../../src/ledger/bcs/effects.ts';
import { BcsReader } from '../../src/ledger/bcs/reader.ts';
import { decodeTransactionData, encodeTransactionData } from '../../src/ledger/bcs/transaction.ts';
import { MAX_TYPE_TAG_DEPTH } from '../../src/ledger/bcs/type-tag.ts';
import { BcsWriter } from '../../src/ledger/bcs/writer.ts';
import { digestFromBytes, ZERO_DIGEST } from '../../src/ledger/digests.ts';
import { moveData, ObjectRecord } from '../../src/ledger/object.ts';
import { ExecutionFailure } from '../../src/ledger/ptb/failure.ts';
import { systemAddress } from '../../src/ledger/type-text.ts';
import { parseTypeTag, type StructTag, type TypeTag } from '../../src/ledger/vm.ts';

const ID = systemAddress(0x123);

/** One failure of each kind, with values where it has some. */
function failures(): FailureKind[] {
  const location = {
    package: ID,
    module: 'm',
    function: 1,
    instruction: 2,
    functionName: undefined,
  };
  const fields = {
    size: 3n,
    maxSize: 2n,
    objectId: ID,
    objectIds: [ID],
    location,
    code: 7n,
    clever: undefined,
    argument: 1,
    result: 1,
    secondary: 2,
    index: 3,
    address: ID,
    coinType: 'x',
  };
  const errors: Record<string, unknown> = {
    CommandArgumentError: { kind: 'TypeMismatch' },
    TypeArgumentError: 'ConstraintNotSatisfied',
    PackageUpgradeError: { kind: 'IncompatibleUpgrade' },
  };
  return FAILURE_KINDS.map((kind) => ({ kind, ...fields, error: errors[kind] }) as FailureKind);
}

function roundTrip(error: FailureKind) {
  const { description } = new ExecutionFailure(error);
  expect(description.length).toBeGreaterThan(5);
  const bytes = encodeEffects({
    status: { success: false, error, command: 4, description },
    executedEpoch: 0n,
    gasUsed: {
      computationCost: 0n,
      storageCost: 0n,
      storageRebate: 0n,
      nonRefundableStorageFee: 0n,
    },
    transactionDigest: ZERO_DIGEST,
    gasObjectIndex: undefined,
    eventsDigest: undefined,
    dependencies: [],
    lamportVersion: 1n,
    changedObjects: [],
    unchangedConsensusObjects: [],
  });
  const parsed = bcs.TransactionEffects.parse(bytes);
  expect(bcs.TransactionEffects.serialize(parsed).toBytes()).toEqual(bytes);
  return parsed.V2!.status.Failure!;
}

describe('failures', () => {
  for (const error of failures()) {
    it(error.kind, () => {
      const { error: parsed, command } = roundTrip(error);
      const renamed = 'InsufficientBalanceForWithdraw';
      const name = error.kind === 'InsufficientFundsForWithdraw' ? renamed : error.kind;
      expect(parsed.$kind).toBe(name);
      expect(command).toBe('4');
    });
  }
  for (const kind of COMMAND_ARGUMENT_ERRORS) {
    it(`CommandArgumentError ${kind}`, () => {
      const detail = { kind, index: 1, result: 2, secondary: 3 } as never;
      const { error } = roundTrip({ kind: 'CommandArgumentError', argument: 5, error: detail });
      expect(error.CommandArgumentError).toMatchObject({ argIdx: 5, kind: { $kind: kind } });
    });
  }
  for (const kind of PACKAGE_UPGRADE_ERRORS) {
    it(`PackageUpgradeError ${kind}`, () => {
      const digest = new Uint8Array(32);
      const values = { packageId: ID, objectId: ID, ticketId: ID, digest, policy: 3 };
      const detail = { kind, ...values } as never;
      const { error } = roundTrip({ kind: 'PackageUpgradeError', error: detail });
      expect(error.PackageUpgradeError?.upgradeError.$kind).toBe(kind);
    });
  }
});

const u16 = fc.nat(0xffff);
const u64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 });
const address = bytes32.map((bytes) => `0x${hex.encode(bytes)}`);
const digest = bytes32.map(digestFromBytes);
const small = <T>(item: fc.Arbitrary<T>) => fc.array(item, { maxLength: 3 });
const ref = fc.record({ objectId: address, version: u64, digest });
const name = fc.constantFrom('a', 'B_2', 'coin', '_x1');

const type: fc.Arbitrary<TypeTag> = fc.letrec<{ type: TypeTag; struct: StructTag }>((tie) => ({
  type: fc.oneof(
    { maxDepth: 4 },
    fc
      .constantFrom('bool', 'u8', 'u16', 'u32', 'u64', 'u128', 'u256', 'address', 'signer')
      .map((kind) => ({ kind }) as TypeTag),
    tie('type').map((element): TypeTag => ({ kind: 'vector', element })),
    tie('struct'),
  ),
  struct: fc.record({
    kind: fc.constant('struct' as const),
    address,
    module: name,
    name,
    typeArgs: small(tie('type')),
  }),
})).type;

const argument: fc.Arbitrary<Argument> = fc.oneof(
  fc.constant({ kind: 'gasCoin' } as const),
  fc.record({ kind: fc.constant('input' as const), index: u16 }),
  fc.record({ kind: fc.constant('result' as const), index: u16 }),
  fc.record({ kind: fc.constant('nestedResult' as const), index: u16, subIndex: u16 }),
);
const kindOf = <K extends string>(kind: K) => fc.constant(kind);
const packageParts = {
  modules: small(fc.uint8Array({ maxLength: 200 })),
  dependencies: small(address),
};
const command: fc.Arbitrary<Command> = fc.oneof(
  fc.record({
    kind: kindOf('moveCall'),
    package: address,
    module: name,
    function: name,
    typeArguments: small(type),
    arguments: small(argument),
  }),
  fc.record({ kind: kindOf('transferObjects'), objects: small(argument), address: argument }),
  fc.record({ kind: kindOf('splitCoins'), coin: argument, amounts: small(argument) }),
  fc.record({ kind: kindOf('mergeCoins'), target: argument, sources: small(argument) }),
  fc.record({ kind: kindOf('publish'), ...packageParts }),
  fc.record({
    kind: kindOf('makeMoveVec'),
    type: fc.option(type, { nil: undefined }),
    elements: small(argument),
  }),
  fc.record({ kind: kindOf('upgrade'), ...packageParts, package: address, ticket: argument }),
);
const input: fc.Arbitrary<CallArg> = fc.oneof(
  fc.record({ kind: kindOf('pure'), bytes: fc.uint8Array({ maxLength: 300 }) }),
  fc.record({ kind: kindOf('immutableOrOwned'), ref }),
  fc.record({ kind: kindOf('receiving'), ref }),
  fc.record({
    kind: kindOf('shared'),
    objectId: address,
    initialSharedVersion: u64,
    mutability: fc.constantFrom('immutable' as const, 'mutable' as const),
  }),
);
const bound = fc.option(u64, { nil: undefined });
const during = fc.record({
  minEpoch: bound,
  maxEpoch: bound,
  minTimestamp: bound,
  maxTimestamp: bound,
  chain: digest,
  nonce: fc.nat(0xffffffff),
});
/** Not empty, and strictly increasing, as the client's encoder wants them. */
const proposers = fc
  .uniqueArray(fc.nat(0xffffffff), { minLength: 1, maxLength: 4 })
  .map((list) => list.sort((a, b) => a - b));
const expiration: fc.Arbitrary<Expiration> = fc.oneof(
  fc.constant({ kind: 'none' } as const),
  // The client reads this one u64 as a JavaScript number and loses what is beyond 2^53.
  fc.record({ kind: kindOf('epoch'), epoch: fc.bigInt({ min: 0n, max: 2n ** 53n - 1n }) }),
  fc.record({ kind: kindOf('validDuring'), during }),
  fc.record({
    kind: kindOf('validity'),
    during,
    allowedProposers: fc.option(fc.record({ epoch: u64, proposers }), {
      nil: undefined,
    }),
  }),
);
const transaction: fc.Arbitrary<TransactionData> = fc.record({
  kind: fc.record({
    kind: kindOf('programmable'),
    inputs: small(input),
    commands: small(command),
  }),
  sender: address,
  gasData: fc.record({ payment: small(ref), owner: address, price: u64, budget: u64 }),
  expiration,
});

describe('transactions', () => {
  it('decode to what was encoded, and are the same bytes to the client', () => {
    fc.assert(
      fc.property(transaction, (data) => {
        const bytes = encodeTransactionData(data);
        expect(decodeTransactionData(bytes)).toEqual(data);
        const parsed = bcs.TransactionData.parse(bytes);
        expect(bcs.TransactionData.serialize(parsed).toBytes()).toEqual(bytes);
      }),
      { numRuns: 150 },
    );
  });
});

describe('expirations', () => {
  it('with an empty list of proposers is malformed', () => {
    const writer = new BcsWriter();
    // Validity without bounds, chain of zeros, nonce 0, proposers of epoch 0: none.
    writer.u8(3).u32(0).digest(ZERO_DIGEST).u32(0).u8(1).u64(0n).uleb(0);
    const plain = encodeTransactionData({
      kind: { kind: 'programmable', inputs: [], commands: [] },
      sender: ID,
      gasData: { payment: [], owner: ID, price: 1n, budget: 1n },
      expiration: { kind: 'none' },
    });
    const bytes = new Uint8Array([...plain.subarray(0, -1), ...writer.toBytes()]);
    expect(() => decodeTransactionData(bytes)).toThrow(/empty list of allowed proposers/);
  });
});

describe('objects', () => {
  const owners: Owner[] = [
    { kind: 'address', address: ID },
    { kind: 'object', address: ID },
    { kind: 'shared', initialSharedVersion: 3n },
    { kind: 'immutable' },
    { kind: 'consensusAddress', startVersion: 4n, address: ID },
  ];
  const types: [string, string][] = [
    ['0x2::coin::Coin<0x2::sui::SUI>', 'GasCoin'],
    ['0x3::staking_pool::StakedSui', 'StakedSui'],
    ['0x2::coin::Coin<0x5::usdc::USDC>', 'Coin'],
    ['0x5::m::T<vector<u8>>', 'Other'],
    ['0x5::coin::Coin<0x2::sui::SUI>', 'Other'],
  ];
  for (const [text, form] of types) {
    it(`${text} is ${form}, under every owner`, () => {
      for (const owner of owners) {
        const contents = new Uint8Array(40).fill(1);
        const { bcs: bytes } = new ObjectRecord({
          objectId: ID,
          version: 2n,
          owner,
          data: moveData(parseTypeTag(text) as StructTag, contents, true),
          previousTransaction: ZERO_DIGEST,
          storageRebate: 5n,
        });
        const parsed = bcs.Object.parse(bytes);
        expect(parsed.data.Move?.type.$kind).toBe(form);
        expect(bcs.Object.serialize(parsed).toBytes()).toEqual(bytes);
      }
    });
  }
});

describe('strict reading', () => {
  const read = (...bytes: number[]) => new BcsReader(new Uint8Array(bytes));
  it('refuses bad lengths, tags, texts, bools and digests', () => {
    expect(() => read(0x80, 0x00).uleb()).toThrow(/shortest/);
    expect(() => read(0xff, 0xff, 0xff, 0xff, 0xff, 1).uleb()).toThrow(/too long/);
    expect(() => read(0xff, 0xff, 0xff, 0xff, 0x0f).uleb()).toThrow(/too large/);
    expect(() => read(2).bool()).toThrow(/bool/);
    expect(() => read(1, 0xff).string()).toThrow(/UTF-8/);
    expect(() => read(5).tag('Thing', 5)).toThrow('unknown Thing tag 5');
    expect(() => read(31).digest()).toThrow(/31 bytes/);
    expect(() => read(200, 1).vector(() => 0)).toThrow(/vector of 200/);
    expect(() => read(1).end()).toThrow(/1 trailing/);
  });
  it('bounds the depth of types', () => {
    const nested = (depth: number): TypeTag =>
      depth === 1 ? { kind: 'u8' } : { kind: 'vector', element: nested(depth - 1) };
    const data = (depth: number): TransactionData => ({
      kind: {
        kind: 'programmable',
        inputs: [],
        commands: [{ kind: 'makeMoveVec', type: nested(depth), elements: [] }],
      },
      sender: ID,
      gasData: { payment: [], owner: ID, price: 1n, budget: 1n },
      expiration: { kind: 'none' },
    });
    const decode = (depth: number) => decodeTransactionData(encodeTransactionData(data(depth)));
    expect(decode(MAX_TYPE_TAG_DEPTH)).toEqual(data(MAX_TYPE_TAG_DEPTH));
    expect(() => decode(MAX_TYPE_TAG_DEPTH + 1)).toThrow(/nested deeper/);
  });
  it('grows its buffer as needed', () => {
    const big = new Uint8Array(10_000).fill(7);
    expect(new BcsWriter().bytes(big).u64(1n).toBytes()).toHaveLength(10_000 + 2 + 8);
  });
});
