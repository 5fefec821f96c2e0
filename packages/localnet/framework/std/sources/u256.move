// Interface: https://docs.sui.io/references/framework/std/u256
/// Functions and loops on `u256`. The arithmetic is in `std::macros`.
#[defines_primitive(u256)]
module std::u256;

use std::macros;
use std::string::String;

/// Every bit flipped.
public fun bitwise_not(x: u256): u256 { x ^ max_value!() }

/// The larger of two.
public fun max(x: u256, y: u256): u256 { macros::num_max!(x, y) }

/// The smaller of two.
public fun min(x: u256, y: u256): u256 { macros::num_min!(x, y) }

/// Distance between two numbers.
public fun diff(x: u256, y: u256): u256 { macros::num_diff!(x, y) }

/// Quotient, rounded up when there is a remainder.
public fun divide_and_round_up(x: u256, y: u256): u256 { macros::num_divide_and_round_up!(x, y) }

/// `base` to the power of `exponent`; overflow is an arithmetic error.
public fun pow(base: u256, exponent: u8): u256 { macros::num_pow!(base, exponent) }

/// The sum, or none if it does not fit.
public fun checked_add(x: u256, y: u256): Option<u256> {
    macros::num_checked_add!(x, y, max_value!())
}

/// The difference, or none if it is below zero.
public fun checked_sub(x: u256, y: u256): Option<u256> { macros::num_checked_sub!(x, y) }

/// The product, or none if it does not fit.
public fun checked_mul(x: u256, y: u256): Option<u256> {
    macros::num_checked_mul!(x, y, max_value!())
}

/// The quotient, or none if `y` is zero.
public fun checked_div(x: u256, y: u256): Option<u256> { macros::num_checked_div!(x, y) }

/// The sum, at most the largest value.
public fun saturating_add(x: u256, y: u256): u256 {
    macros::num_saturating_add!(x, y, max_value!())
}

/// The difference, at least zero.
public fun saturating_sub(x: u256, y: u256): u256 { macros::num_saturating_sub!(x, y) }

/// The product, at most the largest value.
public fun saturating_mul(x: u256, y: u256): u256 {
    macros::num_saturating_mul!(x, y, max_value!())
}

/// `x << shift`, or none if `shift` is the width or more.
public fun checked_shl(x: u256, shift: u8): Option<u256> { macros::num_checked_shl!(x, shift, 256) }

/// `x >> shift`, or none if `shift` is the width or more.
public fun checked_shr(x: u256, shift: u8): Option<u256> { macros::num_checked_shr!(x, shift, 256) }

/// `x << shift`, or none if a one bit would be lost.
public fun lossless_shl(x: u256, shift: u8): Option<u256> {
    macros::num_lossless_shl!(x, shift, 256)
}

/// `x >> shift`, or none if a one bit would be lost.
public fun lossless_shr(x: u256, shift: u8): Option<u256> {
    macros::num_lossless_shr!(x, shift, 256)
}

/// The quotient, or none if `y` is zero or there is a remainder.
public fun lossless_div(x: u256, y: u256): Option<u256> { macros::num_lossless_div!(x, y) }

/// The same number as a `u8`, or none if it does not fit.
public fun try_as_u8(x: u256): Option<u8> { macros::try_as_u8!(x) }

/// The same number as a `u16`, or none if it does not fit.
public fun try_as_u16(x: u256): Option<u16> { macros::try_as_u16!(x) }

/// The same number as a `u32`, or none if it does not fit.
public fun try_as_u32(x: u256): Option<u32> { macros::try_as_u32!(x) }

/// The same number as a `u64`, or none if it does not fit.
public fun try_as_u64(x: u256): Option<u64> { macros::try_as_u64!(x) }

/// The same number as a `u128`, or none if it does not fit.
public fun try_as_u128(x: u256): Option<u128> { macros::try_as_u128!(x) }

/// Decimal digits.
public fun to_string(x: u256): String { macros::num_to_string!(x) }

/// Largest `u256`.
public macro fun max_value(): u256 {
    0xFFFF_FFFF_FFFF_FFFF_FFFF_FFFF_FFFF_FFFF_FFFF_FFFF_FFFF_FFFF_FFFF_FFFF_FFFF_FFFF
}

/// Calls `$f` with each number from `$start` up to but not including `$stop`.
public macro fun range_do<$R: drop>($start: u256, $stop: u256, $f: |u256| -> $R) {
    std::macros::range_do!($start, $stop, $f)
}

/// Calls `$f` with each number from `$start` up to and including `$stop`.
public macro fun range_do_eq<$R: drop>($start: u256, $stop: u256, $f: |u256| -> $R) {
    std::macros::range_do_eq!($start, $stop, $f)
}

/// Calls `$f` with each number from 0 up to but not including `$stop`.
public macro fun do<$R: drop>($stop: u256, $f: |u256| -> $R) {
    std::macros::do!($stop, $f)
}

/// Calls `$f` with each number from 0 up to and including `$stop`.
public macro fun do_eq<$R: drop>($stop: u256, $f: |u256| -> $R) {
    std::macros::do_eq!($stop, $f)
}
