/**
 * A growing BCS buffer (sui-ledger.md §3): little-endian integers, ULEB128 lengths.
 *
 * Why not the client's encoders: they go through Base64 and decimal strings and cost about a
 * hundred microseconds for a small transaction, which is a tenth of a simulation's time. The
 * tests hold every layout here against those encoders.
 */
import { base58 } from '@scure/base';

const INITIAL_CAPACITY = 256;
const utf8 = new TextEncoder();

/** Value of an ASCII hex digit (lower case), by char code. */
function nibble(code: number): number {
  return code < 58 ? code - 48 : code - 87;
}

export class BcsWriter {
  #buffer = new Uint8Array(INITIAL_CAPACITY);
  #view = new DataView(this.#buffer.buffer);
  #length = 0;

  /** A copy of what was written. */
  toBytes(): Uint8Array {
    return this.#buffer.slice(0, this.#length);
  }

  #reserve(extra: number): number {
    const at = this.#length;
    const needed = at + extra;
    if (needed > this.#buffer.length) {
      const grown = new Uint8Array(Math.max(needed, this.#buffer.length * 2));
      grown.set(this.#buffer);
      this.#buffer = grown;
      this.#view = new DataView(grown.buffer);
    }
    this.#length = needed;
    return at;
  }

  u8(value: number): this {
    const at = this.#reserve(1);
    this.#buffer[at] = value;
    return this;
  }

  bool(value: boolean): this {
    return this.u8(value ? 1 : 0);
  }

  u16(value: number): this {
    const at = this.#reserve(2);
    this.#view.setUint16(at, value, true);
    return this;
  }

  u32(value: number): this {
    const at = this.#reserve(4);
    this.#view.setUint32(at, value, true);
    return this;
  }

  u64(value: bigint): this {
    const at = this.#reserve(8);
    this.#view.setBigUint64(at, value, true);
    return this;
  }

  uleb(value: number): this {
    let rest = value;
    while (rest >= 0x80) {
      this.u8((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    return this.u8(rest);
  }

  /** Bytes without a length. */
  raw(bytes: Uint8Array): this {
    const at = this.#reserve(bytes.length);
    this.#buffer.set(bytes, at);
    return this;
  }

  /** `vector<u8>`. */
  bytes(bytes: Uint8Array): this {
    return this.uleb(bytes.length).raw(bytes);
  }

  string(text: string): this {
    return this.bytes(utf8.encode(text));
  }

  /** A canonical address as 32 raw bytes. */
  address(address: string): this {
    const at = this.#reserve(32);
    for (let i = 0; i < 32; i++) {
      const high = nibble(address.charCodeAt(2 + 2 * i));
      this.#buffer[at + i] = (high << 4) | nibble(address.charCodeAt(3 + 2 * i));
    }
    return this;
  }

  /** A digest: length-prefixed, unlike an address. */
  digest(digest: string): this {
    return this.bytes(base58.decode(digest));
  }

  option<T>(value: T | undefined, write: (value: T) => void): this {
    if (value === undefined) return this.u8(0);
    this.u8(1);
    write(value);
    return this;
  }

  vector<T>(items: readonly T[], write: (item: T) => void): this {
    this.uleb(items.length);
    for (const item of items) write(item);
    return this;
  }
}
