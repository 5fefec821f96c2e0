/**
 * Move values as JSON (sui-ledger.md §9): u64 and wider as decimal text, `vector<u8>` as Base64,
 * ids and addresses as hex, `Option` as the value or null, the framework's strings as text.
 */
import { base64 } from '@scure/base';
import { BcsReader } from './bcs/reader.ts';
import { LedgerError } from './errors.ts';
import { isDatatype } from './ptb/datatypes.ts';
import { STD_ADDRESS, SUI_ADDRESS } from './type-text.ts';
import type { JsonValue } from './types/records.ts';
import { isVmError, KIND, type MoveType, type Session, type TypeTag } from './vm.ts';

/** Deepest nesting that is rendered. */
export const MAX_JSON_DEPTH = 80;
/** Most bytes of BCS that are rendered. */
export const MAX_JSON_BYTES = 1_048_576;

const WIDE: Partial<Record<number, number>> = {
  [KIND.U64]: 8,
  [KIND.U128]: 16,
  [KIND.U256]: 32,
};

/** Structs that print as their one string field. */
const TEXT_STRUCTS = [
  [STD_ADDRESS, 'string', 'String'],
  [STD_ADDRESS, 'ascii', 'String'],
  [STD_ADDRESS, 'type_name', 'TypeName'],
  [SUI_ADDRESS, 'url', 'Url'],
] as const;

/** Undefined beyond the limits, for unknown types, and for bytes that are no value of the type. */
export function renderJson(
  tag: TypeTag,
  bytes: Uint8Array,
  session: Session,
): JsonValue | undefined {
  if (bytes.length > MAX_JSON_BYTES) return undefined;
  try {
    const reader = new BcsReader(bytes);
    const value = render(session.typeOf(tag), reader, 1);
    reader.end();
    return value;
  } catch (error) {
    if (error instanceof LedgerError || isVmError(error)) return undefined;
    throw error;
  }
}

function render(type: MoveType, reader: BcsReader, depth: number): JsonValue {
  if (depth > MAX_JSON_DEPTH) reader.fail(`nested deeper than ${MAX_JSON_DEPTH}`);
  const wide = WIDE[type.kind];
  if (wide !== undefined) return integer(reader.raw(wide)).toString();
  switch (type.kind) {
    case KIND.Bool:
      return reader.bool();
    case KIND.U8:
      return reader.u8();
    case KIND.U16:
      return reader.u16();
    case KIND.U32:
      return reader.u32();
    case KIND.Address:
    case KIND.Signer:
      return reader.address();
    case KIND.Vector:
      if (type.element!.kind === KIND.U8) return base64.encode(reader.raw(reader.uleb()));
      return reader.vector(() => render(type.element!, reader, depth + 1));
    default:
      return renderDatatype(type, reader, depth);
  }
}

/**
 * Bytes that the value of a type takes at the start of `bytes`. Throws LedgerError
 * `LEDGER_BCS`.
 */
export function valueLength(type: MoveType, bytes: Uint8Array): number {
  const reader = new BcsReader(bytes);
  render(type, reader, 1);
  return bytes.length - reader.remaining;
}

function integer(bytes: Uint8Array): bigint {
  return bytes.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);
}

function renderDatatype(type: MoveType, reader: BcsReader, depth: number): JsonValue {
  if (isDatatype(type, SUI_ADDRESS, 'object', 'ID')) return reader.address();
  if (isDatatype(type, SUI_ADDRESS, 'object', 'UID')) return reader.address();
  if (TEXT_STRUCTS.some(([address, module, name]) => isDatatype(type, address, module, name))) {
    return reader.string();
  }
  if (isDatatype(type, STD_ADDRESS, 'option', 'Option')) {
    return reader.bool() ? render(type.typeArguments[0]!, reader, depth + 1) : null;
  }
  if (isDatatype(type, SUI_ADDRESS, 'balance', 'Balance')) return reader.u64().toString();
  const { variants } = type.definition!.body;
  if (!type.isEnum) return renderFields(type, 0, reader, depth);
  const tag = reader.tag(type.definition!.name, variants.length);
  return { '@variant': variants[tag]!.name, ...renderFields(type, tag, reader, depth) };
}

function renderFields(
  type: MoveType,
  variant: number,
  reader: BcsReader,
  depth: number,
): { readonly [field: string]: JsonValue } {
  const { fieldNames } = type.definition!.body.variants[variant]!;
  const fields = Object.create(null) as { [field: string]: JsonValue };
  for (const [i, fieldType] of type.variants[variant]!.entries()) {
    fields[fieldNames[i]!] = render(fieldType, reader, depth + 1);
  }
  return fields;
}
