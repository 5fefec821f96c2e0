/** `google.protobuf.Value` from the JSON that the ledger renders (spec sui-ledger §9). */
import type { GrpcTypes } from '@mysten/sui/grpc';
import type { JsonValue } from '../../ledger/api.ts';

/** `google.protobuf.Value` as the generated types know it. */
export type ProtoValue = NonNullable<GrpcTypes.Object['json']>;

/** Depth is bounded by the ledger (80), so recursion is safe. */
export function protoValue(json: JsonValue): ProtoValue {
  if (json === null) return { kind: { oneofKind: 'nullValue', nullValue: 0 } };
  switch (typeof json) {
    case 'boolean':
      return { kind: { oneofKind: 'boolValue', boolValue: json } };
    case 'number':
      return { kind: { oneofKind: 'numberValue', numberValue: json } };
    case 'string':
      return { kind: { oneofKind: 'stringValue', stringValue: json } };
    default:
      return isList(json) ? listValue(json) : structValue(json);
  }
}

function isList(json: JsonValue): json is readonly JsonValue[] {
  return Array.isArray(json);
}

function listValue(items: readonly JsonValue[]): ProtoValue {
  return { kind: { oneofKind: 'listValue', listValue: { values: items.map(protoValue) } } };
}

function structValue(members: { readonly [field: string]: JsonValue }): ProtoValue {
  const fields: Record<string, ProtoValue> = {};
  for (const [name, value] of Object.entries(members)) fields[name] = protoValue(value);
  return { kind: { oneofKind: 'structValue', structValue: { fields } } };
}
