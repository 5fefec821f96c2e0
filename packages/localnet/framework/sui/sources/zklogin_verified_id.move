// Interface: https://docs.sui.io/references/framework/sui/zklogin_verified_id
/// Claims of zkLogin identities. Making new ones is disabled.
module sui::zklogin_verified_id;

use std::string::String;

const EFunctionDisabled: u64 = 255;

public struct VerifiedID has key {
    id: UID,
    owner: address,
    key_claim_name: String,
    key_claim_value: String,
    issuer: String,
    audience: String,
}

public fun owner(verified_id: &VerifiedID): address {
    verified_id.owner
}

public fun key_claim_name(verified_id: &VerifiedID): &String {
    &verified_id.key_claim_name
}

public fun key_claim_value(verified_id: &VerifiedID): &String {
    &verified_id.key_claim_value
}

public fun issuer(verified_id: &VerifiedID): &String {
    &verified_id.issuer
}

public fun audience(verified_id: &VerifiedID): &String {
    &verified_id.audience
}

public fun delete(verified_id: VerifiedID) {
    let VerifiedID { id, .. } = verified_id;
    id.delete()
}

public fun verify_zklogin_id(
    _key_claim_name: String,
    _key_claim_value: String,
    _issuer: String,
    _audience: String,
    _pin_hash: u256,
    _ctx: &mut TxContext,
) {
    abort EFunctionDisabled
}

public fun check_zklogin_id(
    _address: address,
    _key_claim_name: &String,
    _key_claim_value: &String,
    _issuer: &String,
    _audience: &String,
    _pin_hash: u256,
): bool {
    abort EFunctionDisabled
}
