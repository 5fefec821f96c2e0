// Copyright 2026 the seal-ts authors
// SPDX-License-Identifier: Apache-2.0

#[test_only]
module walrus::allowlist_tests;

use sui::test_scenario as ts;
use walrus::allowlist::{Self, Allowlist, Cap};

const ADMIN: address = @0xad;
const MEMBER: address = @0xb0b;
const STRANGER: address = @0x57;

fun identity(list: &Allowlist): vector<u8> {
    let mut id = list.namespace();
    id.append(b"nonce");
    id
}

fun with_member(): ts::Scenario {
    let mut s = ts::begin(ADMIN);
    allowlist::create_allowlist_entry(b"friends".to_string(), s.ctx());
    s.next_tx(ADMIN);
    let mut list = s.take_shared<Allowlist>();
    let cap = s.take_from_sender<Cap>();
    list.add(&cap, MEMBER);
    s.return_to_sender(cap);
    ts::return_shared(list);
    s
}

/// Runs the policy as `caller` on `suffix` appended to the namespace.
fun approve_as(s: &mut ts::Scenario, caller: address) {
    s.next_tx(caller);
    let list = s.take_shared<Allowlist>();
    allowlist::seal_approve_for_testing(identity(&list), &list, s.ctx());
    ts::return_shared(list);
}

#[test]
fun member_is_let_in() {
    let mut s = with_member();
    approve_as(&mut s, MEMBER);
    s.end();
}

#[test]
fun bare_namespace_is_an_identity() {
    let mut s = with_member();
    s.next_tx(MEMBER);
    let list = s.take_shared<Allowlist>();
    allowlist::seal_approve_for_testing(list.namespace(), &list, s.ctx());
    ts::return_shared(list);
    s.end();
}

#[test, expected_failure(abort_code = 1, location = walrus::allowlist)]
fun stranger_is_refused() {
    let mut s = with_member();
    approve_as(&mut s, STRANGER);
    s.end();
}

#[test, expected_failure(abort_code = 1, location = walrus::allowlist)]
fun owner_of_the_list_is_not_a_member() {
    let mut s = with_member();
    approve_as(&mut s, ADMIN);
    s.end();
}

#[test, expected_failure(abort_code = 1, location = walrus::allowlist)]
fun removed_member_is_refused() {
    let mut s = with_member();
    s.next_tx(ADMIN);
    let mut list = s.take_shared<Allowlist>();
    let cap = s.take_from_sender<Cap>();
    list.remove(&cap, MEMBER);
    s.return_to_sender(cap);
    ts::return_shared(list);
    approve_as(&mut s, MEMBER);
    s.end();
}

#[test, expected_failure(abort_code = 1, location = walrus::allowlist)]
fun identity_of_another_namespace_is_refused() {
    let mut s = with_member();
    s.next_tx(MEMBER);
    let list = s.take_shared<Allowlist>();
    let mut id = identity(&list);
    *&mut id[31] = id[31] ^ 1;
    allowlist::seal_approve_for_testing(id, &list, s.ctx());
    ts::return_shared(list);
    s.end();
}

#[test, expected_failure(abort_code = 1, location = walrus::allowlist)]
fun identity_shorter_than_the_namespace_is_refused() {
    let mut s = with_member();
    s.next_tx(MEMBER);
    let list = s.take_shared<Allowlist>();
    let mut id = list.namespace();
    id.pop_back();
    allowlist::seal_approve_for_testing(id, &list, s.ctx());
    ts::return_shared(list);
    s.end();
}

#[test, expected_failure(abort_code = 2, location = walrus::allowlist)]
fun member_cannot_be_added_twice() {
    let ctx = &mut tx_context::dummy();
    let (mut list, cap) = allowlist::new_for_testing(b"".to_string(), ctx);
    list.add(&cap, MEMBER);
    list.add(&cap, MEMBER);
    list.destroy_for_testing(cap);
}

#[test]
fun removing_an_unlisted_address_changes_nothing() {
    let ctx = &mut tx_context::dummy();
    let (mut list, cap) = allowlist::new_for_testing(b"".to_string(), ctx);
    list.add(&cap, MEMBER);
    list.remove(&cap, STRANGER);
    list.remove(&cap, MEMBER);
    list.add(&cap, MEMBER);
    list.destroy_for_testing(cap);
}

#[test, expected_failure(abort_code = 0, location = walrus::allowlist)]
fun adding_needs_the_lists_own_cap() {
    let ctx = &mut tx_context::dummy();
    let (mut list, cap) = allowlist::new_for_testing(b"".to_string(), ctx);
    let (other, other_cap) = allowlist::new_for_testing(b"".to_string(), ctx);
    list.add(&other_cap, MEMBER);
    list.destroy_for_testing(cap);
    other.destroy_for_testing(other_cap);
}

#[test, expected_failure(abort_code = 0, location = walrus::allowlist)]
fun removing_needs_the_lists_own_cap() {
    let ctx = &mut tx_context::dummy();
    let (mut list, cap) = allowlist::new_for_testing(b"".to_string(), ctx);
    let (other, other_cap) = allowlist::new_for_testing(b"".to_string(), ctx);
    list.remove(&other_cap, MEMBER);
    list.destroy_for_testing(cap);
    other.destroy_for_testing(other_cap);
}

#[test, expected_failure(abort_code = 0, location = walrus::allowlist)]
fun publishing_needs_the_lists_own_cap() {
    let ctx = &mut tx_context::dummy();
    let (mut list, cap) = allowlist::new_for_testing(b"".to_string(), ctx);
    let (other, other_cap) = allowlist::new_for_testing(b"".to_string(), ctx);
    list.publish(&other_cap, b"blob".to_string());
    list.destroy_for_testing(cap);
    other.destroy_for_testing(other_cap);
}

#[test]
fun publishing_is_recorded() {
    let ctx = &mut tx_context::dummy();
    let (mut list, cap) = allowlist::new_for_testing(b"".to_string(), ctx);
    assert!(!list.is_published(b"blob".to_string()));
    list.publish(&cap, b"blob".to_string());
    assert!(list.is_published(b"blob".to_string()));
    list.destroy_for_testing(cap);
}

#[test, expected_failure(abort_code = 0, location = sui::dynamic_field)]
fun a_blob_is_published_once() {
    let ctx = &mut tx_context::dummy();
    let (mut list, cap) = allowlist::new_for_testing(b"".to_string(), ctx);
    list.publish(&cap, b"blob".to_string());
    list.publish(&cap, b"blob".to_string());
    list.destroy_for_testing(cap);
}
