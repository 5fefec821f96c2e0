// Copyright 2026 the seal-ts authors
// SPDX-License-Identifier: Apache-2.0

#[test_only]
module seal::key_server_tests;

use seal::key_server::{Self as ks, KeyServer, PartialKeyServer};
use sui::bls12381::{g2_generator, g2_mul, scalar_from_u64};
use sui::test_scenario as ts;

const OPERATOR: address = @0x0a;

fun point(k: u64): vector<u8> {
    *g2_mul(&scalar_from_u64(k), &g2_generator()).bytes()
}

fun generator(): vector<u8> {
    *g2_generator().bytes()
}

fun independent(): (ts::Scenario, KeyServer) {
    let mut s = ts::begin(OPERATOR);
    let url = b"https://one.example".to_string();
    ks::register_for_testing(b"one".to_string(), url, 0, generator(), s.ctx());
    s.next_tx(OPERATOR);
    let server = s.take_from_sender<KeyServer>();
    (s, server)
}

fun first_form(): (ts::Scenario, KeyServer) {
    let mut s = ts::begin(OPERATOR);
    let url = b"https://one.example".to_string();
    ks::create_and_transfer_v1(b"one".to_string(), url, 0, generator(), s.ctx());
    s.next_tx(OPERATOR);
    let server = s.take_from_sender<KeyServer>();
    (s, server)
}

fun member(name: vector<u8>, party_id: u16): PartialKeyServer {
    let url = b"https://member.example".to_string();
    ks::create_partial_key_server(name.to_string(), url, generator(), party_id)
}

fun two_members(): vector<PartialKeyServer> {
    vector[member(b"a", 0), member(b"b", 1)]
}

fun committee(ctx: &mut TxContext): KeyServer {
    ks::create_committee_v2(b"c".to_string(), 2, generator(), two_members(), ctx)
}

#[test]
fun independent_server_can_be_read_and_moved() {
    let (s, mut server) = independent();
    assert!(server.name() == b"one".to_string());
    assert!(server.url() == b"https://one.example".to_string());
    assert!(server.key_type() == 0);
    assert!(*server.pk() == generator());
    assert!(server.id() == object::id(&server).to_address());
    assert!(*server.pk_as_bf_bls12381().bytes() == generator());
    server.update(b"https://two.example".to_string());
    assert!(server.url() == b"https://two.example".to_string());
    server.destroy_for_testing();
    s.end();
}

#[test]
fun first_form_stays_beside_the_second() {
    let (s, mut server) = first_form();
    assert!(server.url() == b"https://one.example".to_string());
    server.v1();
    server.upgrade_for_testing();
    server.v1();
    assert!(server.name() == b"one".to_string());
    server.update(b"https://two.example".to_string());
    assert!(server.url() == b"https://two.example".to_string());
    server.destroy_for_testing();
    s.end();
}

#[test, expected_failure(abort_code = 2, location = seal::key_server)]
fun second_form_is_added_once() {
    let (s, mut server) = first_form();
    server.upgrade_for_testing();
    server.upgrade_for_testing();
    server.destroy_for_testing();
    s.end();
}

#[test, expected_failure(abort_code = 2, location = seal::key_server)]
fun new_server_needs_no_second_form() {
    let (s, mut server) = independent();
    server.upgrade_for_testing();
    server.destroy_for_testing();
    s.end();
}

#[test, expected_failure(abort_code = 2, location = seal::key_server)]
fun new_server_has_no_first_form() {
    let (s, server) = independent();
    server.v1();
    server.destroy_for_testing();
    s.end();
}

#[test, expected_failure(abort_code = 2, location = seal::key_server)]
fun first_form_alone_cannot_be_moved() {
    let (s, mut server) = first_form();
    server.update(b"https://two.example".to_string());
    server.destroy_for_testing();
    s.end();
}

#[test, expected_failure(abort_code = 1, location = seal::key_server)]
fun there_is_one_key_type() {
    let ctx = &mut tx_context::dummy();
    ks::register_for_testing(b"".to_string(), b"".to_string(), 1, generator(), ctx);
}

#[test, expected_failure(abort_code = 1, location = sui::group_ops)]
fun public_key_must_be_a_point() {
    let ctx = &mut tx_context::dummy();
    ks::register_for_testing(b"".to_string(), b"".to_string(), 0, x"00", ctx);
}

#[test]
fun committee_rotates_and_members_move() {
    let ctx = &mut tx_context::dummy();
    let mut server = committee(ctx);
    assert!(server.committee_version() == 0);
    let mut members = two_members();
    members.push_back(member(b"new", 2));
    server.update_partial_key_servers(3, members);
    assert!(server.committee_version() == 1);
    server.update_member_url(b"https://moved.example".to_string(), 2);
    assert!(server.member_url(2) == b"https://moved.example".to_string());
    assert!(server.member_url(1) == b"https://member.example".to_string());
    assert!(*server.pk() == generator());
    server.destroy_for_testing();
}

#[test, expected_failure(abort_code = 4, location = seal::key_server)]
fun committee_threshold_is_above_one() {
    let ctx = &mut tx_context::dummy();
    let server = ks::create_committee_v2(b"c".to_string(), 1, generator(), two_members(), ctx);
    server.destroy_for_testing();
}

#[test, expected_failure(abort_code = 4, location = seal::key_server)]
fun committee_threshold_is_not_above_its_size() {
    let ctx = &mut tx_context::dummy();
    let server = ks::create_committee_v2(b"c".to_string(), 3, generator(), two_members(), ctx);
    server.destroy_for_testing();
}

#[test, expected_failure(abort_code = 5, location = seal::key_server)]
fun party_ids_are_positions() {
    let ctx = &mut tx_context::dummy();
    let members = vector[member(b"a", 0), member(b"b", 0)];
    let server = ks::create_committee_v2(b"c".to_string(), 2, generator(), members, ctx);
    server.destroy_for_testing();
}

#[test, expected_failure(abort_code = 6, location = seal::key_server)]
fun member_names_are_unique() {
    let ctx = &mut tx_context::dummy();
    let members = vector[member(b"a", 0), member(b"a", 1)];
    let server = ks::create_committee_v2(b"c".to_string(), 2, generator(), members, ctx);
    server.destroy_for_testing();
}

#[test, expected_failure(abort_code = 5, location = seal::key_server)]
fun url_of_an_unknown_member_cannot_be_set() {
    let ctx = &mut tx_context::dummy();
    let mut server = committee(ctx);
    server.update_member_url(b"".to_string(), 2);
    server.destroy_for_testing();
}

#[test, expected_failure(abort_code = 3, location = seal::key_server)]
fun committee_has_no_single_url() {
    let ctx = &mut tx_context::dummy();
    let server = committee(ctx);
    server.url();
    server.destroy_for_testing();
}

#[test, expected_failure(abort_code = 3, location = seal::key_server)]
fun committee_cannot_be_moved_as_a_whole() {
    let ctx = &mut tx_context::dummy();
    let mut server = committee(ctx);
    server.update(b"".to_string());
    server.destroy_for_testing();
}

#[test, expected_failure(abort_code = 3, location = seal::key_server)]
fun independent_server_has_no_members() {
    let (s, mut server) = independent();
    server.update_member_url(b"".to_string(), 0);
    server.destroy_for_testing();
    s.end();
}

#[test, expected_failure(abort_code = 3, location = seal::key_server)]
fun independent_server_does_not_rotate() {
    let (s, mut server) = independent();
    server.update_partial_key_servers(2, two_members());
    server.destroy_for_testing();
    s.end();
}

#[test]
fun points_differ() {
    assert!(point(2) != generator());
}
