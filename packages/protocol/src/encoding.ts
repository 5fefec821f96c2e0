/**
 * Text forms of bytes: hex, Base64 and Sui addresses. Decoders are strict because what they accept
 * is compared, hashed or signed elsewhere (seal-protocol.md, conventions).
 */
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { base64 } from '@scure/base';
import { ADDRESS_BYTES } from './constants.ts';
import { ProtocolError } from './errors.ts';

/** Lower-case hex without prefix. */
export function toHex(bytes: Uint8Array): string {
  return bytesToHex(bytes);
}

/** Hex with an optional `0x`, either case, even length. Error: INVALID_HEX. */
export function fromHex(text: string): Uint8Array {
  const digits = text.startsWith('0x') ? text.slice(2) : text;
  if (digits.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(digits)) {
    throw new ProtocolError('INVALID_HEX', `expected an even number of hex digits: ${clip(text)}`);
  }
  return hexToBytes(digits);
}

/** Standard Base64 with padding. */
export function toBase64(bytes: Uint8Array): string {
  return base64.encode(bytes);
}

/** Standard padded Base64, no white space, zero trailing bits. Error: INVALID_BASE64. */
export function fromBase64(text: string): Uint8Array {
  try {
    return base64.decode(text);
  } catch (cause) {
    throw new ProtocolError('INVALID_BASE64', 'expected standard padded Base64', { cause });
  }
}

/** `0x` and 64 lower-case digits for 32 bytes. */
export function addressFromBytes(bytes: Uint8Array): string {
  if (bytes.length !== ADDRESS_BYTES) {
    throw new ProtocolError('INVALID_ADDRESS', `expected 32 address bytes, got ${bytes.length}`);
  }
  return `0x${bytesToHex(bytes)}`;
}

/**
 * The 66-character form of an address written with `0x` and 1–64 hex digits in either case.
 * Error: INVALID_ADDRESS.
 */
export function normalizeAddress(text: string): string {
  if (!/^0x[0-9a-fA-F]{1,64}$/.test(text)) {
    throw new ProtocolError(
      'INVALID_ADDRESS',
      `expected 0x and 1 to 64 hex digits, got ${clip(text)}`,
    );
  }
  return `0x${text.slice(2).toLowerCase().padStart(64, '0')}`;
}

/** True for the 66-character lower-case form only. */
export function isFullAddress(text: string): boolean {
  return /^0x[0-9a-f]{64}$/.test(text);
}

/** 32 bytes of an address in any accepted form. */
export function addressToBytes(text: string): Uint8Array {
  return hexToBytes(normalizeAddress(text).slice(2));
}

/** Shortens hostile input so that errors stay readable. */
export function clip(text: string, max = 80): string {
  return JSON.stringify(text.length > max ? `${text.slice(0, max)}…` : text);
}
