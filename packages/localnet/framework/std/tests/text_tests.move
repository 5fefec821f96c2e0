#[test_only]
module std::text_tests;

use std::ascii;
use std::string;
use std::type_name;
use std::unit_test::assert_eq;

public struct Pair<phantom A, B> has copy, drop { b: B }

#[test]
fun string_parts() {
    let mut s = b"hello".to_string();
    s.append(b" world".to_string());
    s.append_utf8(b"!");
    s.insert(0, b"\xe2\x82\xac".to_string());
    assert_eq!(s.length(), 15);
    assert_eq!(s.substring(0, 3), x"e282ac".to_string());
    assert_eq!(s.substring(3, 3), b"".to_string());
    assert_eq!(s.index_of(&b"world".to_string()), 9);
    assert_eq!(s.index_of(&b"mars".to_string()), 15);
    assert_eq!(*b"x".to_string().as_bytes(), b"x");
    assert!(string::try_utf8(x"ff").is_none());
    assert!(b"".to_string().is_empty());
    assert_eq!(b"abc".to_string().to_ascii(), b"abc".to_ascii_string());
}

#[test, expected_failure(abort_code = 1, location = std::string)]
fun string_not_utf8() {
    string::utf8(x"c328");
}

#[test, expected_failure(abort_code = 2, location = std::string)]
fun substring_inside_a_character() {
    x"e282ac".to_string().substring(0, 1);
}

#[test, expected_failure(abort_code = 2, location = std::string)]
fun substring_beyond_the_end() {
    b"abc".to_string().substring(1, 4);
}

#[test, expected_failure(abort_code = 2, location = std::string)]
fun substring_backwards() {
    b"abc".to_string().substring(2, 1);
}

#[test, expected_failure(abort_code = 2, location = std::string)]
fun insert_inside_a_character() {
    x"e282ac".to_string().insert(1, b"x".to_string());
}

#[test]
fun ascii_parts() {
    let mut s = b"Hello".to_ascii_string();
    s.push_char(ascii::char(33));
    s.insert(5, b" You".to_ascii_string());
    assert_eq!(s, b"Hello You!".to_ascii_string());
    assert_eq!(s.pop_char().byte(), 33);
    assert_eq!(s.to_uppercase(), b"HELLO YOU".to_ascii_string());
    assert_eq!(s.to_lowercase(), b"hello you".to_ascii_string());
    assert_eq!(s.substring(1, 3), b"el".to_ascii_string());
    assert_eq!(s.index_of(&b"You".to_ascii_string()), 6);
    assert_eq!(s.index_of(&b"You!".to_ascii_string()), 9);
    assert_eq!(s.index_of(&b"".to_ascii_string()), 0);
    assert!(s.all_characters_printable());
    assert!(!b"a\n".to_ascii_string().all_characters_printable());
    assert!(ascii::try_string(x"80").is_none());
    assert_eq!(s.to_string(), b"Hello You".to_string());
}

#[test, expected_failure(abort_code = 0x10000, location = std::ascii)]
fun not_ascii() {
    ascii::string(x"80");
}

#[test, expected_failure(abort_code = 0x10000, location = std::ascii)]
fun char_not_ascii() {
    ascii::char(128);
}

#[test, expected_failure(abort_code = 0x10001, location = std::ascii)]
fun ascii_substring_outside() {
    b"abc".to_ascii_string().substring(2, 4);
}

#[test, expected_failure(abort_code = 0x10001, location = std::ascii)]
fun ascii_insert_outside() {
    b"abc".to_ascii_string().insert(4, b"x".to_ascii_string());
}

#[test]
fun names_of_types() {
    let name = type_name::with_defining_ids<Pair<u8, vector<address>>>();
    assert_eq!(
        *name.as_string(),
        b"0000000000000000000000000000000000000000000000000000000000000001::text_tests::Pair<u8,vector<address>>"
            .to_ascii_string(),
    );
    assert_eq!(name.module_string(), b"text_tests".to_ascii_string());
    assert_eq!(name.datatype_string(), b"Pair".to_ascii_string());
    assert_eq!(name.address_string().length(), 64);
    assert_eq!(type_name::defining_id<Pair<u8, u8>>(), @std);
    assert_eq!(type_name::original_id<Pair<u8, u8>>(), @std);
    assert!(type_name::with_original_ids<vector<u8>>().is_primitive());
    assert!(!name.is_primitive());
}

#[test, expected_failure(abort_code = 0, location = std::type_name)]
fun primitive_has_no_module() {
    type_name::with_defining_ids<u64>().module_string();
}

#[test, expected_failure(abort_code = 0, location = std::type_name)]
fun primitive_has_no_package() {
    type_name::defining_id<u64>();
}

#[test]
fun bytes_of_values() {
    assert_eq!(std::bcs::to_bytes(&Pair<bool, u16> { b: 258 }), x"0201");
    assert_eq!(std::bcs::to_bytes(&option::some(7u8)), x"0107");
    assert_eq!(std::bcs::to_bytes(&vector[b"a", b""]), x"02016100");
}

#[test]
fun hashes() {
    assert_eq!(
        std::hash::sha2_256(b"abc"),
        x"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    );
    assert_eq!(
        std::hash::sha3_256(b"abc"),
        x"3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532",
    );
}
