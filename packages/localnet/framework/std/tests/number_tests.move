#[test_only]
module std::number_tests;

use std::bit_vector;
use std::fixed_point32;
use std::unit_test::assert_eq;
use std::uq32_32;
use std::uq64_64;

#[test]
fun bits() {
    let mut bits = bit_vector::new(5);
    bits.set(1);
    bits.set(2);
    bits.set(4);
    bits.unset(4);
    assert!(bits.is_index_set(2) && !bits.is_index_set(4));
    assert_eq!(bits.longest_set_sequence_starting_at(1), 2);
    bits.shift_left(1);
    assert!(bits.is_index_set(0) && bits.is_index_set(1) && !bits.is_index_set(2));
    bits.shift_left(9);
    assert!(!bits.is_index_set(0));
    assert_eq!(bits.length(), 5);
}

#[test, expected_failure(abort_code = 0x20001, location = std::bit_vector)]
fun no_bits() {
    bit_vector::new(0);
}

#[test, expected_failure(abort_code = 0x20001, location = std::bit_vector)]
fun too_many_bits() {
    bit_vector::new(1024);
}

#[test, expected_failure(abort_code = 0x20000, location = std::bit_vector)]
fun bit_outside() {
    bit_vector::new(3).set(3);
}

#[test]
fun fixed_point() {
    let half = fixed_point32::create_from_rational(1, 2);
    assert_eq!(half.get_raw_value(), 2147483648);
    assert_eq!(fixed_point32::multiply_u64(9, half), 4);
    assert_eq!(fixed_point32::divide_u64(9, half), 18);
    assert!(fixed_point32::create_from_rational(0, 5).is_zero());
}

#[test, expected_failure(abort_code = 0x10001, location = std::fixed_point32)]
fun fixed_point_zero_denominator() {
    fixed_point32::create_from_rational(1, 0);
}

#[test, expected_failure(abort_code = 0x20005, location = std::fixed_point32)]
fun fixed_point_too_small() {
    fixed_point32::create_from_rational(1, 18446744073709551615);
}

#[test, expected_failure(abort_code = 0x10004, location = std::fixed_point32)]
fun fixed_point_division_by_zero() {
    fixed_point32::divide_u64(1, fixed_point32::create_from_raw_value(0));
}

#[test, expected_failure(abort_code = 0x20002, location = std::fixed_point32)]
fun fixed_point_product_too_large() {
    let two = fixed_point32::create_from_rational(2, 1);
    fixed_point32::multiply_u64(18446744073709551615, two);
}

#[test]
fun binary_points() {
    let a = uq32_32::from_quotient(7, 2);
    let b = uq32_32::from_int(2);
    assert_eq!(a.add(b).to_int(), 5);
    assert_eq!(a.sub(b).to_raw(), 3 << 31);
    assert_eq!(a.mul(b).to_int(), 7);
    assert_eq!(a.div(b).to_raw(), 7 << 30);
    assert_eq!(uq32_32::int_mul(10, a), 35);
    assert_eq!(uq32_32::int_div(35, a), 10);
    assert!(b.lt(a) && b.le(b) && a.gt(b) && a.ge(a));
    let c = uq64_64::from_quotient(1, 3);
    assert_eq!(c.to_raw(), 6148914691236517205);
    assert_eq!(uq64_64::from_raw(c.to_raw()), c);
}

#[test, expected_failure(abort_code = uq32_32::EDenominator, location = std::uq32_32)]
fun zero_denominator() {
    uq32_32::from_quotient(1, 0);
}

#[test, expected_failure(abort_code = uq32_32::EOverflow, location = std::uq32_32)]
fun below_zero() {
    uq32_32::from_int(1).sub(uq32_32::from_int(2));
}

#[test, expected_failure(abort_code = uq64_64::EDivisionByZero, location = std::uq64_64)]
fun division_by_zero() {
    uq64_64::from_int(1).div(uq64_64::from_int(0));
}

#[test, expected_failure(abort_code = uq64_64::EQuotientTooLarge, location = std::uq64_64)]
fun quotient_too_large() {
    uq64_64::from_quotient(18446744073709551616, 1);
}
