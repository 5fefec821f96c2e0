/**
 * The few BCS primitives that type tags and constants need: strict reader, growing writer.
 *
 * Lengths are canonical ULEB128 and can never exceed what is left in the buffer, so a lying length
 * allocates nothing. Source: move-vm.md §1.1, §2.
 */
import { ADDRESS_LENGTH, addressFromBytes, addressToBytes } from './address.ts';
import { argumentError } from './errors.ts';

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const ENCODER = new TextEncoder();

export class BcsReader {
  readonly #bytes: Uint8Array;
  #offset = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get remaining(): number {
    return this.#bytes.length - this.#offset;
  }

  /** `count` raw bytes, a view into the input. */
  raw(count: number): Uint8Array {
    if (count > this.remaining) {
      throw argumentError(`bcs: ${count} bytes wanted, ${this.remaining} left`);
    }
    this.#offset += count;
    return this.#bytes.subarray(this.#offset - count, this.#offset);
  }

  u8(): number {
    return this.raw(1)[0]!;
  }

  bool(): boolean {
    const byte = this.u8();
    if (byte > 1) throw argumentError(`bcs: bool byte is ${byte}`);
    return byte === 1;
  }

  /** Little-endian unsigned integer of `size` bytes. */
  uint(size: number): bigint {
    const bytes = this.raw(size);
    let value = 0n;
    for (let i = size - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i]!);
    return value;
  }

  /** Canonical ULEB128 of at most 32 bits. */
  uleb(): number {
    let value = 0;
    for (let shift = 0; shift <= 28; shift += 7) {
      const byte = this.u8();
      if (shift === 28 && byte > 0x0f) throw argumentError('bcs: length beyond 32 bits');
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) {
        if (byte === 0 && shift > 0) throw argumentError('bcs: length not canonical');
        return value;
      }
    }
    throw argumentError('bcs: length beyond 32 bits');
  }

  /** An element count: every element takes at least one byte. */
  length(): number {
    const count = this.uleb();
    if (count > this.remaining) {
      throw argumentError(`bcs: length ${count} exceeds the ${this.remaining} bytes left`);
    }
    return count;
  }

  address(): string {
    return addressFromBytes(this.raw(ADDRESS_LENGTH));
  }

  text(): string {
    const bytes = this.raw(this.length());
    try {
      return UTF8.decode(bytes);
    } catch (cause) {
      throw argumentError(`bcs: string is not UTF-8 (${String(cause)})`);
    }
  }

  end(): void {
    if (this.remaining > 0) throw argumentError(`bcs: ${this.remaining} bytes left over`);
  }
}

const INITIAL_CAPACITY = 128;

export class BcsWriter {
  #buffer = new Uint8Array(INITIAL_CAPACITY);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  #reserve(count: number): number {
    const start = this.#length;
    const end = start + count;
    if (end > this.#buffer.length) {
      const larger = new Uint8Array(Math.max(end, 2 * this.#buffer.length));
      larger.set(this.#buffer);
      this.#buffer = larger;
    }
    this.#length = end;
    return start;
  }

  u8(value: number): void {
    const at = this.#reserve(1);
    this.#buffer[at] = value;
  }

  raw(bytes: Uint8Array): void {
    const at = this.#reserve(bytes.length);
    this.#buffer.set(bytes, at);
  }

  /** Little-endian unsigned integer of `size` bytes. */
  uint(value: bigint | number, size: number): void {
    let rest = BigInt(value);
    const at = this.#reserve(size);
    for (let i = 0; i < size; i++) {
      this.#buffer[at + i] = Number(rest & 0xffn);
      rest >>= 8n;
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

  /** ULEB128 length, then the bytes. */
  blob(bytes: Uint8Array): void {
    this.uleb(bytes.length);
    this.raw(bytes);
  }

  text(text: string): void {
    this.blob(ENCODER.encode(text));
  }

  address(address: string): void {
    this.raw(addressToBytes(address));
  }

  bytes(): Uint8Array {
    return this.#buffer.slice(0, this.#length);
  }
}
