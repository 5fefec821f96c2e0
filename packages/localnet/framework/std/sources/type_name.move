// Interface: https://docs.sui.io/references/framework/std/type_name
/// Names of types at run time.
module std::type_name;

use std::address;
use std::ascii::String;

/// A primitive type has no package or module.
const ENonModuleType: u64 = 0;

const COLON: u8 = 58;
const LESS: u8 = 60;

/// `<64 hex digits>::<module>::<type>`, type arguments in angle brackets; no `0x`, no spaces.
public struct TypeName has copy, drop, store {
    name: String,
}

/// Name with the package versions that first defined each type.
public native fun with_defining_ids<T>(): TypeName;

/// Name with the first versions of the packages.
public native fun with_original_ids<T>(): TypeName;

/// Package version that first defined the outermost type.
public native fun defining_id<T>(): address;

/// First version of the package of the outermost type.
public native fun original_id<T>(): address;

public fun is_primitive(self: &TypeName): bool {
    let bytes = self.name.as_bytes();
    let names = vector[
        b"bool", b"u8", b"u16", b"u32", b"u64", b"u128", b"u256", b"address", b"signer",
    ];
    names.contains(bytes) || starts_with(bytes, &b"vector<")
}

public fun as_string(self: &TypeName): &String {
    &self.name
}

/// 64 hex digits.
public fun address_string(self: &TypeName): String {
    self.assert_in_module();
    self.name.substring(0, address_digits())
}

public fun module_string(self: &TypeName): String {
    self.assert_in_module();
    let start = address_digits() + 2;
    self.name.substring(start, self.find(COLON, start))
}

/// Name of the type with its type arguments.
public fun datatype_string(self: &TypeName): String {
    self.assert_in_module();
    let start = self.find(COLON, address_digits() + 2) + 2;
    self.name.substring(start, self.find(LESS, start))
}

public fun into_string(self: TypeName): String {
    let TypeName { name } = self;
    name
}

#[deprecated(note = b"Renamed to `with_defining_ids`.")]
public native fun get<T>(): TypeName;

#[deprecated(note = b"Renamed to `with_original_ids`.")]
public native fun get_with_original_ids<T>(): TypeName;

#[deprecated(note = b"Renamed to `as_string`.")]
public fun borrow_string(self: &TypeName): &String {
    self.as_string()
}

#[deprecated(note = b"Renamed to `address_string`.")]
public fun get_address(self: &TypeName): String {
    self.address_string()
}

#[deprecated(note = b"Renamed to `module_string`.")]
public fun get_module(self: &TypeName): String {
    self.module_string()
}

fun assert_in_module(self: &TypeName) {
    if (self.is_primitive()) abort ENonModuleType
}

fun address_digits(): u64 {
    address::length() * 2
}

/// Position of `byte` from `start` on; the length if there is none.
fun find(self: &TypeName, byte: u8, start: u64): u64 {
    let bytes = self.name.as_bytes();
    let mut i = start;
    while (i < bytes.length() && bytes[i] != byte) i = i + 1;
    i
}

fun starts_with(bytes: &vector<u8>, prefix: &vector<u8>): bool {
    let length = prefix.length();
    if (bytes.length() < length) return false;
    let mut i = 0;
    while (i < length && bytes[i] == prefix[i]) i = i + 1;
    i == length
}
