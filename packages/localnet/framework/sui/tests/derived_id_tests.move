#[test_only]
/// Ids against known answers. The oracle is a 32-bit build and hashes another length, so these run
/// on our machine alone.
module sui::derived_id_tests;

use std::unit_test::assert_eq;
use sui::derived_object::derive_address;
use sui::dynamic_field::hash_type_and_key;

public struct Wrapper(u64) has copy, drop, store;

#[test]
fun dynamic_fields() {
    assert_eq!(
        hash_type_and_key(@0x5, 1u64),
        @0x6af2a2b7ca60bf76174adfd3e9c4957f8e937759603182f9b46c7f6c5f19c6d2,
    );
    assert_eq!(
        hash_type_and_key(@0x99, 2u64),
        @0x5dcd33db38a78bf262c8428c0695e8222c5ce95a642f4c70a4b91d65fe7d2284,
    );
    assert_eq!(
        hash_type_and_key(@0x99, b"hello".to_string()),
        @0xea25df1829e9ac88bd917933d0c22ad46455501c03816e155c324cc70fdead17,
    );
}

#[test]
fun derived_objects() {
    assert_eq!(
        derive_address(@0x2.to_id(), b"foo"),
        @0xa2b411aa9588c398d8e3bc97dddbdd430b5ded7f81545d05e33916c3ca0f30c3,
    );
    assert!(derive_address(@0x2.to_id(), Wrapper(1)) != derive_address(@0x2.to_id(), 1u64));
}
