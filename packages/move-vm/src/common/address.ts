/**
 * Account addresses and object ids.
 *
 * Inside our code an address is the string `0x` + 64 lower-case hex digits, so that it can be a map
 * key and compared with `===`. These helpers go between that form, the 32 raw bytes of the wire and
 * the short text form (`0x2`). Source: move-vm.md §2.
 */
import { argumentError } from './errors.ts';

export const ADDRESS_LENGTH = 32;

/** The all-zero address: the self address of a package that is not published yet. */
export const ZERO_ADDRESS = `0x${'0'.repeat(64)}`;
/** `std`, the Move standard library. */
export const MOVE_STDLIB_ADDRESS = `0x${'1'.padStart(64, '0')}`;
/** `sui`, the object framework. */
export const SUI_FRAMEWORK_ADDRESS = `0x${'2'.padStart(64, '0')}`;

const CANONICAL = /^0x[0-9a-f]{64}$/;
const LOOSE = /^(?:0[xX])?([0-9a-fA-F]{1,64})$/;

const HEX_BYTE = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

export function isCanonicalAddress(text: string): boolean {
  return CANONICAL.test(text);
}

/** Any usual spelling (`0x2`, `2`, upper case) to the canonical form. */
export function normalizeAddress(text: string): string {
  const match = LOOSE.exec(text);
  if (match === null) throw argumentError(`address: expected 1 to 64 hex digits, got '${text}'`);
  return `0x${match[1]!.toLowerCase().padStart(64, '0')}`;
}

/** The 32 bytes at `offset` as a canonical address. */
export function addressFromBytes(bytes: Uint8Array, offset = 0): string {
  if (bytes.length < offset + ADDRESS_LENGTH) {
    throw argumentError(`address: expected 32 bytes at ${offset}, got ${bytes.length - offset}`);
  }
  let text = '0x';
  for (let i = 0; i < ADDRESS_LENGTH; i++) text += HEX_BYTE[bytes[offset + i]!];
  return text;
}

/** The 32 raw bytes of a canonical address. */
export function addressToBytes(address: string): Uint8Array {
  if (!CANONICAL.test(address)) {
    throw argumentError(`address: expected 0x and 64 lower-case hex digits, got '${address}'`);
  }
  const bytes = new Uint8Array(ADDRESS_LENGTH);
  for (let i = 0; i < ADDRESS_LENGTH; i++) {
    bytes[i] = Number.parseInt(address.slice(2 + 2 * i, 4 + 2 * i), 16);
  }
  return bytes;
}

/** `0x2` for `0x000…2`: what people read. */
export function shortAddress(address: string): string {
  const digits = address.slice(2).replace(/^0+/, '');
  return `0x${digits === '' ? '0' : digits}`;
}
