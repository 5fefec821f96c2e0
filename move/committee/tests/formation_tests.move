// Copyright 2026 the seal-ts authors
// SPDX-License-Identifier: Apache-2.0

#[test_only]
module seal_committee::formation_tests;

use seal_committee::fixtures as f;
use seal_committee::seal_committee as sc;
use sui::package;
use sui::test_scenario as ts;

#[test]
fun three_members_get_a_key_server() {
    let (mut s, mut committee) = f::registered();
    f::propose(&mut s, &mut committee, f::b());
    f::propose(&mut s, &mut committee, f::a());
    assert!(!committee.finalized());
    f::propose(&mut s, &mut committee, f::c());
    assert!(committee.finalized());
    let server = committee.borrow_key_server();
    assert!(server.name() == object::id(&committee).to_address().to_string());
    assert!(*server.pk() == f::g2());
    assert!(server.committee_version() == 0);
    f::end(s, committee);
}

#[test]
fun capability_of_this_package_is_taken() {
    let mut s = ts::begin(f::a());
    let cap = package::test_publish(@seal_committee.to_id(), s.ctx());
    sc::init_committee(cap, 2, f::three(), s.ctx());
    s.next_tx(f::a());
    let committee = s.take_shared<sc::Committee>();
    assert!(committee.package_version() == 1);
    f::end(s, committee);
}

#[test, expected_failure(abort_code = 15, location = seal_committee::seal_committee)]
fun capability_of_another_package_is_refused() {
    let ctx = &mut tx_context::dummy();
    let cap = package::test_publish(@0x7.to_id(), ctx);
    sc::init_committee(cap, 2, f::three(), ctx);
}

fun with(threshold: u16, members: vector<address>) {
    let ctx = &mut tx_context::dummy();
    let cap = package::test_publish(@0x7.to_id(), ctx);
    sc::init_with_any_cap(cap, threshold, members, ctx);
}

#[test]
fun all_members_may_be_needed() {
    with(3, f::three())
}

#[test, expected_failure(abort_code = 2, location = seal_committee::seal_committee)]
fun threshold_of_one() {
    with(1, f::three())
}

#[test, expected_failure(abort_code = 2, location = seal_committee::seal_committee)]
fun threshold_above_the_size() {
    with(4, f::three())
}

#[test, expected_failure(abort_code = 0, location = sui::vec_set)]
fun member_twice() {
    with(2, vector[f::a(), f::b(), f::a()])
}

#[test, expected_failure(abort_code = 1, location = seal_committee::seal_committee)]
fun too_many_members() {
    with(2, vector::tabulate!(65535, |_| @0xa))
}

#[test, expected_failure(abort_code = 0, location = sui::vec_set)]
fun one_less_is_not_too_many() {
    with(2, vector::tabulate!(65534, |_| @0xa))
}

#[test, expected_failure(abort_code = 0, location = seal_committee::seal_committee)]
fun stranger_registers() {
    let (mut s, mut committee) = f::initial();
    f::register(&mut s, &mut committee, f::stranger(), b"e");
    f::end(s, committee);
}

#[test, expected_failure(abort_code = 4, location = seal_committee::seal_committee)]
fun member_registers_twice() {
    let (mut s, mut committee) = f::initial();
    f::register(&mut s, &mut committee, f::a(), b"a");
    f::register(&mut s, &mut committee, f::a(), b"other");
    f::end(s, committee);
}

#[test, expected_failure(abort_code = 9, location = seal_committee::seal_committee)]
fun name_of_another_member() {
    let (mut s, mut committee) = f::initial();
    f::register(&mut s, &mut committee, f::a(), b"a");
    f::register(&mut s, &mut committee, f::b(), b"a");
    f::end(s, committee);
}

#[test, expected_failure(abort_code = 8, location = seal_committee::seal_committee)]
fun registration_ends_with_the_first_proposal() {
    let (mut s, mut committee) = f::registered();
    f::propose(&mut s, &mut committee, f::a());
    f::register(&mut s, &mut committee, f::b(), b"again");
    f::end(s, committee);
}

#[test, expected_failure(abort_code = 1, location = sui::group_ops)]
fun encryption_key_must_be_a_point() {
    let (mut s, mut committee) = f::initial();
    let name = b"a".to_string();
    committee.register(f::g2(), f::g2(), b"".to_string(), name, s.ctx());
    f::end(s, committee);
}

#[test, expected_failure(abort_code = 1, location = sui::group_ops)]
fun signing_key_must_be_a_point() {
    let (mut s, mut committee) = f::initial();
    let name = b"a".to_string();
    committee.register(f::g1(), f::g1(), b"".to_string(), name, s.ctx());
    f::end(s, committee);
}

#[test, expected_failure(abort_code = 5, location = seal_committee::seal_committee)]
fun proposal_before_all_have_registered() {
    let (mut s, mut committee) = f::initial();
    f::register(&mut s, &mut committee, f::a(), b"a");
    f::propose(&mut s, &mut committee, f::a());
    f::end(s, committee);
}

#[test, expected_failure(abort_code = 0, location = seal_committee::seal_committee)]
fun stranger_proposes() {
    let (mut s, mut committee) = f::registered();
    f::propose(&mut s, &mut committee, f::stranger());
    f::end(s, committee);
}

#[test, expected_failure(abort_code = 6, location = seal_committee::seal_committee)]
fun member_proposes_twice() {
    let (mut s, mut committee) = f::registered();
    f::propose(&mut s, &mut committee, f::a());
    f::propose(&mut s, &mut committee, f::a());
    f::end(s, committee);
}

#[test, expected_failure(abort_code = 8, location = seal_committee::seal_committee)]
fun proposal_after_the_end() {
    let (mut s, mut committee) = f::finalized();
    f::propose(&mut s, &mut committee, f::a());
    f::end(s, committee);
}

#[test, expected_failure(abort_code = 7, location = seal_committee::seal_committee)]
fun one_partial_key_for_each_member() {
    let (mut s, mut committee) = f::registered();
    committee.propose(f::points(2), f::g2(), f::hash(), s.ctx());
    f::end(s, committee);
}

#[test, expected_failure(abort_code = 1, location = sui::group_ops)]
fun partial_keys_must_be_points() {
    let (mut s, mut committee) = f::registered();
    let keys = vector[f::g2(), f::g1(), f::g2()];
    committee.propose(keys, f::g2(), f::hash(), s.ctx());
    f::end(s, committee);
}

#[test, expected_failure(abort_code = 1, location = sui::group_ops)]
fun public_key_must_be_a_point() {
    let (mut s, mut committee) = f::registered();
    committee.propose(f::points(3), f::g1(), f::hash(), s.ctx());
    f::end(s, committee);
}

#[test, expected_failure(abort_code = 7, location = seal_committee::seal_committee)]
fun proposals_name_the_same_messages() {
    let (mut s, mut committee) = f::registered();
    f::propose(&mut s, &mut committee, f::a());
    s.next_tx(f::b());
    committee.propose(f::points(3), f::g2(), b"other messages", s.ctx());
    f::end(s, committee);
}

#[test]
fun member_moves() {
    let (mut s, mut committee) = f::finalized();
    s.next_tx(f::b());
    committee.update_member_url(b"https://moved.example".to_string(), s.ctx());
    let server = committee.borrow_key_server();
    assert!(server.member_url(1) == b"https://moved.example".to_string());
    assert!(server.member_url(0) == b"https://member.example".to_string());
    f::end(s, committee);
}

#[test, expected_failure(abort_code = 0, location = seal_committee::seal_committee)]
fun stranger_cannot_move_a_member() {
    let (mut s, mut committee) = f::finalized();
    s.next_tx(f::stranger());
    committee.update_member_url(b"https://moved.example".to_string(), s.ctx());
    f::end(s, committee);
}

#[test, expected_failure(abort_code = 1, location = sui::dynamic_field)]
fun nothing_to_move_before_the_end() {
    let (mut s, mut committee) = f::registered();
    s.next_tx(f::a());
    committee.update_member_url(b"https://moved.example".to_string(), s.ctx());
    f::end(s, committee);
}
