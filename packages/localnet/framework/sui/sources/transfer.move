// Interface: https://docs.sui.io/references/framework/sui/transfer
/// Who owns an object. The functions without `public_` may be called only by the module that
/// defines the type; the bytecode verifier sees to it. It also fixes the list of public functions
/// here.
module sui::transfer;

use sui::party::Party;

/// An object that was not made in this transaction cannot become shared.
#[allow(unused_const)]
const ESharedNonNewObject: u64 = 0;
#[allow(unused_const)]
const EBCSSerializationFailure: u64 = 1;
#[allow(unused_const)]
const EReceivingObjectTypeMismatch: u64 = 2;
#[allow(unused_const)]
const EUnableToReceiveObject: u64 = 3;
#[allow(unused_const)]
const ESharedObjectOperationNotSupported: u64 = 4;
#[allow(unused_const)]
const ENotSupported: u64 = 5;

/// Right to take one version of an object out of its owner.
public struct Receiving<phantom T: key> has drop {
    id: ID,
    version: u64,
}

public fun transfer<T: key>(obj: T, recipient: address) {
    transfer_impl(obj, recipient)
}

public fun public_transfer<T: key + store>(obj: T, recipient: address) {
    transfer_impl(obj, recipient)
}

/// Gives the object to a party: owned, with versions assigned by consensus.
public fun party_transfer<T: key>(obj: T, party: Party) {
    let (default, addresses, permissions) = party.into_native();
    party_transfer_impl(obj, default, addresses, permissions)
}

public fun public_party_transfer<T: key + store>(obj: T, party: Party) {
    let (default, addresses, permissions) = party.into_native();
    party_transfer_impl(obj, default, addresses, permissions)
}

/// Nobody can change, move or delete the object any more; all can read it.
public fun freeze_object<T: key>(obj: T) {
    freeze_object_impl(obj)
}

public fun public_freeze_object<T: key + store>(obj: T) {
    freeze_object_impl(obj)
}

/// Every transaction may use the object. Only for an object made in this transaction.
public fun share_object<T: key>(obj: T) {
    share_object_impl(obj)
}

public fun public_share_object<T: key + store>(obj: T) {
    share_object_impl(obj)
}

/// Takes an object out that was sent to the object with id `parent`.
public fun receive<T: key>(parent: &mut UID, to_receive: Receiving<T>): T {
    let Receiving { id, version } = to_receive;
    receive_impl(parent.to_address(), id, version)
}

public fun public_receive<T: key + store>(parent: &mut UID, to_receive: Receiving<T>): T {
    let Receiving { id, version } = to_receive;
    receive_impl(parent.to_address(), id, version)
}

public fun receiving_object_id<T: key>(receiving: &Receiving<T>): ID {
    receiving.id
}

public(package) native fun transfer_impl<T: key>(obj: T, recipient: address);
public(package) native fun freeze_object_impl<T: key>(obj: T);
public(package) native fun share_object_impl<T: key>(obj: T);
public(package) native fun party_transfer_impl<T: key>(
    obj: T,
    default_permissions: u64,
    addresses: vector<address>,
    permissions: vector<u64>,
);
native fun receive_impl<T: key>(parent: address, to_receive: ID, version: u64): T;

#[test_only]
public(package) fun make_receiver<T: key>(id: ID, version: u64): Receiving<T> {
    Receiving { id, version }
}

#[test_only]
public(package) fun receiving_id<T: key>(receiving: &Receiving<T>): ID {
    receiving.id
}
