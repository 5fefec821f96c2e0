/** The whole stack in one process: official client, RPC, ledger, Move (localnet §4 acceptance). */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bcs } from '@mysten/sui/bcs';
import { requestSuiFromFaucetV2 } from '@mysten/sui/faucet';
import { GrpcTypes, SuiGrpcClient } from '@mysten/sui/grpc';
import { Ed25519Keypair } from '@mysten/sui/keypairs/ed25519';
import { Transaction } from '@mysten/sui/transactions';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Localnet, LocalnetOptionError, startLocalnet } from '../../src/rpc/start.ts';
import { publishSample, type Sample } from './support/sample.ts';
import { id } from './support/values.ts';

const signer = Ed25519Keypair.fromSecretKey(new Uint8Array(32).fill(7));
const SENDER = signer.toSuiAddress();
const failures: unknown[] = [];

let net: Localnet;
let client: SuiGrpcClient;
let sample: Sample;
beforeAll(async () => {
  net = await startLocalnet(
    { accounts: 1, seed: new Uint8Array(32).fill(1), checkpointMs: 20 },
    { log: ({ error }) => failures.push(error) },
  );
  client = new SuiGrpcClient({ network: 'localnet', baseUrl: net.url });
  await requestSuiFromFaucetV2({ host: net.faucetUrl, recipient: SENDER });
  sample = await publishSample(client, signer);
});
afterAll(async () => {
  await net.close();
  await net.close();
  expect(failures).toEqual([]);
});

type Arguments = Parameters<Transaction['moveCall']>[0]['arguments'];

function call(name: string, build: (tx: Transaction) => Arguments): Transaction {
  const tx = new Transaction();
  tx.setSenderIfNotSet(SENDER);
  tx.moveCall({ target: `${sample.packageId}::board::${name}`, arguments: build(tx) ?? [] });
  return tx;
}

const text = (value: string) => bcs.vector(bcs.u8()).serialize(Buffer.from(value));

async function run(transaction: Transaction) {
  const result = await client.signAndExecuteTransaction({
    transaction,
    signer,
    include: {
      effects: true,
      events: true,
      objectTypes: true,
      balanceChanges: true,
      transaction: true,
      bcs: true,
    },
  });
  const done = result.Transaction ?? result.FailedTransaction!;
  await client.waitForTransaction({ digest: done.digest });
  return done;
}

describe('a transaction', () => {
  it('mutates a shared object, emits an event, and is found everywhere', async () => {
    const done = await run(call('write', (tx) => [tx.object(sample.boardId), tx.pure(text('hi'))]));
    expect(done.status).toEqual({ success: true, error: null });
    expect(done.events).toMatchObject([
      {
        packageId: sample.packageId,
        module: 'board',
        sender: SENDER,
        eventType: `${sample.packageId}::board::Written`,
        json: { board: sample.boardId, text: Buffer.from('hi').toString('base64') },
      },
    ]);
    const { object } = await client.getObject({
      objectId: sample.boardId,
      include: { json: true, content: true, objectBcs: true, previousTransaction: true },
    });
    expect(object.json).toEqual({ id: sample.boardId, notes: '1' });
    expect(object.previousTransaction).toBe(done.digest);
    expect(object.version).toBe(done.effects!.lamportVersion);
    const changed = done.effects!.changedObjects.find((c) => c.objectId === sample.boardId);
    expect(changed).toMatchObject({ outputDigest: object.digest, outputVersion: object.version });

    net.ledger.createCheckpoint();
    const listed = await client.listTransactions({ filter: { sender: SENDER } });
    const digests = listed.transactions.map((t) => (t.Transaction ?? t.FailedTransaction)!.digest);
    expect(digests).toContain(done.digest);
    const events = await client.listEvents({
      filter: { eventType: `${sample.packageId}::board::Written` },
    });
    expect(events.events[0]).toMatchObject({ transactionDigest: done.digest, eventIndex: 0 });
    const byModule = await client.listEvents({
      filter: { emitModule: `${sample.packageId}::board` },
    });
    expect(byModule.events).toHaveLength(1);
    const byCall = await client.listTransactions({
      filter: { function: `${sample.packageId}::board::write` },
    });
    expect(byCall.transactions).toHaveLength(1);
  });

  it('answers the same when it is executed again', async () => {
    const tx = call('write', (tx) => [tx.object(sample.boardId), tx.pure(text('twice'))]);
    const bytes = await tx.build({ client });
    const { signature } = await signer.signTransaction(bytes);
    const execute = () =>
      client.executeTransaction({
        transaction: bytes,
        signatures: [signature],
        include: { effects: true },
      });
    const [first, second] = [await execute(), await execute()];
    expect(second.Transaction!.effects).toEqual(first.Transaction!.effects);
  });

  it('has dynamic fields of both kinds', async () => {
    const name = bcs.u64().serialize(2);
    const done = await run(
      call('pin', (tx) => [tx.object(sample.boardId), tx.pure(name), tx.pure(text('note'))]),
    );
    expect(done.status.success).toBe(true);
    const { dynamicFields } = await client.listDynamicFields({ parentId: sample.boardId });
    expect(dynamicFields.map((f) => f.$kind).sort()).toEqual(['DynamicField', 'DynamicObject']);
    const field = await client.getDynamicField({
      parentId: sample.boardId,
      name: { type: 'u64', bcs: name.toBytes() },
    });
    expect(field.dynamicField.value.bcs).toEqual(text('note').toBytes());
    const child = await client.getDynamicObjectField({
      parentId: sample.boardId,
      name: { type: 'u64', bcs: name.toBytes() },
      include: { content: true },
    });
    expect(child.object.type).toBe(`${sample.packageId}::board::Note`);
    const listedChild = dynamicFields.find((f) => f.$kind === 'DynamicObject')!;
    expect(listedChild.childId).toBe(child.object.objectId);
    expect(listedChild.valueType).toBe(child.object.type);
  });

  it('receives an object that was sent to an object', async () => {
    const make = new Transaction();
    const parent = make.moveCall({
      target: `${sample.packageId}::board::note`,
      arguments: [make.pure(text('parent'))],
    });
    make.transferObjects([parent], SENDER);
    const made = await run(make);
    const parentId = Object.entries(made.objectTypes!).find(([, t]) => t.endsWith('Note'))![0];
    const send = new Transaction();
    const sent = send.moveCall({
      target: `${sample.packageId}::board::note`,
      arguments: [send.pure(text('child'))],
    });
    send.transferObjects([sent], parentId);
    const childId = Object.entries((await run(send)).objectTypes!).find(([, t]) =>
      t.endsWith('Note'),
    )![0];
    const receive = new Transaction();
    const received = receive.moveCall({
      target: `${sample.packageId}::board::accept`,
      arguments: [receive.object(parentId), receive.object(childId)],
    });
    receive.transferObjects([received], SENDER);
    const done = await run(receive);
    expect(done.status.success).toBe(true);
    expect((await client.getObject({ objectId: childId })).object.owner).toEqual({
      $kind: 'AddressOwner',
      AddressOwner: SENDER,
    });
  });

  it('costs what its simulation said', async () => {
    const make = () => call('write', (tx) => [tx.object(sample.boardId), tx.pure(text('law'))]);
    const tx = make();
    const bytes = await tx.build({ client });
    const simulated = await client.simulateTransaction({
      transaction: bytes,
      include: { effects: true, events: true },
    });
    const { signature } = await signer.signTransaction(bytes);
    const executed = await client.executeTransaction({
      transaction: bytes,
      signatures: [signature],
      include: { effects: true, events: true },
    });
    expect(executed.Transaction!.effects).toEqual(simulated.Transaction!.effects);
    expect(executed.Transaction!.events).toEqual(simulated.Transaction!.events);
    expect(executed.Transaction!.digest).toBe(simulated.Transaction!.digest);
  });
});

describe('simulation', () => {
  it('answers return values without changing anything', async () => {
    const before = net.ledger.object(sample.boardId)!.version;
    const tx = call('notes', (tx) => [tx.object(sample.boardId)]);
    const result = await client.simulateTransaction({
      transaction: tx,
      include: { commandResults: true },
    });
    const notes = bcs.u64().parse(result.commandResults![0]!.returnValues[0]!.bcs);
    expect(BigInt(notes)).toBeGreaterThan(0n);
    expect(net.ledger.object(sample.boardId)!.version).toBe(before);
  });

  it('shows plain and clever aborts', async () => {
    const abort = async (name: string) => {
      const tx = call(name, (tx) => [tx.pure.bool(false)]);
      const { FailedTransaction } = await client.simulateTransaction({
        transaction: tx,
        include: { effects: true },
      });
      return FailedTransaction!.status.error!;
    };
    const plain = await abort('plain');
    expect(plain.MoveAbort).toMatchObject({
      abortCode: '7',
      location: { package: sample.packageId, module: 'board', functionName: 'plain' },
    });
    const clever = await abort('clever');
    expect(clever.message).toContain('the door is closed');
    expect(clever.MoveAbort?.cleverError?.constantName).toBe('EClever');
  });

  it('runs the form that key servers send', async () => {
    const { InputKind } = { InputKind: GrpcTypes.Input_InputKind };
    const simulate = (id: number[], inputs: Partial<GrpcTypes.Input> = {}) =>
      client.transactionExecutionService.simulateTransaction({
        transaction: {
          sender: SENDER,
          gasPayment: { objects: [], owner: SENDER, price: 1000n, budget: 500_000_000n },
          kind: {
            data: {
              oneofKind: 'programmableTransaction',
              programmableTransaction: {
                inputs: [
                  { kind: InputKind.PURE, pure: bcs.vector(bcs.u8()).serialize(id).toBytes() },
                  { kind: InputKind.SHARED, objectId: sample.boardId, ...inputs },
                ],
                commands: [
                  {
                    command: {
                      oneofKind: 'moveCall',
                      moveCall: {
                        package: sample.packageId,
                        module: 'board',
                        function: 'seal_approve',
                        typeArguments: [],
                        arguments: [
                          { kind: 2, input: 0 },
                          { kind: 2, input: 1 },
                        ],
                      },
                    },
                  },
                ],
              },
            },
          },
        },
        readMask: { paths: ['transaction.effects.status', 'transaction.effects.gas_used'] },
      });
    const approved = (await simulate([1])).response.transaction?.effects;
    expect(approved?.status?.success).toBe(true);
    expect(approved?.gasUsed?.computationCost).toBeGreaterThan(0n);
    const refused = (await simulate([])).response.transaction?.effects?.status;
    expect(refused).toMatchObject({
      success: false,
      error: {
        kind: GrpcTypes.ExecutionError_ExecutionErrorKind.MOVE_ABORT,
        errorDetails: { abort: { abortCode: 7n, location: { functionName: 'seal_approve' } } },
      },
    });
    await expect(simulate([1], { objectId: id(404) })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(simulate([1], { objectId: sample.capId })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
  });
});

describe('rejections', () => {
  it('of wrong signatures leave no record', async () => {
    const tx = call('write', (tx) => [tx.object(sample.boardId), tx.pure(text('no'))]);
    const bytes = await tx.build({ client });
    const other = new Ed25519Keypair();
    const { signature } = await other.signTransaction(bytes);
    const refused = (signatures: string[]) =>
      expect(client.executeTransaction({ transaction: bytes, signatures })).rejects;
    await refused([signature]).toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: expect.stringMatching(/^Invalid user signature: /) as string,
    });
    await refused([]).toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: expect.stringContaining('Expect 1 signer signatures but got 0') as string,
    });
    await refused(['AA==']).toMatchObject({ code: 'INVALID_ARGUMENT' });
    await expect(client.getTransaction({ digest: await tx.getDigest() })).rejects.toThrow(
      /not found/i,
    );
  });

  it('of stale objects name them', async () => {
    const coins = await client.listCoins({ owner: SENDER });
    const coin = coins.objects[0]!;
    const stale = new Transaction();
    stale.setSender(SENDER);
    stale.setGasPrice(1000);
    stale.setGasBudget(10_000_000);
    stale.setGasPayment([{ objectId: coin.objectId, version: coin.version, digest: coin.digest }]);
    stale.transferObjects([stale.splitCoins(stale.gas, [1])], SENDER);
    const bytes = await stale.build();
    await run(call('write', (tx) => [tx.object(sample.boardId), tx.pure(text('first'))]));
    const { signature } = await signer.signTransaction(bytes);
    await expect(
      client.executeTransaction({ transaction: bytes, signatures: [signature] }),
    ).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: expect.stringMatching(
        /^Transaction execution failed due to issues with transaction inputs.*Object ID 0x[0-9a-f]{64} Version \d+ Digest \w+ is not available for consumption, current version: \d+\.$/,
      ) as string,
    });
  });
});

describe('the system state', () => {
  it('is an object with the type, id and version that clients know', async () => {
    const { object } = await client.getObject({ objectId: '0x5', include: { json: true } });
    expect(object).toMatchObject({
      type: `${id(3)}::sui_system::SuiSystemState`,
      owner: { $kind: 'Shared', Shared: { initialSharedVersion: '1' } },
      json: { id: id(5), version: '2' },
    });
    const { systemState } = await client.getCurrentSystemState();
    expect(systemState.systemStateVersion).toBe('2');
    const before = BigInt(object.version);
    const { epoch } = net.ledger.advanceEpoch();
    const { object: after } = await client.getObject({ objectId: '0x5' });
    expect(BigInt(after.version)).toBe(before + 1n);
    const next = await client.getCurrentSystemState();
    expect(next.systemState.epoch).toBe(String(epoch));
  });
});

describe('the start', () => {
  it('is reproducible from a seed and has funded accounts', async () => {
    const options = { accounts: 2, seed: new Uint8Array(32).fill(9) };
    const [one, two] = await Promise.all([startLocalnet(options), startLocalnet(options)]);
    expect(one.accounts).toEqual(two.accounts);
    const account = one.accounts[0]!;
    const keypair = Ed25519Keypair.fromSecretKey(account.secretKey);
    expect(keypair.toSuiAddress()).toBe(account.address);
    const other = new SuiGrpcClient({ network: 'localnet', baseUrl: one.url });
    const { balance } = await other.getBalance({ owner: account.address });
    expect(balance.balance).toBe('1000000000000');
    await Promise.all([one.close(), two.close()]);
  });

  it('goes on where it stopped, with the seed of the chain and accounts that can pay', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'seal-localnet-test-'));
    const one = await startLocalnet({ dataDir });
    const height = one.ledger.createCheckpoint().sequenceNumber;
    await one.close();
    const two = await startLocalnet({ dataDir, accounts: 1 });
    expect(two.chainId).toBe(one.chainId);
    expect(two.ledger.info().checkpointHeight).toBeGreaterThanOrEqual(height);
    const { balance } = two.ledger.balance(two.accounts[0]!.address, `${id(2)}::sui::SUI`);
    expect(balance).toBe(1_000_000_000_000n);
    await two.close();
    const other = startLocalnet({ dataDir, seed: new Uint8Array(32) });
    await expect(other).rejects.toThrow('made with another seed');
    rmSync(dataDir, { recursive: true });
  });

  it('ends epochs in time when asked to', async () => {
    const quick = await startLocalnet({ epochMs: 1000 });
    await new Promise((resolve) => setTimeout(resolve, 1200));
    expect(quick.ledger.info().epoch).toBe(1n);
    await quick.close();
  });

  it.each([
    { accounts: -1 },
    { accounts: 101 },
    { accounts: 1.5 },
    { epochMs: 999 },
    { port: 65_536 },
    { adminPort: -1 },
    { faucetPort: 1.5 },
    { checkpointMs: -1 },
    { checkpointMs: 2 ** 31 },
    { heartbeatMs: Number.NaN },
    { seed: new Uint8Array(31) },
  ])('refuses %j', async (options) => {
    await expect(startLocalnet(options)).rejects.toBeInstanceOf(LocalnetOptionError);
  });
});
