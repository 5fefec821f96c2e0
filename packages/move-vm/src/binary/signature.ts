/**
 * Signature tokens: types in prefix order. Source: move-vm.md §1.4.
 */
import { rejected } from '../common/errors.ts';
import type { PrimitiveTagKind } from '../common/type-tag.ts';
import {
  MAX_INSTANTIATION_ARITY,
  MAX_SIGNATURE_DEPTH,
  MAX_SIGNATURE_TOKENS,
  MAX_TABLE_INDEX,
  MAX_TYPE_PARAMETER_INDEX,
} from './limits.ts';
import type { Signature, SignatureToken } from './module.ts';
import type { ByteReader } from './reader.ts';

export const TOKEN = {
  bool: 0x01,
  u8: 0x02,
  u64: 0x03,
  u128: 0x04,
  address: 0x05,
  reference: 0x06,
  mutableReference: 0x07,
  datatype: 0x08,
  typeParameter: 0x09,
  vector: 0x0a,
  instantiation: 0x0b,
  signer: 0x0c,
  u16: 0x0d,
  u32: 0x0e,
  u256: 0x0f,
} as const;

const PRIMITIVE_KINDS: readonly PrimitiveTagKind[] = [
  'bool',
  'u8',
  'u16',
  'u32',
  'u64',
  'u128',
  'u256',
  'address',
  'signer',
];

/** The one token object of each primitive. */
export const PRIMITIVE_TOKENS = Object.freeze(
  Object.fromEntries(PRIMITIVE_KINDS.map((kind) => [kind, Object.freeze({ kind })])),
) as Readonly<Record<PrimitiveTagKind, SignatureToken>>;

const BY_BYTE: readonly (SignatureToken | undefined)[] = (() => {
  const tokens: (SignatureToken | undefined)[] = [];
  for (const kind of PRIMITIVE_KINDS) tokens[TOKEN[kind]] = PRIMITIVE_TOKENS[kind];
  return tokens;
})();

const EMPTY: Signature = Object.freeze([]);

function readAt(reader: ByteReader, depth: number): SignatureToken {
  // The recursion is at most MAX_SIGNATURE_DEPTH frames deep.
  if (depth > MAX_SIGNATURE_DEPTH) {
    throw rejected('MALFORMED', `signature nested deeper than ${MAX_SIGNATURE_DEPTH}`);
  }
  const byte = reader.u8('signature token');
  const primitive = BY_BYTE[byte];
  if (primitive !== undefined) return primitive;
  switch (byte) {
    case TOKEN.vector:
      return { kind: 'vector', element: readAt(reader, depth + 1) };
    case TOKEN.reference:
    case TOKEN.mutableReference:
      return {
        kind: 'reference',
        mutable: byte === TOKEN.mutableReference,
        to: readAt(reader, depth + 1),
      };
    case TOKEN.datatype:
      return {
        kind: 'datatype',
        handle: reader.uleb(MAX_TABLE_INDEX, 'datatype handle'),
        typeArgs: EMPTY,
      };
    case TOKEN.instantiation:
      return readInstantiation(reader, depth);
    case TOKEN.typeParameter:
      return {
        kind: 'typeParameter',
        index: reader.uleb(MAX_TYPE_PARAMETER_INDEX, 'type parameter'),
      };
    default:
      throw rejected('UNKNOWN_SERIALIZED_TYPE', `type byte 0x${byte.toString(16)}`);
  }
}

function readInstantiation(reader: ByteReader, depth: number): SignatureToken {
  const handle = reader.uleb(MAX_TABLE_INDEX, 'datatype handle');
  const arity = reader.uleb(MAX_INSTANTIATION_ARITY, 'type argument count');
  if (arity === 0) throw rejected('MALFORMED', 'an instantiation without type arguments');
  const typeArgs: SignatureToken[] = [];
  for (let i = 0; i < arity; i++) typeArgs.push(readAt(reader, depth + 1));
  return { kind: 'datatype', handle, typeArgs };
}

export function readSignatureToken(reader: ByteReader): SignatureToken {
  return readAt(reader, 1);
}

export function readSignature(reader: ByteReader): Signature {
  const count = reader.uleb(MAX_SIGNATURE_TOKENS, 'token count');
  if (count === 0) return EMPTY;
  const tokens: SignatureToken[] = [];
  for (let i = 0; i < count; i++) tokens.push(readAt(reader, 1));
  return tokens;
}
