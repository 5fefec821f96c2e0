/** LedgerService: objects, transactions, checkpoints, epochs (spec sui-ledger §2.3). */
import type { GrpcTypes } from '@mysten/sui/grpc';
import type { PartialMessage } from '@protobuf-ts/runtime';
import type { CheckpointSelector, LedgerObject, LedgerReader } from '../../ledger/api.ts';
import { addressField, checkBatch, digestField } from '../arguments.ts';
import { BatchBudget } from '../batch-budget.ts';
import type { StreamHandler, UnaryHandler } from '../dispatcher.ts';
import { toRpcError } from '../errors.ts';
import type { Mask } from '../masks/mask.ts';
import { masks } from '../masks/project.ts';
import { renderCheckpoint } from '../render/checkpoint.ts';
import { timestamp } from '../render/compact.ts';
import { renderEpoch } from '../render/epoch.ts';
import { renderExecuted } from '../render/executed.ts';
import { renderObject } from '../render/object.ts';
import { RpcError, toStatusMessage } from '../transport/status.ts';
import { listCheckpoints, listEvents, listTransactions } from './listings.ts';

/** Facts about the server that are not the ledger's. */
export interface ServerFacts {
  /** `server` of GetServiceInfo: name and version. */
  server: string;
  /** Nominal length of an epoch for `system_state.parameters`; 0 when epochs end by hand only. */
  epochDurationMs: bigint;
}

/** Name of the chain in GetServiceInfo. */
const CHAIN_NAME = 'localnet';

/** Handlers of LedgerService over a ledger. */
export function ledgerService(ledger: LedgerReader, facts: ServerFacts) {
  return {
    getServiceInfo: getServiceInfo(ledger, facts),
    getObject: getObject(ledger),
    batchGetObjects: batchGetObjects(ledger),
    getTransaction: getTransaction(ledger),
    batchGetTransactions: batchGetTransactions(ledger),
    getCheckpoint: getCheckpoint(ledger),
    getEpoch: getEpoch(ledger, facts),
    listCheckpoints: ((request) => listCheckpoints(request, ledger)) as StreamHandler<
      GrpcTypes.ListCheckpointsRequest,
      GrpcTypes.ListCheckpointsResponse
    >,
    listTransactions: ((request) => listTransactions(request, ledger)) as StreamHandler<
      GrpcTypes.ListTransactionsRequest,
      GrpcTypes.ListTransactionsResponse
    >,
    listEvents: ((request) => listEvents(request, ledger)) as StreamHandler<
      GrpcTypes.ListEventsRequest,
      GrpcTypes.ListEventsResponse
    >,
  };
}

function getServiceInfo(
  ledger: LedgerReader,
  facts: ServerFacts,
): UnaryHandler<GrpcTypes.GetServiceInfoRequest, GrpcTypes.GetServiceInfoResponse> {
  return () => {
    const info = ledger.info();
    return {
      chainId: info.chainId,
      chain: CHAIN_NAME,
      epoch: info.epoch,
      checkpointHeight: info.checkpointHeight,
      timestamp: timestamp(info.timestampMs),
      lowestAvailableCheckpoint: info.lowestAvailableCheckpoint,
      lowestAvailableCheckpointObjects: info.lowestAvailableCheckpoint,
      server: facts.server,
    };
  };
}

function findObject(
  request: { objectId?: string; version?: bigint },
  ledger: LedgerReader,
  field: string,
): LedgerObject {
  const id = addressField(field, request.objectId);
  const object = ledger.object(id, request.version);
  if (object === undefined) {
    const version = request.version === undefined ? '' : ` with version ${request.version}`;
    throw new RpcError('NOT_FOUND', `Object ${id}${version} not found`);
  }
  return object;
}

function getObject(
  ledger: LedgerReader,
): UnaryHandler<GrpcTypes.GetObjectRequest, GrpcTypes.GetObjectResponse> {
  return (request) => {
    const mask = masks.object(request.readMask);
    return { object: renderObject(findObject(request, ledger, 'object_id'), mask, ledger) };
  };
}

function batchGetObjects(
  ledger: LedgerReader,
): UnaryHandler<GrpcTypes.BatchGetObjectsRequest, GrpcTypes.BatchGetObjectsResponse> {
  return ({ requests, readMask }) => {
    checkBatch('requests', requests.length);
    const mask = masks.object(readMask);
    const budget = new BatchBudget();
    const objects = requests.map((request, index): GrpcTypes.GetObjectResult => {
      const outcome = attempt(() => {
        const object = findObject(request, ledger, `requests[${index}].object_id`);
        budget.object(object, mask);
        return renderObject(object, mask, ledger);
      });
      if ('error' in outcome) return { result: { oneofKind: 'error', error: outcome.error } };
      const object = outcome.value as GrpcTypes.Object;
      return { result: { oneofKind: 'object', object } };
    });
    return { objects };
  };
}

type StatusEntry = Extract<GrpcTypes.GetObjectResult['result'], { oneofKind: 'error' }>['error'];

/** The value, or the status for its place in a batch answer: one failure never fails the batch. */
function attempt<T>(read: () => T): { value: T } | { error: StatusEntry } {
  try {
    return { value: read() };
  } catch (error) {
    const known = toRpcError(error);
    if (known === undefined || known.code === 'RESOURCE_EXHAUSTED') throw error;
    return { error: toStatusMessage(known) as StatusEntry };
  }
}

function readTransaction(
  digest: string | undefined,
  mask: Mask,
  ledger: LedgerReader,
  field: string,
): PartialMessage<GrpcTypes.ExecutedTransaction> {
  const checked = digestField(field, digest);
  const record = ledger.transaction(checked);
  if (record === undefined) throw new RpcError('NOT_FOUND', `Transaction ${checked} not found`);
  return renderExecuted(record, mask, ledger);
}

function getTransaction(
  ledger: LedgerReader,
): UnaryHandler<GrpcTypes.GetTransactionRequest, GrpcTypes.GetTransactionResponse> {
  return ({ digest, readMask }) => ({
    transaction: readTransaction(digest, masks.transaction(readMask), ledger, 'digest'),
  });
}

function batchGetTransactions(
  ledger: LedgerReader,
): UnaryHandler<GrpcTypes.BatchGetTransactionsRequest, GrpcTypes.BatchGetTransactionsResponse> {
  return ({ digests, readMask }) => {
    checkBatch('digests', digests.length);
    const mask = masks.transaction(readMask);
    const budget = new BatchBudget();
    const transactions = digests.map((digest, index): GrpcTypes.GetTransactionResult => {
      const outcome = attempt(() => readTransaction(digest, mask, ledger, `digests[${index}]`));
      if ('value' in outcome) budget.transaction(outcome.value);
      if ('error' in outcome) return { result: { oneofKind: 'error', error: outcome.error } };
      const transaction = outcome.value as GrpcTypes.ExecutedTransaction;
      return { result: { oneofKind: 'transaction', transaction } };
    });
    return { transactions };
  };
}

function getCheckpoint(
  ledger: LedgerReader,
): UnaryHandler<GrpcTypes.GetCheckpointRequest, GrpcTypes.GetCheckpointResponse> {
  return ({ checkpointId, readMask }) => {
    const mask = masks.checkpoint(readMask);
    const selector = checkpointSelector(checkpointId);
    const checkpoint = ledger.checkpoint(selector);
    if (checkpoint === undefined) {
      const which = selector === 'latest' ? 'latest' : Object.values(selector).join();
      throw new RpcError('NOT_FOUND', `Checkpoint ${which} not found`);
    }
    return { checkpoint: renderCheckpoint(checkpoint, mask, ledger) };
  };
}

function checkpointSelector(
  id: GrpcTypes.GetCheckpointRequest['checkpointId'],
): CheckpointSelector {
  switch (id.oneofKind) {
    case 'sequenceNumber':
      return { sequenceNumber: id.sequenceNumber };
    case 'digest':
      return { digest: digestField('digest', id.digest) };
    default:
      return 'latest';
  }
}

function getEpoch(
  ledger: LedgerReader,
  facts: ServerFacts,
): UnaryHandler<GrpcTypes.GetEpochRequest, GrpcTypes.GetEpochResponse> {
  return ({ epoch, readMask }) => {
    const mask = masks.epoch(readMask);
    const record = ledger.epoch(epoch);
    if (record === undefined) throw new RpcError('NOT_FOUND', `Epoch ${epoch} not found`);
    return { epoch: renderEpoch(record, mask, facts.epochDurationMs) };
  };
}
