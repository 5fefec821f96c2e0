/**
 * BCS of Move values by their type. Source: move-vm.md §2 (layout), §9.16 (pure inputs).
 *
 * Recursion is bounded by the type: at most `MAX_VALUE_DEPTH` levels and `MAX_LAYOUT_NODES` nodes,
 * checked before the first byte is read or written.
 */
import { MOVE_STDLIB_ADDRESS, STATUS, SUI_FRAMEWORK_ADDRESS, VmError } from '../common/index.ts';
import { malformed, ValueReader, ValueWriter } from './byte-io.ts';
import { MAX_LAYOUT_NODES, MAX_VECTOR_LENGTH } from './limits.ts';
import { checkValueDepth, KIND, type MoveType } from './types.ts';
import { ByteVector, internalType, type Value, Variant } from './value.ts';

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const MAX_ASCII = 0x7f;

/** Types whose layout was found to be within the limits. */
const sound = new WeakSet<MoveType>();

/** Throws a limit error unless values of the closed type can be laid out. */
function checkLayout(type: MoveType): void {
  if (sound.has(type)) return;
  if (type.open || type.kind === KIND.Reference || type.kind === KIND.MutableReference) {
    throw new VmError(STATUS.INTERNAL_TYPE_ERROR, `${type} has no layout`);
  }
  checkValueDepth(type);
  countNodes(type, 0);
  sound.add(type);
}

function countNodes(type: MoveType, before: number): number {
  let count = before + 1;
  if (count > MAX_LAYOUT_NODES) {
    throw new VmError(
      STATUS.VM_MAX_TYPE_NODES_REACHED,
      `the layout of a type has more than ${MAX_LAYOUT_NODES} nodes`,
    );
  }
  if (type.kind === KIND.Vector) return countNodes(type.element!, count);
  if (type.kind !== KIND.Datatype) return count;
  for (const fields of type.variants) {
    for (const field of fields) count = countNodes(field, count);
  }
  return count;
}

export function serializeValue(type: MoveType, value: Value): Uint8Array {
  checkLayout(type);
  const writer = new ValueWriter();
  writeValue(writer, type, value);
  return writer.bytes();
}

/** The whole of `bytes` as a value of the type. */
export function deserializeValue(type: MoveType, bytes: Uint8Array): Value {
  checkLayout(type);
  const reader = new ValueReader(bytes);
  const value = readValue(reader, type);
  reader.end();
  return value;
}

/** One value; the layout must have been checked. */
function readValue(reader: ValueReader, type: MoveType): Value {
  switch (type.kind) {
    case KIND.Bool:
      return reader.bool();
    case KIND.U8:
      return reader.u8();
    case KIND.U16:
      return reader.u16();
    case KIND.U32:
      return reader.u32();
    case KIND.U64:
      return reader.u64();
    case KIND.U128:
      return reader.big(2);
    case KIND.U256:
      return reader.big(4);
    case KIND.Address:
    case KIND.Signer:
      return reader.address();
    case KIND.Vector:
      return readVector(reader, type.element!);
    default:
      if (!type.isEnum) return readAll(reader, type.fields);
      return readVariant(reader, type);
  }
}

function readVector(reader: ValueReader, element: MoveType): Value {
  const count = reader.count();
  if (count > MAX_VECTOR_LENGTH) throw malformed(`a vector of ${count} elements`);
  if (element.kind === KIND.U8) return new ByteVector(reader.raw(count));
  const values = new Array<Value>(count);
  for (let i = 0; i < count; i++) values[i] = readValue(reader, element);
  return values;
}

function readAll(reader: ValueReader, types: readonly MoveType[]): Value[] {
  const values = new Array<Value>(types.length);
  for (let i = 0; i < types.length; i++) values[i] = readValue(reader, types[i]!);
  return values;
}

function readVariant(reader: ValueReader, type: MoveType): Variant {
  const tag = reader.uleb();
  const fields = type.variants[tag];
  if (fields === undefined) throw malformed(`${type} has no variant ${tag}`);
  return new Variant(tag, readAll(reader, fields));
}

function writeValue(writer: ValueWriter, type: MoveType, value: Value): void {
  switch (type.kind) {
    case KIND.Bool:
      if (typeof value !== 'boolean') throw internalType('bool');
      writer.u8(value ? 1 : 0);
      return;
    case KIND.U8:
      writer.u8(asNumber(value));
      return;
    case KIND.U16:
      writer.u16(asNumber(value));
      return;
    case KIND.U32:
      writer.u32(asNumber(value));
      return;
    case KIND.U64:
      if (typeof value !== 'number' && typeof value !== 'bigint') throw internalType('u64');
      writer.u64(value);
      return;
    case KIND.U128:
    case KIND.U256:
      if (typeof value !== 'bigint') throw internalType('u128 or u256');
      writer.big(value, type.kind === KIND.U128 ? 2 : 4);
      return;
    case KIND.Address:
    case KIND.Signer:
      if (typeof value !== 'string') throw internalType('address');
      writer.address(value);
      return;
    case KIND.Vector:
      writeVector(writer, type.element!, value);
      return;
    case KIND.Datatype:
      writeDatatype(writer, type, value);
      return;
    default:
      throw internalType('storable');
  }
}

function asNumber(value: Value): number {
  if (typeof value !== 'number') throw internalType('u8, u16 or u32');
  return value;
}

function writeVector(writer: ValueWriter, element: MoveType, value: Value): void {
  if (element.kind === KIND.U8) {
    if (!(value instanceof ByteVector)) throw internalType('vector<u8>');
    const bytes = value.view();
    writer.uleb(bytes.length);
    writer.raw(bytes);
    return;
  }
  if (!Array.isArray(value)) throw internalType('vector');
  writer.uleb(value.length);
  for (let i = 0; i < value.length; i++) writeValue(writer, element, value[i]!);
}

function writeDatatype(writer: ValueWriter, type: MoveType, value: Value): void {
  let fields: readonly Value[];
  let types: readonly MoveType[] | undefined;
  if (type.isEnum) {
    if (!(value instanceof Variant)) throw internalType('enum');
    writer.uleb(value.tag);
    fields = value.fields;
    types = type.variants[value.tag];
  } else {
    if (!Array.isArray(value)) throw internalType('struct');
    fields = value;
    types = type.fields;
  }
  if (types?.length !== fields.length) throw internalType(`${type.definition!.name}`);
  for (let i = 0; i < types.length; i++) writeValue(writer, types[i]!, fields[i]!);
}

type PureKind = 'string' | 'ascii' | 'option' | 'id' | undefined;

function pureKind(type: MoveType): PureKind {
  const { definingId, module, name } = type.definition!;
  if (definingId === MOVE_STDLIB_ADDRESS) {
    if (module === 'string' && name === 'String') return 'string';
    if (module === 'ascii' && name === 'String') return 'ascii';
    if (module === 'option' && name === 'Option') return 'option';
  }
  if (definingId === SUI_FRAMEWORK_ADDRESS && module === 'object' && name === 'ID') return 'id';
  return undefined;
}

/** True for the types that a transaction may give as bytes: primitives, strings, ids, options and vectors of them. */
export function isPureType(type: MoveType): boolean {
  if (type.kind === KIND.Vector) return isPureType(type.element!);
  if (type.kind !== KIND.Datatype) return type.kind <= KIND.Address;
  const kind = pureKind(type);
  if (kind === 'option') return isPureType(type.typeArguments[0]!);
  return kind !== undefined;
}

/** Checks the invariants that Move code would have kept: UTF-8, ASCII, at most one element. */
export function checkPureValue(type: MoveType, value: Value): void {
  if (type.kind === KIND.Vector) {
    if (Array.isArray(value)) for (const item of value) checkPureValue(type.element!, item);
    return;
  }
  if (type.kind !== KIND.Datatype || !Array.isArray(value)) return;
  const kind = pureKind(type);
  const inner = value[0];
  if (kind === 'option' && Array.isArray(inner)) {
    if (inner.length > 1) throw malformed(`an Option of ${inner.length} elements`);
    for (const item of inner) checkPureValue(type.typeArguments[0]!, item);
  } else if (inner instanceof ByteVector) {
    checkPureBytes(kind, inner.view());
  }
}

function checkPureBytes(kind: PureKind, bytes: Uint8Array): void {
  if (kind === 'option' && bytes.length > 1) {
    throw malformed(`an Option of ${bytes.length} elements`);
  }
  if (kind === 'ascii' && bytes.some((byte) => byte > MAX_ASCII)) {
    throw malformed('an ascii::String with a byte above 0x7f');
  }
  if (kind === 'string') {
    try {
      UTF8.decode(bytes);
    } catch {
      throw malformed('a String that is not UTF-8');
    }
  }
}
