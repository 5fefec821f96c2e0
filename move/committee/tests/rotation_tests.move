// Copyright 2026 the seal-ts authors
// SPDX-License-Identifier: Apache-2.0

#[test_only]
module seal_committee::rotation_tests;

use seal_committee::fixtures as f;
use seal_committee::seal_committee::{Self as sc, Committee, CommitteeRotationInitiated};
use sui::event;
use sui::test_scenario as ts;

#[test]
fun key_server_goes_to_the_new_committee() {
    let (mut s, old_id, mut committee) = f::rotating();
    s.next_tx(f::a());
    let old = s.take_shared_by_id<Committee>(old_id);
    let server_id = old.borrow_key_server().id();
    ts::return_shared(old);
    f::rotate(&mut s, &mut committee, old_id, f::a());
    f::rotate(&mut s, &mut committee, old_id, f::d());
    f::rotate(&mut s, &mut committee, old_id, f::c());
    s.next_tx(f::a());
    let old = s.take_shared_by_id<Committee>(old_id);
    assert!(old.finalized() && !committee.finalized());
    assert!(old.borrow_key_server().committee_version() == 0);
    ts::return_shared(old);
    f::rotate(&mut s, &mut committee, old_id, f::b());
    assert!(committee.finalized());
    let server = committee.borrow_key_server();
    assert!(server.id() == server_id);
    assert!(server.committee_version() == 1);
    assert!(*server.pk() == f::g2());
    assert!(committee.package_version() == 1);
    f::end(s, committee);
}

#[test]
fun rotation_drops_an_upgrade_proposal() {
    let (mut s, old_id, mut committee) = f::rotating();
    s.next_tx(f::a());
    let mut old = s.take_shared_by_id<Committee>(old_id);
    old.approve_digest_for_upgrade(vector::tabulate!(32, |_| 1), s.ctx());
    assert!(old.has_proposal());
    ts::return_shared(old);
    f::rotate(&mut s, &mut committee, old_id, f::a());
    f::rotate(&mut s, &mut committee, old_id, f::b());
    f::rotate(&mut s, &mut committee, old_id, f::c());
    f::rotate(&mut s, &mut committee, old_id, f::d());
    assert!(!committee.has_proposal());
    f::end(s, committee);
}

#[test]
fun rotation_is_announced() {
    let (mut s, old) = f::finalized();
    sc::init_rotation(&old, 2, f::three(), s.ctx());
    assert!(event::events_by_type<CommitteeRotationInitiated>().length() == 1);
    f::end(s, old);
}

#[test, expected_failure(abort_code = 8, location = seal_committee::seal_committee)]
fun unfinished_committee_does_not_rotate() {
    let (mut s, old) = f::registered();
    sc::init_rotation(&old, 2, f::three(), s.ctx());
    f::end(s, old);
}

#[test, expected_failure(abort_code = 0, location = seal_committee::seal_committee)]
fun stranger_does_not_rotate() {
    let (mut s, old) = f::finalized();
    s.next_tx(f::d());
    sc::init_rotation(&old, 2, f::three(), s.ctx());
    f::end(s, old);
}

#[test]
fun old_threshold_of_members_goes_on() {
    let (mut s, old) = f::finalized();
    sc::init_rotation(&old, 3, vector[f::d(), f::a(), f::b()], s.ctx());
    f::end(s, old);
}

#[test, expected_failure(abort_code = 3, location = seal_committee::seal_committee)]
fun too_few_members_go_on() {
    let (mut s, old) = f::finalized();
    sc::init_rotation(&old, 2, vector[f::a(), f::d(), f::stranger()], s.ctx());
    f::end(s, old);
}

#[test, expected_failure(abort_code = 2, location = seal_committee::seal_committee)]
fun new_threshold_is_checked() {
    let (mut s, old) = f::finalized();
    sc::init_rotation(&old, 4, f::three(), s.ctx());
    f::end(s, old);
}

#[test, expected_failure(abort_code = 8, location = seal_committee::seal_committee)]
fun rotation_is_not_a_first_key() {
    let (mut s, _, mut committee) = f::rotating();
    s.next_tx(f::a());
    committee.propose(f::points(4), f::g2(), f::hash(), s.ctx());
    f::end(s, committee);
}

#[test, expected_failure(abort_code = 8, location = seal_committee::seal_committee)]
fun first_key_is_not_a_rotation() {
    let (mut s, old) = f::finalized();
    let old_id = object::id(&old);
    ts::return_shared(old);
    let cap = sui::package::test_publish(@0x7.to_id(), s.ctx());
    sc::init_with_any_cap(cap, 2, f::three(), s.ctx());
    s.next_tx(f::a());
    let mut committee = s.take_shared<Committee>();
    f::rotate(&mut s, &mut committee, old_id, f::a());
    f::end(s, committee);
}

#[test, expected_failure(abort_code = 8, location = seal_committee::seal_committee)]
fun rotation_is_from_its_own_old_committee() {
    let (mut s, old_id, mut committee) = f::rotating();
    s.next_tx(f::a());
    let old = s.take_shared_by_id<Committee>(old_id);
    sc::init_rotation(&old, 2, f::three(), s.ctx());
    ts::return_shared(old);
    let other = f::take_new(&mut s, old_id);
    committee.propose_for_rotation(f::points(4), f::hash(), other, s.ctx());
    f::end(s, committee);
}

#[test, expected_failure(abort_code = 0, location = seal_committee::seal_committee)]
fun stranger_proposes_no_rotation() {
    let (mut s, old_id, mut committee) = f::rotating();
    f::rotate(&mut s, &mut committee, old_id, f::stranger());
    f::end(s, committee);
}

#[test, expected_failure(abort_code = 6, location = seal_committee::seal_committee)]
fun member_proposes_a_rotation_twice() {
    let (mut s, old_id, mut committee) = f::rotating();
    f::rotate(&mut s, &mut committee, old_id, f::a());
    f::rotate(&mut s, &mut committee, old_id, f::a());
    f::end(s, committee);
}
