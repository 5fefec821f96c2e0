/**
 * Byte helpers shared by every module. No Node API: these run in browsers too.
 */

import { CryptoError } from './errors.ts';

const HEX = /^(?:[0-9a-fA-F]{2})*$/;
const encoder = new TextEncoder();

/** UTF-8 bytes of `text`. */
export function utf8(text: string): Uint8Array {
  return encoder.encode(text);
}

/**
 * Throws unless `value` is a `Uint8Array` of exactly `length` bytes. `field` names it in the error.
 */
export function assertLength(value: Uint8Array, length: number, field: string): void {
  if (!(value instanceof Uint8Array)) {
    throw new CryptoError('INVALID_INPUT', `${field}: expected a Uint8Array, got ${typeof value}`);
  }
  if (value.length !== length) {
    throw new CryptoError(
      'INVALID_LENGTH',
      `${field}: expected ${length} bytes, got ${value.length}`,
    );
  }
}

/**
 * Throws unless `value` is an integer with `min <= value <= max`. `field` names it in the error.
 */
export function assertInteger(value: number, min: number, max: number, field: string): void {
  if (!Number.isInteger(value) || value < min || value > max) {
    throw new CryptoError(
      'INVALID_INPUT',
      `${field}: expected an integer from ${min} to ${max}, got ${value}`,
    );
  }
}

/** The concatenation of `parts` in a fresh array. */
export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const part of parts) length += part.length;
  const out = new Uint8Array(length);
  let offset = 0;
  for (const part of parts) {
    out.set(part, offset);
    offset += part.length;
  }
  return out;
}

/** `a XOR b` of two equally long arrays, in a fresh array. */
export function xor(a: Uint8Array, b: Uint8Array): Uint8Array {
  assertLength(b, a.length, 'xor operand');
  const out = new Uint8Array(a.length);
  for (let i = 0; i < a.length; i++) out[i] = a[i]! ^ b[i]!;
  return out;
}

/**
 * A copy that shares nothing. Not `slice()`: inputs may be Node's `Buffer`, whose `slice` is a view of the
 * same memory, so that changing or wiping the "copy" would change the caller's bytes.
 */
export function copyOf(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes);
}

/**
 * Compares two arrays in time that depends only on their lengths, as far as a JavaScript engine
 * allows: no early exit, no branch on contents.
 */
export function equalConstantTime(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let i = 0; i < a.length; i++) difference |= a[i]! ^ b[i]!;
  return difference === 0;
}

/**
 * Overwrites secrets with zeros when they are done. Best effort: the runtime may have copied the
 * bytes before (garbage collection, BigInt conversions), and nothing in JavaScript can reach those.
 */
export function wipe(...secrets: readonly (Uint8Array | undefined)[]): void {
  for (const secret of secrets) secret?.fill(0);
}

/** Lower-case hex without prefix. */
export function toHex(bytes: Uint8Array): string {
  let out = '';
  for (const byte of bytes) out += byte.toString(16).padStart(2, '0');
  return out;
}

/** Bytes of a hex string, with or without `0x`; either case. */
export function fromHex(hex: string): Uint8Array {
  const digits = hex.startsWith('0x') ? hex.slice(2) : hex;
  if (!HEX.test(digits)) {
    throw new CryptoError('INVALID_INPUT', 'hex: expected an even number of hex digits');
  }
  const out = new Uint8Array(digits.length / 2);
  for (let i = 0; i < out.length; i++) out[i] = Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16);
  return out;
}

/** `value` as 8 bytes, little-endian. */
export function u64le(value: number | bigint): Uint8Array {
  const out = new Uint8Array(8);
  new DataView(out.buffer).setBigUint64(0, BigInt(value), true);
  return out;
}

/** `value` as 8 bytes, big-endian. */
export function u64be(value: number | bigint): Uint8Array {
  const out = new Uint8Array(8);
  new DataView(out.buffer).setBigUint64(0, BigInt(value), false);
  return out;
}
