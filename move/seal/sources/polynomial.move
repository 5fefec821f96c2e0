// Copyright 2026 the seal-ts authors
// SPDX-License-Identifier: Apache-2.0

/// Polynomials over GF(2^8), for Shamir's secret sharing.
module seal::polynomial;

use seal::gf256::{Self, GF256};

const EIncompatibleInputLengths: u64 = 1;

/// Coefficients with the constant term first; leading zeros may be present.
public struct Polynomial has copy, drop, store {
    coefficients: vector<u8>,
}

/// The value at `x`.
public fun evaluate(self: &Polynomial, x: u8): u8 {
    self.evaluate_with(&gf256::new(), x)
}

/// The value at `x`, with tables at hand.
public(package) fun evaluate_with(self: &Polynomial, field: &GF256, x: u8): u8 {
    let mut value = 0;
    let mut i = self.coefficients.length();
    while (i > 0) {
        i = i - 1;
        value = gf256::add(field.mul(value, x), self.coefficients[i]);
    };
    value
}

/// The degree; 0 for the zero polynomial.
public(package) fun degree(self: &Polynomial): u64 {
    let mut i = self.coefficients.length();
    while (i > 1 && self.coefficients[i - 1] == 0) i = i - 1;
    if (i == 0) 0 else i - 1
}

public(package) fun get_constant_term(self: &Polynomial): u8 {
    if (self.coefficients.is_empty()) 0 else self.coefficients[0]
}

/// For each position j of the equally long byte strings `y[0], y[1], …`, the polynomial of least degree
/// through all points (x[i], y[i][j]). The `x` must be distinct.
public(package) fun interpolate_all(x: vector<u8>, y: &vector<vector<u8>>): vector<Polynomial> {
    assert!(x.length() == y.length() && !x.is_empty(), EIncompatibleInputLengths);
    let length = y[0].length();
    y.do_ref!(|bytes| assert!(bytes.length() == length, EIncompatibleInputLengths));
    let field = &gf256::new();
    // The Lagrange basis is the same for all positions.
    let basis = lagrange_basis(field, &x);
    vector::tabulate!(length, |j| {
        let mut coefficients = vector::tabulate!(x.length(), |_| 0u8);
        x.length().do!(|i| {
            let weight = y[i][j];
            basis[i].length().do!(|k| {
                let term = field.mul(weight, basis[i][k]);
                *&mut coefficients[k] = gf256::add(coefficients[k], term);
            });
        });
        Polynomial { coefficients }
    })
}

/// For each i the coefficients of the polynomial that is 1 at x[i] and 0 at every other x.
fun lagrange_basis(field: &GF256, x: &vector<u8>): vector<vector<u8>> {
    let product = vanishing(field, x);
    vector::tabulate!(x.length(), |i| {
        let numerator = divide_by_root(field, &product, x[i]);
        let mut denominator = 1u8;
        x.length().do!(|j| {
            if (j != i) denominator = field.mul(denominator, gf256::sub(x[i], x[j]));
        });
        numerator.map!(|c| field.div(c, denominator))
    })
}

/// Coefficients of the product of (X - root) over all roots.
fun vanishing(field: &GF256, roots: &vector<u8>): vector<u8> {
    let mut product = vector[1u8];
    roots.do_ref!(|root| {
        let mut next = vector[0u8];
        next.append(product);
        product.length().do!(|k| {
            *&mut next[k] = gf256::sub(next[k], field.mul(product[k], *root));
        });
        product = next;
    });
    product
}

/// Exact division by (X - root), by Horner's rule from the leading coefficient down.
fun divide_by_root(field: &GF256, dividend: &vector<u8>, root: u8): vector<u8> {
    let n = dividend.length() - 1;
    let mut quotient = vector::tabulate!(n, |_| 0u8);
    let mut carry = 0;
    let mut k = n;
    while (k > 0) {
        carry = gf256::add(dividend[k], field.mul(carry, root));
        *&mut quotient[k - 1] = carry;
        k = k - 1;
    };
    quotient
}

#[test_only]
public fun new_for_testing(coefficients: vector<u8>): Polynomial {
    Polynomial { coefficients }
}

#[test_only]
public fun coefficients(self: &Polynomial): vector<u8> {
    self.coefficients
}

#[test_only]
public fun vanishing_for_testing(roots: vector<u8>): vector<u8> {
    vanishing(&gf256::new(), &roots)
}

#[test_only]
public fun divide_by_root_for_testing(dividend: vector<u8>, root: u8): vector<u8> {
    divide_by_root(&gf256::new(), &dividend, root)
}
