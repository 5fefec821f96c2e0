// Copyright 2026 the seal-ts authors
// SPDX-License-Identifier: Apache-2.0

/// Time-lock encryption: data can be opened by anybody from a given moment on, and by nobody before.
///
/// Identity: BCS of the moment, a u64 in milliseconds since the Unix epoch (8 bytes).
module patterns::tle;

use sui::bcs;
use sui::clock::Clock;

const ENoAccess: u64 = 77;

fun is_open(id: vector<u8>, c: &Clock): bool {
    if (id.length() != 8) return false;
    c.timestamp_ms() >= bcs::new(id).peel_u64()
}

/// Returns once the clock has reached the moment that `id` encodes.
entry fun seal_approve(id: vector<u8>, c: &Clock) {
    assert!(is_open(id, c), ENoAccess);
}

#[test_only]
public fun seal_approve_for_testing(id: vector<u8>, c: &Clock) {
    seal_approve(id, c)
}
