// Copyright 2026 the seal-ts authors
// SPDX-License-Identifier: Apache-2.0

/// The field GF(2^8) with the polynomial x^8 + x^4 + x^3 + x + 1 and generator 3, by tables of
/// logarithms and powers.
module seal::gf256;

const ELogOfZero: u64 = 1;
const EDivisionByZero: u64 = 2;

/// Order of the multiplicative group.
const ORDER: u64 = 255;
/// x^8 is this once reduced.
const REDUCTION: u16 = 0x11b;

/// Tables, made once for a computation: `exp_table[i]` is 3^i, and 3^log_table[a] is a for a > 0.
public struct GF256 has drop {
    exp_table: vector<u8>,
    log_table: vector<u8>,
}

public(package) fun new(): GF256 {
    let mut log = vector::tabulate!(256, |_| 0u8);
    let mut exp = vector[];
    let mut power = 1u16;
    ORDER.do!(|i| {
        exp.push_back(power as u8);
        *&mut log[power as u64] = i as u8;
        // Times 3 is times (x + 1).
        power = (power << 1) ^ power;
        if (power > 0xff) power = power ^ REDUCTION;
    });
    GF256 { exp_table: exp, log_table: log }
}

public(package) fun add(x: u8, y: u8): u8 {
    x ^ y
}

/// The same as addition: the field has characteristic two.
public(package) fun sub(x: u8, y: u8): u8 {
    x ^ y
}

public(package) fun mul(self: &GF256, x: u8, y: u8): u8 {
    if (x == 0 || y == 0) return 0;
    self.exp_table[(self.log(x) + self.log(y)) % ORDER]
}

public(package) fun div(self: &GF256, x: u8, y: u8): u8 {
    assert!(y != 0, EDivisionByZero);
    if (x == 0) return 0;
    self.exp_table[(self.log(x) + ORDER - self.log(y)) % ORDER]
}

fun log(self: &GF256, x: u8): u64 {
    assert!(x != 0, ELogOfZero);
    self.log_table[x as u64] as u64
}

#[test_only]
public fun log_for_testing(self: &GF256, x: u8): u64 {
    self.log(x)
}
