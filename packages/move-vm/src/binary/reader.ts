/**
 * Cursor over module bytes: fixed integers, canonical ULEB128, views. Source: move-vm.md §1.1.
 *
 * Every length is checked against what is left before anything is allocated.
 */
import { rejected } from '../common/errors.ts';
import type { StatusName } from '../common/status.ts';

const U64_BITS = 64n;

export class ByteReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #end: number;
  #offset: number;

  /** Reads `bytes[start, end)`; offsets in messages count from the start of `bytes`. */
  constructor(bytes: Uint8Array, start = 0, end = bytes.length) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#offset = start;
    this.#end = end;
  }

  get offset(): number {
    return this.#offset;
  }

  get remaining(): number {
    return this.#end - this.#offset;
  }

  #take(count: number, what: string, status: StatusName = 'MALFORMED'): number {
    const at = this.#offset;
    if (count > this.#end - at) {
      throw rejected(
        status,
        `${what} at byte ${at}: ${count} bytes wanted, ${this.#end - at} left`,
      );
    }
    this.#offset = at + count;
    return at;
  }

  u8(what: string): number {
    return this.#bytes[this.#take(1, what)]!;
  }

  u16(what: string): number {
    return this.#view.getUint16(this.#take(2, what, 'BAD_U16'), true);
  }

  u32(what: string): number {
    return this.#view.getUint32(this.#take(4, what, 'BAD_U32'), true);
  }

  u64(what: string): bigint {
    return this.#view.getBigUint64(this.#take(8, what, 'BAD_U64'), true);
  }

  u128(what: string): bigint {
    return this.#wide(this.#take(16, what, 'BAD_U128'), 16);
  }

  u256(what: string): bigint {
    return this.#wide(this.#take(32, what, 'BAD_U256'), 32);
  }

  #wide(at: number, size: number): bigint {
    let value = 0n;
    for (let i = size - 8; i >= 0; i -= 8) {
      value = (value << U64_BITS) | this.#view.getBigUint64(at + i, true);
    }
    return value;
  }

  /** A view of the next `count` bytes. */
  raw(count: number, what: string): Uint8Array {
    const at = this.#take(count, what);
    return this.#bytes.subarray(at, at + count);
  }

  /** Canonical ULEB128, at most `max` (below 2^53). */
  uleb(max: number, what: string): number {
    const start = this.#offset;
    const first = this.u8(what);
    // Nearly every number in a module takes one byte.
    if (first < 0x80) {
      if (first > max) throw tooLarge(what, start, first, max);
      return first;
    }
    let value = BigInt(first & 0x7f);
    for (let shift = 7n; ; shift += 7n) {
      const byte = this.u8(what);
      value |= BigInt(byte & 0x7f) << shift;
      if (value >> U64_BITS !== 0n) throw notCanonical(what, start);
      if (byte < 0x80) {
        if (byte === 0) throw notCanonical(what, start);
        break;
      }
      if (shift >= U64_BITS) throw notCanonical(what, start);
    }
    if (value > BigInt(max)) throw tooLarge(what, start, value, max);
    return Number(value);
  }

  /** ULEB128 length of at most `max`, then that many bytes, as a view. */
  blob(max: number, what: string): Uint8Array {
    return this.raw(this.uleb(max, what), what);
  }
}

function tooLarge(what: string, at: number, value: number | bigint, max: number): Error {
  return rejected('MALFORMED', `${what} at byte ${at} is ${value}, more than ${max}`);
}

function notCanonical(what: string, at: number): Error {
  return rejected('MALFORMED', `${what} at byte ${at} is not a canonical ULEB128 of 64 bits`);
}
