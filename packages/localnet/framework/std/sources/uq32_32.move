// Interface: https://docs.sui.io/references/framework/std/uq32_32
/// Unsigned numbers with 32 bits before and 32 bits after the binary point.
module std::uq32_32;

#[error(code = 0)]
const EDenominator: vector<u8> = b"Quotient specified with a zero denominator";
#[error(code = 1)]
const EQuotientTooSmall: vector<u8> =
    b"Quotient specified is too small, and is outside of the supported range";
#[error(code = 2)]
const EQuotientTooLarge: vector<u8> =
    b"Quotient specified is too large, and is outside of the supported range";
#[error(code = 3)]
const EOverflow: vector<u8> = b"Overflow from an arithmetic operation";
#[error(code = 4)]
const EDivisionByZero: vector<u8> = b"Division by zero";

public struct UQ32_32(u64) has copy, drop, store;

/// `numerator / denominator`, rounded down; a non-zero quotient must not become zero.
public fun from_quotient(numerator: u64, denominator: u64): UQ32_32 {
    assert!(denominator != 0, EDenominator);
    let quotient = ((numerator as u128) << 32) / (denominator as u128);
    assert!(quotient != 0 || numerator == 0, EQuotientTooSmall);
    assert!(fits(quotient), EQuotientTooLarge);
    UQ32_32(quotient as u64)
}

public fun from_int(integer: u32): UQ32_32 {
    UQ32_32((integer as u64) << 32)
}

public fun add(a: UQ32_32, b: UQ32_32): UQ32_32 {
    let sum = (a.0 as u128) + (b.0 as u128);
    assert!(fits(sum), EOverflow);
    UQ32_32(sum as u64)
}

public fun sub(a: UQ32_32, b: UQ32_32): UQ32_32 {
    assert!(b.0 <= a.0, EOverflow);
    UQ32_32(a.0 - b.0)
}

/// Product, rounded down.
public fun mul(a: UQ32_32, b: UQ32_32): UQ32_32 {
    UQ32_32(int_mul(a.0, b))
}

/// Quotient, rounded down.
public fun div(a: UQ32_32, b: UQ32_32): UQ32_32 {
    UQ32_32(int_div(a.0, b))
}

/// The part before the point.
public fun to_int(a: UQ32_32): u32 {
    (a.0 >> 32) as u32
}

/// `val * multiplier`, rounded down.
public fun int_mul(val: u64, multiplier: UQ32_32): u64 {
    let product = (val as u128) * (multiplier.0 as u128) >> 32;
    assert!(fits(product), EOverflow);
    product as u64
}

/// `val / divisor`, rounded down.
public fun int_div(val: u64, divisor: UQ32_32): u64 {
    assert!(divisor.0 != 0, EDivisionByZero);
    let quotient = ((val as u128) << 32) / (divisor.0 as u128);
    assert!(fits(quotient), EOverflow);
    quotient as u64
}

public fun le(a: UQ32_32, b: UQ32_32): bool { a.0 <= b.0 }

public fun lt(a: UQ32_32, b: UQ32_32): bool { a.0 < b.0 }

public fun ge(a: UQ32_32, b: UQ32_32): bool { a.0 >= b.0 }

public fun gt(a: UQ32_32, b: UQ32_32): bool { a.0 > b.0 }

/// The bits.
public fun to_raw(a: UQ32_32): u64 { a.0 }

/// The number with these bits.
public fun from_raw(raw_value: u64): UQ32_32 { UQ32_32(raw_value) }

fun fits(value: u128): bool {
    value <= std::u64::max_value!() as u128
}
