/** Object ids that are derived by hashing. Source: move-vm.md §6.3. */

import { blake2b } from '@noble/hashes/blake2.js';
import { addressFromBytes, addressToBytes, encodeTypeTag, type TypeTag } from '@seal-ts/move-vm';

/** Intent byte of ids made by a transaction. */
const FRESH_ID_SCOPE = 0xf1;
/** Intent byte of dynamic field and derived object ids. */
const CHILD_ID_SCOPE = 0xf0;
const ID_BYTES = 32;

function u64le(value: bigint): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, value, true);
  return bytes;
}

/** Blake2b-256(0xf1 ‖ transaction digest ‖ counter): the id that counter `created` gives. */
export function deriveFreshId(digest: Uint8Array, created: bigint): string {
  const hash = blake2b.create({ dkLen: ID_BYTES });
  hash.update(Uint8Array.of(FRESH_ID_SCOPE)).update(digest).update(u64le(created));
  return addressFromBytes(hash.digest());
}

/** Blake2b-256(0xf0 ‖ parent ‖ key length ‖ key ‖ type tag of the key). */
export function deriveChildId(parent: string, keyType: TypeTag, key: Uint8Array): string {
  const hash = blake2b.create({ dkLen: ID_BYTES });
  hash
    .update(Uint8Array.of(CHILD_ID_SCOPE))
    .update(addressToBytes(parent))
    .update(u64le(BigInt(key.length)))
    .update(key)
    .update(encodeTypeTag(keyType));
  return addressFromBytes(hash.digest());
}
