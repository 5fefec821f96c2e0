// Copyright 2026 the seal-ts authors
// SPDX-License-Identifier: Apache-2.0

#[test_only]
module patterns::whitelist_tests;

use patterns::whitelist::{Self, Whitelist};
use sui::test_scenario as ts;

const MEMBER: address = @0xb0b;

fun identity(wl: &Whitelist): vector<u8> {
    let mut id = object::id(wl).to_bytes();
    id.append(b"nonce");
    id
}

#[test]
fun member_is_let_in() {
    let mut s = ts::begin(MEMBER);
    let (cap, mut wl) = whitelist::create_whitelist(s.ctx());
    wl.add(&cap, MEMBER);
    whitelist::seal_approve_for_testing(identity(&wl), &wl, s.ctx());
    wl.destroy_for_testing(cap);
    s.end();
}

#[test]
fun shared_whitelist_works_across_transactions() {
    let mut s = ts::begin(MEMBER);
    let (cap, mut wl) = whitelist::create_whitelist(s.ctx());
    wl.add(&cap, MEMBER);
    wl.share_whitelist();
    s.next_tx(MEMBER);
    let wl = s.take_shared<Whitelist>();
    whitelist::seal_approve_for_testing(identity(&wl), &wl, s.ctx());
    wl.destroy_for_testing(cap);
    s.end();
}

#[test, expected_failure(abort_code = 1, location = patterns::whitelist)]
fun stranger_is_refused() {
    let mut s = ts::begin(@0x57);
    let (cap, mut wl) = whitelist::create_whitelist(s.ctx());
    wl.add(&cap, MEMBER);
    whitelist::seal_approve_for_testing(identity(&wl), &wl, s.ctx());
    wl.destroy_for_testing(cap);
    s.end();
}

#[test, expected_failure(abort_code = 1, location = patterns::whitelist)]
fun identity_of_another_list_is_refused() {
    let mut s = ts::begin(MEMBER);
    let (cap, mut wl) = whitelist::create_whitelist(s.ctx());
    let (other_cap, other) = whitelist::create_whitelist(s.ctx());
    wl.add(&cap, MEMBER);
    whitelist::seal_approve_for_testing(identity(&other), &wl, s.ctx());
    wl.destroy_for_testing(cap);
    other.destroy_for_testing(other_cap);
    s.end();
}

#[test, expected_failure(abort_code = 1, location = patterns::whitelist)]
fun short_identity_is_refused() {
    let mut s = ts::begin(MEMBER);
    let (cap, mut wl) = whitelist::create_whitelist(s.ctx());
    wl.add(&cap, MEMBER);
    whitelist::seal_approve_for_testing(b"short", &wl, s.ctx());
    wl.destroy_for_testing(cap);
    s.end();
}

#[test, expected_failure(abort_code = 1, location = patterns::whitelist)]
fun removed_member_is_refused() {
    let mut s = ts::begin(MEMBER);
    let (cap, mut wl) = whitelist::create_whitelist(s.ctx());
    wl.add(&cap, MEMBER);
    wl.remove(&cap, MEMBER);
    whitelist::seal_approve_for_testing(identity(&wl), &wl, s.ctx());
    wl.destroy_for_testing(cap);
    s.end();
}

#[test, expected_failure(abort_code = 2, location = patterns::whitelist)]
fun adding_needs_the_lists_own_cap() {
    let ctx = &mut tx_context::dummy();
    let (cap, mut wl) = whitelist::create_whitelist(ctx);
    let (other_cap, other) = whitelist::create_whitelist(ctx);
    wl.add(&other_cap, MEMBER);
    wl.destroy_for_testing(cap);
    other.destroy_for_testing(other_cap);
}

#[test, expected_failure(abort_code = 2, location = patterns::whitelist)]
fun removing_needs_the_lists_own_cap() {
    let ctx = &mut tx_context::dummy();
    let (cap, mut wl) = whitelist::create_whitelist(ctx);
    let (other_cap, other) = whitelist::create_whitelist(ctx);
    wl.remove(&other_cap, MEMBER);
    wl.destroy_for_testing(cap);
    other.destroy_for_testing(other_cap);
}

#[test, expected_failure(abort_code = 3, location = patterns::whitelist)]
fun member_cannot_be_added_twice() {
    let ctx = &mut tx_context::dummy();
    let (cap, mut wl) = whitelist::create_whitelist(ctx);
    wl.add(&cap, MEMBER);
    wl.add(&cap, MEMBER);
    wl.destroy_for_testing(cap);
}

#[test, expected_failure(abort_code = 4, location = patterns::whitelist)]
fun unlisted_address_cannot_be_removed() {
    let ctx = &mut tx_context::dummy();
    let (cap, mut wl) = whitelist::create_whitelist(ctx);
    wl.remove(&cap, MEMBER);
    wl.destroy_for_testing(cap);
}

#[test, expected_failure(abort_code = 5, location = patterns::whitelist)]
fun migrated_list_refuses_old_code() {
    let mut s = ts::begin(MEMBER);
    let (cap, mut wl) = whitelist::create_whitelist(s.ctx());
    wl.add(&cap, MEMBER);
    wl.set_version_for_testing(2);
    whitelist::seal_approve_for_testing(identity(&wl), &wl, s.ctx());
    wl.destroy_for_testing(cap);
    s.end();
}
