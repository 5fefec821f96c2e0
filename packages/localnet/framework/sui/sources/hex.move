// Interface: https://docs.sui.io/references/framework/sui/hex
/// Hexadecimal text.
module sui::hex;

/// An odd number of digits.
const EInvalidHexLength: u64 = 0;
/// A character that is no hex digit.
const ENotValidHexCharacter: u64 = 1;

/// Two lower-case digits for each byte.
public fun encode(bytes: vector<u8>): vector<u8> {
    let mut text = vector[];
    bytes.do!(|byte| {
        text.push_back(to_digit(byte >> 4));
        text.push_back(to_digit(byte & 15));
    });
    text
}

/// The bytes written in `hex`, in either case.
public fun decode(hex: vector<u8>): vector<u8> {
    assert!(hex.length() % 2 == 0, EInvalidHexLength);
    vector::tabulate!(
        hex.length() / 2,
        |i| (from_digit(hex[2 * i]) << 4) | from_digit(hex[2 * i + 1]),
    )
}

fun to_digit(nibble: u8): u8 {
    if (nibble < 10) nibble + 48 else nibble + 87
}

fun from_digit(char: u8): u8 {
    if (48 <= char && char <= 57) char - 48
    else if (65 <= char && char <= 70) char - 55
    else if (97 <= char && char <= 102) char - 87
    else abort ENotValidHexCharacter
}
