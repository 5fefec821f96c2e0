// Interface: https://docs.sui.io/references/framework/std/u128
/// Functions and loops on `u128`. The arithmetic is in `std::macros`.
#[defines_primitive(u128)]
module std::u128;

use std::macros;
use std::string::String;

/// Every bit flipped.
public fun bitwise_not(x: u128): u128 { x ^ max_value!() }

/// The larger of two.
public fun max(x: u128, y: u128): u128 { macros::num_max!(x, y) }

/// The smaller of two.
public fun min(x: u128, y: u128): u128 { macros::num_min!(x, y) }

/// Distance between two numbers.
public fun diff(x: u128, y: u128): u128 { macros::num_diff!(x, y) }

/// Quotient, rounded up when there is a remainder.
public fun divide_and_round_up(x: u128, y: u128): u128 { macros::num_divide_and_round_up!(x, y) }

/// `base` to the power of `exponent`; overflow is an arithmetic error.
public fun pow(base: u128, exponent: u8): u128 { macros::num_pow!(base, exponent) }

/// Largest number whose square is at most `x`.
public fun sqrt(x: u128): u128 { macros::num_sqrt!<u128, u256>(x, 128) }

/// The sum, or none if it does not fit.
public fun checked_add(x: u128, y: u128): Option<u128> {
    macros::num_checked_add!(x, y, max_value!())
}

/// The difference, or none if it is below zero.
public fun checked_sub(x: u128, y: u128): Option<u128> { macros::num_checked_sub!(x, y) }

/// The product, or none if it does not fit.
public fun checked_mul(x: u128, y: u128): Option<u128> {
    macros::num_checked_mul!(x, y, max_value!())
}

/// The quotient, or none if `y` is zero.
public fun checked_div(x: u128, y: u128): Option<u128> { macros::num_checked_div!(x, y) }

/// The sum, at most the largest value.
public fun saturating_add(x: u128, y: u128): u128 {
    macros::num_saturating_add!(x, y, max_value!())
}

/// The difference, at least zero.
public fun saturating_sub(x: u128, y: u128): u128 { macros::num_saturating_sub!(x, y) }

/// The product, at most the largest value.
public fun saturating_mul(x: u128, y: u128): u128 {
    macros::num_saturating_mul!(x, y, max_value!())
}

/// `x << shift`, or none if `shift` is the width or more.
public fun checked_shl(x: u128, shift: u8): Option<u128> { macros::num_checked_shl!(x, shift, 128) }

/// `x >> shift`, or none if `shift` is the width or more.
public fun checked_shr(x: u128, shift: u8): Option<u128> { macros::num_checked_shr!(x, shift, 128) }

/// `x << shift`, or none if a one bit would be lost.
public fun lossless_shl(x: u128, shift: u8): Option<u128> {
    macros::num_lossless_shl!(x, shift, 128)
}

/// `x >> shift`, or none if a one bit would be lost.
public fun lossless_shr(x: u128, shift: u8): Option<u128> {
    macros::num_lossless_shr!(x, shift, 128)
}

/// The quotient, or none if `y` is zero or there is a remainder.
public fun lossless_div(x: u128, y: u128): Option<u128> { macros::num_lossless_div!(x, y) }

/// The same number as a `u8`, or none if it does not fit.
public fun try_as_u8(x: u128): Option<u8> { macros::try_as_u8!(x) }

/// The same number as a `u16`, or none if it does not fit.
public fun try_as_u16(x: u128): Option<u16> { macros::try_as_u16!(x) }

/// The same number as a `u32`, or none if it does not fit.
public fun try_as_u32(x: u128): Option<u32> { macros::try_as_u32!(x) }

/// The same number as a `u64`, or none if it does not fit.
public fun try_as_u64(x: u128): Option<u64> { macros::try_as_u64!(x) }

/// Decimal digits.
public fun to_string(x: u128): String { macros::num_to_string!(x) }

/// Largest `u128`.
public macro fun max_value(): u128 { 0xFFFF_FFFF_FFFF_FFFF_FFFF_FFFF_FFFF_FFFF }

/// Calls `$f` with each number from `$start` up to but not including `$stop`.
public macro fun range_do<$R: drop>($start: u128, $stop: u128, $f: |u128| -> $R) {
    std::macros::range_do!($start, $stop, $f)
}

/// Calls `$f` with each number from `$start` up to and including `$stop`.
public macro fun range_do_eq<$R: drop>($start: u128, $stop: u128, $f: |u128| -> $R) {
    std::macros::range_do_eq!($start, $stop, $f)
}

/// Calls `$f` with each number from 0 up to but not including `$stop`.
public macro fun do<$R: drop>($stop: u128, $f: |u128| -> $R) {
    std::macros::do!($stop, $f)
}

/// Calls `$f` with each number from 0 up to and including `$stop`.
public macro fun do_eq<$R: drop>($stop: u128, $f: |u128| -> $R) {
    std::macros::do_eq!($stop, $f)
}
