// Interface: https://docs.sui.io/references/framework/std/macros
/// The arithmetic and the loops behind the integer modules, written once for all widths.
module std::macros;

use std::string::String;

public macro fun num_max<$T>($x: $T, $y: $T): $T {
    let (x, y) = ($x, $y);
    if (x < y) y else x
}

public macro fun num_min<$T>($x: $T, $y: $T): $T {
    let (x, y) = ($x, $y);
    if (x < y) x else y
}

public macro fun num_bitwise_not<$T>($x: $T, $max_t: $T): $T {
    $x ^ $max_t
}

public macro fun num_diff<$T>($x: $T, $y: $T): $T {
    let (x, y) = ($x, $y);
    if (x < y) y - x else x - y
}

public macro fun num_divide_and_round_up<$T>($x: $T, $y: $T): $T {
    let (x, y) = ($x, $y);
    let quotient = x / y;
    if (x % y == 0) quotient else quotient + 1
}

/// Square and multiply. The base is squared only when a higher bit of the exponent is left, so the
/// only overflow is that of the result.
public macro fun num_pow<$T>($base: $T, $exponent: u8): $T {
    let mut base = $base;
    let mut exponent = $exponent;
    let mut result: $T = 1;
    while (exponent != 0) {
        if (exponent & 1 == 1) result = result * base;
        exponent = exponent >> 1;
        if (exponent != 0) base = base * base;
    };
    result
}

/// Binary square root, two bits of the argument at a time, in the wider type `$U`.
public macro fun num_sqrt<$T, $U>($x: $T, $bitsize: u8): $T {
    let mut rest = $x as $U;
    let mut bit = (1u8 as $U) << ($bitsize - 2);
    let mut root: $U = 0;
    while (bit != 0) {
        let trial = root + bit;
        root = root >> 1;
        if (rest >= trial) {
            rest = rest - trial;
            root = root + bit;
        };
        bit = bit >> 2;
    };
    root as $T
}

public macro fun num_to_string<$T>($x: $T): String {
    let mut x = $x;
    let mut digits = vector[];
    loop {
        digits.push_back((x % 10) as u8 + 48);
        x = x / 10;
        if (x == 0) break
    };
    digits.reverse();
    digits.to_string()
}

public macro fun num_checked_add<$T>($x: $T, $y: $T, $max_t: $T): Option<$T> {
    let (x, y) = ($x, $y);
    if (y > $max_t - x) option::none() else option::some(x + y)
}

public macro fun num_checked_sub<$T>($x: $T, $y: $T): Option<$T> {
    let (x, y) = ($x, $y);
    if (y > x) option::none() else option::some(x - y)
}

public macro fun num_checked_mul<$T>($x: $T, $y: $T, $max_t: $T): Option<$T> {
    let (x, y) = ($x, $y);
    if (x != 0 && y > $max_t / x) option::none() else option::some(x * y)
}

public macro fun num_checked_div<$T>($x: $T, $y: $T): Option<$T> {
    let (x, y) = ($x, $y);
    if (y == 0) option::none() else option::some(x / y)
}

public macro fun num_saturating_add<$T>($x: $T, $y: $T, $max_t: $T): $T {
    let (x, y) = ($x, $y);
    if (y > $max_t - x) $max_t else x + y
}

public macro fun num_saturating_sub<$T>($x: $T, $y: $T): $T {
    let (x, y) = ($x, $y);
    if (y > x) 0 else x - y
}

public macro fun num_saturating_mul<$T>($x: $T, $y: $T, $max_t: $T): $T {
    let (x, y) = ($x, $y);
    if (x != 0 && y > $max_t / x) $max_t else x * y
}

public macro fun num_checked_shl<$T>($x: $T, $shift: u8, $bit_size: u16): Option<$T> {
    let (x, shift) = ($x, $shift);
    if (shift as u16 >= $bit_size) option::none() else option::some(x << shift)
}

public macro fun num_checked_shr<$T>($x: $T, $shift: u8, $bit_size: u16): Option<$T> {
    let (x, shift) = ($x, $shift);
    if (shift as u16 >= $bit_size) option::none() else option::some(x >> shift)
}

public macro fun num_lossless_shl<$T>($x: $T, $shift: u8, $bit_size: u16): Option<$T> {
    let (x, shift) = ($x, $shift);
    if (shift as u16 >= $bit_size) {
        option::none()
    } else {
        let shifted = x << shift;
        if (shifted >> shift == x) option::some(shifted) else option::none()
    }
}

public macro fun num_lossless_shr<$T>($x: $T, $shift: u8, $bit_size: u16): Option<$T> {
    let (x, shift) = ($x, $shift);
    if (shift as u16 >= $bit_size) {
        option::none()
    } else {
        let shifted = x >> shift;
        if (shifted << shift == x) option::some(shifted) else option::none()
    }
}

public macro fun num_lossless_div<$T>($x: $T, $y: $T): Option<$T> {
    let (x, y) = ($x, $y);
    if (y == 0 || x % y != 0) option::none() else option::some(x / y)
}

public macro fun range_do<$T, $R: drop>($start: $T, $stop: $T, $f: |$T| -> $R) {
    let mut i = $start;
    let stop = $stop;
    while (i < stop) {
        $f(i);
        i = i + 1;
    }
}

/// The last number is handled apart, so that a `$stop` of the largest value does not overflow.
public macro fun range_do_eq<$T, $R: drop>($start: $T, $stop: $T, $f: |$T| -> $R) {
    let mut i = $start;
    let stop = $stop;
    if (i <= stop) {
        while (i < stop) {
            $f(i);
            i = i + 1;
        };
        $f(stop);
    }
}

public macro fun do<$T, $R: drop>($stop: $T, $f: |$T| -> $R) {
    range_do!(0, $stop, $f)
}

public macro fun do_eq<$T, $R: drop>($stop: $T, $f: |$T| -> $R) {
    range_do_eq!(0, $stop, $f)
}

public macro fun try_as_u8<$T>($x: $T): Option<u8> {
    let x = $x;
    if (x > 0xFF) option::none() else option::some(x as u8)
}

public macro fun try_as_u16<$T>($x: $T): Option<u16> {
    let x = $x;
    if (x > 0xFFFF) option::none() else option::some(x as u16)
}

public macro fun try_as_u32<$T>($x: $T): Option<u32> {
    let x = $x;
    if (x > 0xFFFF_FFFF) option::none() else option::some(x as u32)
}

public macro fun try_as_u64<$T>($x: $T): Option<u64> {
    let x = $x;
    if (x > 0xFFFF_FFFF_FFFF_FFFF) option::none() else option::some(x as u64)
}

public macro fun try_as_u128<$T>($x: $T): Option<u128> {
    let x = $x;
    if (x > 0xFFFF_FFFF_FFFF_FFFF_FFFF_FFFF_FFFF_FFFF) option::none() else option::some(x as u128)
}
