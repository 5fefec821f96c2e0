/**
 * Digests and derived ids (sui-ledger.md §3.2, §4): Blake2b-256 over an ASCII salt or intent byte.
 */
import { blake2b } from '@noble/hashes/blake2.js';
import { base58 } from '@scure/base';
import { writeTypeTag } from './bcs/type-tag.ts';
import { BcsWriter } from './bcs/writer.ts';
import { SUI_ADDRESS, struct } from './type-text.ts';
import { addressFromBytes, type TypeTag } from './vm.ts';

type DigestSalt =
  | 'TransactionData'
  | 'TransactionEffects'
  | 'TransactionEvents'
  | 'Object'
  | 'CheckpointSummary'
  | 'CheckpointContents';

const FRESH_ID_INTENT = 0xf1;
const CHILD_ID_INTENT = 0xf0;
const HASH_BYTES = 32;
const utf8 = new TextEncoder();
const SALTS = new Map<DigestSalt, Uint8Array>();

/** Digest of all zeros: "no transaction". */
export const ZERO_DIGEST = base58.encode(new Uint8Array(HASH_BYTES));

export function blake2b256(...parts: readonly Uint8Array[]): Uint8Array {
  const hash = blake2b.create({ dkLen: HASH_BYTES });
  for (const part of parts) hash.update(part);
  return hash.digest();
}

/** Blake2b-256(`{salt}::` ‖ bytes) in Base58. */
export function digestOf(salt: DigestSalt, bytes: Uint8Array): string {
  let prefix = SALTS.get(salt);
  if (prefix === undefined) {
    prefix = utf8.encode(`${salt}::`);
    SALTS.set(salt, prefix);
  }
  return base58.encode(blake2b256(prefix, bytes));
}

/** Raw 32 bytes of a Base58 digest, or undefined for any other text. */
export function digestToBytes(digest: string): Uint8Array | undefined {
  try {
    const bytes = base58.decode(digest);
    return bytes.length === HASH_BYTES ? bytes : undefined;
  } catch {
    return undefined;
  }
}

export function digestFromBytes(bytes: Uint8Array): string {
  return base58.encode(bytes);
}

/** Id number `counter` (from 0) that a transaction creates. */
export function freshId(transactionDigest: Uint8Array, counter: bigint): string {
  const writer = new BcsWriter();
  writer.u8(FRESH_ID_INTENT).raw(transactionDigest).u64(counter);
  return addressFromBytes(blake2b256(writer.toBytes()));
}

/** Id of a dynamic field; the key's type by defining ids. */
export function dynamicFieldId(parent: string, keyType: TypeTag, keyBcs: Uint8Array): string {
  const writer = new BcsWriter();
  writer.u8(CHILD_ID_INTENT).address(parent).u64(BigInt(keyBcs.length)).raw(keyBcs);
  writeTypeTag(writer, keyType);
  return addressFromBytes(blake2b256(writer.toBytes()));
}

export function dynamicObjectFieldId(parent: string, keyType: TypeTag, keyBcs: Uint8Array): string {
  const wrapper = struct(SUI_ADDRESS, 'dynamic_object_field', 'Wrapper', [keyType]);
  return dynamicFieldId(parent, wrapper, keyBcs);
}

export function derivedObjectId(parent: string, keyType: TypeTag, keyBcs: Uint8Array): string {
  const key = struct(SUI_ADDRESS, 'derived_object', 'DerivedObjectKey', [keyType]);
  return dynamicFieldId(parent, key, keyBcs);
}

export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const shorter = Math.min(a.length, b.length);
  for (let i = 0; i < shorter; i++) {
    const difference = a[i]! - b[i]!;
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}
