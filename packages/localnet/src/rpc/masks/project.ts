/**
 * Builds an answer that holds what a read mask selects and nothing else.
 *
 * Fields are given as functions, so that what nobody asked for (rendered JSON, package descriptors,
 * object contents) is never computed; nested messages are pruned generically, so a renderer may
 * hand over more than was asked.
 */

import { GrpcTypes } from '@mysten/sui/grpc';
import type { IMessageType, PartialMessage } from '@protobuf-ts/runtime';
import { type Mask, readMask } from './mask.ts';

/** One lazy value for each field (local name); it may look at the mask of its own inside. */
export type FieldSources<T extends object> = {
  readonly [K in keyof T]?: (mask: Mask) => PartialMessage<T>[K] | undefined;
};

/** A message of `type` with the selected fields of `sources`; undefined values stay unset. */
export function project<T extends object>(
  type: IMessageType<T>,
  mask: Mask,
  sources: FieldSources<T>,
): PartialMessage<T> {
  const answer: Record<string, unknown> = {};
  for (const name of mask.fields ?? Object.keys(sources)) {
    const source = sources[name as keyof T];
    if (source === undefined) continue;
    const sub = mask.sub(name);
    const value = source(sub);
    if (value !== undefined) answer[name] = pruneField(type, name, value, sub);
  }
  return answer as PartialMessage<T>;
}

function pruneField(type: IMessageType<object>, name: string, value: unknown, mask: Mask): unknown {
  if (mask.isAll) return value;
  const field = type.fields.find((candidate) => candidate.localName === name);
  if (field?.kind !== 'message') return value;
  const sub = field.T() as IMessageType<object>;
  if (Array.isArray(value)) return value.map((item: object) => prune(sub, item, mask));
  return prune(sub, value as object, mask);
}

/** A copy of `message` reduced to the mask. */
export function prune<T extends object>(
  type: IMessageType<T>,
  message: PartialMessage<T>,
  mask: Mask,
) {
  if (mask.isAll) return message;
  const source = message as Record<string, unknown>;
  const answer: Record<string, unknown> = {};
  for (const field of type.fields) {
    if (!mask.has(field.localName)) continue;
    if (field.oneof === undefined) {
      const value = source[field.localName];
      if (value !== undefined) {
        answer[field.localName] = pruneField(
          type,
          field.localName,
          value,
          mask.sub(field.localName),
        );
      }
      continue;
    }
    const group = source[field.oneof] as Record<string, unknown> | undefined;
    if (group?.['oneofKind'] !== field.localName) continue;
    const value = pruneField(
      type,
      field.localName,
      group[field.localName],
      mask.sub(field.localName),
    );
    answer[field.oneof] = { oneofKind: field.localName, [field.localName]: value };
  }
  return answer as PartialMessage<T>;
}

type Requested = { readonly paths: readonly string[] } | undefined;

/** Masks of each kind of answer, with the defaults of §2.1. */
export const masks = {
  object: (requested: Requested) =>
    readMask(GrpcTypes.Object, requested, ['object_id', 'version', 'digest']),
  ownedObject: (requested: Requested) =>
    readMask(GrpcTypes.Object, requested, ['object_id', 'version', 'object_type']),
  dynamicField: (requested: Requested) =>
    readMask(GrpcTypes.DynamicField, requested, ['parent', 'field_id']),
  transaction: (requested: Requested) =>
    readMask(GrpcTypes.ExecutedTransaction, requested, ['digest']),
  executed: (requested: Requested) =>
    readMask(GrpcTypes.ExecutedTransaction, requested, ['effects']),
  simulated: (requested: Requested) =>
    readMask(GrpcTypes.SimulateTransactionResponse, requested, ['*']),
  checkpoint: (requested: Requested) =>
    readMask(GrpcTypes.Checkpoint, requested, ['sequence_number', 'digest']),
  event: (requested: Requested) => readMask(GrpcTypes.Event, requested, ['event_type']),
  epoch: (requested: Requested) => readMask(GrpcTypes.Epoch, requested, EPOCH_DEFAULTS),
} as const;

const EPOCH_DEFAULTS = [
  'epoch',
  'first_checkpoint',
  'last_checkpoint',
  'start',
  'end',
  'reference_gas_price',
  'protocol_config.protocol_version',
];
