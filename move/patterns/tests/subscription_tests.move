// Copyright 2026 the seal-ts authors
// SPDX-License-Identifier: Apache-2.0

#[test_only]
module patterns::subscription_tests;

use patterns::subscription::{Self, PackageVersion, Service, Subscription};
use sui::clock::{Self, Clock};
use sui::coin;
use sui::sui::SUI;
use sui::test_scenario as ts;

const OWNER: address = @0x0a;
const FEE: u64 = 10;
const TTL: u64 = 1_000;
const START: u64 = 5_000;

fun set_up(): (ts::Scenario, PackageVersion, Service, Subscription, Clock) {
    let mut s = ts::begin(OWNER);
    subscription::init_for_testing(s.ctx());
    s.next_tx(OWNER);
    let version = s.take_shared<PackageVersion>();
    let service = subscription::create_service(FEE, TTL, s.ctx());
    let mut clock = clock::create_for_testing(s.ctx());
    clock.set_for_testing(START);
    let fee = coin::mint_for_testing<SUI>(FEE, s.ctx());
    let sub = subscription::subscribe(fee, &service, &clock, s.ctx());
    (s, version, service, sub, clock)
}

fun clean_up(
    s: ts::Scenario,
    version: PackageVersion,
    service: Service,
    sub: Subscription,
    clock: Clock,
) {
    ts::return_shared(version);
    service.destroy_for_testing(sub);
    clock.destroy_for_testing();
    s.end();
}

fun identity(service: &Service): vector<u8> {
    let mut id = object::id(service).to_bytes();
    id.push_back(0);
    id
}

#[test]
fun subscriber_is_let_in_until_the_last_millisecond() {
    let (s, version, service, sub, mut clock) = set_up();
    let id = identity(&service);
    subscription::seal_approve_for_testing(id, &version, &sub, &service, &clock);
    clock.set_for_testing(START + TTL);
    subscription::seal_approve_for_testing(id, &version, &sub, &service, &clock);
    clean_up(s, version, service, sub, clock);
}

#[test, expected_failure(abort_code = 77, location = patterns::subscription)]
fun expired_subscription_is_refused() {
    let (s, version, service, sub, mut clock) = set_up();
    clock.set_for_testing(START + TTL + 1);
    subscription::seal_approve_for_testing(identity(&service), &version, &sub, &service, &clock);
    clean_up(s, version, service, sub, clock);
}

#[test, expected_failure(abort_code = 77, location = patterns::subscription)]
fun identity_outside_the_namespace_is_refused() {
    let (s, version, service, sub, clock) = set_up();
    let id = object::id(&version).to_bytes();
    subscription::seal_approve_for_testing(id, &version, &sub, &service, &clock);
    clean_up(s, version, service, sub, clock);
}

#[test, expected_failure(abort_code = 77, location = patterns::subscription)]
fun subscription_of_another_service_is_refused() {
    let (mut s, version, service, sub, clock) = set_up();
    let other = subscription::create_service(FEE, TTL, s.ctx());
    subscription::seal_approve_for_testing(identity(&other), &version, &sub, &other, &clock);
    let fee = coin::mint_for_testing<SUI>(FEE, s.ctx());
    let second = subscription::subscribe(fee, &other, &clock, s.ctx());
    other.destroy_for_testing(second);
    clean_up(s, version, service, sub, clock);
}

#[test, expected_failure(abort_code = 5, location = patterns::subscription)]
fun retired_version_is_refused() {
    let (s, mut version, service, sub, clock) = set_up();
    version.set_version_for_testing(2);
    subscription::seal_approve_for_testing(identity(&service), &version, &sub, &service, &clock);
    clean_up(s, version, service, sub, clock);
}

#[test, expected_failure(abort_code = 12, location = patterns::subscription)]
fun wrong_fee_is_refused() {
    let (mut s, version, service, sub, clock) = set_up();
    let fee = coin::mint_for_testing<SUI>(FEE + 1, s.ctx());
    let second = subscription::subscribe(fee, &service, &clock, s.ctx());
    second.transfer(OWNER);
    clean_up(s, version, service, sub, clock);
}

#[test]
fun fee_goes_to_the_owner_and_the_subscription_can_be_handed_over() {
    let (mut s, version, service, sub, clock) = set_up();
    let fee = coin::mint_for_testing<SUI>(FEE, s.ctx());
    let second = subscription::subscribe(fee, &service, &clock, s.ctx());
    second.transfer(@0xb0b);
    s.next_tx(OWNER);
    let paid = s.take_from_address<coin::Coin<SUI>>(OWNER);
    assert!(paid.value() == FEE);
    paid.burn_for_testing();
    clean_up(s, version, service, sub, clock);
}
