/** BCS encoding; the mirror of reader.ts. Values out of range are errors, never wrapped. */
import { addressToBytes } from '../encoding.ts';
import { ProtocolError } from '../errors.ts';
import { MAX_ULEB } from './reader.ts';

const utf8 = new TextEncoder();
const INITIAL_BYTES = 256;
/** Spare room kept when growing: enough for small fields, little beside a large vector. */
const MAX_SPARE_BYTES = 64 * 1024;

export class BcsWriter {
  #buffer = new Uint8Array(INITIAL_BYTES);
  #view = new DataView(this.#buffer.buffer);
  #length = 0;

  /** Raw bytes without a length. */
  bytes(value: Uint8Array): this {
    // Room first: growing replaces the buffer and its view.
    const at = this.#grow(value.length);
    this.#buffer.set(value, at);
    return this;
  }

  /** Raw bytes of a fixed length. */
  fixed(value: Uint8Array, length: number, field: string): this {
    return this.bytes(checkLength(value, length, field));
  }

  u8(value: number): this {
    checkUint(value, 0xff);
    const at = this.#grow(1);
    this.#view.setUint8(at, value);
    return this;
  }

  u16(value: number): this {
    checkUint(value, 0xffff);
    const at = this.#grow(2);
    this.#view.setUint16(at, value, true);
    return this;
  }

  u32(value: number): this {
    checkUint(value, 0xffff_ffff);
    const at = this.#grow(4);
    this.#view.setUint32(at, value, true);
    return this;
  }

  u64(value: bigint): this {
    if (value < 0n || value >= 1n << 64n) {
      throw new ProtocolError('OUT_OF_RANGE', `${value} does not fit in 64 bits`);
    }
    const at = this.#grow(8);
    this.#view.setBigUint64(at, value, true);
    return this;
  }

  bool(value: boolean): this {
    return this.u8(value ? 1 : 0);
  }

  uleb(value: number): this {
    checkUint(value, MAX_ULEB);
    let rest = value;
    while (rest >= 0x80) {
      this.u8((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    return this.u8(rest);
  }

  byteVector(value: Uint8Array): this {
    return this.uleb(value.length).bytes(value);
  }

  string(value: string): this {
    if (!value.isWellFormed()) {
      throw new ProtocolError('INVALID_BCS', 'string has an unpaired surrogate');
    }
    return this.byteVector(utf8.encode(value));
  }

  address(value: string): this {
    return this.bytes(addressToBytes(value));
  }

  vector<T>(values: readonly T[], element: (writer: BcsWriter, value: T) => void): this {
    this.uleb(values.length);
    for (const value of values) element(this, value);
    return this;
  }

  option<T>(value: T | undefined, element: (writer: BcsWriter, value: T) => void): this {
    this.bool(value !== undefined);
    if (value !== undefined) element(this, value);
    return this;
  }

  finish(): Uint8Array<ArrayBuffer> {
    return this.#buffer.slice(0, this.#length);
  }

  #grow(count: number): number {
    const start = this.#length;
    const needed = start + count;
    if (needed > this.#buffer.length) {
      const bigger = new Uint8Array(needed + Math.min(needed, MAX_SPARE_BYTES));
      bigger.set(this.#buffer.subarray(0, start));
      this.#buffer = bigger;
      this.#view = new DataView(bigger.buffer);
    }
    this.#length = needed;
    return start;
  }
}

export function encodeBcs(write: (writer: BcsWriter) => void): Uint8Array<ArrayBuffer> {
  const writer = new BcsWriter();
  write(writer);
  return writer.finish();
}

function checkUint(value: number, max: number): void {
  if (!Number.isSafeInteger(value) || value < 0 || value > max) {
    throw new ProtocolError('OUT_OF_RANGE', `expected an integer from 0 to ${max}, got ${value}`);
  }
}

/** `value` if it is `length` bytes long. Error: INVALID_LENGTH. */
export function checkLength(value: Uint8Array, length: number, field: string): Uint8Array {
  if (value.length !== length) {
    throw new ProtocolError(
      'INVALID_LENGTH',
      `${field}: expected ${length} bytes, got ${value.length}`,
    );
  }
  return value;
}
