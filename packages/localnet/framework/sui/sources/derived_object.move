// Interface: https://docs.sui.io/references/framework/sui/derived_object
/// Objects whose id is computed from a parent and a key. A key can be claimed once, for ever.
module sui::derived_object;

use sui::dynamic_field as field;

#[error(code = 0)]
const EObjectAlreadyExists: vector<u8> = b"Derived object is already claimed.";

/// Name of the parent's field that records a claim.
public struct Claimed(ID) has copy, drop, store;

/// What an id is derived from, beside the parent.
public struct DerivedObjectKey<K: copy + drop + store>(K) has copy, drop, store;

public enum ClaimedStatus has store {
    /// The id was taken; it stays taken when the object is deleted.
    Reserved,
}

public fun claim<K: copy + drop + store>(parent: &mut UID, key: K): UID {
    let id = derive_address(parent.to_inner(), key);
    let name = Claimed(id.to_id());
    assert!(!field::exists_(parent, name), EObjectAlreadyExists);
    field::add(parent, name, ClaimedStatus::Reserved);
    object::new_uid_from_hash(id)
}

/// Whether the key was ever claimed.
public fun exists<K: copy + drop + store>(parent: &UID, key: K): bool {
    field::exists_(parent, Claimed(derive_address(parent.to_inner(), key).to_id()))
}

public fun derive_address<K: copy + drop + store>(parent: ID, key: K): address {
    field::hash_type_and_key(parent.to_address(), DerivedObjectKey(key))
}
