/** sui-ledger §2.2, §8.1, §8.5, §14 with the official client: build, simulate, execute, list. */
import { GrpcTypes } from '@mysten/sui/grpc';
import { Ed25519Keypair } from '@mysten/sui/keypairs/ed25519';
import { Transaction } from '@mysten/sui/transactions';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { RejectedTransaction } from '../../src/ledger/errors.ts';
import { eventOf } from './support/fake-ledger.ts';
import { BOB, coin, digest, id, PACKAGE, SUCCESS, SUI } from './support/values.ts';
import {
  CHILD_ID,
  CONSENSUS_ID,
  FROZEN_ID,
  OWNED_ID,
  populated,
  SHARED_ID,
  serve,
  type World,
} from './support/world.ts';

const keypair = Ed25519Keypair.fromSecretKey(new Uint8Array(32).fill(7));
const SENDER = keypair.toSuiAddress();

let world: World;
beforeAll(async () => {
  const ledger = populated();
  ledger.put(coin(id(0xe1), SENDER, 10n ** 9n));
  world = await serve(ledger);
});
afterAll(async () => {
  await world.close();
  expect(world.failures).toEqual([]);
});
beforeEach(() => {
  world.ledger.status = SUCCESS;
  world.ledger.events = [];
  world.ledger.rejection = undefined;
  world.ledger.simulations.length = 0;
  world.calls.length = 0;
});

const moveCall = (
  name: string,
  build: (tx: Transaction) => Parameters<Transaction['moveCall']>[0]['arguments'],
) => {
  const tx = new Transaction();
  tx.setSender(SENDER);
  tx.moveCall({ target: `${PACKAGE}::m::${name}`, arguments: build(tx) ?? [] });
  return tx;
};

describe('build', () => {
  it('costs one simulation and fills in gas and every object', async () => {
    const tx = moveCall('read', (tx) => [
      tx.object(OWNED_ID),
      tx.object(SHARED_ID),
      tx.object(FROZEN_ID),
    ]);
    const bytes = await tx.build({ client: world.client });
    expect(world.calls).toEqual(['SimulateTransaction']);
    const data = Transaction.from(bytes).getData();
    expect(data.gasData).toMatchObject({ price: '1000', budget: '5000000', owner: SENDER });
    expect(data.inputs.map((input) => input.Object?.$kind)).toEqual([
      'ImmOrOwnedObject',
      'SharedObject',
      'ImmOrOwnedObject',
    ]);
    expect(world.ledger.simulations[0]).toMatchObject({
      checks: 'enabled',
      selectGas: true,
      gas: { price: undefined, budget: undefined, payment: [] },
    });
  });

  it.each([
    ['read', 0, false],
    ['write', 0, true],
    ['unknown', 0, false],
  ])('takes the mutability of a shared input from %s', async (name, argument, mutable) => {
    const tx = moveCall(name, (tx) => [tx.object(SHARED_ID)]);
    await tx.build({ client: world.client });
    expect(tx.getData().inputs[argument]!.Object?.SharedObject).toEqual({
      objectId: SHARED_ID,
      initialSharedVersion: '2',
      mutable,
    });
  });

  it('takes a consensus-address object as shared from its start version', async () => {
    const tx = moveCall('read', (tx) => [tx.object(CONSENSUS_ID)]);
    await tx.build({ client: world.client });
    expect(tx.getData().inputs[0]!.Object?.SharedObject).toMatchObject({
      initialSharedVersion: '2',
    });
  });

  it('takes an object as receiving where a call wants Receiving', async () => {
    const tx = moveCall('take', (tx) => [tx.object(OWNED_ID)]);
    await tx.build({ client: world.client });
    expect(tx.getData().inputs[0]!.Object?.$kind).toBe('Receiving');
  });

  it.each(['splitCoins', 'mergeCoins', 'makeMoveVec'])(
    '%s makes a shared input mutable',
    async (kind) => {
      const tx = new Transaction();
      tx.setSender(SENDER);
      if (kind === 'splitCoins') tx.splitCoins(tx.object(SHARED_ID), [1]);
      if (kind === 'mergeCoins') tx.mergeCoins(tx.object(SHARED_ID), [tx.object(id(0xe1))]);
      if (kind === 'makeMoveVec') tx.makeMoveVec({ elements: [tx.object(SHARED_ID)] });
      await tx.build({ client: world.client });
      const shared = tx.getData().inputs.find((input) => input.Object?.SharedObject);
      expect(shared?.Object?.SharedObject?.mutable).toBe(true);
    },
  );

  it('builds kinds with disabled checks and no sender', async () => {
    const tx = new Transaction();
    tx.moveCall({ target: `${PACKAGE}::m::read`, arguments: [tx.object(SHARED_ID)] });
    await tx.build({ client: world.client, onlyTransactionKind: true });
    expect(world.ledger.simulations[0]).toMatchObject({
      checks: 'disabled',
      selectGas: false,
      sender: id(0),
    });
  });

  it('makes no call when nothing needs resolving', async () => {
    const tx = new Transaction();
    tx.transferObjects([tx.gas], BOB);
    tx.setSender(SENDER);
    tx.setGasPrice(1000);
    tx.setGasBudget(5_000_000);
    tx.setGasPayment([{ objectId: id(0xe1), version: '3', digest: digest('x') }]);
    await tx.build({ client: world.client });
    expect(world.calls).toEqual([]);
  });

  it.each([
    [
      'a missing object',
      () => moveCall('read', (tx) => [tx.object(id(404))]),
      `Object ${id(404)} not found`,
    ],
    [
      'a child object',
      () => moveCall('read', (tx) => [tx.object(CHILD_ID)]),
      `object ${CHILD_ID} is object owned and cannot be used as an input`,
    ],
    [
      'a missing package',
      () => {
        const tx = new Transaction();
        tx.setSender(SENDER);
        tx.moveCall({ target: `${id(404)}::m::f`, arguments: [tx.object(SHARED_ID)] });
        return tx;
      },
      `Object ${id(404)} not found`,
    ],
    [
      'an object as package',
      () => {
        const tx = new Transaction();
        tx.setSender(SENDER);
        tx.moveCall({ target: `${OWNED_ID}::m::f` });
        return tx;
      },
      `object ${OWNED_ID} is not a package`,
    ],
  ])('says what is wrong with %s', async (_what, make, message) => {
    await expect(make().build({ client: world.client })).rejects.toThrow(message);
  });

  it('passes the failure of a dry run on', async () => {
    world.ledger.status = {
      success: false,
      error: { kind: 'InsufficientCoinBalance' },
      command: 0,
      description: 'Insufficient coin balance for operation.',
    };
    const tx = moveCall('read', (tx) => [tx.object(SHARED_ID)]);
    await expect(tx.build({ client: world.client })).rejects.toThrow(
      'Transaction resolution failed: Insufficient coin balance for operation.',
    );
  });
});

describe('sign and execute', () => {
  const transfer = () => {
    const tx = new Transaction();
    tx.transferObjects([tx.splitCoins(tx.gas, [100])], BOB);
    return tx;
  };

  it('costs exactly SimulateTransaction and ExecuteTransaction', async () => {
    world.ledger.events = [eventOf(PACKAGE, SENDER)];
    const result = await world.client.signAndExecuteTransaction({
      transaction: transfer(),
      signer: keypair,
      include: {
        effects: true,
        events: true,
        balanceChanges: true,
        transaction: true,
        objectTypes: true,
        bcs: true,
      },
    });
    expect(world.calls).toEqual(['SimulateTransaction', 'ExecuteTransaction']);
    const executed = result.Transaction!;
    expect(executed.status).toEqual({ success: true, error: null });
    expect(executed.signatures).toHaveLength(1);
    expect(executed.balanceChanges).toEqual([
      { address: SENDER, coinType: SUI, amount: '-1000000' },
    ]);
    expect(executed.events).toMatchObject([{ packageId: PACKAGE, module: 'm', sender: SENDER }]);
    expect(executed.checkpoint).toBeNull();
    expect(executed.timestampMs).toBeNull();
    expect(executed.effects).toMatchObject({
      version: 2,
      gasUsed: { computationCost: '1000000', nonRefundableStorageFee: '9880' },
      gasObject: { inputState: 'Exists', outputState: 'ObjectWrite', idOperation: 'None' },
      lamportVersion: '9',
      unchangedConsensusObjects: [{ kind: 'ReadOnlyRoot', objectId: id(6), version: '7' }],
    });
    expect(executed.transaction?.sender).toBe(SENDER);
    const stored = world.ledger.transaction(executed.digest)!;
    expect(executed.bcs).toEqual(stored.transactionBytes);
    expect(Object.values(executed.objectTypes ?? {})).toEqual([`${id(2)}::coin::Coin<${SUI}>`]);
  });

  it('waits for, gets and lists a transaction', async () => {
    const executed = await world.client.signAndExecuteTransaction({
      transaction: transfer(),
      signer: keypair,
    });
    const { digest: wanted } = executed.Transaction!;
    world.ledger.createCheckpoint();
    const waited = await world.client.waitForTransaction({
      digest: wanted,
      include: { effects: true },
    });
    expect(waited.Transaction).toMatchObject({ digest: wanted, checkpoint: '1' });
    expect(waited.Transaction!.timestampMs).toBe(1_700_000_000_000);
    const missing = world.client.getTransaction({ digest: digest('no such') });
    await expect(missing).rejects.toThrow(/not found/i);
    await expect(world.client.getTransaction({ digest: 'x' })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: "invalid digest: expected Base58 of 32 bytes, got 'x'",
    });
  });

  it('answers a batch with one entry for each digest', async () => {
    const known = world.ledger.executed[0]!.digest;
    const { response } = await world.client.ledgerService.batchGetTransactions({
      digests: [known, digest('no such'), '!'],
    });
    expect(response.transactions.map(({ result }) => result)).toMatchObject([
      { transaction: { digest: known } },
      { error: { code: 5 } },
      { error: { code: 3 } },
    ]);
  });

  it('is an answer, not an error, when execution fails', async () => {
    const tx = transfer();
    tx.setSender(SENDER);
    tx.setGasBudget(6_000_000);
    const bytes = await tx.build({ client: world.client });
    world.ledger.status = {
      success: false,
      error: { kind: 'InsufficientGas' },
      command: undefined,
      description: 'Insufficient Gas.',
    };
    const { signature } = await keypair.signTransaction(bytes);
    const { FailedTransaction } = await world.client.executeTransaction({
      transaction: bytes,
      signatures: [signature],
      include: { effects: true },
    });
    expect(FailedTransaction?.status).toMatchObject({
      success: false,
      error: { $kind: 'Unknown', message: 'Insufficient Gas.' },
    });
  });

  it('executes a complete message with simple signatures too', async () => {
    const tx = transfer();
    tx.setSender(SENDER);
    tx.setGasBudget(7_000_000);
    const bytes = await tx.build({ client: world.client });
    const { response } = await world.client.transactionExecutionService.simulateTransaction({
      transaction: { bcs: { value: bytes } },
    });
    const { bcs: _, ...message } = response.transaction!.transaction!;
    const answer = await world.client.transactionExecutionService.executeTransaction({
      transaction: message,
      signatures: [
        {
          signature: {
            oneofKind: 'simple',
            simple: { scheme: 0, signature: new Uint8Array(64), publicKey: new Uint8Array(32) },
          },
        },
      ],
      readMask: { paths: ['digest', 'signatures'] },
    });
    expect(answer.response.transaction?.digest).toBe(await tx.getDigest({ client: world.client }));
    expect(answer.response.transaction?.signatures[0]?.bcs?.value).toHaveLength(97);
  });

  it.each([
    [
      new RejectedTransaction('ObjectNotFound', 'Could not find the referenced object'),
      'Transaction execution failed due to issues with transaction inputs, ' +
        'please review the errors and try again: Could not find the referenced object.',
    ],
    [
      new RejectedTransaction('InvalidSignature', 'Required Signature from 0x1 is absent', {
        rejectionClass: 'signature',
      }),
      'Invalid user signature: Required Signature from 0x1 is absent',
    ],
    [
      new RejectedTransaction('InvalidSignature', 'unparseable', {
        rejectionClass: 'signature',
        signatureIndex: 0,
      }),
      'unparseable',
    ],
    [new RejectedTransaction('GasSelection', 'alone', { rejectionClass: 'request' }), 'alone'],
  ])('words a rejection: %s', async (rejection, message) => {
    const bytes = world.ledger.executed[0]!.transactionBytes;
    world.ledger.rejection = rejection;
    const call = world.client.executeTransaction({ transaction: bytes, signatures: ['AAAA'] });
    await expect(call).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', message });
  });

  it.each([
    [{ signatures: [] }, 'missing transaction'],
    [{ transaction: {}, signatures: [] }, 'missing transaction.kind'],
    [
      {
        transaction: { bcs: { value: new Uint8Array(3) } },
        signatures: [{ signature: { oneofKind: undefined } }],
      },
      'missing signatures[0].bcs',
    ],
    [
      {
        transaction: { bcs: { value: new Uint8Array(3) } },
        signatures: Array.from({ length: 17 }, () => ({
          bcs: { value: new Uint8Array(97) },
          signature: { oneofKind: undefined },
        })),
      },
      '17 signatures, limit 16',
    ],
  ] satisfies [ExecuteInput, string][])(
    'refuses incomplete requests: %#',
    async (request, message) => {
      const before = world.ledger.executed.length;
      const call = world.client.transactionExecutionService.executeTransaction(request);
      await expect(call).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', message });
      expect(world.ledger.executed).toHaveLength(before);
    },
  );

  it('refuses to execute a message with holes', async () => {
    const call = world.client.transactionExecutionService.executeTransaction({
      transaction: programmable([{ objectId: OWNED_ID }]),
      signatures: [],
    });
    await expect(call).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: expect.stringContaining('simulate it first') as string,
    });
  });
});

const InputKind = GrpcTypes.Input_InputKind;
type ExecutionClient = World['client']['transactionExecutionService'];
type SimulateInput = Parameters<ExecutionClient['simulateTransaction']>[0];
type ExecuteInput = Parameters<ExecutionClient['executeTransaction']>[0];
type Message = NonNullable<SimulateInput['transaction']>;

function programmable(inputs: GrpcTypes.Input[], name = 'read'): Message {
  return {
    sender: SENDER,
    kind: {
      data: {
        oneofKind: 'programmableTransaction',
        programmableTransaction: {
          inputs,
          commands: [
            {
              command: {
                oneofKind: 'moveCall',
                moveCall: {
                  package: PACKAGE,
                  module: 'm',
                  function: name,
                  typeArguments: [],
                  arguments: inputs.map((_, input) => ({ kind: 2, input })),
                },
              },
            },
          ],
        },
      },
    },
  };
}

describe('the key-server form', () => {
  const readMask = { paths: ['transaction.effects.status', 'transaction.effects.gas_used'] };
  const simulate = (inputs: GrpcTypes.Input[], name?: string) =>
    world.client.transactionExecutionService.simulateTransaction({
      transaction: {
        ...programmable(inputs, name),
        gasPayment: { objects: [], owner: SENDER, price: 1000n, budget: 500_000_000n },
      },
      readMask,
    });

  it('resolves kinds without version and digest, and answers status and gas only', async () => {
    const { response } = await simulate([
      { kind: InputKind.PURE, pure: Uint8Array.of(1) },
      { kind: InputKind.SHARED, objectId: SHARED_ID },
      { kind: InputKind.IMMUTABLE_OR_OWNED, objectId: FROZEN_ID },
      { kind: InputKind.RECEIVING, objectId: OWNED_ID },
    ]);
    expect(response.transaction?.effects).toMatchObject({
      status: { success: true },
      gasUsed: { computationCost: 1_000_000n },
    });
    expect(response.transaction?.effects?.epoch).toBeUndefined();
    expect(response.transaction?.transaction).toBeUndefined();
    expect(response.commandOutputs).toEqual([]);
    const { inputs } = world.ledger.simulations[0]!.programmable;
    expect(inputs.map((input) => input.kind)).toEqual([
      'pure',
      'shared',
      'immutableOrOwned',
      'receiving',
    ]);
    expect(world.ledger.simulations[0]).toMatchObject({
      selectGas: false,
      checks: 'enabled',
      gas: { price: 1000n, budget: 500_000_000n, payment: [], owner: SENDER },
    });
  });

  it('recomputes what was sent of a shared input', async () => {
    await simulate(
      [{ kind: InputKind.SHARED, objectId: SHARED_ID, version: 99n, mutable: true }],
      'read',
    );
    expect(world.ledger.simulations[0]!.programmable.inputs[0]).toMatchObject({
      initialSharedVersion: 2n,
      mutability: 'immutable',
    });
  });

  it.each([
    [[{ kind: InputKind.SHARED, objectId: id(404) }], 'NOT_FOUND', `Object ${id(404)} not found`],
    [
      [{ kind: InputKind.IMMUTABLE_OR_OWNED, objectId: SHARED_ID }],
      'INVALID_ARGUMENT',
      `object ${SHARED_ID} is not Immutable or AddressOwned`,
    ],
    [
      [{ kind: InputKind.RECEIVING, objectId: CHILD_ID }],
      'INVALID_ARGUMENT',
      `object ${CHILD_ID} is not Immutable or AddressOwned`,
    ],
    [
      [{ kind: InputKind.SHARED, objectId: OWNED_ID }],
      'INVALID_ARGUMENT',
      `object ${OWNED_ID} is not Shared or ConsensusAddressOwned`,
    ],
    [
      [{ kind: InputKind.IMMUTABLE_OR_OWNED, objectId: OWNED_ID, version: 2n }],
      'INVALID_ARGUMENT',
      "provided version doesn't match, provided: 2 actual: 3",
    ],
    [
      [{ kind: InputKind.IMMUTABLE_OR_OWNED, objectId: OWNED_ID, digest: digest('other') }],
      'INVALID_ARGUMENT',
      /^provided digest doesn't match/,
    ],
    [[{ kind: InputKind.PURE }], 'INVALID_ARGUMENT', /inputs\[0\]\.pure$/],
    [
      [{ kind: 99 as GrpcTypes.Input_InputKind, objectId: OWNED_ID }],
      'INVALID_ARGUMENT',
      'unknown input kind 99',
    ],
    [[{ kind: InputKind.SHARED }], 'INVALID_ARGUMENT', /missing .*object_id$/],
    [[{ kind: InputKind.FUNDS_WITHDRAWAL }], 'INVALID_ARGUMENT', /missing .*funds_withdrawal$/],
  ] satisfies [GrpcTypes.Input[], string, string | RegExp][])(
    'refuses inputs %#',
    async (inputs, code, message) => {
      await expect(simulate(inputs)).rejects.toMatchObject({
        code,
        message: expect.stringMatching(message) as string,
      });
      expect(world.ledger.simulations).toEqual([]);
    },
  );
});

describe('simulate', () => {
  const simulateTransaction = (request: SimulateInput) =>
    world.client.transactionExecutionService.simulateTransaction(request);

  it('answers command outputs in the form that the client reads', async () => {
    const tx = moveCall('read', (tx) => [tx.object(SHARED_ID)]);
    const result = await world.client.simulateTransaction({
      transaction: tx,
      include: { commandResults: true, effects: true },
    });
    expect(world.calls).toEqual(['SimulateTransaction']);
    expect(result.commandResults).toEqual([
      {
        returnValues: [{ bcs: new Uint8Array(8) }],
        mutatedReferences: [{ bcs: new Uint8Array(8) }],
      },
    ]);
  });

  it('runs bytes as they are', async () => {
    const bytes = world.ledger.executed[0]!.transactionBytes;
    const result = await world.client.simulateTransaction({
      transaction: bytes,
      checksEnabled: false,
    });
    expect(result.Transaction?.status.success).toBe(true);
    expect(world.ledger.simulations[0]).toMatchObject({ checks: 'disabled', sender: SENDER });
  });

  it('answers everything when there is no mask', async () => {
    const { response } = await simulateTransaction({
      transaction: programmable([{ objectId: SHARED_ID }]),
    });
    expect(response.suggestedGasPrice).toBe(1000n);
    expect(response.transaction?.transaction?.gasPayment?.objects[0]?.objectId).toBe(
      `0x${'f'.repeat(64)}`,
    );
    expect(response.commandOutputs[0]?.mutatedByRef[0]?.argument).toMatchObject({
      kind: 3,
      result: 0,
      subresult: 1,
    });
    expect(response.commandOutputs[0]?.returnValues[0]?.json).toBeDefined();
  });

  it('prefixes rejections and passes gas-selection texts through', async () => {
    const transaction = programmable([{ objectId: SHARED_ID }]);
    world.ledger.rejection = new RejectedTransaction(
      'GasBudgetTooLow',
      'Gas budget: 1 is lower than min: 2',
    );
    await expect(simulateTransaction({ transaction })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: 'Error checking transaction input objects: Gas budget: 1 is lower than min: 2',
    });
    world.ledger.rejection = new RejectedTransaction(
      'GasSelection',
      'Unable to perform gas selection',
      {
        rejectionClass: 'request',
      },
    );
    await expect(simulateTransaction({ transaction })).rejects.toMatchObject({
      message: 'Unable to perform gas selection',
    });
  });

  it.each([
    [{}, 'missing transaction'],
    [{ transaction: { sender: SENDER } }, 'missing transaction.kind'],
    [{ transaction: { ...programmable([]), sender: 'me' } }, /^invalid sender/],
    [{ transaction: { ...programmable([]), gasPayment: { objects: [] } } }, /^invalid gas owner/],
    [
      { transaction: { ...programmable([]), expiration: {} } },
      'missing transaction.expiration.kind',
    ],
    [{ transaction: { bcs: { value: Uint8Array.of(9, 9) } } }, /^invalid transaction bytes/],
    [
      {
        transaction: {
          sender: SENDER,
          kind: { data: { oneofKind: 'changeEpoch', changeEpoch: { systemPackages: [] } } },
        },
      },
      'simulate does not support system transactions',
    ],
    [
      {
        transaction: programmable(
          Array.from({ length: 2049 }, () => ({ pure: new Uint8Array(1) })),
        ),
      },
      /2049 inputs, limit 2048/,
    ],
    [
      {
        transaction: {
          ...programmable([]),
          gasPayment: { owner: SENDER, objects: [{ objectId: SHARED_ID }] },
        },
      },
      `object ${SHARED_ID} is not Immutable or AddressOwned`,
    ],
  ] satisfies [SimulateInput, string | RegExp][])(
    'refuses request %#',
    async (request, message) => {
      await expect(simulateTransaction(request)).rejects.toMatchObject({
        code: 'INVALID_ARGUMENT',
        message: expect.stringMatching(message) as string,
      });
    },
  );

  it('resolves gas objects by id', async () => {
    await simulateTransaction({
      transaction: {
        ...programmable([]),
        gasPayment: { owner: SENDER, objects: [{ objectId: id(0xe1) }] },
      },
    });
    expect(world.ledger.simulations[0]!.gas.payment).toMatchObject([
      { objectId: id(0xe1), version: 3n },
    ]);
  });
});
