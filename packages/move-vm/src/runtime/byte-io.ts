/**
 * Reader and writer for BCS of Move values, tuned for objects and arguments.
 *
 * Strict: canonical lengths, bool bytes 0 and 1, no length beyond the bytes that are left.
 */
import { STATUS, VmError } from '../common/index.ts';
import { MAX_SERIALIZED_BYTES } from './limits.ts';
import type { U64 } from './u64.ts';

const TWO_32 = 4294967296;
/** High words below this make a number, not a bigint. */
const NUMBER_HIGH = 0x20_0000;
const ADDRESS_LENGTH = 32;
const INITIAL_CAPACITY = 256;

const HEX_BYTE = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));
/** Value of a hex digit by character code. */
const HEX_DIGIT: Uint8Array = (() => {
  const digits = new Uint8Array(128);
  for (const [value, digit] of [...'0123456789abcdef'].entries()) {
    digits[digit.charCodeAt(0)] = value;
  }
  return digits;
})();

export function malformed(what: string): VmError {
  return new VmError(STATUS.VALUE_DESERIALIZATION_ERROR, what);
}

export class ValueReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  #take(count: number): number {
    const start = this.#at;
    if (start + count > this.#bytes.length) {
      throw malformed(`${count} bytes wanted, ${this.#bytes.length - start} left`);
    }
    this.#at = start + count;
    return start;
  }

  bool(): boolean {
    const byte = this.u8();
    if (byte > 1) throw malformed(`bool byte ${byte}`);
    return byte === 1;
  }

  u8(): number {
    return this.#bytes[this.#take(1)]!;
  }

  u16(): number {
    return this.#view.getUint16(this.#take(2), true);
  }

  u32(): number {
    return this.#view.getUint32(this.#take(4), true);
  }

  u64(): U64 {
    const at = this.#take(8);
    const high = this.#view.getUint32(at + 4, true);
    if (high < NUMBER_HIGH) return high * TWO_32 + this.#view.getUint32(at, true);
    return this.#view.getBigUint64(at, true);
  }

  /** `words` little-endian words of 64 bits. */
  big(words: number): bigint {
    const at = this.#take(8 * words);
    let value = 0n;
    for (let i = words - 1; i >= 0; i--) {
      value = (value << 64n) | this.#view.getBigUint64(at + 8 * i, true);
    }
    return value;
  }

  address(): string {
    const at = this.#take(ADDRESS_LENGTH);
    let text = '0x';
    for (let i = at; i < at + ADDRESS_LENGTH; i++) text += HEX_BYTE[this.#bytes[i]!];
    return text;
  }

  /** Canonical ULEB128 of at most 32 bits. */
  uleb(): number {
    let value = 0;
    for (let shift = 0; shift <= 28; shift += 7) {
      const byte = this.u8();
      if (shift === 28 && byte > 0x0f) throw malformed('a length beyond 32 bits');
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) {
        if (byte === 0 && shift > 0) throw malformed('a length in a longer form than needed');
        return value;
      }
    }
    throw malformed('a length beyond 32 bits');
  }

  /** A count of elements; each takes at least one byte. */
  count(): number {
    const count = this.uleb();
    if (count > this.#bytes.length - this.#at) {
      throw malformed(`length ${count}, ${this.#bytes.length - this.#at} bytes left`);
    }
    return count;
  }

  /** A copy of `count` bytes. */
  raw(count: number): Uint8Array {
    const at = this.#take(count);
    return this.#bytes.slice(at, at + count);
  }

  end(): void {
    const left = this.#bytes.length - this.#at;
    if (left > 0) throw malformed(`${left} bytes left over`);
  }
}

export class ValueWriter {
  #bytes = new Uint8Array(INITIAL_CAPACITY);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;

  #grow(count: number): number {
    const start = this.#length;
    const end = start + count;
    if (end > this.#bytes.length) {
      if (end > MAX_SERIALIZED_BYTES) {
        throw new VmError(
          STATUS.MEMORY_LIMIT_EXCEEDED,
          `a value takes more than ${MAX_SERIALIZED_BYTES} bytes`,
        );
      }
      const larger = new Uint8Array(Math.max(end, 2 * this.#bytes.length));
      larger.set(this.#bytes.subarray(0, start));
      this.#bytes = larger;
      this.#view = new DataView(larger.buffer);
    }
    this.#length = end;
    return start;
  }

  u8(value: number): void {
    const at = this.#grow(1);
    this.#bytes[at] = value;
  }

  u16(value: number): void {
    const at = this.#grow(2);
    this.#view.setUint16(at, value, true);
  }

  u32(value: number): void {
    const at = this.#grow(4);
    this.#view.setUint32(at, value, true);
  }

  u64(value: U64): void {
    const at = this.#grow(8);
    if (typeof value === 'number') {
      this.#view.setUint32(at, value >>> 0, true);
      this.#view.setUint32(at + 4, Math.floor(value / TWO_32), true);
    } else {
      this.#view.setBigUint64(at, value, true);
    }
  }

  big(value: bigint, words: number): void {
    const at = this.#grow(8 * words);
    let rest = value;
    for (let i = 0; i < words; i++) {
      this.#view.setBigUint64(at + 8 * i, rest & 0xffff_ffff_ffff_ffffn, true);
      rest >>= 64n;
    }
  }

  address(address: string): void {
    const at = this.#grow(ADDRESS_LENGTH);
    for (let i = 0; i < ADDRESS_LENGTH; i++) {
      const high = HEX_DIGIT[address.charCodeAt(2 + 2 * i)]!;
      this.#bytes[at + i] = (high << 4) | HEX_DIGIT[address.charCodeAt(3 + 2 * i)]!;
    }
  }

  uleb(value: number): void {
    let rest = value;
    while (rest >= 0x80) {
      this.u8((rest % 0x80) | 0x80);
      rest = Math.floor(rest / 0x80);
    }
    this.u8(rest);
  }

  raw(bytes: Uint8Array): void {
    const at = this.#grow(bytes.length);
    this.#bytes.set(bytes, at);
  }

  bytes(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }
}
