/** Text of a value for `debug::print`. */
import { KIND, type MoveType } from '../runtime/types.ts';
import { ByteVector, type Value, Variant } from '../runtime/value.ts';
import { isUtf8 } from './std-string.ts';

/** Characters after which a printed value is cut off. */
const MAX_PRINTED = 10_000;

const decoder = new TextDecoder();

export function formatValue(type: MoveType, value: Value): string {
  const text = format(type, value);
  return text.length <= MAX_PRINTED ? text : `${text.slice(0, MAX_PRINTED)}…`;
}

function format(type: MoveType, value: Value): string {
  if (value instanceof ByteVector) return formatBytes(value.view());
  if (type.kind === KIND.Address) return `@${String(value)}`;
  if (type.kind === KIND.Vector && Array.isArray(value)) {
    return `[${value.map((item) => format(type.element!, item)).join(', ')}]`;
  }
  if (type.kind !== KIND.Datatype) return String(value);
  const { definition } = type;
  const tag = value instanceof Variant ? value.tag : 0;
  const fields = value instanceof Variant ? value.fields : value;
  const body = definition!.body.variants[tag]!;
  const inner = Array.isArray(fields) ? fields : [];
  if (definition!.module === 'string' && definition!.name === 'String') {
    return format(type.fields[0]!, inner[0]!);
  }
  const name = definition!.isEnum ? `${definition!.name}::${body.name}` : definition!.name;
  const parts = inner.map(
    (field, i) => `${body.fieldNames[i]}: ${format(type.variants[tag]![i]!, field)}`,
  );
  return `${name} { ${parts.join(', ')} }`;
}

function formatBytes(bytes: Uint8Array): string {
  if (bytes.length > 0 && isUtf8(bytes) && bytes.every((byte) => byte >= 0x20)) {
    return JSON.stringify(decoder.decode(bytes));
  }
  let hex = '0x';
  for (const byte of bytes.subarray(0, MAX_PRINTED)) hex += byte.toString(16).padStart(2, '0');
  return hex;
}
