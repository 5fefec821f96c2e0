// Copyright 2026 the seal-ts authors
// SPDX-License-Identifier: Apache-2.0

#[test_only]
module seal_committee::upgrade_tests;

use seal_committee::fixtures as f;
use seal_committee::seal_committee::Committee;
use sui::package;
use sui::test_scenario::Scenario;

fun digest(): vector<u8> {
    vector::tabulate!(32, |i| i as u8)
}

fun approve(s: &mut Scenario, committee: &mut Committee, member: address) {
    s.next_tx(member);
    committee.approve_digest_for_upgrade(digest(), s.ctx());
}

fun reject(s: &mut Scenario, committee: &mut Committee, member: address) {
    s.next_tx(member);
    committee.reject_digest_for_upgrade(s.ctx());
}

fun upgrade(s: &mut Scenario, committee: &mut Committee, member: address) {
    s.next_tx(member);
    let ticket = committee.authorize_upgrade(s.ctx());
    let receipt = package::test_upgrade(ticket);
    committee.commit_upgrade(receipt, s.ctx());
}

#[test]
fun threshold_of_members_upgrades() {
    let (mut s, mut committee) = f::finalized();
    approve(&mut s, &mut committee, f::a());
    approve(&mut s, &mut committee, f::b());
    upgrade(&mut s, &mut committee, f::c());
    assert!(committee.package_version() == 2);
    assert!(!committee.has_proposal());
    approve(&mut s, &mut committee, f::a());
    approve(&mut s, &mut committee, f::c());
    upgrade(&mut s, &mut committee, f::a());
    assert!(committee.package_version() == 3);
    f::end(s, committee);
}

#[test]
fun ticket_is_for_the_approved_digest() {
    let (mut s, mut committee) = f::finalized();
    approve(&mut s, &mut committee, f::a());
    approve(&mut s, &mut committee, f::b());
    let ticket = committee.authorize_upgrade(s.ctx());
    assert!(*ticket.digest() == digest());
    assert!(ticket.package() == @0x7.to_id());
    let receipt = package::test_upgrade(ticket);
    committee.commit_upgrade(receipt, s.ctx());
    f::end(s, committee);
}

#[test]
fun votes_can_be_changed() {
    let (mut s, mut committee) = f::finalized();
    approve(&mut s, &mut committee, f::a());
    reject(&mut s, &mut committee, f::b());
    reject(&mut s, &mut committee, f::a());
    approve(&mut s, &mut committee, f::b());
    approve(&mut s, &mut committee, f::a());
    upgrade(&mut s, &mut committee, f::a());
    assert!(committee.package_version() == 2);
    f::end(s, committee);
}

#[test, expected_failure(abort_code = 13, location = seal_committee::seal_committee)]
fun a_vote_repeated_counts_once() {
    let (mut s, mut committee) = f::finalized();
    approve(&mut s, &mut committee, f::a());
    approve(&mut s, &mut committee, f::a());
    upgrade(&mut s, &mut committee, f::a());
    f::end(s, committee);
}

#[test, expected_failure(abort_code = 13, location = seal_committee::seal_committee)]
fun a_withdrawn_approval_does_not_count() {
    let (mut s, mut committee) = f::finalized();
    approve(&mut s, &mut committee, f::a());
    approve(&mut s, &mut committee, f::b());
    reject(&mut s, &mut committee, f::a());
    upgrade(&mut s, &mut committee, f::a());
    f::end(s, committee);
}

#[test]
fun rejected_proposal_makes_room() {
    let (mut s, mut committee) = f::finalized();
    approve(&mut s, &mut committee, f::a());
    reject(&mut s, &mut committee, f::b());
    reject(&mut s, &mut committee, f::c());
    s.next_tx(f::a());
    committee.reset_proposal(s.ctx());
    assert!(!committee.has_proposal());
    committee.approve_digest_for_upgrade(vector::tabulate!(32, |_| 9), s.ctx());
    f::end(s, committee);
}

#[test, expected_failure(abort_code = 13, location = seal_committee::seal_committee)]
fun reset_needs_a_threshold_of_rejections() {
    let (mut s, mut committee) = f::finalized();
    approve(&mut s, &mut committee, f::a());
    reject(&mut s, &mut committee, f::b());
    committee.reset_proposal(s.ctx());
    f::end(s, committee);
}

#[test, expected_failure(abort_code = 12, location = seal_committee::seal_committee)]
fun nothing_to_reset() {
    let (mut s, mut committee) = f::finalized();
    committee.reset_proposal(s.ctx());
    f::end(s, committee);
}

#[test, expected_failure(abort_code = 12, location = seal_committee::seal_committee)]
fun nothing_to_reject() {
    let (mut s, mut committee) = f::finalized();
    reject(&mut s, &mut committee, f::a());
    f::end(s, committee);
}

#[test, expected_failure(abort_code = 12, location = seal_committee::seal_committee)]
fun nothing_to_authorize() {
    let (mut s, mut committee) = f::finalized();
    upgrade(&mut s, &mut committee, f::a());
    f::end(s, committee);
}

#[test, expected_failure(abort_code = 12, location = seal_committee::seal_committee)]
fun one_proposal_at_a_time() {
    let (mut s, mut committee) = f::finalized();
    approve(&mut s, &mut committee, f::a());
    s.next_tx(f::b());
    committee.approve_digest_for_upgrade(vector::tabulate!(32, |_| 9), s.ctx());
    f::end(s, committee);
}

#[test, expected_failure(abort_code = 11, location = seal_committee::seal_committee)]
fun digest_too_short() {
    let (mut s, mut committee) = f::finalized();
    committee.approve_digest_for_upgrade(vector::tabulate!(31, |_| 9), s.ctx());
    f::end(s, committee);
}

#[test, expected_failure(abort_code = 11, location = seal_committee::seal_committee)]
fun digest_too_long() {
    let (mut s, mut committee) = f::finalized();
    committee.approve_digest_for_upgrade(vector::tabulate!(33, |_| 9), s.ctx());
    f::end(s, committee);
}

#[test, expected_failure(abort_code = 14, location = seal_committee::seal_committee)]
fun approval_of_another_version() {
    let (mut s, mut committee) = f::finalized();
    approve(&mut s, &mut committee, f::a());
    committee.set_proposal_version(7);
    approve(&mut s, &mut committee, f::b());
    f::end(s, committee);
}

#[test, expected_failure(abort_code = 14, location = seal_committee::seal_committee)]
fun rejection_of_another_version() {
    let (mut s, mut committee) = f::finalized();
    approve(&mut s, &mut committee, f::a());
    committee.set_proposal_version(7);
    reject(&mut s, &mut committee, f::b());
    f::end(s, committee);
}

#[test, expected_failure(abort_code = 14, location = seal_committee::seal_committee)]
fun upgrade_to_another_version() {
    let (mut s, mut committee) = f::finalized();
    approve(&mut s, &mut committee, f::a());
    approve(&mut s, &mut committee, f::b());
    committee.set_proposal_version(7);
    upgrade(&mut s, &mut committee, f::a());
    f::end(s, committee);
}

#[test, expected_failure(abort_code = 10, location = seal_committee::seal_committee)]
fun stranger_approves() {
    let (mut s, mut committee) = f::finalized();
    approve(&mut s, &mut committee, f::stranger());
    f::end(s, committee);
}

#[test, expected_failure(abort_code = 10, location = seal_committee::seal_committee)]
fun stranger_rejects() {
    let (mut s, mut committee) = f::finalized();
    approve(&mut s, &mut committee, f::a());
    reject(&mut s, &mut committee, f::stranger());
    f::end(s, committee);
}

#[test, expected_failure(abort_code = 10, location = seal_committee::seal_committee)]
fun stranger_authorizes() {
    let (mut s, mut committee) = f::finalized();
    approve(&mut s, &mut committee, f::a());
    approve(&mut s, &mut committee, f::b());
    upgrade(&mut s, &mut committee, f::stranger());
    f::end(s, committee);
}

#[test, expected_failure(abort_code = 10, location = seal_committee::seal_committee)]
fun stranger_commits() {
    let (mut s, mut committee) = f::finalized();
    approve(&mut s, &mut committee, f::a());
    approve(&mut s, &mut committee, f::b());
    let receipt = package::test_upgrade(committee.authorize_upgrade(s.ctx()));
    s.next_tx(f::stranger());
    committee.commit_upgrade(receipt, s.ctx());
    f::end(s, committee);
}

#[test, expected_failure(abort_code = 10, location = seal_committee::seal_committee)]
fun stranger_resets() {
    let (mut s, mut committee) = f::finalized();
    approve(&mut s, &mut committee, f::a());
    reject(&mut s, &mut committee, f::a());
    reject(&mut s, &mut committee, f::b());
    s.next_tx(f::stranger());
    committee.reset_proposal(s.ctx());
    f::end(s, committee);
}

#[test, expected_failure(abort_code = 8, location = seal_committee::seal_committee)]
fun unfinished_committee_does_not_approve() {
    let (mut s, mut committee) = f::registered();
    approve(&mut s, &mut committee, f::a());
    f::end(s, committee);
}

#[test, expected_failure(abort_code = 8, location = seal_committee::seal_committee)]
fun unfinished_committee_does_not_reject() {
    let (mut s, mut committee) = f::registered();
    reject(&mut s, &mut committee, f::a());
    f::end(s, committee);
}

#[test, expected_failure(abort_code = 8, location = seal_committee::seal_committee)]
fun unfinished_committee_does_not_upgrade() {
    let (mut s, mut committee) = f::registered();
    upgrade(&mut s, &mut committee, f::a());
    f::end(s, committee);
}

#[test, expected_failure(abort_code = 8, location = seal_committee::seal_committee)]
fun unfinished_committee_does_not_reset() {
    let (mut s, mut committee) = f::registered();
    s.next_tx(f::a());
    committee.reset_proposal(s.ctx());
    f::end(s, committee);
}
