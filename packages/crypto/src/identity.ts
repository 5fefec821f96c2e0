/**
 * Identities (protocol §1.2, §2.1): the full identity is the policy package id followed by the
 * inner id; its hash to G1 is computed once per operation and carried around in an `Identity`.
 */

import { assertInteger, assertLength, concat, copyOf } from './bytes.ts';
import { IDENTITY_TAG } from './domains.ts';
import type { Engine, G1Point } from './engine.ts';

/** Bytes of a Sui address or object id. */
export const OBJECT_ID_BYTES = 32;
/** Longest full identity (package id and inner id) this package hashes. */
export const MAX_FULL_ID_BYTES = 262_144;

/** A hashed identity. */
export interface Identity {
  /** What was hashed. */
  readonly fullId: Uint8Array;
  /** `H1(full id)`. */
  readonly point: G1Point;
  /** Its 48-byte encoding, which goes into every share mask. */
  readonly bytes: Uint8Array;
}

/** `package id (32 bytes) || inner id (may be empty)`. */
export function fullIdentity(packageId: Uint8Array, id: Uint8Array): Uint8Array {
  assertLength(packageId, OBJECT_ID_BYTES, 'packageId');
  return concat(packageId, id);
}

/** Hashes a full identity to G1. The reference hashes any length, also less than a package id. */
export function hashIdentity(engine: Engine, fullId: Uint8Array): Identity {
  assertInteger(fullId.length, 0, MAX_FULL_ID_BYTES, 'full identity length');
  const point = engine.g1.hash(concat(IDENTITY_TAG, fullId));
  return { fullId: copyOf(fullId), point, bytes: engine.g1.toBytes(point) };
}
