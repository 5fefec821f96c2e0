/** Transactions that may not run: names and texts (sui-ledger.md §14), and that they leave nothing. */
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Argument, CallArg, Command, TransactionData } from '../../src/ledger/api.ts';
import { ZERO_DIGEST } from '../../src/ledger/digests.ts';
import { RejectedTransaction, type RejectionName } from '../../src/ledger/errors.ts';
import {
  MAX_COMMAND_ARGUMENTS,
  MAX_COMMANDS,
  MAX_GAS_BUDGET,
  MAX_GAS_PAYMENT_OBJECTS,
  MAX_GAS_PRICE,
  MAX_INPUT_OBJECTS,
  MAX_MODULES_IN_PUBLISH,
  MAX_PACKAGE_DEPENDENCIES,
  MAX_PUBLISH_OR_UPGRADE,
  MAX_PURE_ARGUMENT_BYTES,
  MAX_TRANSACTION_BYTES,
  MAX_TYPE_ARGUMENTS,
} from '../../src/ledger/limits.ts';
import { systemAddress } from '../../src/ledger/type-text.ts';
import { LAB } from './support/lab.ts';
import { GAS, Ptb } from './support/ptb.ts';
import { createdObjects, World } from './support/world.ts';

let world: World;
let lab: string;
let thing: string;
let shared: string;
let frozen: string;
let field: string;

beforeAll(async () => {
  world = await World.create();
  const { id, created } = await world.publish('lab', LAB);
  lab = `${id}::lab`;
  shared = created.get('Thing')!;
  const keep = new Ptb();
  const made = keep.call(`${lab}::make`, [keep.u64(1)]);
  keep.call(`${lab}::add_field`, [made, keep.u64(1), keep.u64(1)]);
  keep.transfer([made], keep.address(world.a));
  const objects = createdObjects(await world.ok(keep));
  thing = objects.get('Thing')!;
  field = objects.get('Field')!;
  const freeze = new Ptb();
  freeze.call(`${lab}::freeze_it`, [freeze.call(`${lab}::make`, [freeze.u64(1)])]);
  frozen = createdObjects(await world.ok(freeze)).get('Thing')!;
});

let before: unknown;
const snapshot = () => ({
  coins: world.coins(world.a).map(({ objectId, version }) => [objectId, version]),
  transactions: world.ledger.listTransactions({ limit: 10_000 }).items.length,
  info: world.ledger.info(),
});
beforeEach(() => {
  before = snapshot();
});

/** A valid transaction of Alice, with parts replaced. */
function transaction(
  build: (ptb: Ptb) => void = () => {},
  gas: Partial<TransactionData['gasData']> = {},
  rest: Partial<TransactionData> = {},
): TransactionData {
  const ptb = new Ptb();
  build(ptb);
  const { objectId, version, digest } = world.coins(world.a)[0]!;
  return {
    kind: { kind: 'programmable', ...ptb.programmable },
    sender: world.a,
    gasData: {
      payment: [{ objectId, version, digest }],
      owner: world.a,
      price: 1000n,
      budget: 10_000_000n,
      ...gas,
    },
    expiration: { kind: 'none' },
    ...rest,
  };
}

async function rejection(data: TransactionData): Promise<RejectedTransaction> {
  const outcome = await world.sign(data, world.alice).then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(outcome).toBeInstanceOf(RejectedTransaction);
  expect(snapshot()).toEqual(before);
  return outcome as RejectedTransaction;
}

async function rejects(data: TransactionData, name: RejectionName, text: string | RegExp) {
  const error = await rejection(data);
  expect(error.reason).toBe(name);
  if (typeof text === 'string') expect(error.message).toBe(text);
  else expect(error.message).toMatch(text);
}

const owned = (ref: { objectId: string; version: bigint; digest: string }): CallArg => ({
  kind: 'immutableOrOwned',
  ref,
});
const refOf = (id: string) => {
  const { objectId, version, digest } = world.object(id);
  return { objectId, version, digest };
};
const withInput = (input: CallArg) => transaction((p) => p.raw(input));
const sharedInput = (objectId: string, mutable = false, initialSharedVersion = 1n): CallArg => ({
  kind: 'shared',
  objectId,
  initialSharedVersion,
  mutability: mutable ? 'mutable' : 'immutable',
});

describe('objects', () => {
  const unknown = systemAddress(0xdead);
  it('unknown', async () => {
    await rejects(
      withInput(owned({ objectId: unknown, version: 3n, digest: ZERO_DIGEST })),
      'ObjectNotFound',
      `Could not find the referenced object ${unknown} at version 3`,
    );
    await rejects(withInput(sharedInput(unknown)), 'ObjectNotFound', /at version None$/);
  });

  it('stale and future versions', async () => {
    const ref = refOf(thing);
    for (const version of [ref.version - 1n, ref.version + 1n]) {
      await rejects(
        withInput(owned({ ...ref, version })),
        'ObjectVersionUnavailableForConsumption',
        `Object ID ${thing} Version ${version} Digest ${ref.digest} is not available for consumption, current version: ${ref.version}`,
      );
    }
  });

  it('another digest', async () => {
    const ref = refOf(thing);
    await rejects(
      withInput(owned({ ...ref, digest: ZERO_DIGEST })),
      'InvalidObjectDigest',
      `Invalid Object digest for object ${thing}. Expected digest : ${ref.digest}`,
    );
  });

  it('of somebody else', async () => {
    const coin = world.coins(world.b)[0]!;
    const text =
      `Transaction was not signed by the correct sender: Object ${coin.objectId} is owned by ` +
      `account address ${world.b}, but given owner/signer address is ${world.a}`;
    await rejects(withInput(owned(refOf(coin.objectId))), 'IncorrectUserSignature', text);
    const payment = [refOf(coin.objectId)];
    await rejects(
      transaction(() => {}, { payment }),
      'IncorrectUserSignature',
      text,
    );
  });

  it('owned by an object', async () => {
    await rejects(
      withInput(owned(refOf(field))),
      'InvalidChildObjectArgument',
      `Object ${field} is owned by object ${thing}. Objects owned by other objects cannot be used as input arguments`,
    );
    await rejects(
      withInput({ kind: 'receiving', ref: refOf(field) }),
      'InvalidChildObjectArgument',
      /is owned by object/,
    );
  });

  it('shared as owned, owned as shared, wrong initial version', async () => {
    await rejects(
      withInput(owned(refOf(shared))),
      'NotOwnedObjectError',
      'Object used as owned is not owned',
    );
    await rejects(
      withInput(sharedInput(thing)),
      'NotSharedObjectError',
      'Object used as shared is not shared',
    );
    await rejects(
      withInput(sharedInput(shared, false, 12345n)),
      'SharedObjectStartingVersionMismatch',
      'Wrong initial version given for shared object',
    );
  });

  it('packages as objects, objects as packages, missing packages', async () => {
    const pkg = lab.slice(0, 66);
    const text = `A move object is expected, instead a move package is passed: ${pkg}`;
    await rejects(withInput(owned(refOf(pkg))), 'MovePackageAsObject', text);
    await rejects(withInput(sharedInput(pkg)), 'MovePackageAsObject', text);
    await rejects(
      transaction((p) => p.call(`${thing}::m::f`)),
      'MoveObjectAsPackage',
      new RegExp(thing),
    );
    const missing = `Dependent package not found on-chain: ${unknown}`;
    await rejects(
      transaction((p) => p.call(`${unknown}::m::f`)),
      'DependentPackageNotFound',
      missing,
    );
    await rejects(
      transaction((p) => p.makeVec(`${unknown}::m::T`, [])),
      'DependentPackageNotFound',
      missing,
    );
    await rejects(
      transaction((p) => p.publish([new Uint8Array(1)], [unknown])),
      'DependentPackageNotFound',
      missing,
    );
  });

  it('system objects', async () => {
    const text = 'Mutable parameter provided, immutable parameter expected';
    for (const id of [6, 8]) {
      const input = sharedInput(systemAddress(id), true);
      await rejects(withInput(input), 'ImmutableParameterExpectedError', text);
    }
    await rejects(
      withInput(sharedInput(systemAddress(7))),
      'InaccessibleSystemObject',
      `Object ${systemAddress(7)} is a system object and cannot be accessed by user transactions`,
    );
    await rejects(
      transaction((p) => {
        const random = p.raw(sharedInput(systemAddress(8)));
        p.call(`${lab}::refuse`, [random]);
        p.call(`${lab}::refuse`);
      }),
      'PostRandomCommandRestrictions',
      /Random/,
    );
  });

  it('named twice', async () => {
    const input = owned(refOf(thing));
    const twice = (id: string) =>
      `Mutable object ${id} cannot appear more than one in one transaction`;
    const both = (a: CallArg, b: CallArg) =>
      transaction((p) => {
        p.raw(a);
        p.raw(b);
      });
    await rejects(both(input, input), 'MutableObjectUsedMoreThanOnce', twice(thing));
    const gas = world.coins(world.a)[0]!;
    await rejects(
      withInput(owned(refOf(gas.objectId))),
      'MutableObjectUsedMoreThanOnce',
      twice(gas.objectId),
    );
    const duplicated = "The transaction inputs contain duplicated ObjectRef's";
    const receiving: CallArg = { kind: 'receiving', ref: refOf(thing) };
    await rejects(both(input, receiving), 'DuplicateObjectRefInput', duplicated);
    await rejects(both(receiving, receiving), 'DuplicateObjectRefInput', duplicated);
    const clock = sharedInput(systemAddress(6));
    await rejects(both(clock, clock), 'DuplicateObjectRefInput', duplicated);
  });

  it('receiving what cannot be received', async () => {
    await rejects(
      withInput({ kind: 'receiving', ref: refOf(frozen) }),
      'MutableParameterExpected',
      'Immutable parameter provided, mutable parameter expected',
    );
    await rejects(
      withInput({ kind: 'receiving', ref: refOf(shared) }),
      'NotOwnedObjectError',
      'Object used as owned is not owned',
    );
  });
});

describe('gas', () => {
  const gas = (part: Partial<TransactionData['gasData']>) => transaction(() => {}, part);
  it('payment', async () => {
    await rejects(gas({ payment: [] }), 'MissingGasPayment', 'Transaction gas payment missing');
    await rejects(
      gas({ payment: [refOf(thing)] }),
      'InvalidGasObject',
      `Object ${thing} is not a gas object`,
    );
    await rejects(gas({ payment: [refOf(frozen)] }), 'GasObjectNotOwnedObject', /not owned/);
    const coin = refOf(world.coins(world.a)[0]!.objectId);
    await rejects(gas({ payment: [coin, coin] }), 'MutableObjectUsedMoreThanOnce', /more than one/);
    const many = new Array(MAX_GAS_PAYMENT_OBJECTS + 1).fill(coin);
    await rejects(gas({ payment: many }), 'SizeLimitExceeded', /gas payment objects is 256$/);
  });
  it('budget', async () => {
    await rejects(
      gas({ budget: MAX_GAS_BUDGET + 1n }),
      'GasBudgetTooHigh',
      `Gas budget: ${MAX_GAS_BUDGET + 1n} is higher than max: ${MAX_GAS_BUDGET}`,
    );
    await rejects(
      gas({ budget: 999_999n }),
      'GasBudgetTooLow',
      'Gas budget: 999999 is lower than min: 1000000',
    );
    const balance = world.coins(world.a)[0]!.coinBalance!;
    await rejects(
      gas({ budget: balance + 1n }),
      'GasBalanceTooLow',
      `Balance of gas object ${balance} is lower than the needed amount: ${balance + 1n}`,
    );
  });
  it('price', async () => {
    await rejects(
      gas({ price: 999n }),
      'GasPriceUnderRGP',
      'Gas price 999 under reference gas price (RGP) 1000',
    );
    await rejects(
      gas({ price: MAX_GAS_PRICE }),
      'GasPriceTooHigh',
      `Gas price cannot exceed ${MAX_GAS_PRICE} mist`,
    );
  });
});

describe('expiration and features', () => {
  const during = (part: object) => {
    const { chainId: chain } = world.ledger.info();
    const all = { minEpoch: 0n, maxEpoch: 1n, minTimestamp: undefined, maxTimestamp: undefined };
    return {
      expiration: { kind: 'validDuring' as const, during: { ...all, chain, nonce: 0, ...part } },
    };
  };
  it('epoch bounds and chain', async () => {
    const { chainId } = world.ledger.info();
    await rejects(
      transaction(() => {}, {}, during({ chain: ZERO_DIGEST })),
      'InvalidChainId',
      `Transaction chain ID ${ZERO_DIGEST} does not match network chain ID ${chainId}.`,
    );
    await rejects(
      transaction(() => {}, {}, during({ minEpoch: 1n })),
      'TransactionExpired',
      'Transaction Expired',
    );
    await rejects(
      transaction(() => {}, {}, during({ minTimestamp: 1n })),
      'Unsupported',
      /timestamp/,
    );
    await rejects(
      transaction(() => {}, {}, during({ maxEpoch: undefined })),
      'InvalidExpiration',
      /both/,
    );
  });
  it('address balances', async () => {
    await rejects(
      transaction(() => {}, { payment: [] }, during({})),
      'Unsupported',
      /^Feature is not supported: gas payment/,
    );
    const withdrawal = {
      maxAmount: 1n,
      balanceType: { kind: 'u8' },
      from: { kind: 'sender' },
    } as const;
    await rejects(
      withInput({ kind: 'fundsWithdrawal', withdrawal }),
      'Unsupported',
      /^Feature is not supported: withdrawals/,
    );
  });
  it('system kinds and garbage', async () => {
    const kind = { kind: 'consensusCommitPrologue', epoch: 0n, round: 1n, commitTimestampMs: 1n };
    const bytes = world.ledger.encodeTransaction(
      transaction(() => {}, {}, { kind: kind as TransactionData['kind'] }),
    );
    for (const wrong of [bytes, new Uint8Array(), new Uint8Array([9])]) {
      await expect(world.ledger.execute(wrong, [])).rejects.toMatchObject({
        reason: 'Deserialization',
        rejectionClass: 'request',
      });
    }
    await expect(
      world.ledger.execute(new Uint8Array(MAX_TRANSACTION_BYTES + 1), []),
    ).rejects.toMatchObject({ reason: 'SizeLimitExceeded' });
    expect(snapshot()).toEqual(before);
  });
});

describe('form', () => {
  const command = (value: Command) => transaction((p) => p.commands.push(value));
  const empty = /^TransferObjects, MergeCoin, and Publish cannot have empty arguments/;
  it('empty commands', async () => {
    const address: Argument = { kind: 'input', index: 0 };
    const commands: Command[] = [
      { kind: 'transferObjects', objects: [], address },
      { kind: 'mergeCoins', target: GAS, sources: [] },
      { kind: 'splitCoins', coin: GAS, amounts: [] },
      { kind: 'publish', modules: [], dependencies: [] },
      { kind: 'makeMoveVec', type: undefined, elements: [] },
    ];
    for (const value of commands) await rejects(command(value), 'EmptyCommandInput', empty);
  });
  it('identifiers', async () => {
    const call = { kind: 'moveCall', package: lab.slice(0, 66), typeArguments: [], arguments: [] };
    const bad = (part: object) =>
      command({ ...call, module: 'm', function: 'f', ...part } as Command);
    const text = (name: string) => `Invalid identifier found in the transaction: ${name}`;
    await rejects(bad({ module: '1m' }), 'InvalidIdentifier', text('1m'));
    await rejects(bad({ function: '<SELF>' }), 'InvalidIdentifier', text('<SELF>'));
  });
  it('numbers and sizes, on both sides of each limit', async () => {
    const publish: Command = { kind: 'publish', modules: [new Uint8Array(1)], dependencies: [] };
    const many = (count: number) => (p: Ptb) => {
      for (let i = 0; i < count; i++) p.commands.push(publish);
    };
    await rejects(
      transaction(many(MAX_PUBLISH_OR_UPGRADE + 1)),
      'MaxPublishCountExceeded',
      `${MAX_PUBLISH_OR_UPGRADE} max publish/upgrade commands allowed, ${MAX_PUBLISH_OR_UPGRADE + 1} provided`,
    );
    const call = (types: number, args: number) => (p: Ptb) =>
      p.call(`${lab}::refuse`, new Array(args).fill(GAS), new Array(types).fill('u8'));
    const modules = (count: number, dependencies: number) => (p: Ptb) =>
      p.publish(
        new Array(count).fill(new Uint8Array(1)),
        new Array(dependencies).fill(systemAddress(1)),
      );
    const nested = (depth: number) => (p: Ptb) =>
      p.makeVec(`${'vector<'.repeat(depth - 1)}u8${'>'.repeat(depth - 1)}`, []);
    const limits: [string, (over: number) => (ptb: Ptb) => void][] = [
      ['pure', (n) => (p) => p.pure(new Uint8Array(MAX_PURE_ARGUMENT_BYTES + n))],
      [
        'inputs',
        (n) => (p) => {
          for (let i = 1; i < MAX_INPUT_OBJECTS + n; i++) p.pure(new Uint8Array(1));
        },
      ],
      [
        'commands',
        (n) => (p) => {
          for (let i = 0; i < MAX_COMMANDS + n; i++) p.makeVec('u8', []);
        },
      ],
      ['arguments', (n) => call(0, MAX_COMMAND_ARGUMENTS + n)],
      ['type arguments', (n) => call(MAX_TYPE_ARGUMENTS + n, 0)],
      ['modules', (n) => modules(MAX_MODULES_IN_PUBLISH + n, 0)],
      ['dependencies', (n) => modules(1, MAX_PACKAGE_DEPENDENCIES + n)],
    ];
    const simulate = (build: (ptb: Ptb) => void) => {
      const ptb = new Ptb();
      build(ptb);
      return world.simulate(ptb, world.a, { selectGas: false });
    };
    for (const [, build] of limits) {
      expect(() => simulate(build(0))).not.toThrow();
      expect(() => simulate(build(1))).toThrow(/^Size limit exceeded: /);
    }
    expect(simulate(nested(15)).effects.status).toEqual({ success: true });
    const deep = world.ledger.encodeTransaction(transaction(nested(17)));
    await expect(world.ledger.execute(deep, [])).rejects.toMatchObject({
      reason: 'Deserialization',
    });
  });
});

describe('double spend', () => {
  it('the second transaction with the same coin version is refused', async () => {
    const first = transaction((p) => p.transfer([p.split(GAS, [p.u64(1)])], p.address(world.b)));
    const second = transaction((p) => p.transfer([p.split(GAS, [p.u64(2)])], p.address(world.b)));
    const outcomes = await Promise.allSettled([
      world.sign(first, world.alice),
      world.sign(second, world.alice),
      world.sign(first, world.alice),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(outcomes[1]).toMatchObject({
      reason: { reason: 'ObjectVersionUnavailableForConsumption' },
    });
    const [one, , again] = outcomes;
    expect(one.status === 'fulfilled' && again!.status === 'fulfilled').toBe(true);
  });
});
