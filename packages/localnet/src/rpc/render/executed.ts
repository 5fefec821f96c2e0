/** Executed and simulated transactions, events and signatures (spec sui-ledger §2.3, §9). */
import { GrpcTypes } from '@mysten/sui/grpc';
import type { PartialMessage } from '@protobuf-ts/runtime';
import type {
  BalanceChange,
  ExecutedTransaction,
  LedgerEvent,
  LedgerObject,
  LedgerReader,
  SimulationResult,
} from '../../ledger/api.ts';
import type { Mask } from '../masks/mask.ts';
import { project } from '../masks/project.ts';
import { timestamp } from './compact.ts';
import { renderEffects } from './effects.ts';
import { protoValue } from './json.ts';
import { renderObject } from './object.ts';
import { renderTransaction } from './transaction.ts';

type Executed = PartialMessage<GrpcTypes.ExecutedTransaction>;

/** The selected parts of a transaction that is in the ledger. */
export function renderExecuted(
  record: ExecutedTransaction,
  mask: Mask,
  reader: LedgerReader,
): Executed {
  return project(GrpcTypes.ExecutedTransaction, mask, {
    digest: () => record.digest,
    transaction: (sub) => renderTransaction(record, sub),
    signatures: () => record.signatures.map(renderSignature),
    effects: (sub) => renderEffects(record, sub, reader),
    events: (sub) => renderEvents(record.events, record.effects.eventsDigest, sub, reader),
    checkpoint: () => record.checkpoint,
    timestamp: () => (record.timestampMs === undefined ? undefined : timestamp(record.timestampMs)),
    balanceChanges: () => record.balanceChanges.map(renderBalanceChange),
    objects: (sub) => objectSet(touchedObjects(record, reader), sub.sub('objects'), reader),
    transactionIndex: () => indexInCheckpoint(record, reader),
  });
}

/** The selected parts of a simulation; it has no signatures, checkpoint or timestamp. */
export function renderSimulated(
  result: SimulationResult,
  mask: Mask,
  reader: LedgerReader,
): Executed {
  return project(GrpcTypes.ExecutedTransaction, mask, {
    digest: () => result.digest,
    transaction: (sub) => renderTransaction(result, sub),
    effects: (sub) => renderEffects(result, sub, reader),
    events: (sub) => renderEvents(result.events, result.effects.eventsDigest, sub, reader),
    balanceChanges: () => result.balanceChanges.map(renderBalanceChange),
    objects: (sub) => objectSet(result.objects, sub.sub('objects'), reader),
  });
}

/** Input and output versions of what a transaction changed. */
export function touchedObjects(record: ExecutedTransaction, reader: LedgerReader): LedgerObject[] {
  const objects: LedgerObject[] = [];
  for (const { objectId, version } of record.objectVersions) {
    const object = reader.object(objectId, version);
    if (object !== undefined) objects.push(object);
  }
  return objects;
}

/** A set of objects under the mask of its members. */
export function objectSet(
  objects: readonly LedgerObject[],
  mask: Mask,
  reader: LedgerReader,
): PartialMessage<GrpcTypes.ObjectSet> {
  return { objects: objects.map((object) => renderObject(object, mask, reader)) };
}

/** Place in the checkpoint, from 0; undefined until included. */
export function indexInCheckpoint(
  record: ExecutedTransaction,
  reader: LedgerReader,
): bigint | undefined {
  if (record.checkpoint === undefined) return undefined;
  const checkpoint = reader.checkpoint({ sequenceNumber: record.checkpoint });
  const index = checkpoint?.transactions.findIndex((t) => t.transaction === record.digest) ?? -1;
  return index < 0 ? undefined : BigInt(index);
}

function renderBalanceChange(change: BalanceChange): PartialMessage<GrpcTypes.BalanceChange> {
  return { address: change.address, coinType: change.coinType, amount: change.amount.toString() };
}

function renderEvents(
  events: readonly LedgerEvent[],
  digest: string | undefined,
  mask: Mask,
  reader: LedgerReader,
): PartialMessage<GrpcTypes.TransactionEvents> | undefined {
  if (events.length === 0) return undefined;
  return project(GrpcTypes.TransactionEvents, mask, {
    digest: () => digest,
    events: (sub) => events.map((event) => renderEvent(event, sub, reader, {})),
  });
}

/** Where an event stands; known for listed events only. */
export interface EventPlace {
  readonly checkpoint?: bigint | undefined;
  readonly transactionDigest?: string;
  readonly transactionIndex?: () => bigint | undefined;
  readonly eventIndex?: number;
}

/** One event; package and sender are always there when asked for, the client needs them. */
export function renderEvent(
  event: LedgerEvent,
  mask: Mask,
  reader: LedgerReader,
  place: EventPlace,
): PartialMessage<GrpcTypes.Event> {
  return project(GrpcTypes.Event, mask, {
    packageId: () => event.packageId,
    module: () => event.module,
    sender: () => event.sender,
    eventType: () => event.typeText,
    contents: () => ({ name: event.typeText, value: event.contents }),
    json: () => {
      const json = reader.json(event.typeText, event.contents);
      return json === undefined ? undefined : protoValue(json);
    },
    checkpoint: () => place.checkpoint,
    transactionDigest: () => place.transactionDigest,
    transactionIndex: () => place.transactionIndex?.(),
    eventIndex: () => place.eventIndex,
  });
}

/** Length of the signature of every simple scheme; the public key follows. */
const SIMPLE_SIGNATURE_BYTES = 64;
const FLAG_SCHEMES: Readonly<Record<number, GrpcTypes.SignatureScheme>> = {
  0: GrpcTypes.SignatureScheme.ED25519,
  1: GrpcTypes.SignatureScheme.SECP256K1,
  2: GrpcTypes.SignatureScheme.SECP256R1,
  3: GrpcTypes.SignatureScheme.MULTISIG,
  5: GrpcTypes.SignatureScheme.ZKLOGIN,
  6: GrpcTypes.SignatureScheme.PASSKEY,
};

/** A user signature: always with its bytes, taken apart for the simple schemes. */
export function renderSignature(bytes: Uint8Array): PartialMessage<GrpcTypes.UserSignature> {
  const scheme = FLAG_SCHEMES[bytes[0] ?? -1];
  const rendered: PartialMessage<GrpcTypes.UserSignature> = {
    bcs: { name: 'UserSignatureBytes', value: bytes },
  };
  if (scheme === undefined) return rendered;
  rendered.scheme = scheme;
  if (scheme <= GrpcTypes.SignatureScheme.SECP256R1) {
    const signature = bytes.subarray(1, 1 + SIMPLE_SIGNATURE_BYTES);
    const publicKey = bytes.subarray(1 + SIMPLE_SIGNATURE_BYTES);
    rendered.signature = { oneofKind: 'simple', simple: { scheme, signature, publicKey } };
  }
  return rendered;
}
