// Interface: https://docs.sui.io/references/framework/sui/object
/// Ids of objects. A `UID` exists once; an `ID` is a plain copy of its bytes.
module sui::object;

use std::bcs;
use sui::address;

public use fun id_to_address as ID.to_address;
public use fun id_to_bytes as ID.to_bytes;
public use fun uid_as_inner as UID.as_inner;
public use fun uid_to_inner as UID.to_inner;
public use fun uid_to_address as UID.to_address;
public use fun uid_to_bytes as UID.to_bytes;

/// Only the system, address 0x0, may do this.
const ENotSystemAddress: u64 = 0;

const SYSTEM_STATE: address = @0x5;
const CLOCK: address = @0x6;
const AUTHENTICATOR_STATE: address = @0x7;
const RANDOM: address = @0x8;
const BRIDGE: address = @0x9;
const ADDRESS_ALIAS_STATE: address = @0xa;
const COIN_REGISTRY: address = @0xc;
const DENY_LIST: address = @0x403;

public struct ID has copy, drop, store {
    bytes: address,
}

/// First field of every struct with `key`. Made fresh for each object, ended by `delete`.
public struct UID has store {
    id: ID,
}

public fun id_to_bytes(id: &ID): vector<u8> {
    id.bytes.to_bytes()
}

public fun id_to_address(id: &ID): address {
    id.bytes
}

/// From exactly 32 bytes.
public fun id_from_bytes(bytes: vector<u8>): ID {
    ID { bytes: address::from_bytes(bytes) }
}

public fun id_from_address(bytes: address): ID {
    ID { bytes }
}

public fun uid_as_inner(uid: &UID): &ID {
    &uid.id
}

public fun uid_to_inner(uid: &UID): ID {
    uid.id
}

public fun uid_to_bytes(uid: &UID): vector<u8> {
    uid.id.to_bytes()
}

public fun uid_to_address(uid: &UID): address {
    uid.id.bytes
}

/// An id that no object had before.
public fun new(ctx: &mut TxContext): UID {
    UID { id: ID { bytes: ctx.fresh_object_address() } }
}

/// Ends an object: its id is never used again.
public fun delete(id: UID) {
    let UID { id: ID { bytes } } = id;
    delete_impl(bytes)
}

public fun id<T: key>(obj: &T): ID {
    borrow_uid(obj).id
}

public fun borrow_id<T: key>(obj: &T): &ID {
    &borrow_uid(obj).id
}

public fun id_bytes<T: key>(obj: &T): vector<u8> {
    bcs::to_bytes(borrow_uid(obj))
}

public fun id_address<T: key>(obj: &T): address {
    borrow_uid(obj).id.bytes
}

/// An id that was computed from a parent and a key.
public(package) fun new_uid_from_hash(bytes: address): UID {
    record_new_uid(bytes);
    UID { id: ID { bytes } }
}

public(package) fun clock(): UID {
    well_known(CLOCK)
}

public(package) fun authenticator_state(): UID {
    well_known(AUTHENTICATOR_STATE)
}

public(package) fun randomness_state(): UID {
    well_known(RANDOM)
}

public(package) fun sui_deny_list_object_id(): UID {
    well_known(DENY_LIST)
}

public(package) fun address_alias_state(): UID {
    well_known(ADDRESS_ALIAS_STATE)
}

public(package) fun coin_registry(): UID {
    well_known(COIN_REGISTRY)
}

#[allow(unused_function)]
fun sui_system_state(ctx: &TxContext): UID {
    assert!(ctx.sender() == @0x0, ENotSystemAddress);
    well_known(SYSTEM_STATE)
}

#[allow(unused_function)]
fun bridge(): UID {
    well_known(BRIDGE)
}

fun well_known(bytes: address): UID {
    UID { id: ID { bytes } }
}

/// Reference to the first field of any object.
native fun borrow_uid<T: key>(obj: &T): &UID;
native fun delete_impl(id: address);
native fun record_new_uid(id: address);

#[test_only]
/// Id of the object made last in this transaction.
public fun last_created(ctx: &TxContext): ID {
    ID { bytes: ctx.last_created_object_id() }
}
