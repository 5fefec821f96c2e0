/**
 * Checkpoints as protobuf messages (spec sui-ledger §3.7, §10). There are no validators to sign.
 */
import { GrpcTypes } from '@mysten/sui/grpc';
import type { PartialMessage } from '@protobuf-ts/runtime';
import type { Checkpoint, ExecutedTransaction, LedgerReader } from '../../ledger/api.ts';
import type { Mask } from '../masks/mask.ts';
import { project } from '../masks/project.ts';
import { timestamp } from './compact.ts';
import { renderGas } from './effects.ts';
import { objectSet, renderExecuted, renderSignature, touchedObjects } from './executed.ts';

const CONTENTS_VERSION = 1;

/** The selected parts of a checkpoint. */
export function renderCheckpoint(
  checkpoint: Checkpoint,
  mask: Mask,
  reader: LedgerReader,
  include: (record: ExecutedTransaction) => boolean = () => true,
): PartialMessage<GrpcTypes.Checkpoint> {
  const records = () => transactionsOf(checkpoint, reader).filter(include);
  return project(GrpcTypes.Checkpoint, mask, {
    sequenceNumber: () => checkpoint.sequenceNumber,
    digest: () => checkpoint.digest,
    summary: (sub) => renderSummary(checkpoint, sub),
    contents: (sub) => renderContents(checkpoint, sub),
    transactions: (sub) => records().map((record) => renderExecuted(record, sub, reader)),
    objects: (sub) => {
      const objects = records().flatMap((record) => touchedObjects(record, reader));
      const unique = new Map(objects.map((o) => [`${o.objectId} ${o.version}`, o]));
      return objectSet([...unique.values()], sub.sub('objects'), reader);
    },
  });
}

function transactionsOf(checkpoint: Checkpoint, reader: LedgerReader): ExecutedTransaction[] {
  const records: ExecutedTransaction[] = [];
  for (const { transaction } of checkpoint.transactions) {
    const record = reader.transaction(transaction);
    if (record !== undefined) records.push(record);
  }
  return records;
}

function renderSummary(
  checkpoint: Checkpoint,
  mask: Mask,
): PartialMessage<GrpcTypes.CheckpointSummary> {
  return project(GrpcTypes.CheckpointSummary, mask, {
    bcs: () => ({ name: 'CheckpointSummary', value: checkpoint.summaryBytes }),
    digest: () => checkpoint.digest,
    epoch: () => checkpoint.epoch,
    sequenceNumber: () => checkpoint.sequenceNumber,
    totalNetworkTransactions: () => checkpoint.networkTotalTransactions,
    contentDigest: () => checkpoint.contentDigest,
    previousDigest: () => checkpoint.previousDigest,
    epochRollingGasCostSummary: () => renderGas(checkpoint.epochRollingGasCostSummary),
    timestamp: () => timestamp(checkpoint.timestampMs),
    endOfEpochData: () =>
      checkpoint.endOfEpoch && {
        nextEpochProtocolVersion: checkpoint.endOfEpoch.nextProtocolVersion,
      },
    versionSpecificData: () => NO_RANDOMNESS_ROUNDS,
  });
}

/** BCS of version-specific data V1 without randomness rounds. */
const NO_RANDOMNESS_ROUNDS = new Uint8Array(2);

function renderContents(
  checkpoint: Checkpoint,
  mask: Mask,
): PartialMessage<GrpcTypes.CheckpointContents> {
  return project(GrpcTypes.CheckpointContents, mask, {
    bcs: () => ({ name: 'CheckpointContents', value: checkpoint.contentsBytes }),
    digest: () => checkpoint.contentDigest,
    version: () => CONTENTS_VERSION,
    transactions: () =>
      checkpoint.transactions.map(({ transaction, effects }, index) => ({
        transaction,
        effects,
        signatures: (checkpoint.userSignatures[index] ?? []).map(renderSignature),
      })),
  });
}
