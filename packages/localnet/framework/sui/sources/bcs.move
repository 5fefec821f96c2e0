// Interface: https://docs.sui.io/references/framework/sui/bcs
/// Reads BCS, the byte form of values, piece by piece.
module sui::bcs;

use std::bcs;
use sui::address;

/// Fewer bytes are left than the value has.
const EOutOfRange: u64 = 0;
/// A bool that is neither 0 nor 1.
const ENotBool: u64 = 1;
/// A length of more than five bytes.
const ELenOutOfRange: u64 = 2;

/// The bytes that are left, last one first, so that reading takes them off the end.
public struct BCS has copy, drop, store {
    bytes: vector<u8>,
}

public fun to_bytes<T>(value: &T): vector<u8> {
    bcs::to_bytes(value)
}

public fun new(mut bytes: vector<u8>): BCS {
    bytes.reverse();
    BCS { bytes }
}

/// What was not read.
public fun into_remainder_bytes(bcs: BCS): vector<u8> {
    let BCS { mut bytes } = bcs;
    bytes.reverse();
    bytes
}

public fun peel_address(bcs: &mut BCS): address {
    let length = address::length();
    assert!(bcs.bytes.length() >= length, EOutOfRange);
    address::from_bytes(vector::tabulate!(length, |_| bcs.bytes.pop_back()))
}

public fun peel_bool(bcs: &mut BCS): bool {
    let byte = bcs.peel_u8();
    assert!(byte < 2, ENotBool);
    byte == 1
}

public fun peel_u8(bcs: &mut BCS): u8 {
    assert!(!bcs.bytes.is_empty(), EOutOfRange);
    bcs.bytes.pop_back()
}

/// Little-endian number of `$width` bytes.
macro fun peel_number<$T>($bcs: &mut BCS, $width: u64): $T {
    let bcs = $bcs;
    let width = $width;
    let left = bcs.bytes.length();
    assert!(left >= width, EOutOfRange);
    let mut value: $T = 0;
    let mut at = left - width;
    while (at < left) {
        value = (value << 8) | (bcs.bytes[at] as $T);
        at = at + 1;
    };
    width.do!(|_| {
        bcs.bytes.pop_back();
    });
    value
}

public fun peel_u16(bcs: &mut BCS): u16 {
    bcs.peel_number!(2)
}

public fun peel_u32(bcs: &mut BCS): u32 {
    bcs.peel_number!(4)
}

public fun peel_u64(bcs: &mut BCS): u64 {
    bcs.peel_number!(8)
}

public fun peel_u128(bcs: &mut BCS): u128 {
    bcs.peel_number!(16)
}

public fun peel_u256(bcs: &mut BCS): u256 {
    bcs.peel_number!(32)
}

/// Length of a vector: seven bits a byte, lowest first, at most five bytes.
public fun peel_vec_length(bcs: &mut BCS): u64 {
    let mut length = 0u64;
    let mut read = 0u8;
    loop {
        assert!(read < 5, ELenOutOfRange);
        let byte = bcs.bytes.pop_back();
        length = length | ((byte & 0x7F) as u64) << (7 * read);
        read = read + 1;
        if (byte < 0x80) return length
    }
}

/// A vector, with `$peel` for each element.
public macro fun peel_vec<$T>($bcs: &mut BCS, $peel: |&mut BCS| -> $T): vector<$T> {
    let bcs = $bcs;
    let length = bcs.peel_vec_length();
    vector::tabulate!(length, |_| $peel(bcs))
}

public fun peel_vec_address(bcs: &mut BCS): vector<address> {
    bcs.peel_vec!(|bcs| bcs.peel_address())
}

public fun peel_vec_bool(bcs: &mut BCS): vector<bool> {
    bcs.peel_vec!(|bcs| bcs.peel_bool())
}

public fun peel_vec_u8(bcs: &mut BCS): vector<u8> {
    bcs.peel_vec!(|bcs| bcs.peel_u8())
}

public fun peel_vec_vec_u8(bcs: &mut BCS): vector<vector<u8>> {
    bcs.peel_vec!(|bcs| bcs.peel_vec_u8())
}

public fun peel_vec_u16(bcs: &mut BCS): vector<u16> {
    bcs.peel_vec!(|bcs| bcs.peel_u16())
}

public fun peel_vec_u32(bcs: &mut BCS): vector<u32> {
    bcs.peel_vec!(|bcs| bcs.peel_u32())
}

public fun peel_vec_u64(bcs: &mut BCS): vector<u64> {
    bcs.peel_vec!(|bcs| bcs.peel_u64())
}

public fun peel_vec_u128(bcs: &mut BCS): vector<u128> {
    bcs.peel_vec!(|bcs| bcs.peel_u128())
}

public fun peel_vec_u256(bcs: &mut BCS): vector<u256> {
    bcs.peel_vec!(|bcs| bcs.peel_u256())
}

/// Which variant of an enum follows.
public fun peel_enum_tag(bcs: &mut BCS): u32 {
    let tag = bcs.peel_vec_length();
    assert!(tag <= std::u32::max_value!() as u64, EOutOfRange);
    tag as u32
}

/// A value that may be absent, with `$peel` for it.
public macro fun peel_option<$T>($bcs: &mut BCS, $peel: |&mut BCS| -> $T): Option<$T> {
    let bcs = $bcs;
    if (bcs.peel_bool()) option::some($peel(bcs)) else option::none()
}

public fun peel_option_address(bcs: &mut BCS): Option<address> {
    bcs.peel_option!(|bcs| bcs.peel_address())
}

public fun peel_option_bool(bcs: &mut BCS): Option<bool> {
    bcs.peel_option!(|bcs| bcs.peel_bool())
}

public fun peel_option_u8(bcs: &mut BCS): Option<u8> {
    bcs.peel_option!(|bcs| bcs.peel_u8())
}

public fun peel_option_u16(bcs: &mut BCS): Option<u16> {
    bcs.peel_option!(|bcs| bcs.peel_u16())
}

public fun peel_option_u32(bcs: &mut BCS): Option<u32> {
    bcs.peel_option!(|bcs| bcs.peel_u32())
}

public fun peel_option_u64(bcs: &mut BCS): Option<u64> {
    bcs.peel_option!(|bcs| bcs.peel_u64())
}

public fun peel_option_u128(bcs: &mut BCS): Option<u128> {
    bcs.peel_option!(|bcs| bcs.peel_u128())
}

public fun peel_option_u256(bcs: &mut BCS): Option<u256> {
    bcs.peel_option!(|bcs| bcs.peel_u256())
}
