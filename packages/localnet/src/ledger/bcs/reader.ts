/**
 * A strict BCS reader (sui-ledger.md §3): shortest-form ULEB128, bools 0 or 1, valid UTF-8, no
 * bytes left over, every length bounded by what is there.
 */

import { base58 } from '@scure/base';
import { LedgerError } from '../errors.ts';
import { addressFromBytes } from '../vm.ts';

const DIGEST_LENGTH = 32;
const MAX_ULEB_BYTES = 5;
const MAX_LENGTH = 0x7fffffff;
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export class BcsReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #offset = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get remaining(): number {
    return this.#bytes.length - this.#offset;
  }

  fail(what: string): never {
    throw new LedgerError('LEDGER_BCS', `BCS: ${what} at byte ${this.#offset}`);
  }

  #take(length: number): number {
    if (length > this.remaining) {
      this.fail(`expected ${length} more bytes, ${this.remaining} are left`);
    }
    const at = this.#offset;
    this.#offset += length;
    return at;
  }

  u8(): number {
    return this.#bytes[this.#take(1)]!;
  }

  bool(): boolean {
    const value = this.u8();
    if (value > 1) this.fail(`invalid bool ${value}`);
    return value === 1;
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

  uleb(): number {
    let value = 0;
    for (let i = 0; i < MAX_ULEB_BYTES; i++) {
      const byte = this.u8();
      value += (byte & 0x7f) * 2 ** (7 * i);
      if (byte < 0x80) {
        if (i > 0 && byte === 0) this.fail('ULEB128 is not in its shortest form');
        if (value > MAX_LENGTH) this.fail(`length or tag ${value} is too large`);
        return value;
      }
    }
    return this.fail('ULEB128 is too long');
  }

  /** Bytes without a length; a view, not a copy. */
  raw(length: number): Uint8Array {
    const at = this.#take(length);
    return this.#bytes.subarray(at, at + length);
  }

  /** `vector<u8>`; a copy. */
  bytes(): Uint8Array {
    return this.raw(this.uleb()).slice();
  }

  string(): string {
    const bytes = this.raw(this.uleb());
    try {
      return utf8.decode(bytes);
    } catch {
      return this.fail('invalid UTF-8');
    }
  }

  address(): string {
    return addressFromBytes(this.raw(32));
  }

  digest(): string {
    const length = this.uleb();
    if (length !== DIGEST_LENGTH) this.fail(`digest of ${length} bytes`);
    return base58.encode(this.raw(DIGEST_LENGTH));
  }

  option<T>(read: () => T): T | undefined {
    return this.bool() ? read() : undefined;
  }

  vector<T>(read: () => T): T[] {
    const length = this.uleb();
    // Every element takes at least one byte: refuse before allocating.
    if (length > this.remaining) this.fail(`vector of ${length} elements`);
    const items: T[] = [];
    for (let i = 0; i < length; i++) items.push(read());
    return items;
  }

  /** Reads an enum tag and answers it if it is below `count`. */
  tag(name: string, count: number): number {
    const tag = this.uleb();
    if (tag >= count) this.fail(`unknown ${name} tag ${tag}`);
    return tag;
  }

  end(): void {
    if (this.remaining > 0) this.fail(`${this.remaining} trailing bytes`);
  }
}
