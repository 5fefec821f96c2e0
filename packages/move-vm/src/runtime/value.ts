/**
 * Values of the running machine. Code is type-checked when it is linked, so values carry no tags:
 *
 * | Move | here |
 * |---|---|
 * | bool | boolean |
 * | u8, u16, u32 | number |
 * | u64 | number up to 2^53 - 1, bigint above (one form for each value, so `===` is equality) |
 * | u128, u256 | bigint |
 * | address, signer | `0x` + 64 hex digits |
 * | vector<u8> | `ByteVector` |
 * | other vectors; structs | array of elements; of fields in declared order |
 * | enum | `Variant` |
 * | & and &mut | `SlotReference` or `ByteReference`: a container and an index |
 *
 * Two Move values never share a mutable array: `copyValue` is deep, byte vectors copy on write.
 * Source: move-vm.md §3.4.
 */
import { STATUS, VmError } from '../common/index.ts';

export type Value = boolean | number | bigint | string | Value[] | ByteVector | Variant | Reference;
/** A place that is empty after its value was moved out. */
export type Cell = Value | undefined;
export type Reference = SlotReference | ByteReference;

const MIN_CAPACITY = 16;

/** A growable `vector<u8>`. */
export class ByteVector {
  #bytes: Uint8Array;
  #length: number;
  /** The buffer has other owners, or is not ours to write. */
  #shared: boolean;

  /** Over `bytes`, without copying; nobody may write to `bytes` afterwards. */
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#length = bytes.length;
    this.#shared = true;
  }

  get length(): number {
    return this.#length;
  }

  /** The bytes, to be read only, and only until the next write. */
  view(): Uint8Array {
    return this.#length === this.#bytes.length
      ? this.#bytes
      : this.#bytes.subarray(0, this.#length);
  }

  copy(): ByteVector {
    this.#shared = true;
    const copy = new ByteVector(this.#bytes);
    copy.#length = this.#length;
    return copy;
  }

  at(index: number): number {
    return this.#bytes[index]!;
  }

  set(index: number, byte: number): void {
    if (index >= this.#length) throw dangling();
    this.#own(this.#length);
    this.#bytes[index] = byte;
  }

  push(byte: number): void {
    if (this.#shared || this.#length === this.#bytes.length) this.#own(this.#length + 1);
    this.#bytes[this.#length++] = byte;
  }

  /** Removes the last byte; undefined when empty. */
  pop(): number | undefined {
    if (this.#length === 0) return undefined;
    this.#length -= 1;
    return this.#bytes[this.#length];
  }

  swap(i: number, j: number): void {
    this.#own(this.#length);
    const byte = this.#bytes[i]!;
    this.#bytes[i] = this.#bytes[j]!;
    this.#bytes[j] = byte;
  }

  equals(other: ByteVector): boolean {
    if (this.#length !== other.#length) return false;
    for (let i = 0; i < this.#length; i++) {
      if (this.#bytes[i] !== other.#bytes[i]) return false;
    }
    return true;
  }

  /** Makes the buffer ours, with room for `capacity` bytes. */
  #own(capacity: number): void {
    if (!this.#shared && capacity <= this.#bytes.length) return;
    const grown = capacity > this.#length ? Math.max(MIN_CAPACITY, 2 * capacity) : capacity;
    const bytes = new Uint8Array(grown);
    bytes.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = bytes;
    this.#shared = false;
  }
}

/** An enum value. */
export class Variant {
  readonly tag: number;
  readonly fields: Value[];

  constructor(tag: number, fields: Value[]) {
    this.tag = tag;
    this.fields = fields;
  }
}

/** Reference to a local, a field, or a vector element. */
export class SlotReference {
  readonly container: Cell[];
  readonly index: number;

  constructor(container: Cell[], index: number) {
    this.container = container;
    this.index = index;
  }

  get(): Value {
    const value = this.container[this.index];
    if (value === undefined) throw dangling();
    return value;
  }

  set(value: Value): void {
    if (this.index >= this.container.length) throw dangling();
    this.container[this.index] = value;
  }
}

/** Reference to an element of a `vector<u8>`. */
export class ByteReference {
  readonly vector: ByteVector;
  readonly index: number;

  constructor(vector: ByteVector, index: number) {
    this.vector = vector;
    this.index = index;
  }

  get(): Value {
    if (this.index >= this.vector.length) throw dangling();
    return this.vector.at(this.index);
  }

  set(value: Value): void {
    if (typeof value !== 'number') throw internalType('u8');
    this.vector.set(this.index, value);
  }
}

/** The borrow rules are not verified, so a reference can outlive what it points to: no value then. */
export function dangling(): VmError {
  return new VmError(
    STATUS.UNKNOWN_INVARIANT_VIOLATION_ERROR,
    'a reference outlived the value it points to',
  );
}

/** A value of another shape than its type says: a native with a wrong declaration, or our bug. */
export function internalType(expected: string): VmError {
  return new VmError(STATUS.INTERNAL_TYPE_ERROR, `expected a value of type ${expected}`);
}

/** Copies are charged by what they move; this receives the count of elements and 16-byte blocks. */
export interface CopyCost {
  charge(units: number): void;
}

/** Bytes that count as one unit when copied or compared. */
export const BYTES_PER_UNIT = 16;

/** A deep copy; references copy as references to the same place. */
export function copyValue(value: Value, cost: CopyCost): Value {
  if (typeof value !== 'object') return value;
  if (value instanceof ByteVector) {
    cost.charge(1 + Math.floor(value.length / BYTES_PER_UNIT));
    return value.copy();
  }
  if (Array.isArray(value)) return copyAll(value, cost);
  if (value instanceof Variant) return new Variant(value.tag, copyAll(value.fields, cost));
  return value;
}

function copyAll(values: readonly Value[], cost: CopyCost): Value[] {
  cost.charge(1 + values.length);
  const copies = new Array<Value>(values.length);
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    copies[i] = typeof value === 'object' ? copyValue(value, cost) : value;
  }
  return copies;
}

/** Deep equality of two values of one type; references compare what they point to. */
export function equalValues(a: Value, b: Value, cost: CopyCost): boolean {
  if (typeof a !== 'object' || typeof b !== 'object') return a === b;
  if (a instanceof ByteVector) {
    if (!(b instanceof ByteVector)) throw internalType('vector<u8>');
    cost.charge(1 + Math.floor(a.length / BYTES_PER_UNIT));
    return a.equals(b);
  }
  if (Array.isArray(a)) {
    if (!Array.isArray(b)) throw internalType('vector or struct');
    return equalAll(a, b, cost);
  }
  if (a instanceof Variant) {
    if (!(b instanceof Variant)) throw internalType('enum');
    return a.tag === b.tag && equalAll(a.fields, b.fields, cost);
  }
  if (b instanceof SlotReference || b instanceof ByteReference) {
    return equalValues(a.get(), b.get(), cost);
  }
  throw internalType('reference');
}

function equalAll(a: readonly Value[], b: readonly Value[], cost: CopyCost): boolean {
  if (a.length !== b.length) return false;
  cost.charge(1 + a.length);
  for (let i = 0; i < a.length; i++) {
    if (!equalValues(a[i]!, b[i]!, cost)) return false;
  }
  return true;
}
