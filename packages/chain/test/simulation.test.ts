/** Policy evaluation: the message sent and how answers are read (§4.7, sui-ledger.md §8). */
import { GrpcTypes } from '@mysten/sui/grpc';
import { encodePtb, type Ptb, type PtbInput } from '@seal-ts/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { GrpcServerChain } from '../src/index.ts';
import { FakeNode, INVALID_ARGUMENT, NOT_FOUND, Status } from './support/node.ts';

const A = `0x${'a1'.repeat(32)}`;
const ref = { objectId: A, version: 9n, digest: new Uint8Array(32).fill(3) };
const INPUTS: PtbInput[] = [
  { kind: 'pure', bytes: Uint8Array.of(1, 7) },
  { kind: 'immutableOrOwned', ref },
  { kind: 'receiving', ref },
  { kind: 'shared', objectId: A, initialSharedVersion: 4n, mutability: 'mutable' },
  { kind: 'shared', objectId: A, initialSharedVersion: 4n, mutability: 'immutable' },
];
const PTB: Ptb = {
  inputs: INPUTS,
  commands: [
    {
      kind: 'moveCall',
      package: A,
      module: 'm',
      function: 'seal_approve',
      typeArguments: [{ kind: 'vector', element: { kind: 'u8' } }],
      arguments: INPUTS.map((_, index) => ({ kind: 'input', index })),
    },
  ],
};
const REQUEST = {
  ptb: encodePtb(PTB),
  sender: '0xabc',
  gasPrice: 1_000n,
  gasBudget: 500_000_000n,
};

let node: FakeNode;
let chain: GrpcServerChain;
let sent: GrpcTypes.SimulateTransactionRequest | undefined;

beforeEach(() => {
  node = new FakeNode();
  chain = new GrpcServerChain({}, { client: node.client, sleep: async () => {} });
});

function answer(status: Partial<GrpcTypes.ExecutionStatus> | undefined, cost?: bigint): void {
  node.handlers.set('SimulateTransaction', (message) => {
    sent = GrpcTypes.SimulateTransactionRequest.fromBinary(message);
    const effects = GrpcTypes.TransactionEffects.create(
      status === undefined ? {} : { status: GrpcTypes.ExecutionStatus.create(status) },
    );
    if (cost !== undefined) {
      effects.gasUsed = GrpcTypes.GasCostSummary.create({ computationCost: cost });
    }
    const transaction = GrpcTypes.ExecutedTransaction.create({ effects });
    return GrpcTypes.SimulateTransactionResponse.toBinary({ transaction, commandOutputs: [] });
  });
}

const failed = (error: Partial<GrpcTypes.ExecutionError>): Partial<GrpcTypes.ExecutionStatus> => ({
  success: false,
  error: GrpcTypes.ExecutionError.create(error),
});

describe('the request', () => {
  it('is a message without bcs, versions and digests, kinds kept', async () => {
    answer({ success: true }, 5n);
    expect(await chain.simulate(REQUEST)).toEqual({ ok: true, computationCost: 5n });
    expect(sent?.transaction?.bcs).toBeUndefined();
    expect(sent?.readMask?.paths).toEqual([
      'transaction.effects.status',
      'transaction.effects.gas_used',
    ]);
    expect(sent?.checks).toBeUndefined();
    expect(sent?.doGasSelection).toBeUndefined();
    const sender = `0x${'abc'.padStart(64, '0')}`;
    expect(sent?.transaction?.sender).toBe(sender);
    expect(sent?.transaction?.gasPayment).toEqual({
      objects: [],
      owner: sender,
      price: 1_000n,
      budget: 500_000_000n,
    });
    const data = sent?.transaction?.kind?.data;
    if (data?.oneofKind !== 'programmableTransaction') throw new Error('wrong kind');
    const Kind = GrpcTypes.Input_InputKind;
    expect(data.programmableTransaction.inputs).toEqual([
      { kind: Kind.PURE, pure: Uint8Array.of(1, 7) },
      { kind: Kind.IMMUTABLE_OR_OWNED, objectId: A },
      { kind: Kind.RECEIVING, objectId: A },
      { kind: Kind.SHARED, objectId: A, mutable: true },
      { kind: Kind.SHARED, objectId: A, mutable: false },
    ]);
    expect(data.programmableTransaction.commands).toEqual([
      {
        command: {
          oneofKind: 'moveCall',
          moveCall: {
            package: A,
            module: 'm',
            function: 'seal_approve',
            typeArguments: ['vector<u8>'],
            arguments: [0, 1, 2, 3, 4].map((input) => ({
              kind: GrpcTypes.Argument_ArgumentKind.INPUT,
              input,
            })),
          },
        },
      },
    ]);
  });

  it('refuses what is not a transaction of Move calls, before asking', async () => {
    const bad = { ...REQUEST, ptb: Uint8Array.of(255) };
    await expect(chain.simulate(bad)).rejects.toMatchObject({ code: 'MALFORMED' });
    const transfer: Ptb = {
      inputs: [],
      commands: [{ kind: 'transferObjects', objects: [], address: { kind: 'gasCoin' } }],
    };
    const other = { ...REQUEST, ptb: encodePtb(transfer) };
    await expect(chain.simulate(other)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    expect(node.calls).toEqual([]);
  });
});

describe('the outcome', () => {
  it('carries an abort with its place and constant', async () => {
    const location = GrpcTypes.MoveLocation.create({
      package: '0x2',
      module: 'time',
      functionName: 'check_staleness',
    });
    const abort = GrpcTypes.MoveAbort.create({
      abortCode: 93492n,
      location,
      cleverError: GrpcTypes.CleverError.create({ constantName: 'EStaleFullnode' }),
    });
    answer(
      failed({
        kind: GrpcTypes.ExecutionError_ExecutionErrorKind.MOVE_ABORT,
        description: 'aborted',
        errorDetails: { oneofKind: 'abort', abort },
      }),
    );
    expect(await chain.simulate(REQUEST)).toEqual({
      ok: false,
      kind: 'MOVE_ABORT',
      description: 'aborted',
      abort: {
        package: `0x${'2'.padStart(64, '0')}`,
        module: 'time',
        function: 'check_staleness',
        code: 93492n,
        constantName: 'EStaleFullnode',
      },
    });
  });

  it('falls back to the kind when there is no description', async () => {
    const kind = GrpcTypes.ExecutionError_ExecutionErrorKind.FUNCTION_NOT_FOUND;
    answer(failed({ kind }));
    expect(await chain.simulate(REQUEST)).toEqual({
      ok: false,
      kind: 'FUNCTION_NOT_FOUND',
      description: 'FunctionNotFound',
    });
  });

  it('never takes a failure for success', async () => {
    answer({ success: false }, 1n);
    expect(await chain.simulate(REQUEST)).toMatchObject({ ok: false });
    const kind = GrpcTypes.ExecutionError_ExecutionErrorKind.MOVE_ABORT;
    answer({ success: true, error: GrpcTypes.ExecutionError.create({ kind }) }, 1n);
    expect(await chain.simulate(REQUEST)).toMatchObject({ ok: false });
  });

  it.each<[string, Partial<GrpcTypes.ExecutionStatus> | undefined]>([
    ['no status', undefined],
    ['an empty status', {}],
    ['success without gas', { success: true }],
  ])('is MALFORMED with %s', async (_name, status) => {
    answer(status);
    await expect(chain.simulate(REQUEST)).rejects.toMatchObject({ code: 'MALFORMED' });
  });

  it.each([
    [NOT_FOUND, 'NOT_FOUND'],
    [INVALID_ARGUMENT, 'INVALID_ARGUMENT'],
  ])('tells status %i apart', async (status, code) => {
    node.handlers.set('SimulateTransaction', () => {
      throw new Status(status, 'Object 0x5 not found');
    });
    await expect(chain.simulate(REQUEST)).rejects.toMatchObject({
      code,
      message: expect.stringContaining('Object 0x5 not found'),
    });
    expect(node.calls).toHaveLength(1);
  });
});
