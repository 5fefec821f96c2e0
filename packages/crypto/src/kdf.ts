/**
 * The two SHA3-256 key derivations of Seal: the mask of one encrypted share (protocol §1.4.1) and
 * the purpose keys derived from the shared base key (protocol §1.6).
 */

import { sha3_256 } from '@noble/hashes/sha3.js';
import { assertInteger, assertLength } from './bytes.ts';
import { DERIVE_KEY_TAG, KDF_TAG } from './domains.ts';
import { G1_BYTES, G2_BYTES, GT_BYTES } from './engine.ts';
import { CryptoError } from './errors.ts';
import { OBJECT_ID_BYTES } from './identity.ts';

/** Bytes of the base key, of every share and of every purpose key. */
export const KEY_BYTES = 32;
/** A share index and the threshold are one byte on the wire. */
export const MAX_SHARE_INDEX = 255;

/** What a purpose key is for; the byte that goes into the hash. */
export const KEY_PURPOSE = { encryptedRandomness: 0, dem: 1 } as const;
export type KeyPurpose = keyof typeof KEY_PURPOSE;

/** The public inputs of a share mask. */
export interface ShareMaskInput {
  /** `e(…)`, 576 bytes in Seal's order: secret. */
  readonly target: Uint8Array;
  /** `r·g2`, 96 bytes. */
  readonly nonce: Uint8Array;
  /** `H1(full id)`, 48 bytes. */
  readonly identity: Uint8Array;
  /** Key server object id, 32 bytes. */
  readonly objectId: Uint8Array;
  /** Share index, one byte. */
  readonly index: number;
}

/** The 32-byte mask that hides one share. */
export function shareMask(input: ShareMaskInput): Uint8Array {
  assertLength(input.target, GT_BYTES, 'target');
  assertLength(input.nonce, G2_BYTES, 'nonce');
  assertLength(input.identity, G1_BYTES, 'identity');
  assertLength(input.objectId, OBJECT_ID_BYTES, 'objectId');
  assertInteger(input.index, 0, MAX_SHARE_INDEX, 'index');
  const hash = sha3_256
    .create()
    .update(KDF_TAG)
    .update(input.target)
    .update(input.nonce)
    .update(input.identity)
    .update(input.objectId)
    .update(Uint8Array.of(input.index));
  const mask = hash.digest();
  hash.destroy();
  return mask;
}

/** What a purpose key is bound to, besides the base key. */
export interface PurposeKeyContext {
  readonly threshold: number;
  /** 32 bytes each, in services order. */
  readonly encryptedShares: readonly Uint8Array[];
  /** 32 bytes each, in services order, repeated for weighted servers. */
  readonly objectIds: readonly Uint8Array[];
}

/** The 32-byte key for `purpose`. Throws `INVALID_LENGTH` or `INVALID_INPUT`. */
export function derivePurposeKey(
  purpose: KeyPurpose,
  baseKey: Uint8Array,
  context: PurposeKeyContext,
): Uint8Array {
  const { threshold, encryptedShares, objectIds } = context;
  assertLength(baseKey, KEY_BYTES, 'baseKey');
  assertInteger(threshold, 1, MAX_SHARE_INDEX, 'threshold');
  if (encryptedShares.length !== objectIds.length) {
    throw new CryptoError(
      'INVALID_INPUT',
      `purpose key: ${encryptedShares.length} shares but ${objectIds.length} key servers`,
    );
  }
  const hash = sha3_256
    .create()
    .update(DERIVE_KEY_TAG)
    .update(baseKey)
    .update(Uint8Array.of(KEY_PURPOSE[purpose], threshold));
  for (const share of encryptedShares) {
    assertLength(share, KEY_BYTES, 'encrypted share');
    hash.update(share);
  }
  for (const objectId of objectIds) {
    assertLength(objectId, OBJECT_ID_BYTES, 'objectId');
    hash.update(objectId);
  }
  const key = hash.digest();
  hash.destroy();
  return key;
}
