// Copyright 2026 the seal-ts authors
// SPDX-License-Identifier: Apache-2.0

#[test_only]
module seal::bf_hmac_encryption_tests;

use seal::bf_hmac_encryption::{
    all_unique_for_testing,
    decrypt,
    new_public_key,
    parse_encrypted_object,
    scalar_or_none_for_testing,
    verify_derived_keys
};
use seal::fixtures;
use sui::bls12381::g1_from_bytes;

const VALID_PK: vector<u8> =
    x"ae7577bd3fe7f470f31ad2c9209e58eaa703d8585581d5e327e3c411805b7723b2f8403f7606d2c7bce6fafc27f3b091053c5e4b215e2e4be81877c499e7f26c5c7ebc0c5fdf657c53cd72f37cb1d9dc29e1a8f9cf5a8257a2f6ffdcb84589dc";
const OTHER_PK: vector<u8> =
    x"a0c2e4dd4830aec2d6c6bf13bb98e20db09a1354d48eabbe2cdbfeb36d3d8a87efb25c5f7ccc771f7b1c0e387bc6432b009dbd1ed9374059fb5b7c7497fddb2e8c5a08cd5cd1c0ae421868ca2c1250390223273288bcbb47ea4ac5e4850d6d27";
const VALID_KEY: vector<u8> =
    x"b86c7e836fe7c4b5ab9258f9e8c223b85db2892b3c91da2ad32e103ffad2238c38fd64e6fb9575c62a2076942cf28e9d";
const OTHER_KEY: vector<u8> =
    x"85e9ccf31b955739a70a18e20cfa77a44c0275c4781b563aaa453cfb7a947259df8f16be0ef4288d7994432f9f0f3713";

// === Parsing ===

#[test]
fun parses_every_part() {
    let object = parse_encrypted_object(fixtures::odd_indices());
    assert!(*object.package_id() == @0x0);
    assert!(object.threshold() == 2);
    assert!(*object.indices() == x"b7fc7b");
    assert!(object.services().length() == 3);
    assert!(object.encrypted_shares().length() == 3);
    assert!(object.encrypted_randomness().length() == 32);
    assert!(*object.blob() == x"e6062eb2dcb2f86bca32f83c93");
    assert!(object.aad().contains(&@0x1.to_bytes()));
    assert!(*object.mac() == x"184b788b4f5168aff51c0e6da7e2970caa02386c4dc179666ef4c6296807cda9");
    assert!(*object.id() == x"381dd9078c322a4663c392761a0211b527c127b29583851217f948d62131f409");
    assert!(object.nonce().bytes().length() == 96);
}

#[test, expected_failure(abort_code = 3, location = seal::bf_hmac_encryption)]
fun rejects_a_byte_too_many() {
    let mut bytes = fixtures::odd_indices();
    bytes.push_back(0);
    parse_encrypted_object(bytes);
}

#[test, expected_failure(abort_code = 3, location = seal::bf_hmac_encryption)]
fun rejects_equal_indices() {
    let mut bytes = fixtures::odd_indices();
    let second = 1 + 32 + 33 + 1 + 33 + 32;
    assert!(bytes[second] == 0xfc);
    *&mut bytes[second] = 0xb7;
    parse_encrypted_object(bytes);
}

#[test, expected_failure(abort_code = 3, location = seal::bf_hmac_encryption)]
fun rejects_index_zero() {
    let mut bytes = fixtures::odd_indices();
    *&mut bytes[1 + 32 + 33 + 1 + 32] = 0;
    parse_encrypted_object(bytes);
}

#[test, expected_failure(abort_code = 3, location = seal::bf_hmac_encryption)]
fun rejects_threshold_zero() {
    parse_encrypted_object(fixtures::zero_threshold());
}

#[test, expected_failure(abort_code = 3, location = seal::bf_hmac_encryption)]
fun rejects_threshold_above_the_number_of_shares() {
    let mut bytes = fixtures::odd_indices();
    let threshold = 1 + 32 + 33 + 1 + 3 * 33;
    assert!(bytes[threshold] == 2);
    *&mut bytes[threshold] = 4;
    parse_encrypted_object(bytes);
}

#[test, expected_failure(abort_code = 3, location = seal::bf_hmac_encryption)]
fun rejects_another_version() {
    let mut bytes = fixtures::odd_indices();
    *&mut bytes[0] = 1;
    parse_encrypted_object(bytes);
}

#[test, expected_failure(abort_code = 3, location = seal::bf_hmac_encryption)]
fun rejects_another_key_encapsulation() {
    let mut bytes = fixtures::odd_indices();
    *&mut bytes[1 + 32 + 33 + 1 + 3 * 33 + 1] = 1;
    parse_encrypted_object(bytes);
}

#[test, expected_failure(abort_code = 3, location = seal::bf_hmac_encryption)]
fun rejects_another_cipher() {
    let mut bytes = fixtures::odd_indices();
    *&mut bytes[1 + 32 + 33 + 1 + 3 * 33 + 1 + 1 + 96 + 1 + 3 * 32 + 32] = 0;
    parse_encrypted_object(bytes);
}

// === Verifying derived keys ===

#[test]
fun accepts_a_key_of_this_server_and_identity() {
    verify(VALID_KEY, VALID_PK, @0x0, x"01020304");
}

#[test, expected_failure(abort_code = 5, location = seal::bf_hmac_encryption)]
fun rejects_another_public_key() {
    verify(VALID_KEY, OTHER_PK, @0x0, x"01020304");
}

#[test, expected_failure(abort_code = 5, location = seal::bf_hmac_encryption)]
fun rejects_another_key() {
    verify(OTHER_KEY, VALID_PK, @0x0, x"01020304");
}

#[test, expected_failure(abort_code = 5, location = seal::bf_hmac_encryption)]
fun rejects_another_package() {
    verify(VALID_KEY, VALID_PK, @0x1, x"01020304");
}

#[test, expected_failure(abort_code = 5, location = seal::bf_hmac_encryption)]
fun rejects_another_identity() {
    verify(VALID_KEY, VALID_PK, @0x0, x"01020305");
}

#[test, expected_failure(abort_code = 2, location = seal::bf_hmac_encryption)]
fun rejects_more_keys_than_public_keys() {
    verify_derived_keys(&vector[g1_from_bytes(&VALID_KEY)], @0x0, x"01020304", &vector[]);
}

#[test, expected_failure(abort_code = 1, location = sui::group_ops)]
fun rejects_a_public_key_that_is_no_point() {
    new_public_key(@0x1.to_id(), vector[1, 2, 3]);
}

fun verify(key: vector<u8>, pk: vector<u8>, package_id: address, id: vector<u8>) {
    let keys = vector[g1_from_bytes(&key)];
    verify_derived_keys(&keys, package_id, id, &vector[new_public_key(@0x1.to_id(), pk)]);
}

// === Decrypting ===

#[test]
fun decrypts_two_of_three_in_any_order() {
    let f = fixtures::two_of_three();
    let keys = f.all_keys();
    assert!(decrypt(&f.parsed(), &f.verified(vector[0, 1]), &keys).contains(&b"Hello, world!"));
    assert!(decrypt(&f.parsed(), &f.verified(vector[1, 0]), &keys).contains(&b"Hello, world!"));
    let shuffled = f.keys(vector[2, 0, 1]);
    assert!(decrypt(&f.parsed(), &f.verified(vector[0, 1]), &shuffled).contains(&b"Hello, world!"));
}

#[test]
fun decrypts_one_of_one() {
    let f = fixtures::one_of_one();
    let plain = decrypt(&f.parsed(), &f.verified(vector[0]), &f.all_keys());
    assert!(plain.contains(&b"Hello, world!"));
}

#[test]
fun decrypts_what_the_sdk_wrote() {
    let f = fixtures::from_sdk();
    let plain = decrypt(&f.parsed(), &f.verified(vector[0, 1]), &f.all_keys());
    assert!(plain.contains(&x"010203"));
}

#[test]
fun a_server_of_enough_weight_is_enough() {
    let f = fixtures::weighted();
    let plain = decrypt(&f.parsed(), &f.verified(vector[0]), &f.all_keys());
    assert!(plain.contains(&b"Hello, World!"));
}

#[test]
fun weights_add_up() {
    let f = fixtures::weighted();
    let plain = decrypt(&f.parsed(), &f.verified(vector[1, 2]), &f.all_keys());
    assert!(plain.contains(&b"Hello, World!"));
}

#[test, expected_failure(abort_code = 4, location = seal::bf_hmac_encryption)]
fun a_server_of_too_little_weight_is_not_enough() {
    let f = fixtures::weighted();
    decrypt(&f.parsed(), &f.verified(vector[1]), &f.all_keys());
}

#[test, expected_failure(abort_code = 4, location = seal::bf_hmac_encryption)]
fun one_key_of_two_is_not_enough() {
    let f = fixtures::two_of_three();
    decrypt(&f.parsed(), &f.verified(vector[0]), &f.all_keys());
}

#[test, expected_failure(abort_code = 4, location = seal::bf_hmac_encryption)]
fun no_key_is_not_enough() {
    let f = fixtures::two_of_three();
    decrypt(&f.parsed(), &vector[], &f.all_keys());
}

#[test]
fun inconsistent_shares_give_nothing() {
    let f = fixtures::inconsistent();
    assert!(decrypt(&f.parsed(), &f.verified(vector[0, 1, 2]), &f.all_keys()).is_none());
    assert!(decrypt(&f.parsed(), &f.verified(vector[1, 2]), &f.all_keys()).is_none());
    assert!(decrypt(&f.parsed(), &f.verified(vector[0, 1]), &f.all_keys()).is_none());
}

#[test]
fun a_changed_blob_gives_nothing() {
    let f = fixtures::two_of_three();
    let mut bytes = f.bytes();
    let mac = bytes.length() - 1;
    *&mut bytes[mac] = bytes[mac] ^ 1;
    let object = parse_encrypted_object(bytes);
    assert!(decrypt(&object, &f.verified(vector[0, 1]), &f.all_keys()).is_none());
}

#[test, expected_failure(abort_code = 0, location = seal::bf_hmac_encryption)]
fun the_same_server_twice_is_refused() {
    let f = fixtures::two_of_three();
    decrypt(&f.parsed(), &f.verified(vector[0, 0]), &f.all_keys());
}

#[test, expected_failure(abort_code = 0, location = seal::bf_hmac_encryption)]
fun a_key_for_another_object_is_refused() {
    let f = fixtures::two_of_three();
    let other = fixtures::from_sdk();
    decrypt(&f.parsed(), &other.verified(vector[0, 1]), &f.all_keys());
}

#[test, expected_failure(abort_code = 0, location = seal::bf_hmac_encryption)]
fun a_key_of_a_server_that_is_not_in_the_object_is_refused() {
    let f = fixtures::two_of_three();
    let single = fixtures::one_of_one();
    decrypt(&single.parsed(), &f.verified(vector[0, 1]), &single.all_keys());
}

#[test, expected_failure(abort_code = 1, location = seal::bf_hmac_encryption)]
fun the_same_public_key_twice_is_refused() {
    let f = fixtures::two_of_three();
    decrypt(&f.parsed(), &f.verified(vector[0, 1]), &f.keys(vector[0, 1, 2, 2]));
}

#[test, expected_failure(abort_code = 1, location = seal::bf_hmac_encryption)]
fun a_public_key_too_many_is_refused() {
    let f = fixtures::two_of_three();
    let single = fixtures::one_of_one();
    decrypt(&single.parsed(), &single.verified(vector[0]), &f.all_keys());
}

#[test, expected_failure(abort_code = 0x40001, location = std::option)]
fun a_missing_public_key_is_refused() {
    let f = fixtures::two_of_three();
    decrypt(&f.parsed(), &f.verified(vector[0, 1]), &f.keys(vector[0, 1]));
}

// === Helpers ===

#[test]
fun finds_repetitions() {
    assert!(all_unique_for_testing(vector[]));
    assert!(all_unique_for_testing(vector[1]));
    assert!(all_unique_for_testing(vector[1, 2, 3]));
    assert!(!all_unique_for_testing(vector[1, 2, 1]));
    assert!(!all_unique_for_testing(vector[3, 2, 2]));
}

#[test]
fun takes_scalars_below_the_order_only() {
    let order = x"73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001";
    assert!(scalar_or_none_for_testing(order).is_none());
    let mut below = order;
    *&mut below[31] = 0;
    assert!(scalar_or_none_for_testing(below).is_some());
    let mut above = order;
    *&mut above[31] = 2;
    assert!(scalar_or_none_for_testing(above).is_none());
    assert!(scalar_or_none_for_testing(vector[1]).is_none());
    below.push_back(0);
    assert!(scalar_or_none_for_testing(below).is_none());
}
