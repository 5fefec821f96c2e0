/** Pages of the node's event list (sui-ledger.md §2.3) on real gRPC-web frames. */
import { GrpcTypes } from '@mysten/sui/grpc';
import { beforeEach, describe, expect, it } from 'vitest';
import { GrpcServerChain, MAX_EVENT_PAGE } from '../src/index.ts';
import { FakeNode, INVALID_ARGUMENT, Status, UNAVAILABLE } from './support/node.ts';

const TYPE = `0x${'a1'.repeat(32)}::seal_committee::CommitteeRotationInitiated`;
const at = (position: number): Uint8Array => Uint8Array.of(0xc0, position);
const event = (position: number) => ({
  event: GrpcTypes.Event.create({ contents: { value: Uint8Array.of(position) } }),
  watermark: { cursor: at(position) },
});

let node: FakeNode;
let chain: GrpcServerChain;
let asked: GrpcTypes.ListEventsRequest[];

beforeEach(() => {
  node = new FakeNode();
  chain = new GrpcServerChain({}, { client: node.client, sleep: async () => {} });
  asked = [];
});

function answer(...frames: Parameters<typeof GrpcTypes.ListEventsResponse.create>[0][]): void {
  node.handlers.set('ListEvents', (message) => {
    asked.push(GrpcTypes.ListEventsRequest.fromBinary(message));
    return frames.map((frame) =>
      GrpcTypes.ListEventsResponse.toBinary(GrpcTypes.ListEventsResponse.create(frame)),
    );
  });
}

describe('events', () => {
  it('come in ledger order after the cursor, with the cursor of the last frame', async () => {
    answer(event(4), { watermark: { cursor: at(5) } }, event(6), { end: { reason: 5 } });
    const page = await chain.events({ eventType: TYPE, page: 'next', cursor: at(3) });
    expect(page).toEqual({ contents: [Uint8Array.of(4), Uint8Array.of(6)], cursor: at(6) });
    const [{ options, filter, readMask } = {}] = asked;
    expect(options).toMatchObject({ limit: MAX_EVENT_PAGE, after: at(3), ordering: 0 });
    expect(readMask?.paths).toEqual(['contents']);
    expect(filter?.terms[0]?.literals[0]).toMatchObject({
      negated: false,
      predicate: { eventType: { eventType: TYPE } },
    });
  });

  it('keep the cursor when nothing was scanned', async () => {
    answer({ end: { reason: 5 } });
    const page = await chain.events({ eventType: TYPE, page: 'next', cursor: at(3) });
    expect(page).toEqual({ contents: [], cursor: at(3) });
  });

  it('start at the latest one', async () => {
    answer(event(9), { end: { reason: 1 } });
    expect((await chain.events({ eventType: TYPE, page: 'latest' })).cursor).toEqual(at(9));
    expect(asked[0]?.options).toEqual({ limit: 1, ordering: GrpcTypes.Ordering.DESCENDING });
  });

  it('are refused without contents, and beyond the size of a page', async () => {
    answer({ event: GrpcTypes.Event.create({}) });
    const query = { eventType: TYPE, page: 'next' } as const;
    await expect(chain.events(query)).rejects.toMatchObject({ code: 'MALFORMED' });
    answer(...Array.from({ length: MAX_EVENT_PAGE }, (_, i) => event(i)));
    expect((await chain.events(query)).contents).toHaveLength(MAX_EVENT_PAGE);
    answer(...Array.from({ length: MAX_EVENT_PAGE + 1 }, (_, i) => event(i)));
    await expect(chain.events(query)).rejects.toMatchObject({ code: 'MALFORMED' });
  });

  it.each([
    [INVALID_ARGUMENT, 'INVALID_ARGUMENT', 1],
    [UNAVAILABLE, 'UNAVAILABLE', 3],
  ])('status %i is %s after %i attempts', async (status, code, attempts) => {
    node.handlers.set('ListEvents', () => {
      throw new Status(status, 'no');
    });
    const failing = chain.events({ eventType: TYPE, page: 'next' });
    await expect(failing).rejects.toMatchObject({ code });
    expect(node.calls).toHaveLength(attempts);
  });

  it('of a node without the list fail once, with the status that says so', async () => {
    const failing = chain.events({ eventType: TYPE, page: 'latest' });
    await expect(failing).rejects.toMatchObject({ code: 'RPC', grpcStatus: 'UNIMPLEMENTED' });
    expect(node.calls).toHaveLength(1);
  });
});
