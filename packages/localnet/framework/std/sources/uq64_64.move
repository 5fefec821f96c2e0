// Interface: https://docs.sui.io/references/framework/std/uq64_64
/// Unsigned numbers with 64 bits before and 64 bits after the binary point.
module std::uq64_64;

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

public struct UQ64_64(u128) has copy, drop, store;

/// `numerator / denominator`, rounded down; a non-zero quotient must not become zero.
public fun from_quotient(numerator: u128, denominator: u128): UQ64_64 {
    assert!(denominator != 0, EDenominator);
    let quotient = ((numerator as u256) << 64) / (denominator as u256);
    assert!(quotient != 0 || numerator == 0, EQuotientTooSmall);
    assert!(fits(quotient), EQuotientTooLarge);
    UQ64_64(quotient as u128)
}

public fun from_int(integer: u64): UQ64_64 {
    UQ64_64((integer as u128) << 64)
}

public fun add(a: UQ64_64, b: UQ64_64): UQ64_64 {
    let sum = (a.0 as u256) + (b.0 as u256);
    assert!(fits(sum), EOverflow);
    UQ64_64(sum as u128)
}

public fun sub(a: UQ64_64, b: UQ64_64): UQ64_64 {
    assert!(b.0 <= a.0, EOverflow);
    UQ64_64(a.0 - b.0)
}

/// Product, rounded down.
public fun mul(a: UQ64_64, b: UQ64_64): UQ64_64 {
    UQ64_64(int_mul(a.0, b))
}

/// Quotient, rounded down.
public fun div(a: UQ64_64, b: UQ64_64): UQ64_64 {
    UQ64_64(int_div(a.0, b))
}

/// The part before the point.
public fun to_int(a: UQ64_64): u64 {
    (a.0 >> 64) as u64
}

/// `val * multiplier`, rounded down.
public fun int_mul(val: u128, multiplier: UQ64_64): u128 {
    let product = (val as u256) * (multiplier.0 as u256) >> 64;
    assert!(fits(product), EOverflow);
    product as u128
}

/// `val / divisor`, rounded down.
public fun int_div(val: u128, divisor: UQ64_64): u128 {
    assert!(divisor.0 != 0, EDivisionByZero);
    let quotient = ((val as u256) << 64) / (divisor.0 as u256);
    assert!(fits(quotient), EOverflow);
    quotient as u128
}

public fun le(a: UQ64_64, b: UQ64_64): bool { a.0 <= b.0 }

public fun lt(a: UQ64_64, b: UQ64_64): bool { a.0 < b.0 }

public fun ge(a: UQ64_64, b: UQ64_64): bool { a.0 >= b.0 }

public fun gt(a: UQ64_64, b: UQ64_64): bool { a.0 > b.0 }

/// The bits.
public fun to_raw(a: UQ64_64): u128 { a.0 }

/// The number with these bits.
public fun from_raw(raw_value: u128): UQ64_64 { UQ64_64(raw_value) }

fun fits(value: u256): bool {
    value <= std::u128::max_value!() as u256
}
