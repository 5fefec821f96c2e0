// Interface: https://docs.sui.io/references/framework/std/string
/// UTF-8 text.
module std::string;

use std::ascii;

/// The bytes are not UTF-8.
const EInvalidUTF8: u64 = 1;
/// An index lies outside the text or inside a character.
const EInvalidIndex: u64 = 2;

public struct String has copy, drop, store {
    bytes: vector<u8>,
}

public fun utf8(bytes: vector<u8>): String {
    if (!internal_check_utf8(&bytes)) abort EInvalidUTF8;
    String { bytes }
}

/// The text, or none if the bytes are not UTF-8.
public fun try_utf8(bytes: vector<u8>): Option<String> {
    if (internal_check_utf8(&bytes)) option::some(String { bytes }) else option::none()
}

/// ASCII is UTF-8.
public fun from_ascii(s: ascii::String): String {
    String { bytes: s.into_bytes() }
}

public fun to_ascii(s: String): ascii::String {
    let String { bytes } = s;
    bytes.to_ascii_string()
}

public fun as_bytes(s: &String): &vector<u8> {
    &s.bytes
}

public fun into_bytes(s: String): vector<u8> {
    let String { bytes } = s;
    bytes
}

public fun is_empty(s: &String): bool {
    s.bytes.is_empty()
}

/// Length in bytes.
public fun length(s: &String): u64 {
    s.bytes.length()
}

public fun append(s: &mut String, r: String) {
    s.bytes.append(r.into_bytes())
}

public fun append_utf8(s: &mut String, bytes: vector<u8>) {
    s.append(utf8(bytes))
}

/// Puts `o` in at byte `at`, which must be a character boundary.
public fun insert(s: &mut String, at: u64, o: String) {
    let length = s.length();
    if (at > length || !internal_is_char_boundary(&s.bytes, at)) abort EInvalidIndex;
    let mut joined = internal_sub_string(&s.bytes, 0, at);
    joined.append(o.into_bytes());
    joined.append(internal_sub_string(&s.bytes, at, length));
    s.bytes = joined;
}

/// Bytes `i` up to but not including `j`; both must be character boundaries.
public fun substring(s: &String, i: u64, j: u64): String {
    let bytes = &s.bytes;
    let inside = i <= j && j <= bytes.length();
    let whole = inside
        && internal_is_char_boundary(bytes, i)
        && internal_is_char_boundary(bytes, j);
    if (!whole) abort EInvalidIndex;
    String { bytes: internal_sub_string(bytes, i, j) }
}

/// Byte position of the first occurrence of `r`; the length if there is none.
public fun index_of(s: &String, r: &String): u64 {
    internal_index_of(&s.bytes, &r.bytes)
}

#[deprecated(note = b"Use `std::string::as_bytes` instead.")]
public fun bytes(s: &String): &vector<u8> {
    s.as_bytes()
}

#[deprecated(note = b"Use `std::string::substring` instead.")]
public fun sub_string(s: &String, i: u64, j: u64): String {
    s.substring(i, j)
}

native fun internal_check_utf8(v: &vector<u8>): bool;
native fun internal_is_char_boundary(v: &vector<u8>, i: u64): bool;
native fun internal_sub_string(v: &vector<u8>, i: u64, j: u64): vector<u8>;
native fun internal_index_of(v: &vector<u8>, r: &vector<u8>): u64;
