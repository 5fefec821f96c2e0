// Interface: https://docs.sui.io/references/framework/std/ascii
/// ASCII text.
module std::ascii;

public use fun std::string::from_ascii as String.to_string;

/// A byte above 0x7F.
const EInvalidASCIICharacter: u64 = 0x10000;
/// An index lies outside the text.
const EInvalidIndex: u64 = 0x10001;

public struct String has copy, drop, store {
    bytes: vector<u8>,
}

public struct Char has copy, drop, store {
    byte: u8,
}

public fun char(byte: u8): Char {
    if (!is_valid_char(byte)) abort EInvalidASCIICharacter;
    Char { byte }
}

public fun string(bytes: vector<u8>): String {
    if (!bytes.all!(|byte| is_valid_char(*byte))) abort EInvalidASCIICharacter;
    String { bytes }
}

/// The text, or none if a byte is above 0x7F.
public fun try_string(bytes: vector<u8>): Option<String> {
    if (bytes.all!(|byte| is_valid_char(*byte))) option::some(String { bytes }) else option::none()
}

public fun all_characters_printable(string: &String): bool {
    string.bytes.all!(|byte| is_printable_char(*byte))
}

public fun push_char(string: &mut String, char: Char) {
    string.bytes.push_back(char.byte)
}

public fun pop_char(string: &mut String): Char {
    Char { byte: string.bytes.pop_back() }
}

public fun length(string: &String): u64 {
    string.bytes.length()
}

public fun append(string: &mut String, other: String) {
    string.bytes.append(other.into_bytes())
}

/// Puts `o` in at position `at`, which may be the end.
public fun insert(s: &mut String, at: u64, o: String) {
    let length = s.length();
    if (at > length) abort EInvalidIndex;
    let tail = s.substring(at, length);
    while (s.length() > at) {
        s.bytes.pop_back();
    };
    s.append(o);
    s.append(tail)
}

/// Characters `i` up to but not including `j`.
public fun substring(string: &String, i: u64, j: u64): String {
    if (i > j || j > string.length()) abort EInvalidIndex;
    String { bytes: vector::tabulate!(j - i, |k| string.bytes[i + k]) }
}

public fun as_bytes(string: &String): &vector<u8> {
    &string.bytes
}

public fun into_bytes(string: String): vector<u8> {
    let String { bytes } = string;
    bytes
}

public fun byte(char: Char): u8 {
    char.byte
}

public fun is_valid_char(b: u8): bool {
    b < 0x80
}

/// Space to tilde.
public fun is_printable_char(byte: u8): bool {
    0x20 <= byte && byte < 0x7F
}

public fun is_empty(string: &String): bool {
    string.bytes.is_empty()
}

public fun to_uppercase(string: &String): String {
    String {
        bytes: string.bytes.map_ref!(
            |byte| if (0x61 <= *byte && *byte <= 0x7A) *byte - 0x20 else *byte,
        ),
    }
}

public fun to_lowercase(string: &String): String {
    String {
        bytes: string.bytes.map_ref!(
            |byte| if (0x41 <= *byte && *byte <= 0x5A) *byte + 0x20 else *byte,
        ),
    }
}

/// Position of the first occurrence of `substr`; the length if there is none.
public fun index_of(string: &String, substr: &String): u64 {
    let (total, part) = (string.length(), substr.length());
    let mut start = 0;
    while (start + part <= total) {
        let mut matched = 0;
        while (matched < part && string.bytes[start + matched] == substr.bytes[matched]) {
            matched = matched + 1;
        };
        if (matched == part) return start;
        start = start + 1;
    };
    total
}
