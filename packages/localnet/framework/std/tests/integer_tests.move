#[test_only]
module std::integer_tests;

use std::unit_test::assert_eq;

const MAX_U64: u64 = 18446744073709551615;

#[test]
fun extremes() {
    assert_eq!(std::u8::max_value!(), 255);
    assert_eq!(std::u16::max_value!(), 65535);
    assert_eq!(std::u32::max_value!(), 4294967295);
    assert_eq!(std::u64::max_value!(), MAX_U64);
    assert_eq!(std::u128::max_value!(), 340282366920938463463374607431768211455);
    assert_eq!(
        std::u256::max_value!(),
        115792089237316195423570985008687907853269984665640564039457584007913129639935,
    );
}

#[test]
fun comparisons() {
    assert_eq!(3u64.max(7), 7);
    assert_eq!(7u64.max(3), 7);
    assert_eq!(3u8.min(7), 3);
    assert_eq!(3u256.diff(7), 4);
    assert_eq!(7u128.diff(3), 4);
    assert_eq!(0u16.bitwise_not(), 65535);
    assert_eq!(0xF0u8.bitwise_not(), 0x0F);
}

#[test]
fun powers_and_roots() {
    assert_eq!(2u64.pow(63), 9223372036854775808);
    assert_eq!(0u64.pow(0), 1);
    assert_eq!(3u8.pow(5), 243);
    assert_eq!(10u256.pow(77) / 10u256.pow(76), 10);
    assert_eq!(MAX_U64.sqrt(), 4294967295);
    assert_eq!(16u64.sqrt(), 4);
    assert_eq!(15u64.sqrt(), 3);
    assert_eq!(0u8.sqrt(), 0);
    assert_eq!(255u8.sqrt(), 15);
    assert_eq!(std::u128::max_value!().sqrt(), 18446744073709551615);
}

#[test, expected_failure(arithmetic_error, location = std::u64)]
fun power_overflows() {
    2u64.pow(64);
}

#[test, expected_failure(arithmetic_error, location = std::u64)]
fun rounding_up_by_zero() {
    1u64.divide_and_round_up(0);
}

#[test]
fun rounding_up() {
    assert_eq!(10u64.divide_and_round_up(5), 2);
    assert_eq!(11u64.divide_and_round_up(5), 3);
    assert_eq!(0u64.divide_and_round_up(5), 0);
    assert_eq!(MAX_U64.divide_and_round_up(1), MAX_U64);
}

#[test]
fun checked() {
    assert_eq!(MAX_U64.checked_add(0), option::some(MAX_U64));
    assert_eq!(MAX_U64.checked_add(1), option::none());
    assert_eq!(0u8.checked_sub(1), option::none());
    assert_eq!(16u8.checked_mul(16), option::none());
    assert_eq!(15u8.checked_mul(17), option::some(255));
    assert_eq!(0u8.checked_mul(255), option::some(0));
    assert_eq!(1u32.checked_div(0), option::none());
    assert_eq!(1u8.checked_shl(7), option::some(128));
    assert_eq!(1u8.checked_shl(8), option::none());
    assert_eq!(1u256.checked_shr(255), option::some(0));
}

#[test]
fun saturating() {
    assert_eq!(250u8.saturating_add(10), 255);
    assert_eq!(5u8.saturating_sub(10), 0);
    assert_eq!(16u8.saturating_mul(16), 255);
    assert_eq!(0u8.saturating_mul(16), 0);
}

#[test]
fun lossless() {
    assert_eq!(3u8.lossless_shl(6), option::some(192));
    assert_eq!(3u8.lossless_shl(7), option::none());
    assert_eq!(6u8.lossless_shr(1), option::some(3));
    assert_eq!(6u8.lossless_shr(2), option::none());
    assert_eq!(6u8.lossless_div(3), option::some(2));
    assert_eq!(6u8.lossless_div(4), option::none());
    assert_eq!(6u8.lossless_div(0), option::none());
}

#[test]
fun narrowing() {
    assert_eq!(255u64.try_as_u8(), option::some(255));
    assert_eq!(256u64.try_as_u8(), option::none());
    assert_eq!(65535u256.try_as_u16(), option::some(65535));
    assert_eq!(65536u256.try_as_u16(), option::none());
    assert_eq!((MAX_U64 as u128 + 1).try_as_u64(), option::none());
}

#[test]
fun digits() {
    assert_eq!(0u8.to_string(), b"0".to_string());
    assert_eq!(MAX_U64.to_string(), b"18446744073709551615".to_string());
    assert_eq!(10u256.pow(40).to_string().length(), 41);
    assert_eq!(true.to_string(), b"true".to_string());
    assert_eq!(false.to_string(), b"false".to_string());
}

#[test]
fun loops() {
    let mut seen = vector[];
    3u8.do!(|i| seen.push_back(i));
    2u8.do_eq!(|i| seen.push_back(i));
    5u8.range_do!(7, |i| seen.push_back(i));
    254u8.range_do_eq!(255, |i| seen.push_back(i));
    7u8.range_do!(5, |i| seen.push_back(i));
    7u8.range_do_eq!(6, |i| seen.push_back(i));
    assert_eq!(seen, vector[0, 1, 2, 0, 1, 2, 5, 6, 254, 255]);
}
