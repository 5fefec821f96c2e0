// Interface: https://docs.sui.io/references/framework/sui/zklogin_verified_issuer
/// Records that an address is a zkLogin address of an issuer.
module sui::zklogin_verified_issuer;

use std::string::String;

#[allow(unused_const)]
const EInvalidInput: u64 = 0;
/// The address is not that of this issuer and seed.
const EInvalidProof: u64 = 1;

public struct VerifiedIssuer has key {
    id: UID,
    owner: address,
    issuer: String,
}

public fun owner(verified_issuer: &VerifiedIssuer): address {
    verified_issuer.owner
}

public fun issuer(verified_issuer: &VerifiedIssuer): &String {
    &verified_issuer.issuer
}

public fun delete(verified_issuer: VerifiedIssuer) {
    let VerifiedIssuer { id, owner: _, issuer: _ } = verified_issuer;
    id.delete()
}

/// Makes a record for the sender.
public fun verify_zklogin_issuer(address_seed: u256, issuer: String, ctx: &mut TxContext) {
    let owner = ctx.sender();
    assert!(check_zklogin_issuer(owner, address_seed, &issuer), EInvalidProof);
    transfer::transfer(VerifiedIssuer { id: object::new(ctx), owner, issuer }, owner)
}

public fun check_zklogin_issuer(address: address, address_seed: u256, issuer: &String): bool {
    check_zklogin_issuer_internal(address, address_seed, issuer.as_bytes())
}

native fun check_zklogin_issuer_internal(
    address: address,
    address_seed: u256,
    issuer: &vector<u8>,
): bool;
