// Copyright 2026 the seal-ts authors
// SPDX-License-Identifier: Apache-2.0

#[test_only]
module walrus::subscription_tests;

use sui::clock::{Self, Clock};
use sui::coin;
use sui::sui::SUI;
use walrus::subscription::{Self, Service, Subscription, Cap};

const FEE: u64 = 10;
const TTL: u64 = 1_000;
const START: u64 = 5_000;

fun set_up(ctx: &mut TxContext): (Service, Cap, Subscription, Clock) {
    let (service, cap) = subscription::new_for_testing(FEE, TTL, b"news".to_string(), ctx);
    let mut clock = clock::create_for_testing(ctx);
    clock.set_for_testing(START);
    let fee = coin::mint_for_testing<SUI>(FEE, ctx);
    let sub = subscription::subscribe(fee, &service, &clock, ctx);
    (service, cap, sub, clock)
}

fun clean_up(service: Service, cap: Cap, sub: Subscription, clock: Clock) {
    service.destroy_for_testing(cap);
    sub.destroy_subscription_for_testing();
    clock.destroy_for_testing();
}

fun identity(service: &Service): vector<u8> {
    let mut id = object::id(service).to_bytes();
    id.push_back(7);
    id
}

#[test]
fun subscriber_is_let_in_until_the_last_millisecond() {
    let ctx = &mut tx_context::dummy();
    let (service, cap, sub, mut clock) = set_up(ctx);
    subscription::seal_approve_for_testing(identity(&service), &sub, &service, &clock);
    clock.set_for_testing(START + TTL);
    subscription::seal_approve_for_testing(identity(&service), &sub, &service, &clock);
    clean_up(service, cap, sub, clock);
}

#[test, expected_failure(abort_code = 2, location = walrus::subscription)]
fun expired_subscription_is_refused() {
    let ctx = &mut tx_context::dummy();
    let (service, cap, sub, mut clock) = set_up(ctx);
    clock.set_for_testing(START + TTL + 1);
    subscription::seal_approve_for_testing(identity(&service), &sub, &service, &clock);
    clean_up(service, cap, sub, clock);
}

#[test, expected_failure(abort_code = 2, location = walrus::subscription)]
fun subscription_of_another_service_is_refused() {
    let ctx = &mut tx_context::dummy();
    let (service, cap, sub, clock) = set_up(ctx);
    let (other, other_cap) = subscription::new_for_testing(FEE, TTL, b"".to_string(), ctx);
    subscription::seal_approve_for_testing(identity(&other), &sub, &other, &clock);
    other.destroy_for_testing(other_cap);
    clean_up(service, cap, sub, clock);
}

#[test, expected_failure(abort_code = 2, location = walrus::subscription)]
fun identity_of_another_service_is_refused() {
    let ctx = &mut tx_context::dummy();
    let (service, cap, sub, clock) = set_up(ctx);
    let mut id = identity(&service);
    *&mut id[0] = id[0] ^ 1;
    subscription::seal_approve_for_testing(id, &sub, &service, &clock);
    clean_up(service, cap, sub, clock);
}

#[test]
fun endless_subscription_never_overflows() {
    let ctx = &mut tx_context::dummy();
    let (service, cap) = subscription::new_for_testing(
        0,
        18446744073709551615,
        b"".to_string(),
        ctx,
    );
    let mut clock = clock::create_for_testing(ctx);
    clock.set_for_testing(START);
    let sub = subscription::subscribe(coin::zero<SUI>(ctx), &service, &clock, ctx);
    clock.set_for_testing(18446744073709551615);
    subscription::seal_approve_for_testing(identity(&service), &sub, &service, &clock);
    clean_up(service, cap, sub, clock);
}

#[test, expected_failure(abort_code = 1, location = walrus::subscription)]
fun paying_too_little_is_refused() {
    let ctx = &mut tx_context::dummy();
    let (service, cap, sub, clock) = set_up(ctx);
    let fee = coin::mint_for_testing<SUI>(FEE - 1, ctx);
    let second = subscription::subscribe(fee, &service, &clock, ctx);
    second.destroy_subscription_for_testing();
    clean_up(service, cap, sub, clock);
}

#[test, expected_failure(abort_code = 1, location = walrus::subscription)]
fun paying_too_much_is_refused() {
    let ctx = &mut tx_context::dummy();
    let (service, cap, sub, clock) = set_up(ctx);
    let fee = coin::mint_for_testing<SUI>(FEE + 1, ctx);
    let second = subscription::subscribe(fee, &service, &clock, ctx);
    second.destroy_subscription_for_testing();
    clean_up(service, cap, sub, clock);
}

#[test, expected_failure(abort_code = 0, location = walrus::subscription)]
fun publishing_needs_the_services_own_cap() {
    let ctx = &mut tx_context::dummy();
    let (mut service, cap, sub, clock) = set_up(ctx);
    let (other, other_cap) = subscription::new_for_testing(FEE, TTL, b"".to_string(), ctx);
    service.publish(&other_cap, b"blob".to_string());
    other.destroy_for_testing(other_cap);
    clean_up(service, cap, sub, clock);
}
