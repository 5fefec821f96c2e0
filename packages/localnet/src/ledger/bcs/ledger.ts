/**
 * Events and checkpoints in BCS (sui-ledger.md §3.7), which the client's library lacks.
 */
import type { GasCostSummary, LedgerEvent } from '../types/effects.ts';
import type { Digest } from '../types/transaction.ts';
import { writeGasCostSummary } from './effects.ts';
import { writeStructTag } from './type-tag.ts';
import { BcsWriter } from './writer.ts';

/** No randomness rounds: V1 with an empty vector. */
const VERSION_SPECIFIC_DATA = new Uint8Array([0, 0]);

export function encodeEvents(events: readonly LedgerEvent[]): Uint8Array {
  const writer = new BcsWriter();
  writer.vector(events, (event) => {
    writer.address(event.packageId).string(event.module).address(event.sender);
    writeStructTag(writer, event.type);
    writer.bytes(event.contents);
  });
  return writer.toBytes();
}

interface CheckpointSummaryFields {
  readonly epoch: bigint;
  readonly sequenceNumber: bigint;
  readonly networkTotalTransactions: bigint;
  readonly contentDigest: Digest;
  readonly previousDigest: Digest | undefined;
  readonly epochRollingGasCostSummary: GasCostSummary;
  readonly timestampMs: bigint;
  readonly endOfEpoch: { readonly nextProtocolVersion: bigint } | undefined;
}

export function encodeCheckpointSummary(summary: CheckpointSummaryFields): Uint8Array {
  const writer = new BcsWriter();
  writer.u64(summary.epoch).u64(summary.sequenceNumber).u64(summary.networkTotalTransactions);
  writer.digest(summary.contentDigest);
  writer.option(summary.previousDigest, (digest) => writer.digest(digest));
  writeGasCostSummary(writer, summary.epochRollingGasCostSummary);
  writer.u64(summary.timestampMs).uleb(0);
  // No validators here: an empty next committee and no epoch commitments.
  writer.option(summary.endOfEpoch, ({ nextProtocolVersion }) => {
    writer.uleb(0).u64(nextProtocolVersion).uleb(0);
  });
  writer.bytes(VERSION_SPECIFIC_DATA);
  return writer.toBytes();
}

export function encodeCheckpointContents(
  transactions: readonly { readonly transaction: Digest; readonly effects: Digest }[],
  userSignatures: readonly (readonly Uint8Array[])[],
): Uint8Array {
  const writer = new BcsWriter();
  writer.u8(0);
  writer.vector(transactions, ({ transaction, effects }) => {
    writer.digest(transaction).digest(effects);
  });
  writer.vector(userSignatures, (signatures) => {
    writer.vector(signatures, (signature) => writer.bytes(signature));
  });
  return writer.toBytes();
}
