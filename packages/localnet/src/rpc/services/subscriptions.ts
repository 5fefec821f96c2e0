/**
 * SubscriptionService: checkpoints, transactions and events as they are made (spec sui-ledger
 * §2.3).
 *
 * A subscriber gets every checkpoint in order and without gaps, or its stream ends with an error:
 * what waits for a slow reader is bounded. Transactions and events are read back through the
 * listings, so filters and cursors mean the same there and here.
 */
import type { GrpcTypes } from '@mysten/sui/grpc';
import type { PartialMessage } from '@protobuf-ts/runtime';
import type { Checkpoint, LedgerApi } from '../../ledger/api.ts';
import { MAX_PAGE_SIZE } from '../arguments.ts';
import type { CallContext, StreamHandler } from '../dispatcher.ts';
import { masks } from '../masks/project.ts';
import { renderCheckpoint } from '../render/checkpoint.ts';
import { RpcError } from '../transport/status.ts';
import { eventFilter, transactionFilter } from './filters.ts';
import { eventFrame, transactionFrame } from './listings.ts';

/** Checkpoints that may wait for one reader. */
export const MAX_WAITING_CHECKPOINTS = 256;

type Source = Pick<LedgerApi, 'onCheckpoint'>;

/** Handlers of SubscriptionService over a ledger. */
export function subscriptionService(ledger: LedgerApi) {
  return {
    subscribeCheckpoints: subscribeCheckpoints(ledger),
    subscribeTransactions: subscribeTransactions(ledger),
    subscribeEvents: subscribeEvents(ledger),
  };
}

/** New checkpoints until the signal; ends with RESOURCE_EXHAUSTED when the reader falls behind. */
async function* newCheckpoints(source: Source, signal: AbortSignal): AsyncIterable<Checkpoint> {
  const waiting: Checkpoint[] = [];
  let overflow = false;
  let wake = () => {};
  const unsubscribe = source.onCheckpoint((checkpoint) => {
    if (waiting.length >= MAX_WAITING_CHECKPOINTS) overflow = true;
    else waiting.push(checkpoint);
    wake();
  });
  const onAbort = () => wake();
  signal.addEventListener('abort', onAbort);
  try {
    while (!signal.aborted) {
      const next = waiting.shift();
      if (next !== undefined) {
        yield next;
      } else if (overflow) {
        throw new RpcError('RESOURCE_EXHAUSTED', 'the subscriber is too slow, subscribe again');
      } else {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
  } finally {
    unsubscribe();
    signal.removeEventListener('abort', onAbort);
  }
}

function subscribeCheckpoints(
  ledger: LedgerApi,
): StreamHandler<GrpcTypes.SubscribeCheckpointsRequest, GrpcTypes.SubscribeCheckpointsResponse> {
  return (request, context) => {
    const mask = masks.checkpoint(request.readMask);
    const filter = transactionFilter(request.filter);
    return (async function* () {
      for await (const checkpoint of newCheckpoints(ledger, context.signal)) {
        const wanted = filter && digestsIn(ledger, checkpoint, filter);
        yield {
          cursor: checkpoint.sequenceNumber,
          checkpoint: renderCheckpoint(
            checkpoint,
            mask,
            ledger,
            (record) => wanted?.has(record.digest) ?? true,
          ),
        };
      }
    })();
  };
}

function digestsIn(
  ledger: LedgerApi,
  checkpoint: Checkpoint,
  filter: NonNullable<ReturnType<typeof transactionFilter>>,
): Set<string> {
  const digests = new Set<string>();
  for (const { item } of scanCheckpoint(checkpoint, (bounds) =>
    ledger.listTransactions({ ...bounds, filter }),
  )) {
    digests.add(item.digest);
  }
  return digests;
}

interface Bounds {
  startCheckpoint: bigint;
  endCheckpoint: bigint;
  after?: string;
  limit: number;
}
interface Found<T> {
  items: readonly { cursor: string; item: T }[];
}

/** Everything that a listing finds inside one checkpoint, page by page. */
function* scanCheckpoint<T>(
  { sequenceNumber }: Checkpoint,
  list: (bounds: Bounds) => Found<T>,
): Iterable<{ cursor: string; item: T }> {
  const bounds: Bounds = {
    startCheckpoint: sequenceNumber,
    endCheckpoint: sequenceNumber,
    limit: MAX_PAGE_SIZE,
  };
  for (;;) {
    const { items } = list(bounds);
    yield* items;
    if (items.length < MAX_PAGE_SIZE) return;
    bounds.after = items.at(-1)!.cursor;
  }
}

function subscribeTransactions(
  ledger: LedgerApi,
): StreamHandler<GrpcTypes.SubscribeTransactionsRequest, GrpcTypes.SubscribeTransactionsResponse> {
  return (request, context) => {
    const mask = masks.transaction(request.readMask);
    const filter = transactionFilter(request.filter);
    return perCheckpoint(ledger, context, (checkpoint) =>
      mapped(
        scanCheckpoint(checkpoint, (bounds) => ledger.listTransactions({ ...bounds, filter })),
        ({ item, cursor }) => transactionFrame(item, cursor, mask, ledger),
      ),
    );
  };
}

function subscribeEvents(
  ledger: LedgerApi,
): StreamHandler<GrpcTypes.SubscribeEventsRequest, GrpcTypes.SubscribeEventsResponse> {
  return (request, context) => {
    const mask = masks.event(request.readMask);
    const filter = eventFilter(request.filter);
    return perCheckpoint(ledger, context, (checkpoint) =>
      mapped(
        scanCheckpoint(checkpoint, (bounds) => ledger.listEvents({ ...bounds, filter })),
        ({ item, cursor }) => eventFrame(item, cursor, mask, ledger),
      ),
    );
  };
}

type Watermarked = { watermark?: PartialMessage<GrpcTypes.Watermark> };

/** The frames of each new checkpoint; one with only a watermark when nothing of it is wanted. */
async function* perCheckpoint<F extends Watermarked>(
  ledger: LedgerApi,
  context: CallContext,
  framesOf: (checkpoint: Checkpoint) => Iterable<F>,
): AsyncIterable<F | Watermarked> {
  for await (const checkpoint of newCheckpoints(ledger, context.signal)) {
    let count = 0;
    for (const frame of framesOf(checkpoint)) {
      count += 1;
      yield frame;
    }
    if (count === 0) yield { watermark: { checkpoint: checkpoint.sequenceNumber } };
  }
}

function* mapped<A, B>(items: Iterable<A>, convert: (item: A) => B): Iterable<B> {
  for (const item of items) yield convert(item);
}
