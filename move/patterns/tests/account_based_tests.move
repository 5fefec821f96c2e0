// Copyright 2026 the seal-ts authors
// SPDX-License-Identifier: Apache-2.0

#[test_only]
module patterns::account_based_tests;

use patterns::account_based::seal_approve_for_testing as approve;
use sui::test_scenario as ts;

const ALICE: address = @0xa11ce;

#[test]
fun owner_of_the_address_is_let_in() {
    let mut s = ts::begin(ALICE);
    approve(ALICE.to_bytes(), s.ctx());
    s.end();
}

#[test, expected_failure(abort_code = 1, location = patterns::account_based)]
fun another_address_is_refused() {
    let mut s = ts::begin(@0xb0b);
    approve(ALICE.to_bytes(), s.ctx());
    s.end();
}

#[test, expected_failure(abort_code = 1, location = patterns::account_based)]
fun longer_identity_is_refused() {
    let mut s = ts::begin(ALICE);
    let mut id = ALICE.to_bytes();
    id.push_back(0);
    approve(id, s.ctx());
    s.end();
}

#[test, expected_failure(abort_code = 1, location = patterns::account_based)]
fun empty_identity_is_refused() {
    let mut s = ts::begin(ALICE);
    approve(vector[], s.ctx());
    s.end();
}
