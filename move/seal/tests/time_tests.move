// Copyright 2026 the seal-ts authors
// SPDX-License-Identifier: Apache-2.0

#[test_only]
module seal::time_tests;

use seal::time::check_staleness;
use sui::clock;

fun check(now: u64, allowed: u64, chain_time: u64) {
    let ctx = &mut tx_context::dummy();
    let mut clock = clock::create_for_testing(ctx);
    clock.set_for_testing(chain_time);
    check_staleness(now, allowed, &clock);
    clock.destroy_for_testing();
}

#[test]
fun a_node_as_far_behind_as_allowed_passes() {
    check(1_010, 10, 1_000);
    check(1_009, 10, 1_000);
}

#[test]
fun a_node_that_is_ahead_passes() {
    check(999, 0, 1_000);
    check(0, 0, 1_000);
}

#[test]
fun a_node_on_time_passes() {
    check(1_000, 0, 1_000);
}

#[test, expected_failure(abort_code = 93492, location = seal::time)]
fun a_node_one_millisecond_too_late_is_refused() {
    check(1_011, 10, 1_000);
}

#[test]
fun no_time_overflows() {
    check(18446744073709551615, 18446744073709551615, 0);
}
