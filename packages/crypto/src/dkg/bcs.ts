/**
 * Just the BCS that key-generation messages need (dkg spec §3): fixed byte strings, `u16`, ULEB128
 * counts, vectors. Reading is strict: minimal counts, no trailing bytes, nothing beyond the input.
 */

import { concat, copyOf } from '../bytes.ts';
import { type Group, SCALAR_BYTES } from '../engine.ts';
import { CryptoError } from '../errors.ts';
import { assertScalar } from '../scalar.ts';

/** Largest BCS element count. */
const MAX_COUNT = 2 ** 31 - 1;

/** `n` as a minimal ULEB128 number. */
export function uleb128(n: number): Uint8Array {
  const out: number[] = [];
  let rest = n;
  while (rest >= 0x80) {
    out.push((rest & 0x7f) | 0x80);
    rest >>>= 7;
  }
  out.push(rest);
  return Uint8Array.from(out);
}

/** `n` as 2 bytes, little-endian. */
export function u16le(n: number): Uint8Array {
  return Uint8Array.of(n & 0xff, n >>> 8);
}

/** A vector: count, then the items as they are. */
export function vector(items: readonly Uint8Array[]): Uint8Array {
  return concat(uleb128(items.length), ...items);
}

/** A byte string with its length. */
export function byteVector(bytes: Uint8Array): Uint8Array {
  return concat(uleb128(bytes.length), bytes);
}

/**
 * Reads a BCS value front to back. Every failure is `INVALID_DKG_MESSAGE` with the field's name.
 */
export class BcsReader {
  readonly #bytes: Uint8Array;
  #offset = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Reads a whole value and refuses trailing bytes. */
  static readAll<T>(bytes: Uint8Array, read: (reader: BcsReader) => T): T {
    const reader = new BcsReader(bytes);
    const value = read(reader);
    if (reader.#offset !== bytes.length) {
      throw malformed(`${bytes.length - reader.#offset} trailing bytes`);
    }
    return value;
  }

  fixed(length: number, field: string): Uint8Array {
    const end = this.#offset + length;
    if (end > this.#bytes.length) throw malformed(`${field} is cut short`);
    const value = copyOf(this.#bytes.subarray(this.#offset, end));
    this.#offset = end;
    return value;
  }

  u16(field: string): number {
    const bytes = this.fixed(2, field);
    return bytes[0]! | (bytes[1]! << 8);
  }

  /** A count whose items take at least `itemBytes` each: never larger than the input could hold. */
  count(itemBytes: number, field: string): number {
    let value = 0;
    for (let shift = 0; shift <= 28; shift += 7) {
      const byte = this.fixed(1, field)[0]!;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte >= 0x80) continue;
      if (byte === 0 && shift > 0) throw malformed(`${field} has a count that is not minimal`);
      if (value > MAX_COUNT || value * itemBytes > this.#bytes.length - this.#offset) {
        throw malformed(`${field} has a count beyond the input`);
      }
      return value;
    }
    throw malformed(`${field} has a count that is too long`);
  }

  list<T>(itemBytes: number, field: string, read: () => T): T[] {
    return Array.from({ length: this.count(itemBytes, field) }, read);
  }

  bytes(field: string): Uint8Array {
    return this.fixed(this.count(1, field), field);
  }

  /** A canonical scalar. */
  scalar(field: string): Uint8Array {
    const scalar = this.fixed(SCALAR_BYTES, field);
    assertScalar(scalar, field);
    return scalar;
  }

  /** A point of the prime-order group, decoded strictly. */
  point<P>(group: Group<P>, field: string): P {
    return group.fromBytes(this.fixed(group.byteLength, field));
  }
}

function malformed(reason: string): CryptoError {
  return new CryptoError('INVALID_DKG_MESSAGE', `DKG encoding: ${reason}`);
}
