/** Ids derived from a parent object (seal-protocol.md §2.3, sui-ledger.md §4). */
import { blake2b } from '@noble/hashes/blake2.js';
import { structTag, type TypeTag, writeTypeTag } from './bcs/type-tag.ts';
import { encodeBcs } from './bcs/writer.ts';
import { addressFromBytes, addressToBytes } from './encoding.ts';

const CHILD_OBJECT_TAG = 0xf0;
const FRAMEWORK = `0x${'2'.padStart(64, '0')}`;

/** State object whose derived objects hold the aliases of an account. */
export const ADDRESS_ALIAS_STATE_ID = `0x${'a'.padStart(64, '0')}`;

/** Id of the dynamic field of `parent` with this key. */
export function dynamicFieldId(parent: string, keyType: TypeTag, key: Uint8Array): string {
  const preimage = encodeBcs((w) => {
    w.u8(CHILD_OBJECT_TAG).address(parent).u64(BigInt(key.length)).bytes(key);
    writeTypeTag(w, keyType);
  });
  return addressFromBytes(blake2b(preimage, { dkLen: 32 }));
}

/** The `KeyServerV{version}` field of a key server object. */
export function keyServerFieldId(keyServerId: string, version: 1 | 2): string {
  const key = encodeBcs((w) => w.u64(BigInt(version)));
  return dynamicFieldId(keyServerId, { kind: 'u64' }, key);
}

/** The wrapper field that holds a committee's key server. */
export function committeeKeyServerFieldId(committeeId: string): string {
  const id = structTag(FRAMEWORK, 'object', 'ID');
  return dynamicFieldId(committeeId, wrapper(id), addressToBytes(committeeId));
}

/** The wrapper field that holds a committee's UpgradeManager. */
export function upgradeManagerFieldId(committeeId: string, committeePackage: string): string {
  const key = structTag(committeePackage, 'seal_committee', 'UpgradeManagerKey');
  return dynamicFieldId(committeeId, wrapper(key), Uint8Array.of(0));
}

/** Exists exactly when the account has address aliases (§3.4). */
export function addressAliasId(account: string): string {
  const alias = structTag(FRAMEWORK, 'address_alias', 'AliasKey');
  const key = structTag(FRAMEWORK, 'derived_object', 'DerivedObjectKey', [alias]);
  return dynamicFieldId(ADDRESS_ALIAS_STATE_ID, key, addressToBytes(account));
}

/** `Wrapper<K>`, the key type of dynamic object fields. */
function wrapper(inner: TypeTag): TypeTag {
  return structTag(FRAMEWORK, 'dynamic_object_field', 'Wrapper', [inner]);
}
