// Copyright 2026 the seal-ts authors
// SPDX-License-Identifier: Apache-2.0

#[test_only]
module patterns::tle_tests;

use patterns::tle::seal_approve_for_testing as approve;
use sui::bcs;
use sui::clock;

const MOMENT: u64 = 1_000;

fun approve_at(id: vector<u8>, now: u64) {
    let ctx = &mut tx_context::dummy();
    let mut clock = clock::create_for_testing(ctx);
    clock.set_for_testing(now);
    approve(id, &clock);
    clock.destroy_for_testing();
}

#[test]
fun opens_at_the_moment() {
    approve_at(bcs::to_bytes(&MOMENT), MOMENT);
}

#[test]
fun stays_open() {
    approve_at(bcs::to_bytes(&MOMENT), MOMENT + 1);
}

#[test, expected_failure(abort_code = 77, location = patterns::tle)]
fun closed_one_millisecond_before() {
    approve_at(bcs::to_bytes(&MOMENT), MOMENT - 1);
}

#[test, expected_failure(abort_code = 77, location = patterns::tle)]
fun longer_identity_is_refused() {
    let mut id = bcs::to_bytes(&MOMENT);
    id.push_back(0);
    approve_at(id, MOMENT);
}

#[test, expected_failure(abort_code = 77, location = patterns::tle)]
fun shorter_identity_is_refused() {
    let mut id = bcs::to_bytes(&MOMENT);
    id.pop_back();
    approve_at(id, MOMENT);
}
