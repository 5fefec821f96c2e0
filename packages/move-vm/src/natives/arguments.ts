/**
 * Typed access to the arguments of natives.
 *
 * Callers are type-checked against the *declared* signature; these guards catch a declaration that
 * does not fit the native (a foreign framework, a mistake in ours).
 */
import {
  ByteReference,
  ByteVector,
  internalType,
  type Reference,
  SlotReference,
  type Value,
} from '../runtime/value.ts';

function isReferenceValue(value: Value | undefined): value is Reference {
  return value instanceof SlotReference || value instanceof ByteReference;
}

/** The value itself, or what the reference points to. */
export function deref(value: Value | undefined): Value {
  if (value === undefined) throw internalType('of a further argument');
  return isReferenceValue(value) ? value.get() : value;
}

export function referenceOf(value: Value | undefined): Reference {
  if (!isReferenceValue(value)) throw internalType('reference');
  return value;
}

/** Reference to a field of the struct behind a reference. */
export function fieldReference(struct: Value | undefined, index: number): Reference {
  const fields = referenceOf(struct).get();
  if (!Array.isArray(fields) || index >= fields.length) throw internalType('struct');
  return new SlotReference(fields, index);
}

/** A `vector<u8>` or a reference to one; read only. */
export function bytesOf(value: Value | undefined): Uint8Array {
  const vector = deref(value);
  if (!(vector instanceof ByteVector)) throw internalType('vector<u8>');
  return vector.view();
}

/** u8, u16 or u32. */
export function smallOf(value: Value | undefined): number {
  const number = deref(value);
  if (typeof number !== 'number') throw internalType('u8, u16 or u32');
  return number;
}

/** Any integer as a bigint. */
export function integerOf(value: Value | undefined): bigint {
  const integer = deref(value);
  if (typeof integer === 'bigint') return integer;
  if (typeof integer !== 'number') throw internalType('integer');
  return BigInt(integer);
}

export function addressOf(value: Value | undefined): string {
  const address = deref(value);
  if (typeof address !== 'string') throw internalType('address');
  return address;
}

/** Elements of a vector that is no `vector<u8>`, or fields of a struct. */
export function itemsOf(value: Value | undefined): readonly Value[] {
  const items = deref(value);
  if (!Array.isArray(items)) throw internalType('vector or struct');
  return items;
}

/** The object's id: field 0 is `UID { id: ID { bytes } }`. */
export function objectIdOf(object: Value | undefined): string {
  const uid = itemsOf(object)[0];
  return uidOf(uid);
}

/** The address in a UID. */
export function uidOf(uid: Value | undefined): string {
  return idOf(itemsOf(uid)[0]);
}

/** The address in an ID. */
export function idOf(id: Value | undefined): string {
  return addressOf(itemsOf(id)[0]);
}

/** A struct with one field that is a struct with one field that is the address. */
export function uidValue(id: string): Value {
  return [[id]];
}

/** `vector<u8>` over bytes that nobody writes to afterwards. */
export function bytesValue(bytes: Uint8Array): ByteVector {
  return new ByteVector(bytes);
}

/** `Option<T>` of a value. */
export function optionValue(value: Value | undefined): Value {
  return [value === undefined ? [] : [value]];
}

/** `Option<vector<u8>>`. */
export function optionBytesValue(bytes: Uint8Array | undefined): Value {
  return optionValue(bytes === undefined ? undefined : new ByteVector(bytes));
}
