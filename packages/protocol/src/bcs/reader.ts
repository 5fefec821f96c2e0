/**
 * Strict BCS decoding: shortest ULEB128, booleans 0 or 1, valid UTF-8, lengths that fit, and no
 * trailing bytes. What is accepted re-encodes to the same bytes (sui-ledger.md §3).
 */
import { copyOf } from '@seal-ts/crypto';
import { addressFromBytes } from '../encoding.ts';
import { ProtocolError } from '../errors.ts';

/** Largest length or enum tag BCS knows (2^31 − 1). */
export const MAX_ULEB = 0x7fff_ffff;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export class BcsReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get remaining(): number {
    return this.#bytes.length - this.#at;
  }

  /** A copy of the next `count` bytes. */
  bytes(count: number): Uint8Array {
    const start = this.#take(count);
    return copyOf(this.#bytes.subarray(start, start + count));
  }

  u8(): number {
    return this.#view.getUint8(this.#take(1));
  }

  u16(): number {
    return this.#view.getUint16(this.#take(2), true);
  }

  u32(): number {
    return this.#view.getUint32(this.#take(4), true);
  }

  u64(): bigint {
    return this.#view.getBigUint64(this.#take(8), true);
  }

  bool(): boolean {
    const byte = this.u8();
    if (byte > 1) throw invalid(`boolean byte ${byte} at offset ${this.#at - 1}`);
    return byte === 1;
  }

  uleb(): number {
    const start = this.#at;
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.u8();
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) {
        if (byte === 0 && shift > 0) throw invalid(`length not in shortest form at ${start}`);
        if (value > MAX_ULEB) break;
        return value;
      }
    }
    throw invalid(`length above ${MAX_ULEB} at offset ${start}`);
  }

  /** `vector<u8>`. */
  byteVector(): Uint8Array {
    return this.bytes(this.uleb());
  }

  /**
   * `vector<u8>` without a copy, where the memory is not shared with other threads: for payloads
   * that are large and only read.
   */
  byteVectorView(): Uint8Array {
    const count = this.uleb();
    const start = this.#take(count);
    const end = start + count;
    const isOwn = this.#bytes.buffer instanceof ArrayBuffer;
    const view = this.#bytes.subarray(start, end);
    return isOwn ? view : copyOf(view);
  }

  string(): string {
    const bytes = this.byteVector();
    try {
      return utf8.decode(bytes);
    } catch (cause) {
      throw invalid('string is not UTF-8', cause);
    }
  }

  address(): string {
    return addressFromBytes(this.bytes(32));
  }

  /** Elements take at least one byte each, so a count above what remains is refused at once. */
  vector<T>(element: (reader: BcsReader) => T): T[] {
    const count = this.uleb();
    if (count > this.remaining) throw invalid(`vector of ${count} in ${this.remaining} bytes`);
    const out: T[] = [];
    for (let i = 0; i < count; i++) out.push(element(this));
    return out;
  }

  option<T>(element: (reader: BcsReader) => T): T | undefined {
    const tag = this.u8();
    if (tag > 1) throw invalid(`option tag ${tag}`);
    return tag === 1 ? element(this) : undefined;
  }

  /** Enum tag below `count`. */
  variant(name: string, count: number): number {
    const tag = this.uleb();
    if (tag >= count) throw invalid(`unknown ${name} variant ${tag}`);
    return tag;
  }

  end(): void {
    if (this.remaining !== 0) throw invalid(`${this.remaining} trailing bytes`);
  }

  #take(count: number): number {
    if (count > this.remaining) {
      throw invalid(`needed ${count} bytes at offset ${this.#at}, ${this.remaining} left`);
    }
    const start = this.#at;
    this.#at += count;
    return start;
  }
}

/** Reads a whole value; trailing bytes are an error. Error: INVALID_BCS. */
export function decodeBcs<T>(bytes: Uint8Array, read: (reader: BcsReader) => T): T {
  const reader = new BcsReader(bytes);
  const value = read(reader);
  reader.end();
  return value;
}

export function invalid(what: string, cause?: unknown): ProtocolError {
  return new ProtocolError('INVALID_BCS', `invalid BCS: ${what}`, { cause });
}
