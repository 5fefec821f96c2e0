/**
 * ListTransactions, ListEvents, ListCheckpoints: scans over the ledger as streams of frames
 * (spec sui-ledger §2.3).
 *
 * Every item carries its own cursor; the last frame carries the reason of the end, and only
 * ITEM_LIMIT makes the client believe that there is a next page.
 */
import { GrpcTypes } from '@mysten/sui/grpc';
import type { PartialMessage } from '@protobuf-ts/runtime';
import type {
  EventItem,
  ExecutedTransaction,
  LedgerReader,
  Scan,
  ScanEnd,
  ScanOptions,
} from '../../ledger/api.ts';
import { pageSize } from '../arguments.ts';
import type { Mask } from '../masks/mask.ts';
import { masks } from '../masks/project.ts';
import { renderCheckpoint } from '../render/checkpoint.ts';
import { indexInCheckpoint, renderEvent, renderExecuted } from '../render/executed.ts';
import { invalidField, RpcError } from '../transport/status.ts';
import { eventFilter, transactionFilter } from './filters.ts';

/** Longest cursor that is looked at. */
export const MAX_CURSOR_BYTES = 256;

const END_REASON: Readonly<Record<ScanEnd, GrpcTypes.QueryEndReason>> = {
  itemLimit: GrpcTypes.QueryEndReason.ITEM_LIMIT,
  checkpointBound: GrpcTypes.QueryEndReason.CHECKPOINT_BOUND,
  cursorBound: GrpcTypes.QueryEndReason.CURSOR_BOUND,
  ledgerTip: GrpcTypes.QueryEndReason.LEDGER_TIP,
};

interface ListRequest {
  startCheckpoint?: bigint;
  endCheckpoint?: bigint;
  options?: GrpcTypes.QueryOptions;
}

function scanOptions(request: ListRequest): Omit<ScanOptions<never>, 'filter'> {
  const { options } = request;
  return {
    startCheckpoint: request.startCheckpoint,
    endCheckpoint: request.endCheckpoint,
    after: cursor('options.after', options?.after),
    before: cursor('options.before', options?.before),
    descending: options?.ordering === GrpcTypes.Ordering.DESCENDING,
    limit: pageSize(options?.limit),
  };
}

function cursor(field: string, bytes: Uint8Array | undefined): string | undefined {
  if (bytes === undefined || bytes.length === 0) return undefined;
  if (bytes.length > MAX_CURSOR_BYTES) throw invalidField(field, `invalid ${field}`);
  return Buffer.from(bytes).toString('latin1');
}

/** The bytes of a cursor, the inverse of what requests carry. */
export function watermark(
  position: string,
  checkpoint: bigint | undefined,
): PartialMessage<GrpcTypes.Watermark> {
  const cursorBytes = new Uint8Array(Buffer.from(position, 'latin1'));
  return checkpoint === undefined ? { cursor: cursorBytes } : { cursor: cursorBytes, checkpoint };
}

type End = { end: PartialMessage<GrpcTypes.QueryEnd> };

async function* frames<T, F extends object>(
  scan: Scan<T>,
  frame: (item: T, cursor: string) => F,
): AsyncIterable<F | End> {
  for (const { item, cursor: position } of scan.items) yield frame(item, position);
  yield { end: { reason: END_REASON[scan.end] } };
}

/** @throws RpcError INVALID_ARGUMENT before the first frame */
export function listTransactions(
  request: GrpcTypes.ListTransactionsRequest,
  ledger: LedgerReader,
): AsyncIterable<PartialMessage<GrpcTypes.ListTransactionsResponse>> {
  const mask = masks.transaction(request.readMask);
  const scan = ledger.listTransactions({
    ...scanOptions(request),
    filter: transactionFilter(request.filter),
  });
  return frames(scan, (record, position) => transactionFrame(record, position, mask, ledger));
}

/** One transaction with its place in the ledger. */
export function transactionFrame(
  record: ExecutedTransaction,
  position: string,
  mask: Mask,
  ledger: LedgerReader,
): PartialMessage<GrpcTypes.ListTransactionsResponse> {
  return {
    transaction: renderExecuted(record, mask, ledger),
    watermark: watermark(position, record.checkpoint),
  };
}

/** @throws RpcError INVALID_ARGUMENT before the first frame */
export function listEvents(
  request: GrpcTypes.ListEventsRequest,
  ledger: LedgerReader,
): AsyncIterable<PartialMessage<GrpcTypes.ListEventsResponse>> {
  const mask = masks.event(request.readMask);
  const scan = ledger.listEvents({
    ...scanOptions(request),
    filter: eventFilter(request.filter),
  });
  return frames(scan, (item, position) => eventFrame(item, position, mask, ledger));
}

/** One event with its place in the ledger. */
export function eventFrame(
  { event, transaction, index }: EventItem,
  position: string,
  mask: Mask,
  ledger: LedgerReader,
): PartialMessage<GrpcTypes.ListEventsResponse> {
  return {
    event: renderEvent(event, mask, ledger, {
      checkpoint: transaction.checkpoint,
      transactionDigest: transaction.digest,
      transactionIndex: () => indexInCheckpoint(transaction, ledger),
      eventIndex: index,
    }),
    watermark: watermark(position, transaction.checkpoint),
  };
}

/** @throws RpcError INVALID_ARGUMENT before the first frame; UNIMPLEMENTED with a filter */
export function listCheckpoints(
  request: GrpcTypes.ListCheckpointsRequest,
  ledger: LedgerReader,
): AsyncIterable<PartialMessage<GrpcTypes.ListCheckpointsResponse>> {
  const mask = masks.checkpoint(request.readMask);
  if (request.filter !== undefined && request.filter.terms.length > 0) {
    throw new RpcError('UNIMPLEMENTED', 'filtering checkpoints is not supported on localnet');
  }
  const scan = ledger.listCheckpoints(scanOptions(request));
  return frames(scan, (checkpoint, position) => ({
    checkpoint: renderCheckpoint(checkpoint, mask, ledger),
    watermark: watermark(position, checkpoint.sequenceNumber),
  }));
}
