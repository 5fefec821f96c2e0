/** sui-ledger §2.3 SubscriptionService: order, filters, watermarks, cancellation, slow readers. */
import { GrpcTypes } from '@mysten/sui/grpc';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  MAX_WAITING_CHECKPOINTS,
  subscriptionService,
} from '../../src/rpc/services/subscriptions.ts';
import { eventOf, FakeLedger } from './support/fake-ledger.ts';
import { ALICE, BOB, PACKAGE } from './support/values.ts';
import { populated, serve, type World } from './support/world.ts';

let world: World;
beforeAll(async () => {
  world = await serve(populated());
});
afterAll(async () => {
  await world.close();
  expect(world.failures).toEqual([]);
});

async function until(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 200 && !condition(); i++) await new Promise((r) => setTimeout(r, 5));
  expect(condition()).toBe(true);
}

async function runTransaction(sender: string): Promise<void> {
  const bytes = world.ledger.encodeTransaction({
    kind: { kind: 'programmable', inputs: [], commands: [] },
    sender,
    gasData: {
      payment: [],
      owner: sender,
      price: 1n,
      budget: BigInt(world.ledger.executed.length),
    },
    expiration: { kind: 'none' },
  });
  await world.ledger.execute(bytes, []);
}

it('sends checkpoints in order and stops when the client goes away', async () => {
  const abort = new AbortController();
  const call = world.client.subscriptionService.subscribeCheckpoints(
    { readMask: { paths: ['sequence_number', 'digest'] } },
    { abort: abort.signal },
  );
  const frames = call.responses[Symbol.asyncIterator]();
  const first = frames.next();
  await until(() => world.ledger.listenerCount === 1);
  const made = [1, 2, 3].map(() => world.ledger.createCheckpoint());
  const seen = [await first, await frames.next(), await frames.next()].map((f) => f.value);
  expect(seen.map((f) => f?.cursor)).toEqual(made.map((c) => c.sequenceNumber));
  expect(seen.map((f) => f?.checkpoint?.digest)).toEqual(made.map((c) => c.digest));
  abort.abort();
  await expect(frames.next()).rejects.toMatchObject({ code: 'CANCELLED' });
  await until(() => world.ledger.listenerCount === 0);
});

it('filters transactions and sends a watermark when nothing matches', async () => {
  const abort = new AbortController();
  const call = world.client.subscriptionService.subscribeTransactions(
    {
      readMask: { paths: ['digest', 'transaction.sender'] },
      filter: {
        terms: [
          {
            literals: [
              { negated: false, predicate: { oneofKind: 'sender', sender: { address: ALICE } } },
            ],
          },
        ],
      },
    },
    { abort: abort.signal },
  );
  const frames = call.responses[Symbol.asyncIterator]();
  const first = frames.next();
  await until(() => world.ledger.listenerCount === 1);
  await runTransaction(BOB);
  const nothing = world.ledger.createCheckpoint();
  await runTransaction(ALICE);
  world.ledger.createCheckpoint();
  const empty = (await first).value;
  expect(empty.transaction).toBeUndefined();
  expect(empty.watermark?.checkpoint).toBe(nothing.sequenceNumber);
  const found = (await frames.next()).value;
  expect(found?.transaction?.transaction?.sender).toBe(ALICE);
  expect(found?.watermark?.cursor?.length).toBeGreaterThan(0);
  abort.abort();
  await frames.next().catch(() => undefined);
  await until(() => world.ledger.listenerCount === 0);
});

it('sends events with their place', async () => {
  world.ledger.events = [eventOf(PACKAGE, ALICE), eventOf(PACKAGE, ALICE)];
  const abort = new AbortController();
  const call = world.client.subscriptionService.subscribeEvents(
    { readMask: { paths: ['event_type', 'event_index'] } },
    { abort: abort.signal },
  );
  const frames = call.responses[Symbol.asyncIterator]();
  const first = frames.next();
  await until(() => world.ledger.listenerCount === 1);
  await runTransaction(ALICE);
  world.ledger.createCheckpoint();
  const indices = [(await first).value, (await frames.next()).value].map(
    (f) => f?.event?.eventIndex,
  );
  expect(indices).toEqual([0, 1]);
  abort.abort();
  await frames.next().catch(() => undefined);
  await until(() => world.ledger.listenerCount === 0);
});

it('drops a reader that falls too far behind, and no sooner', async () => {
  const ledger = new FakeLedger();
  const { signal } = new AbortController();
  const request = GrpcTypes.SubscribeCheckpointsRequest.create();
  const read = async (checkpoints: number) => {
    const frames = subscriptionService(ledger)
      .subscribeCheckpoints(request, { signal })
      [Symbol.asyncIterator]();
    const first = frames.next();
    for (let i = 0; i < checkpoints; i++) ledger.createCheckpoint();
    await first;
    for (let i = 1; i < Math.min(checkpoints, MAX_WAITING_CHECKPOINTS); i++) await frames.next();
    return frames;
  };
  const patient = await read(MAX_WAITING_CHECKPOINTS);
  const next = patient.next();
  ledger.createCheckpoint();
  expect((await next).done).toBe(false);
  const late = await read(MAX_WAITING_CHECKPOINTS + 1);
  await expect(late.next()).rejects.toMatchObject({ code: 'RESOURCE_EXHAUSTED' });
});

it('ends streams when the server stops', async () => {
  const other = await serve(populated());
  const call = other.client.subscriptionService.subscribeCheckpoints({});
  const next = call.responses[Symbol.asyncIterator]().next();
  next.catch(() => undefined);
  await until(() => other.ledger.listenerCount === 1);
  const started = performance.now();
  await other.close();
  await expect(next).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  expect(performance.now() - started).toBeLessThan(1000);
  expect(other.ledger.listenerCount).toBe(0);
});
