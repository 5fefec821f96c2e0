// Interface: https://docs.sui.io/references/framework/sui/address
/// Conversions of addresses.
#[defines_primitive(address)]
module sui::address;

use std::ascii;
use std::bcs;
use std::string;
use sui::hex;

public use fun sui::object::id_from_address as address.to_id;

/// The text is not an address.
const EAddressParseError: u64 = 0;

/// Bytes in an address.
const LENGTH: u64 = 32;

/// The 32 bytes as a big-endian number.
public native fun to_u256(a: address): u256;

/// The address whose 32 bytes are `n`, big-endian.
public native fun from_u256(n: u256): address;

/// The address of exactly 32 bytes.
public native fun from_bytes(bytes: vector<u8>): address;

public fun to_bytes(a: address): vector<u8> {
    bcs::to_bytes(&a)
}

/// 64 hex digits, without `0x`.
public fun to_ascii_string(a: address): ascii::String {
    hex::encode(a.to_bytes()).to_ascii_string()
}

/// 64 hex digits, without `0x`.
public fun to_string(a: address): string::String {
    a.to_ascii_string().to_string()
}

/// The address written as exactly 64 hex digits.
public fun from_ascii_bytes(bytes: &vector<u8>): address {
    assert!(bytes.length() == 2 * LENGTH, EAddressParseError);
    from_bytes(vector::tabulate!(LENGTH, |i| 16 * digit(bytes[2 * i]) + digit(bytes[2 * i + 1])))
}

/// Bytes in an address.
public fun length(): u64 {
    LENGTH
}

/// Largest address, as a number.
public fun max(): u256 {
    std::u256::max_value!()
}

fun digit(char: u8): u8 {
    if (48 <= char && char <= 57) char - 48
    else if (65 <= char && char <= 70) char - 55
    else if (97 <= char && char <= 102) char - 87
    else abort EAddressParseError
}
