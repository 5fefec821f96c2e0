/**
 * TypeTag and StructTag in BCS (sui-ledger.md §3.1), on this package's reader and writer.
 */
import { isIdentifier, type StructTag, type TypeTag } from '../vm.ts';
import type { BcsReader } from './reader.ts';
import type { BcsWriter } from './writer.ts';

/** Deepest nesting of a type tag from outside (§6.1). */
export const MAX_TYPE_TAG_DEPTH = 16;

const TAG_VECTOR = 6;
const TAG_STRUCT = 7;
const PRIMITIVE_TAGS = [
  'bool',
  'u8',
  'u64',
  'u128',
  'address',
  'signer',
  undefined,
  undefined,
  'u16',
  'u32',
  'u256',
] as const;
const TAG_OF = new Map(PRIMITIVE_TAGS.map((kind, tag) => [kind as string | undefined, tag]));

export function writeTypeTag(writer: BcsWriter, type: TypeTag): void {
  if (type.kind === 'vector') {
    writer.u8(TAG_VECTOR);
    writeTypeTag(writer, type.element);
  } else if (type.kind === 'struct') {
    writer.u8(TAG_STRUCT);
    writeStructTag(writer, type);
  } else {
    writer.u8(TAG_OF.get(type.kind)!);
  }
}

export function writeStructTag(writer: BcsWriter, type: StructTag): void {
  writer.address(type.address).string(type.module).string(type.name);
  writer.vector(type.typeArgs, (argument) => writeTypeTag(writer, argument));
}

export function readTypeTag(reader: BcsReader, depth = 1): TypeTag {
  if (depth > MAX_TYPE_TAG_DEPTH) reader.fail(`type nested deeper than ${MAX_TYPE_TAG_DEPTH}`);
  const tag = reader.tag('TypeTag', PRIMITIVE_TAGS.length);
  if (tag === TAG_VECTOR) return { kind: 'vector', element: readTypeTag(reader, depth + 1) };
  if (tag === TAG_STRUCT) return readStructTag(reader, depth);
  return { kind: PRIMITIVE_TAGS[tag]! };
}

function readStructTag(reader: BcsReader, depth = 1): StructTag {
  const address = reader.address();
  const module = readIdentifier(reader);
  const name = readIdentifier(reader);
  const typeArgs = reader.vector(() => readTypeTag(reader, depth + 1));
  return { kind: 'struct', address, module, name, typeArgs };
}

function readIdentifier(reader: BcsReader): string {
  const text = reader.string();
  if (!isIdentifier(text)) reader.fail(`invalid identifier '${text}'`);
  return text;
}
