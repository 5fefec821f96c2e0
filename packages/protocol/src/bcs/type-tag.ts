/** Move type tags: BCS and canonical text (sui-ledger.md §3.1). */
import { clip } from '../encoding.ts';
import { ProtocolError } from '../errors.ts';
import { type BcsReader, invalid } from './reader.ts';
import type { BcsWriter } from './writer.ts';

const PRIMITIVES = {
  bool: 0,
  u8: 1,
  u64: 2,
  u128: 3,
  address: 4,
  signer: 5,
  u16: 8,
  u32: 9,
  u256: 10,
} as const;
const VECTOR = 6;
const STRUCT = 7;
const BY_TAG = new Map(
  Object.entries(PRIMITIVES).map(([kind, tag]) => [tag as number, kind as PrimitiveKind]),
);

type PrimitiveKind = keyof typeof PRIMITIVES;

export interface StructTag {
  readonly kind: 'struct';
  readonly address: string;
  readonly module: string;
  readonly name: string;
  readonly typeArgs: readonly TypeTag[];
}

export type TypeTag =
  | { readonly kind: PrimitiveKind }
  | { readonly kind: 'vector'; readonly element: TypeTag }
  | StructTag;

/** Longest Move identifier, in characters. */
export const MAX_IDENTIFIER_CHARS = 128;

/** Deepest nesting accepted; nodes refuse far shallower types. */
export const MAX_TYPE_DEPTH = 64;

export function structTag(
  address: string,
  module: string,
  name: string,
  typeArgs: readonly TypeTag[] = [],
): StructTag {
  return { kind: 'struct', address, module, name, typeArgs };
}

export function readTypeTag(reader: BcsReader, depth = 1): TypeTag {
  if (depth > MAX_TYPE_DEPTH) throw invalid(`type nested deeper than ${MAX_TYPE_DEPTH}`);
  const tag = reader.variant('TypeTag', 11);
  if (tag === VECTOR) return { kind: 'vector', element: readTypeTag(reader, depth + 1) };
  if (tag === STRUCT) {
    return {
      kind: 'struct',
      address: reader.address(),
      module: readIdentifier(reader),
      name: readIdentifier(reader),
      typeArgs: reader.vector((r) => readTypeTag(r, depth + 1)),
    };
  }
  return { kind: BY_TAG.get(tag) as PrimitiveKind };
}

/** A Move name: a letter and more, or `_` and at least one more. Error: INVALID_BCS. */
export function readIdentifier(reader: BcsReader): string {
  const text = reader.string();
  if (text.length > MAX_IDENTIFIER_CHARS || !/^([A-Za-z]\w*|_\w+)$/.test(text)) {
    throw invalid(`${clip(text)} is not a Move identifier`);
  }
  return text;
}

export function writeTypeTag(writer: BcsWriter, type: TypeTag): void {
  if (type.kind === 'vector') {
    writer.uleb(VECTOR);
    writeTypeTag(writer, type.element);
  } else if (type.kind === 'struct') {
    writer.uleb(STRUCT).address(type.address).string(type.module).string(type.name);
    writer.vector(type.typeArgs, writeTypeTag);
  } else {
    writer.uleb(PRIMITIVES[type.kind]);
  }
}

/** Canonical text: 66-character addresses, `,` without space. */
export function formatTypeTag(type: TypeTag): string {
  if (type.kind === 'vector') return `vector<${formatTypeTag(type.element)}>`;
  if (type.kind !== 'struct') return type.kind;
  const args = type.typeArgs.length > 0 ? `<${type.typeArgs.map(formatTypeTag).join(',')}>` : '';
  return `${type.address}::${type.module}::${type.name}${args}`;
}

/**
 * Address, module and name of a struct type's text, type arguments ignored.
 * Error: INVALID_TYPE_TAG.
 */
export function parseStructName(text: string): { address: string; module: string; name: string } {
  const match = /^(0x[0-9a-f]{1,64})::([A-Za-z_]\w*)::([A-Za-z_]\w*)(<.*>)?$/.exec(text);
  if (match === null) {
    throw new ProtocolError('INVALID_TYPE_TAG', `expected 0x…::module::Name, got ${clip(text)}`);
  }
  const [, address = '', module = '', name = ''] = match;
  return { address: `0x${address.slice(2).padStart(64, '0')}`, module, name };
}
