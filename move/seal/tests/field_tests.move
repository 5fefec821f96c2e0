// Copyright 2026 the seal-ts authors
// SPDX-License-Identifier: Apache-2.0

#[test_only]
module seal::field_tests;

use seal::gf256;
use seal::polynomial;

#[test]
fun field_known_answers() {
    let field = gf256::new();
    assert!(gf256::add(0x53, 0xca) == 0x99);
    assert!(gf256::sub(0x53, 0xca) == 0x99);
    assert!(field.mul(0x53, 0xca) == 0x01);
    assert!(field.div(0x53, 0xca) == 0xb5);
}

#[test]
fun division_undoes_multiplication() {
    let field = gf256::new();
    255u64.do!(|i| {
        let y = (i + 1) as u8;
        assert!(field.div(field.mul(0xa7, y), y) == 0xa7);
        assert!(field.mul(y, 0) == 0 && field.mul(0, y) == 0 && field.div(0, y) == 0);
    });
}

#[test, expected_failure(abort_code = 1, location = seal::gf256)]
fun zero_has_no_logarithm() {
    gf256::new().log_for_testing(0);
}

#[test, expected_failure(abort_code = 2, location = seal::gf256)]
fun division_by_zero_aborts() {
    gf256::new().div(1, 0);
}

#[test]
fun polynomial_known_values() {
    let p = polynomial::new_for_testing(vector[1, 2, 3]);
    assert!(p.evaluate(0) == 1);
    assert!(p.evaluate(1) == 0);
    assert!(p.evaluate(2) == 9);
    assert!(p.evaluate(3) == 8);
}

#[test]
fun interpolation_known_answer() {
    let points = vector[vector[7], vector[11], vector[17]];
    let all = polynomial::interpolate_all(vector[1, 2, 3], &points);
    assert!(all.length() == 1);
    assert!(all[0].coefficients() == x"1d150f");
    assert!(all[0].get_constant_term() == 0x1d);
}

#[test]
fun interpolation_goes_through_every_point_of_every_position() {
    let x = vector[9, 200, 3, 77];
    let y = vector[x"000102", x"fffe80", x"100020", x"abcdef"];
    let all = polynomial::interpolate_all(x, &y);
    assert!(all.length() == 3);
    4u64.do!(|i| 3u64.do!(|j| assert!(all[j].evaluate(x[i]) == y[i][j])));
}

#[test, expected_failure(abort_code = 1, location = seal::polynomial)]
fun interpolation_wants_as_many_values_as_places() {
    polynomial::interpolate_all(vector[1, 2], &vector[vector[7]]);
}

#[test, expected_failure(abort_code = 1, location = seal::polynomial)]
fun interpolation_wants_equally_long_values() {
    polynomial::interpolate_all(vector[1, 2], &vector[vector[7], vector[7, 8]]);
}

#[test, expected_failure(abort_code = 2, location = seal::gf256)]
fun interpolation_wants_distinct_places() {
    polynomial::interpolate_all(vector[1, 1], &vector[vector[7], vector[8]]);
}

#[test]
fun degree_ignores_leading_zeros() {
    assert!(polynomial::new_for_testing(vector[]).degree() == 0);
    assert!(polynomial::new_for_testing(vector[0]).degree() == 0);
    assert!(polynomial::new_for_testing(vector[5, 0, 0]).degree() == 0);
    assert!(polynomial::new_for_testing(vector[5, 0, 1]).degree() == 2);
}

#[test]
fun vanishing_polynomial_divides_by_each_root() {
    let product = polynomial::vanishing_for_testing(vector[1, 2, 3]);
    assert!(product.length() == 4 && product[3] == 1);
    let p = polynomial::new_for_testing(product);
    assert!(p.evaluate(1) == 0 && p.evaluate(2) == 0 && p.evaluate(3) == 0);
    let quotient = polynomial::divide_by_root_for_testing(product, 2);
    assert!(quotient == polynomial::vanishing_for_testing(vector[1, 3]));
}
