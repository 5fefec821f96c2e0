// Interface: https://docs.sui.io/references/framework/std/fixed_point32
/// Numbers with 32 bits before and 32 bits after the binary point.
module std::fixed_point32;

public struct FixedPoint32 has copy, drop, store {
    value: u64,
}

const MAX_U64: u128 = 18446744073709551615;

const EDENOMINATOR: u64 = 0x10001;
const EDIVISION: u64 = 0x20001;
const EMULTIPLICATION: u64 = 0x20002;
const EDIVISION_BY_ZERO: u64 = 0x10004;
const ERATIO_OUT_OF_RANGE: u64 = 0x20005;

/// `val * multiplier`, rounded down.
public fun multiply_u64(val: u64, multiplier: FixedPoint32): u64 {
    let product = (val as u128) * (multiplier.value as u128) >> 32;
    if (product > MAX_U64) abort EMULTIPLICATION;
    product as u64
}

/// `val / divisor`, rounded down.
public fun divide_u64(val: u64, divisor: FixedPoint32): u64 {
    if (divisor.value == 0) abort EDIVISION_BY_ZERO;
    let quotient = ((val as u128) << 32) / (divisor.value as u128);
    if (quotient > MAX_U64) abort EDIVISION;
    quotient as u64
}

/// `numerator / denominator`; a non-zero ratio must not be so small that it becomes zero.
public fun create_from_rational(numerator: u64, denominator: u64): FixedPoint32 {
    if (denominator == 0) abort EDENOMINATOR;
    let quotient = ((numerator as u128) << 64) / ((denominator as u128) << 32);
    if (quotient == 0 && numerator != 0) abort ERATIO_OUT_OF_RANGE;
    if (quotient > MAX_U64) abort ERATIO_OUT_OF_RANGE;
    FixedPoint32 { value: quotient as u64 }
}

public fun create_from_raw_value(value: u64): FixedPoint32 {
    FixedPoint32 { value }
}

public fun get_raw_value(num: FixedPoint32): u64 {
    num.value
}

public fun is_zero(num: FixedPoint32): bool {
    num.value == 0
}
