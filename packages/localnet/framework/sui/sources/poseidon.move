// Interface: https://docs.sui.io/references/framework/sui/poseidon
/// The Poseidon hash over the scalar field of BN254.
module sui::poseidon;

use sui::bcs;

/// An input is not below the field order.
const ENonCanonicalInput: u64 = 0;
const EEmptyInput: u64 = 1;
const ETooManyInputs: u64 = 2;

const FIELD_ORDER: u256 =
    21888242871839275222246405745257275088548364400416034343698204186575808495617;
const MAX_INPUTS: u64 = 16;

/// Hash of 1 to 16 field elements.
public fun poseidon_bn254(data: &vector<u256>): u256 {
    assert!(!data.is_empty(), EEmptyInput);
    assert!(data.length() <= MAX_INPUTS, ETooManyInputs);
    let inputs = data.map_ref!(|element| {
        assert!(*element < FIELD_ORDER, ENonCanonicalInput);
        bcs::to_bytes(element)
    });
    bcs::new(poseidon_bn254_internal(&inputs)).peel_u256()
}

native fun poseidon_bn254_internal(data: &vector<vector<u8>>): vector<u8>;
