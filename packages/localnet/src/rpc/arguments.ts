/**
 * Checks of request fields: each answers the canonical value or throws INVALID_ARGUMENT with the
 * field's name (spec sui-ledger §2.1).
 */

import { base58 } from '@scure/base';
import type { Address, Digest } from '../ledger/api.ts';
import { normalizeAddress, parseTypeTag, type TypeTag } from './move-types.ts';
import { invalidField, missingField } from './transport/status.ts';

/** Page sizes of listings (§2.3): what is over the maximum is clamped, never refused. */
export const DEFAULT_PAGE_SIZE = 50;
export const MAX_PAGE_SIZE = 1000;
/** Most ids in one batch request. */
export const MAX_BATCH_SIZE = 1000;

/** Longest text that is repeated in an error message. */
const MAX_QUOTED = 100;

/** A required address or object id, any usual spelling. */
export function addressField(field: string, value: string | undefined): Address {
  if (value === undefined || value === '') throw missingField(field);
  const canonical = canonicalAddress(value);
  if (canonical === undefined) {
    throw invalidField(
      field,
      `invalid ${field}: expected 0x and 1 to 64 hex digits, got '${quote(value)}'`,
    );
  }
  return canonical;
}

/** The canonical form of an address that starts with 0x, or undefined. */
export function canonicalAddress(value: string): Address | undefined {
  if (/^0x[0-9a-f]{64}$/.test(value)) return value;
  return /^0[xX][0-9a-fA-F]{1,64}$/.test(value) ? normalizeAddress(value) : undefined;
}

/** A required Base58 digest of 32 bytes. */
export function digestField(field: string, value: string | undefined): Digest {
  if (value === undefined || value === '') throw missingField(field);
  if (!isDigest(value)) {
    throw invalidField(
      field,
      `invalid ${field}: expected Base58 of 32 bytes, got '${quote(value)}'`,
    );
  }
  return value;
}

/** Longest Base58 text of 32 bytes. */
const MAX_DIGEST_LENGTH = 44;

function isDigest(value: string): boolean {
  if (value.length > MAX_DIGEST_LENGTH) return false;
  try {
    return base58.decode(value).length === 32;
  } catch {
    return false;
  }
}

/** A required Move type in text form. */
export function typeField(field: string, value: string | undefined): TypeTag {
  if (value === undefined || value === '') throw missingField(field);
  try {
    return parseTypeTag(value);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw invalidField(
      field,
      `invalid ${field}: '${quote(value)}' is not a Move type (${quote(why)})`,
    );
  }
}

/** A required text. */
export function textField(field: string, value: string | undefined): string {
  if (value === undefined || value === '') throw missingField(field);
  return value;
}

/** Number of items on a page. */
export function pageSize(requested: number | undefined): number {
  if (requested === undefined || requested === 0) return DEFAULT_PAGE_SIZE;
  return Math.min(requested, MAX_PAGE_SIZE);
}

/** Refuses batches that are too long. */
export function checkBatch(field: string, length: number): void {
  if (length > MAX_BATCH_SIZE) {
    throw invalidField(field, `${field} has ${length} entries, limit ${MAX_BATCH_SIZE}`);
  }
}

/** Text from a request, cut to a length that is fit for a message. */
export function quote(value: string): string {
  return value.length > MAX_QUOTED ? `${value.slice(0, MAX_QUOTED)}…` : value;
}
