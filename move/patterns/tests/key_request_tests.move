// Copyright 2026 the seal-ts authors
// SPDX-License-Identifier: Apache-2.0

#[test_only]
module patterns::key_request_tests;

use patterns::key_request::{Self, KeyRequest};
use sui::clock::{Self, Clock};

const USER: address = @0xb0b;
const ISSUED: u64 = 1_000;
const TTL: u64 = 60_000;

public struct Witness has drop {}

fun set_up(ctx: &mut TxContext): (KeyRequest, Clock) {
    let mut clock = clock::create_for_testing(ctx);
    clock.set_for_testing(ISSUED);
    let req = key_request::request_key(Witness {}, b"id", USER, &clock, TTL, ctx);
    (req, clock)
}

#[test]
fun valid_until_the_last_millisecond_and_not_after() {
    let ctx = &mut tx_context::dummy();
    let (req, mut clock) = set_up(ctx);
    assert!(req.verify(Witness {}, b"id", USER, &clock));
    clock.set_for_testing(ISSUED + TTL);
    assert!(req.verify(Witness {}, b"id", USER, &clock));
    clock.set_for_testing(ISSUED + TTL + 1);
    assert!(!req.verify(Witness {}, b"id", USER, &clock));
    req.destroy();
    clock.destroy_for_testing();
}

#[test]
fun only_the_same_identity_and_user() {
    let ctx = &mut tx_context::dummy();
    let (req, clock) = set_up(ctx);
    assert!(!req.verify(Witness {}, b"other", USER, &clock));
    assert!(!req.verify(Witness {}, b"id", @0x57, &clock));
    req.destroy();
    clock.destroy_for_testing();
}

#[test]
fun only_the_package_that_issued_it() {
    let ctx = &mut tx_context::dummy();
    let (req, clock) = set_up(ctx);
    // Any droppable type of another package stands for a stranger's witness.
    assert!(!req.verify(b"stranger".to_string(), b"id", USER, &clock));
    req.destroy();
    clock.destroy_for_testing();
}
