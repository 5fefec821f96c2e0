/**
 * localnet §6.3, the long lane: random messages and random bytes to every public method,
 * over both protocols. No crash, no state change, always a typed status. The seed is printed by
 * fast-check on failure; `FUZZ_SEED` runs one again.
 */
import { type ClientHttp2Session, connect } from 'node:http2';
import { GrpcTypes } from '@mysten/sui/grpc';
import type { IMessageType } from '@protobuf-ts/runtime';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Localnet, startLocalnet } from '../../src/rpc/start.ts';
import { frame, grpcAnswer, post } from './support/raw.ts';

const RUNS = Number(process.env['FUZZ_RUNS'] ?? 5000);
const SEED = process.env['FUZZ_SEED'];
const PARAMETERS = { numRuns: RUNS, ...(SEED === undefined ? {} : { seed: Number(SEED) }) };
const TIMEOUT_MS = 600_000;
const ALLOWED = ['0', '3', '5', '8', '12'];

let net: Localnet;
let session: ClientHttp2Session;
const failures: unknown[] = [];
let before: unknown;
beforeAll(async () => {
  net = await startLocalnet(
    { accounts: 1, heartbeatMs: 0, checkpointMs: 0 },
    { log: ({ method, error }) => failures.push([method, error]) },
  );
  session = connect(net.url);
  before = state();
});
afterAll(async () => {
  session.close();
  expect(failures).toEqual([]);
  expect(state()).toEqual(before);
  await net.close();
});

function state() {
  const { checkpointHeight, epoch } = net.ledger.info();
  const last = net.ledger.checkpoint('latest')?.networkTotalTransactions;
  return { checkpointHeight, epoch, last, clock: net.ledger.object(CLOCK)?.digest };
}

const CLOCK = `0x${'6'.padStart(64, '0')}`;

const methods = [
  GrpcTypes.LedgerService,
  GrpcTypes.StateService,
  GrpcTypes.TransactionExecutionService,
  GrpcTypes.MovePackageService,
  GrpcTypes.SignatureVerificationService,
  GrpcTypes.NameService,
].flatMap((service) =>
  service.methods.map((method) => ({
    path: `/${service.typeName}/${method.name}`,
    input: method.I as IMessageType<object>,
  })),
);

/** Texts that get past the first check of a field, and ones that should not. */
const text = fc.oneof(
  fc.constantFrom(CLOCK, '0x8', '0x2', 'clock', 'coin', '0x2::coin::Coin', '*', 'owner', '', 'u64'),
  fc.string(),
);

type Field = IMessageType<object>['fields'][number];
type Fields = Record<string, unknown>;

/** A message of a type with some fields, and one of each group, set to values of their kind. */
function message(type: IMessageType<object>, depth = 0): fc.Arbitrary<Fields> {
  const fields: Record<string, fc.Arbitrary<unknown>> = {};
  const groups = new Map<string, fc.Arbitrary<Fields>[]>();
  for (const field of type.fields) {
    const value = fieldValue(field, depth);
    if (value === undefined) continue;
    if (field.oneof === undefined) {
      fields[field.localName] = field.repeat ? fc.array(value, { maxLength: 3 }) : value;
      continue;
    }
    const { localName } = field;
    const choice = value.map((v) => ({ oneofKind: localName, [localName]: v }));
    groups.set(field.oneof, [...(groups.get(field.oneof) ?? []), choice]);
  }
  for (const [name, choices] of groups) fields[name] = fc.oneof(...choices);
  return fc.record(fields, { requiredKeys: [] });
}

const MAX_DEPTH = 8;

function fieldValue(field: Field, depth: number): fc.Arbitrary<unknown> | undefined {
  if (field.kind === 'map') return undefined;
  if (field.kind === 'enum') return fc.integer({ min: 0, max: 9 });
  if (field.kind === 'message') {
    const type = field.T() as IMessageType<object>;
    if (depth >= MAX_DEPTH || !INTERESTING.test(type.typeName)) return undefined;
    return message(type, depth + 1);
  }
  if (field.T === 9) return text;
  if (field.T === 12) return fc.uint8Array({ maxLength: 40 });
  if (field.T === 8) return fc.boolean();
  if (field.T === 4 || field.T === 3) return fc.bigInt({ min: 0n, max: 2n ** 63n - 1n });
  return fc.nat(100_000);
}

/** Requests hold these; the rest of the schema (validators, zkLogin, …) only makes trees larger. */
const INTERESTING = new RegExp(
  [
    'FieldMask|Request|Transaction|Command|Input|Argument|Gas|Reference|Call|Coins|Publish',
    'Upgrade|Vector|Bcs|UserSignature|SimpleSignature|Filter|Term|Literal|QueryOptions',
    'Timestamp|Expiration|Withdrawal',
  ].join('|'),
);

const requests = fc.constantFrom(...methods).chain(({ path, input }) =>
  fc.oneof(
    message(input).map((value) => ({ path, bytes: input.toBinary(input.create(value)) })),
    fc.uint8Array({ maxLength: 120 }).map((bytes) => ({ path, bytes })),
  ),
);

it('answers a typed status over gRPC-web', { timeout: TIMEOUT_MS }, async () => {
  await fc.assert(
    fc.asyncProperty(requests, async ({ path, bytes }) => {
      const { trailers } = await grpcAnswer(await post(net.url, path, frame(bytes)));
      expect(ALLOWED).toContain(trailers.get('grpc-status'));
    }),
    PARAMETERS,
  );
});

it('answers a typed status over native gRPC', { timeout: TIMEOUT_MS }, async () => {
  await fc.assert(
    fc.asyncProperty(requests, async ({ path, bytes }) => {
      expect(ALLOWED).toContain(await nativeStatus(path, frame(bytes)));
    }),
    PARAMETERS,
  );
});

function nativeStatus(path: string, body: Uint8Array): Promise<string | undefined> {
  const headers = { ':method': 'POST', ':path': path, 'content-type': 'application/grpc' };
  const stream = session.request(headers);
  let status: string | undefined;
  const note = (received: Record<string, unknown>) => {
    status ??= received['grpc-status'] as string | undefined;
  };
  return new Promise((resolve, reject) => {
    stream.on('response', note);
    stream.on('trailers', note);
    stream.on('error', reject);
    stream.on('end', () => resolve(status));
    stream.resume();
    stream.end(body);
  });
}
