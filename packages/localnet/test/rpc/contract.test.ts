/**
 * sui-ledger §2.3 "throws" lines and §17 "Abuse" on the real ledger: whatever it holds, the
 * client's own parsers take the answers; whatever a stranger sends, the answer is a typed error and
 * nothing changes.
 */
import { requestSuiFromFaucetV2 } from '@mysten/sui/faucet';
import { GrpcTypes, SuiGrpcClient } from '@mysten/sui/grpc';
import { Ed25519Keypair } from '@mysten/sui/keypairs/ed25519';
import { Transaction } from '@mysten/sui/transactions';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Localnet, startLocalnet } from '../../src/rpc/start.ts';
import { frame, grpcAnswer, post } from './support/raw.ts';
import { publishSample, type Sample } from './support/sample.ts';

const signer = Ed25519Keypair.fromSecretKey(new Uint8Array(32).fill(8));
const SENDER = signer.toSuiAddress();
const failures: unknown[] = [];

let net: Localnet;
let client: SuiGrpcClient;
let sample: Sample;
beforeAll(async () => {
  net = await startLocalnet(
    { checkpointMs: 0, heartbeatMs: 0 },
    { log: ({ method, error }) => failures.push([method, error]) },
  );
  client = new SuiGrpcClient({ network: 'localnet', baseUrl: net.url });
  await requestSuiFromFaucetV2({ host: net.faucetUrl, recipient: SENDER });
  sample = await publishSample(client, signer);
});
afterAll(async () => {
  await net.close();
  expect(failures).toEqual([]);
});

/** Everything that could have changed, in few words. */
function ledgerState() {
  const { checkpointHeight, epoch } = net.ledger.info();
  return {
    checkpointHeight,
    epoch,
    balance: net.ledger.balance(SENDER, `0x${'2'.padStart(64, '0')}::sui::SUI`).balance,
    board: net.ledger.object(sample.boardId)?.digest,
  };
}

describe('every transaction of the ledger', () => {
  it('is taken by the client, system transactions included', async () => {
    const height = net.ledger.info().checkpointHeight;
    let system = 0;
    for (let sequenceNumber = 0n; sequenceNumber <= height; sequenceNumber++) {
      const { response } = await client.ledgerService.getCheckpoint({
        checkpointId: { oneofKind: 'sequenceNumber', sequenceNumber },
        readMask: { paths: ['*'] },
      });
      const { checkpoint } = response;
      expect(checkpoint?.summary?.timestamp?.seconds).toBeGreaterThan(0n);
      expect(checkpoint?.transactions.length).toBe(checkpoint?.contents?.transactions.length);
      for (const { digest, transaction } of checkpoint!.transactions) {
        const found = await client.getTransaction({
          digest: digest!,
          include: {
            effects: true,
            events: true,
            balanceChanges: true,
            objectTypes: true,
            bcs: true,
          },
        });
        const done = found.Transaction ?? found.FailedTransaction!;
        expect(done.checkpoint).toBe(sequenceNumber.toString());
        expect(done.effects?.transactionDigest).toBe(digest);
        if (transaction?.kind?.data.oneofKind === 'programmableTransaction') {
          await client.getTransaction({ digest: digest!, include: { transaction: true } });
        } else system += 1;
      }
    }
    expect(system).toBeGreaterThan(0);
  });

  it('has every object readable, in every version that it names', async () => {
    const seen = new Set<string>();
    const { responses } = client.ledgerService.listTransactions({
      readMask: { paths: ['effects.changed_objects', 'objects.objects.object_id'] },
    });
    for await (const { transaction } of responses) {
      for (const change of transaction?.effects?.changedObjects ?? []) seen.add(change.objectId!);
    }
    const ids = [...seen];
    const { objects } = await client.getObjects({
      objectIds: ids,
      include: { content: true, json: true, objectBcs: true, previousTransaction: true },
    });
    expect(objects).toHaveLength(ids.length);
    const live = objects.filter((object) => !(object instanceof Error));
    expect(live.length).toBeGreaterThan(5);
  });

  it('has a framework whose every function and type has a descriptor', async () => {
    for (const packageId of ['0x1', '0x2', sample.packageId]) {
      const { response } = await client.movePackageService.getPackage({ packageId });
      expect(response.package!.modules.length).toBeGreaterThan(0);
      for (const module of response.package!.modules) {
        for (const { name } of module.functions.slice(0, 3)) {
          const { function: found } = await client.getMoveFunction({
            packageId,
            moduleName: module.name!,
            name: name!,
          });
          expect(found.parameters.every((p) => p.body.$kind !== 'unknown')).toBe(true);
        }
      }
    }
  });
});

describe('strangers', () => {
  const methods = [
    GrpcTypes.LedgerService,
    GrpcTypes.StateService,
    GrpcTypes.TransactionExecutionService,
    GrpcTypes.MovePackageService,
    GrpcTypes.SignatureVerificationService,
    GrpcTypes.NameService,
  ].flatMap((service) =>
    service.methods.map((method) => ({ path: `/${service.typeName}/${method.name}`, method })),
  );
  const ALLOWED = new Set(['0', '3', '5', '8', '12']);

  async function status(path: string, body: Uint8Array): Promise<string> {
    const { trailers } = await grpcAnswer(await post(net.url, path, body));
    return trailers.get('grpc-status') ?? 'none';
  }

  it('get typed errors for random messages to every method', async () => {
    const before = ledgerState();
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...methods),
        fc.uint8Array({ maxLength: 80 }),
        async ({ path }, bytes) => {
          expect(ALLOWED).toContain(await status(path, frame(bytes)));
        },
      ),
      { numRuns: 400 },
    );
    expect(ledgerState()).toEqual(before);
  });

  it('get typed errors for mutated transactions, executed and simulated', async () => {
    const tx = new Transaction();
    tx.setSender(SENDER);
    tx.moveCall({
      target: `${sample.packageId}::board::write`,
      arguments: [tx.object(sample.boardId), tx.pure.vector('u8', [1])],
    });
    const bytes = await tx.build({ client });
    const { signature } = await signer.signTransaction(bytes);
    const before = ledgerState();
    await fc.assert(
      fc.asyncProperty(
        fc.nat(bytes.length - 1),
        fc.integer({ min: 1, max: 255 }),
        fc.boolean(),
        async (at, flip, execute) => {
          const mutated = bytes.slice();
          mutated[at]! ^= flip;
          const service = client.transactionExecutionService;
          const transaction = { bcs: { value: mutated } };
          const run = execute
            ? service.executeTransaction({
                transaction,
                signatures: [
                  {
                    bcs: { value: Buffer.from(signature, 'base64') },
                    signature: { oneofKind: undefined },
                  },
                ],
              })
            : service.simulateTransaction({ transaction });
          const outcome = await run.then(
            () => 'OK',
            (error: { code: string }) => error.code,
          );
          expect(
            execute ? ['INVALID_ARGUMENT'] : ['OK', 'INVALID_ARGUMENT', 'NOT_FOUND'],
          ).toContain(outcome);
        },
      ),
      { numRuns: 300 },
    );
    expect(ledgerState()).toEqual(before);
  });

  it('get typed errors for mutated messages with holes', async () => {
    const message = GrpcTypes.SimulateTransactionRequest.toBinary(
      GrpcTypes.SimulateTransactionRequest.create({
        transaction: {
          sender: SENDER,
          kind: {
            data: {
              oneofKind: 'programmableTransaction',
              programmableTransaction: {
                inputs: [{ objectId: sample.boardId }, { pure: Uint8Array.of(1, 7) }],
                commands: [
                  {
                    command: {
                      oneofKind: 'moveCall',
                      moveCall: {
                        package: sample.packageId,
                        module: 'board',
                        function: 'write',
                        typeArguments: ['u64', 'vector<0x2::sui::SUI>'],
                        arguments: [
                          { kind: 2, input: 0 },
                          { kind: 3, result: 0, subresult: 1 },
                        ],
                      },
                    },
                  },
                ],
              },
            },
          },
          gasPayment: { objects: [], owner: SENDER, price: 1000n, budget: 50_000_000n },
        },
        doGasSelection: true,
      }),
    );
    const path = '/sui.rpc.v2.TransactionExecutionService/SimulateTransaction';
    const before = ledgerState();
    await fc.assert(
      fc.asyncProperty(
        fc.nat(message.length - 1),
        fc.integer({ min: 1, max: 255 }),
        async (at, flip) => {
          const mutated = message.slice();
          mutated[at]! ^= flip;
          expect(ALLOWED).toContain(await status(path, frame(mutated)));
        },
      ),
      { numRuns: 400 },
    );
    expect(ledgerState()).toEqual(before);
  });

  it('get typed errors for random masks, tokens, cursors and filters', async () => {
    const text = fc.oneof(
      fc.string(),
      fc.constantFrom('*', 'owner.kind', 'effects..', '__proto__', 'a.b.c'),
    );
    await fc.assert(
      fc.asyncProperty(text, fc.uint8Array({ maxLength: 300 }), async (path, bytes) => {
        const outcomes = await Promise.allSettled([
          client.ledgerService.getObject({ objectId: '0x6', readMask: { paths: [path] } }),
          client.stateService.listOwnedObjects({ owner: SENDER, pageToken: bytes }),
          client.stateService.listDynamicFields({ parent: '0x6', pageToken: bytes }),
          client.ledgerService.getTransaction({ digest: path }),
          client.stateService.getBalance({ owner: SENDER, coinType: path }),
          drain(client.ledgerService.listTransactions({ options: { after: bytes } }).responses),
          drain(
            client.ledgerService.listEvents({
              filter: {
                terms: [
                  {
                    literals: [
                      {
                        negated: false,
                        predicate: { oneofKind: 'eventType', eventType: { eventType: path } },
                      },
                    ],
                  },
                ],
              },
            }).responses,
          ),
        ]);
        for (const outcome of outcomes) {
          if (outcome.status === 'fulfilled') continue;
          expect(['INVALID_ARGUMENT', 'NOT_FOUND']).toContain(
            (outcome.reason as { code: string }).code,
          );
        }
      }),
      { numRuns: 100 },
    );
  });
});

async function drain(frames: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of frames);
}
