#[test_only]
module sui::crypto_tests;

use std::unit_test::assert_eq;
use sui::bcs;
use sui::ecdsa_k1;
use sui::ecdsa_r1;
use sui::ecvrf;
use sui::ed25519;
use sui::group_ops;
use sui::groth16;
use sui::hash;
use sui::hex;
use sui::hmac;
use sui::poseidon;

#[test]
fun hashes() {
    assert_eq!(
        hash::blake2b256(&b"abc"),
        x"bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319",
    );
    assert_eq!(
        hash::keccak256(&b"abc"),
        x"4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45",
    );
    assert_eq!(
        hmac::hmac_sha3_256(&b"key", &b"The quick brown fox jumps over the lazy dog"),
        x"8c6e0683409427f8931711b10ca92a506eb1fafa48fadd66d76126f47ac2c333",
    );
}

#[test]
fun hexadecimal() {
    assert_eq!(hex::encode(x"00ffA9"), b"00ffa9");
    assert_eq!(hex::decode(b"00fFa9"), x"00ffa9");
    assert_eq!(hex::encode(b""), b"");
}

#[test, expected_failure(abort_code = 0, location = sui::hex)]
fun odd_number_of_digits() {
    hex::decode(b"abc");
}

#[test, expected_failure(abort_code = 1, location = sui::hex)]
fun not_a_digit() {
    hex::decode(b"0g");
}

#[test]
fun addresses() {
    let digits = b"000000000000000000000000000000000000000000000000000000000000000a";
    assert_eq!(@0xa.to_string(), digits.to_string());
    assert_eq!(sui::address::from_ascii_bytes(&digits), @0xa);
    assert_eq!(@0xa.to_u256(), 10);
    assert_eq!(sui::address::from_u256(11), @0xb);
    assert_eq!(sui::address::from_bytes(@0xc.to_bytes()), @0xc);
    assert_eq!(sui::address::from_u256(sui::address::max()).to_bytes()[0], 255);
    assert_eq!(sui::address::length(), 32);
}

#[test, expected_failure(abort_code = 0, location = sui::address)]
fun address_of_63_digits() {
    sui::address::from_ascii_bytes(&b"00000000000000000000000000000000000000000000000000000000000000a");
}

#[test, expected_failure(abort_code = 0, location = sui::address)]
fun address_with_another_letter() {
    sui::address::from_ascii_bytes(&b"000000000000000000000000000000000000000000000000000000000000000g");
}

#[test]
fun reading_bytes() {
    let mut b = bcs::new(x"0102030405060708090a0b0c0d0e0f1011");
    assert_eq!(b.peel_bool(), true);
    assert_eq!(b.peel_u8(), 2);
    assert_eq!(b.peel_u16(), 0x0403);
    assert_eq!(b.peel_u32(), 0x08070605);
    assert_eq!(b.peel_u64(), 0x100f0e0d0c0b0a09);
    assert_eq!(b.into_remainder_bytes(), x"11");
    let value = 0x0102030405060708090a0b0c0d0e0f10u128;
    assert_eq!(bcs::new(bcs::to_bytes(&value)).peel_u128(), value);
    let value = 0xff00000000000000000000000000000000000000000000000000000000000001u256;
    assert_eq!(bcs::new(bcs::to_bytes(&value)).peel_u256(), value);
    assert_eq!(bcs::new(bcs::to_bytes(&@0xabc)).peel_address(), @0xabc);
    let nested = vector[b"ab", b"", b"c"];
    assert_eq!(bcs::new(bcs::to_bytes(&nested)).peel_vec_vec_u8(), nested);
    let long = vector::tabulate!(300, |i| i);
    assert_eq!(bcs::new(bcs::to_bytes(&long)).peel_vec_u64(), long);
    assert_eq!(bcs::new(x"0107").peel_option_u8(), option::some(7));
    assert_eq!(bcs::new(x"00").peel_option_address(), option::none());
    assert_eq!(bcs::new(x"8001").peel_enum_tag(), 128);
    assert_eq!(bcs::new(x"020100").peel_vec_bool(), vector[true, false]);
}

#[test, expected_failure(abort_code = 0, location = sui::bcs)]
fun number_too_short() {
    bcs::new(x"01020304050607").peel_u64();
}

#[test, expected_failure(abort_code = 0, location = sui::bcs)]
fun address_too_short() {
    bcs::new(x"01").peel_address();
}

#[test, expected_failure(abort_code = 1, location = sui::bcs)]
fun bool_of_two() {
    bcs::new(x"02").peel_bool();
}

#[test, expected_failure(abort_code = 2, location = sui::bcs)]
fun length_of_six_bytes() {
    bcs::new(x"808080808001").peel_vec_length();
}

#[test, expected_failure(vector_error, minor_status = 2, location = sui::bcs)]
fun length_of_nothing() {
    bcs::new(b"").peel_vec_length();
}

#[test]
fun edwards_signatures() {
    let key = x"d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
    let mut signature = x"e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b";
    assert!(ed25519::ed25519_verify(&signature, &key, &b""));
    assert!(!ed25519::ed25519_verify(&signature, &key, &b"x"));
    assert!(!ed25519::ed25519_verify(&signature, &b"short", &b""));
    signature.pop_back();
    assert!(!ed25519::ed25519_verify(&signature, &key, &b""));
}

#[test]
fun malformed_ecdsa_is_false() {
    assert!(!ecdsa_k1::secp256k1_verify(&b"", &b"", &b"m", 0));
    assert!(!ecdsa_k1::secp256k1_verify(&b"", &b"", &b"m", 2));
    assert!(!ecdsa_r1::secp256r1_verify(&b"", &b"", &b"m", 1));
}

#[test, expected_failure(abort_code = 1, location = sui::ecdsa_k1)]
fun k1_signature_too_short() {
    ecdsa_k1::secp256k1_ecrecover(&b"", &b"m", 0);
}

#[test, expected_failure(abort_code = 1, location = sui::ecdsa_r1)]
fun r1_signature_too_short() {
    ecdsa_r1::secp256r1_ecrecover(&b"", &b"m", 0);
}

#[test, expected_failure(abort_code = 2, location = sui::ecdsa_k1)]
fun k1_key_too_short() {
    ecdsa_k1::decompress_pubkey(&b"");
}

#[test]
fun k1_key_in_full() {
    let short = x"0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798";
    let full = ecdsa_k1::decompress_pubkey(&short);
    assert!(full.length() == 65 && full[0] == 4);
}

#[test, expected_failure(abort_code = 1, location = sui::ecvrf)]
fun vrf_hash_too_short() {
    ecvrf::ecvrf_verify(&b"", &b"", &b"", &b"");
}

#[test, expected_failure(abort_code = 1, location = sui::poseidon)]
fun poseidon_of_nothing() {
    poseidon::poseidon_bn254(&vector[]);
}

#[test, expected_failure(abort_code = 2, location = sui::poseidon)]
fun poseidon_of_seventeen() {
    poseidon::poseidon_bn254(&vector::tabulate!(17, |_| 1));
}

#[test, expected_failure(abort_code = 0, location = sui::poseidon)]
fun poseidon_of_the_field_order() {
    poseidon::poseidon_bn254(&vector[
        21888242871839275222246405745257275088548364400416034343698204186575808495617,
    ]);
}

#[test, expected_failure(abort_code = 3, location = sui::groth16)]
fun public_inputs_ragged() {
    groth16::public_proof_inputs_from_bytes(b"x");
}

#[test]
fun public_inputs_eight() {
    groth16::public_proof_inputs_from_bytes(vector::tabulate!(8 * 32, |_| 0));
}

#[test, expected_failure(abort_code = 2, location = sui::groth16)]
fun public_inputs_nine() {
    groth16::public_proof_inputs_from_bytes(vector::tabulate!(9 * 32, |_| 0));
}

#[test]
fun prefixes() {
    let mut buffer = x"ffffffffffffffffffff";
    group_ops::set_as_prefix(0x0102, true, &mut buffer);
    assert_eq!(buffer, x"ffff0000000000000102");
    group_ops::set_as_prefix(0x0304, false, &mut buffer);
    assert_eq!(buffer, x"04030000000000000102");
}

#[test, expected_failure(abort_code = 3, location = sui::group_ops)]
fun prefix_too_long() {
    group_ops::set_as_prefix(1, true, &mut x"00000000000000");
}
