/**
 * Guards for values that came from `JSON.parse`. A failed guard is a *shape* error, which servers
 * answer with 422 (seal-protocol.md §4.1), as opposed to a value the protocol refuses with a name.
 */
import { fromBase64, normalizeAddress } from './encoding.ts';
import { isProtocolError, ProtocolError } from './errors.ts';

export type JsonRecord = Readonly<Record<string, unknown>>;

export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Throws the shape error for `field`. */
export function shapeError(field: string, expected: string, cause?: unknown): ProtocolError {
  return new ProtocolError('INVALID_SHAPE', `${field}: expected ${expected}`, { cause });
}

export function recordAt(value: unknown, field: string): JsonRecord {
  if (!isRecord(value)) throw shapeError(field, 'an object');
  return value;
}

export function stringAt(value: unknown, field: string): string {
  if (typeof value !== 'string') throw shapeError(field, 'a string');
  return value;
}

export function arrayAt(value: unknown, field: string, max: number): readonly unknown[] {
  if (!Array.isArray(value)) throw shapeError(field, 'an array');
  if (value.length > max) throw shapeError(field, `at most ${max} elements`);
  return value;
}

/** An integer in 0..max; `max` never exceeds 2^53 − 1. */
export function uintAt(value: unknown, field: string, max: number): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0 || value > max) {
    throw shapeError(field, `an integer from 0 to ${max}`);
  }
  return value;
}

/** Padded Base64 of exactly `length` bytes, or of any length when it is left out. */
export function base64At(value: unknown, field: string, length?: number): Uint8Array {
  const bytes = rephrase(field, 'standard padded Base64', () => fromBase64(stringAt(value, field)));
  if (length !== undefined && bytes.length !== length) {
    throw shapeError(field, `Base64 of ${length} bytes, got ${bytes.length}`);
  }
  return bytes;
}

export function addressAt(value: unknown, field: string): string {
  return rephrase(field, '0x and 1 to 64 hex digits', () =>
    normalizeAddress(stringAt(value, field)),
  );
}

function rephrase<T>(field: string, expected: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (isProtocolError(cause) && cause.code === 'INVALID_SHAPE') throw cause;
    throw shapeError(field, expected, cause);
  }
}
