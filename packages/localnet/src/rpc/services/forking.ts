/**
 * ForkingService: the typed interface of the official client for moving a test chain's clock
 * (spec sui-ledger §1.4). Served on the admin port only.
 */
import type { GrpcTypes } from '@mysten/sui/grpc';
import type { LedgerApi } from '../../ledger/api.ts';
import type { UnaryHandler } from '../dispatcher.ts';

/** Milliseconds that AdvanceClock moves when the request does not say. */
export const DEFAULT_ADVANCE_MS = 1n;

/** Handlers of ForkingService over a ledger. */
export function forkingService(ledger: LedgerApi) {
  return {
    advanceClock: advanceClock(ledger),
    advanceCheckpoint: advanceCheckpoint(ledger),
    getStatus: getStatus(ledger),
  };
}

function advanceClock(
  ledger: LedgerApi,
): UnaryHandler<GrpcTypes.AdvanceClockRequest, GrpcTypes.AdvanceClockResponse> {
  return ({ durationMs }) => {
    const advance = ledger.advanceClock(durationMs ?? DEFAULT_ADVANCE_MS);
    return { timestampMs: advance.timestampMs, txDigest: advance.transactionDigest };
  };
}

function advanceCheckpoint(
  ledger: LedgerApi,
): UnaryHandler<GrpcTypes.AdvanceCheckpointRequest, GrpcTypes.AdvanceCheckpointResponse> {
  return () => {
    const checkpoint = ledger.createCheckpoint();
    return {
      checkpointSequenceNumber: checkpoint.sequenceNumber,
      timestampMs: checkpoint.timestampMs,
    };
  };
}

function getStatus(
  ledger: LedgerApi,
): UnaryHandler<GrpcTypes.GetStatusRequest, GrpcTypes.GetStatusResponse> {
  return () => {
    const info = ledger.info();
    return {
      epoch: info.epoch,
      checkpointSequenceNumber: info.checkpointHeight,
      timestampMs: info.timestampMs,
      forkedAtCheckpoint: 0n,
    };
  };
}
