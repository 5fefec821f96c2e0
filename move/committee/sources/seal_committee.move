// Copyright 2026 the seal-ts authors
// SPDX-License-Identifier: Apache-2.0

/// A committee that holds one key server together. Its members register keys, agree off chain on a key of
/// which each has a share, and propose the result here; once all of them have proposed the same, the
/// committee owns a key server. A later committee takes the key server over with new shares of the same key.
/// The committee also decides about upgrades of this package: every committee publishes its own copy.
///
/// Interface: package `seal_committee` as committees on mainnet and testnet have published it.
module seal_committee::seal_committee;

use seal::key_server::{Self, KeyServer, PartialKeyServer};
use std::string::String;
use std::type_name;
use sui::bls12381::{g1_from_bytes, g2_from_bytes};
use sui::dynamic_object_field as dof;
use sui::event;
use sui::package::{UpgradeCap, UpgradeReceipt, UpgradeTicket};
use sui::vec_map::{Self, VecMap};
use sui::vec_set::{Self, VecSet};

const ENotMember: u64 = 0;
const EInvalidMembers: u64 = 1;
const EInvalidThreshold: u64 = 2;
const EInsufficientOldMembers: u64 = 3;
const EAlreadyRegistered: u64 = 4;
const ENotRegistered: u64 = 5;
const EAlreadyProposed: u64 = 6;
const EInvalidProposal: u64 = 7;
const EInvalidState: u64 = 8;
const ENameAlreadyTaken: u64 = 9;
const ENotAuthorized: u64 = 10;
const EInvalidPackageDigest: u64 = 11;
const ENoProposalForDigest: u64 = 12;
const ENotEnoughVotes: u64 = 13;
const EWrongVersion: u64 = 14;
const EWrongUpgradeCap: u64 = 15;

/// Party ids are 16 bits wide, and the largest is kept free.
const MEMBERS_BOUND: u64 = 65535;
const DIGEST_LENGTH: u64 = 32;

/// Names this package to `init_committee`.
public struct SEAL_COMMITTEE has drop {}

/// What a member publishes before key generation.
public struct MemberInfo has copy, drop, store {
    /// Point of G1 to which shares are encrypted.
    enc_pk: vector<u8>,
    /// Point of G2 under which the member signs its messages.
    signing_pk: vector<u8>,
    /// Where the member's key server answers.
    url: String,
    name: String,
}

public enum State has drop, store {
    /// Members register.
    Init { members_info: VecMap<address, MemberInfo> },
    /// One member has proposed a result; the others approve by proposing the same.
    PostDKG {
        members_info: VecMap<address, MemberInfo>,
        partial_pks: vector<vector<u8>>,
        pk: vector<u8>,
        messages_hash: vector<u8>,
        approvals: VecSet<address>,
    },
    /// The committee owns the key server.
    Finalized,
}

/// Always shared. The party id of a member is its position in `members`.
public struct Committee has key {
    id: UID,
    threshold: u16,
    members: vector<address>,
    state: State,
    /// The committee whose key server this one takes over.
    old_committee_id: Option<ID>,
}

/// A committee that is to take over from another was created.
public struct CommitteeRotationInitiated has copy, drop {
    committee_id: ID,
    old_committee_id: ID,
}

/// Name of the field of a committee that holds its upgrade manager.
public struct UpgradeManagerKey() has copy, drop, store;

/// 32 bytes.
public struct PackageDigest(vector<u8>) has drop, store;

public enum Vote has drop, store {
    Approve,
    Reject,
}

/// The one upgrade that is being voted on.
public struct UpgradeProposal has drop, store {
    digest: PackageDigest,
    /// Version that the package would get.
    version: u64,
    votes: VecMap<address, Vote>,
}

/// Keeps the right to upgrade this package.
public struct UpgradeManager has key, store {
    id: UID,
    cap: UpgradeCap,
    upgrade_proposal: Option<UpgradeProposal>,
}

// === Formation ===

/// Shares a first committee, which keeps `cap`, the upgrade capability of this very package.
public fun init_committee(
    cap: UpgradeCap,
    threshold: u16,
    members: vector<address>,
    ctx: &mut TxContext,
) {
    let own = type_name::with_original_ids<SEAL_COMMITTEE>().address_string();
    assert!(cap.package().to_address().to_ascii_string() == own, EWrongUpgradeCap);
    let mut committee = new_committee(threshold, members, option::none(), ctx);
    let manager = UpgradeManager { id: object::new(ctx), cap, upgrade_proposal: option::none() };
    dof::add(&mut committee.id, UpgradeManagerKey(), manager);
    transfer::share_object(committee);
}

/// Shares a committee that is to take over from `old_committee`. Only a member of the old one may, and
/// enough of its members must go on to reach the old threshold.
public fun init_rotation(
    old_committee: &Committee,
    threshold: u16,
    members: vector<address>,
    ctx: &mut TxContext,
) {
    assert!(old_committee.is_finalized(), EInvalidState);
    assert!(old_committee.members.contains(&ctx.sender()), ENotMember);
    let continuing = members.count!(|member| old_committee.members.contains(member));
    assert!(continuing >= old_committee.threshold as u64, EInsufficientOldMembers);
    let old_committee_id = object::id(old_committee);
    let committee = new_committee(threshold, members, option::some(old_committee_id), ctx);
    event::emit(CommitteeRotationInitiated { committee_id: object::id(&committee), old_committee_id });
    transfer::share_object(committee);
}

/// Publishes the sender's keys for key generation, and where its key server will be.
public fun register(
    committee: &mut Committee,
    enc_pk: vector<u8>,
    signing_pk: vector<u8>,
    url: String,
    name: String,
    ctx: &mut TxContext,
) {
    let _ = g1_from_bytes(&enc_pk);
    let _ = g2_from_bytes(&signing_pk);
    let sender = ctx.sender();
    assert!(committee.members.contains(&sender), ENotMember);
    match (&mut committee.state) {
        State::Init { members_info } => {
            assert!(!members_info.contains(&sender), EAlreadyRegistered);
            members_info.length().do!(|i| {
                let (_, other) = members_info.get_entry_by_idx(i);
                assert!(other.name != name, ENameAlreadyTaken);
            });
            members_info.insert(sender, MemberInfo { enc_pk, signing_pk, url, name });
        },
        _ => abort EInvalidState,
    }
}

/// Proposes the result of a first key generation: the partial public keys in member order, the public key,
/// and a hash of the messages it was computed from. The last member's call creates the key server.
public fun propose(
    committee: &mut Committee,
    partial_pks: vector<vector<u8>>,
    pk: vector<u8>,
    messages_hash: vector<u8>,
    ctx: &mut TxContext,
) {
    assert!(committee.old_committee_id.is_none(), EInvalidState);
    committee.record_proposal(partial_pks, pk, messages_hash, ctx);
    if (!committee.all_approved()) return;
    let servers = committee.partial_key_servers();
    let name = committee.id.to_address().to_string();
    let server = key_server::create_committee_v2(name, committee.threshold, pk, servers, ctx);
    committee.adopt(server);
}

/// Proposes the result of a rotation. The key stays that of the old committee, which is shared again until
/// the last member's call; that one moves key server and upgrade manager here and ends the old committee.
public fun propose_for_rotation(
    committee: &mut Committee,
    partial_pks: vector<vector<u8>>,
    messages_hash: vector<u8>,
    mut old_committee: Committee,
    ctx: &mut TxContext,
) {
    let old_id = object::id(&old_committee);
    assert!(committee.old_committee_id == option::some(old_id), EInvalidState);
    assert!(old_committee.is_finalized(), EInvalidState);
    let pk = *old_committee.key_server().pk();
    committee.record_proposal(partial_pks, pk, messages_hash, ctx);
    if (!committee.all_approved()) {
        transfer::share_object(old_committee);
        return
    };
    let mut server: KeyServer = dof::remove(&mut old_committee.id, old_id);
    server.update_partial_key_servers(committee.threshold, committee.partial_key_servers());
    committee.adopt(server);
    let mut manager: UpgradeManager = dof::remove(&mut old_committee.id, UpgradeManagerKey());
    manager.upgrade_proposal = option::none();
    dof::add(&mut committee.id, UpgradeManagerKey(), manager);
    let Committee { id, .. } = old_committee;
    id.delete();
}

/// Changes the URL of the sender's key server.
public fun update_member_url(committee: &mut Committee, url: String, ctx: &mut TxContext) {
    let (is_member, party_id) = committee.members.index_of(&ctx.sender());
    assert!(is_member, ENotMember);
    let id = object::id(committee);
    let server: &mut KeyServer = dof::borrow_mut(&mut committee.id, id);
    server.update_member_url(url, party_id as u16);
}

// === Upgrades of this package ===

/// Votes for the upgrade to the package with this digest, and proposes it if nothing is proposed.
public fun approve_digest_for_upgrade(
    committee: &mut Committee,
    digest: vector<u8>,
    ctx: &TxContext,
) {
    let manager = committee.upgrade_manager_mut(ctx);
    assert!(digest.length() == DIGEST_LENGTH, EInvalidPackageDigest);
    let version = manager.cap.version() + 1;
    if (manager.upgrade_proposal.is_none()) {
        let digest = PackageDigest(digest);
        let proposal = UpgradeProposal { digest, version, votes: vec_map::empty() };
        manager.upgrade_proposal.fill(proposal);
    };
    let proposal = manager.upgrade_proposal.borrow_mut();
    assert!(proposal.digest.0 == digest, ENoProposalForDigest);
    assert!(proposal.version == version, EWrongVersion);
    proposal.cast(Vote::Approve, ctx);
}

/// Votes against the upgrade that is proposed.
public fun reject_digest_for_upgrade(committee: &mut Committee, ctx: &TxContext) {
    let manager = committee.upgrade_manager_mut(ctx);
    assert!(manager.upgrade_proposal.is_some(), ENoProposalForDigest);
    let version = manager.cap.version() + 1;
    let proposal = manager.upgrade_proposal.borrow_mut();
    assert!(proposal.version == version, EWrongVersion);
    proposal.cast(Vote::Reject, ctx);
}

/// Starts the upgrade that a threshold of members approved. `commit_upgrade` ends it.
public fun authorize_upgrade(committee: &mut Committee, ctx: &TxContext): UpgradeTicket {
    let threshold = committee.threshold;
    let manager = committee.upgrade_manager_mut(ctx);
    assert!(manager.upgrade_proposal.is_some(), ENoProposalForDigest);
    let proposal = manager.upgrade_proposal.extract();
    assert!(proposal.version == manager.cap.version() + 1, EWrongVersion);
    let (approvals, _) = proposal.tally();
    assert!(approvals >= threshold as u64, ENotEnoughVotes);
    let UpgradeProposal { digest: PackageDigest(digest), .. } = proposal;
    let policy = manager.cap.policy();
    manager.cap.authorize(policy, digest)
}

public fun commit_upgrade(committee: &mut Committee, receipt: UpgradeReceipt, ctx: &TxContext) {
    let manager = committee.upgrade_manager_mut(ctx);
    manager.cap.commit(receipt);
    manager.upgrade_proposal = option::none();
}

/// Drops a proposal that a threshold of members rejected, so that another can be made.
public fun reset_proposal(committee: &mut Committee, ctx: &TxContext) {
    let threshold = committee.threshold;
    let manager = committee.upgrade_manager_mut(ctx);
    assert!(manager.upgrade_proposal.is_some(), ENoProposalForDigest);
    let (_, rejections) = manager.upgrade_proposal.borrow().tally();
    assert!(rejections >= threshold as u64, ENotEnoughVotes);
    manager.upgrade_proposal = option::none();
}

// === Internals ===

/// `VecSet` refuses members that occur twice.
fun new_committee(
    threshold: u16,
    members: vector<address>,
    old_committee_id: Option<ID>,
    ctx: &mut TxContext,
): Committee {
    assert!(threshold > 1, EInvalidThreshold);
    assert!(members.length() < MEMBERS_BOUND, EInvalidMembers);
    assert!(members.length() >= threshold as u64, EInvalidThreshold);
    let _ = vec_set::from_keys(members);
    let state = State::Init { members_info: vec_map::empty() };
    Committee { id: object::new(ctx), threshold, members, state, old_committee_id }
}

/// The first proposal sets what all others have to equal.
fun record_proposal(
    committee: &mut Committee,
    partial_pks: vector<vector<u8>>,
    pk: vector<u8>,
    messages_hash: vector<u8>,
    ctx: &TxContext,
) {
    let _ = g2_from_bytes(&pk);
    partial_pks.do_ref!(|partial_pk| { let _ = g2_from_bytes(partial_pk); });
    let sender = ctx.sender();
    let size = committee.members.length();
    assert!(committee.members.contains(&sender), ENotMember);
    assert!(partial_pks.length() == size, EInvalidProposal);
    match (&mut committee.state) {
        State::Init { members_info } => {
            assert!(members_info.length() == size, ENotRegistered);
            let members_info = *members_info;
            let approvals = vec_set::singleton(sender);
            committee.state =
                State::PostDKG { members_info, partial_pks, pk, messages_hash, approvals };
        },
        State::PostDKG {
            members_info: _,
            partial_pks: first_partial_pks,
            pk: first_pk,
            messages_hash: first_hash,
            approvals,
        } => {
            assert!(partial_pks == *first_partial_pks, EInvalidProposal);
            assert!(pk == *first_pk, EInvalidProposal);
            assert!(messages_hash == *first_hash, EInvalidProposal);
            assert!(!approvals.contains(&sender), EAlreadyProposed);
            approvals.insert(sender);
        },
        State::Finalized => abort EInvalidState,
    }
}

fun all_approved(committee: &Committee): bool {
    match (&committee.state) {
        State::PostDKG { approvals, .. } => approvals.length() == committee.members.length(),
        _ => false,
    }
}

fun is_finalized(committee: &Committee): bool {
    match (&committee.state) {
        State::Finalized => true,
        _ => false,
    }
}

/// What goes into the key server: name and URL as registered, keys as proposed.
fun partial_key_servers(committee: &Committee): vector<PartialKeyServer> {
    match (&committee.state) {
        State::PostDKG { members_info, partial_pks, .. } => {
            vector::tabulate!(committee.members.length(), |i| {
                let info = members_info.get(&committee.members[i]);
                let (name, url) = (info.name, info.url);
                key_server::create_partial_key_server(name, url, partial_pks[i], i as u16)
            })
        },
        _ => abort EInvalidState,
    }
}

/// The key server is the field named by the committee's own id.
fun adopt(committee: &mut Committee, server: KeyServer) {
    let id = object::id(committee);
    dof::add(&mut committee.id, id, server);
    committee.state = State::Finalized;
}

fun key_server(committee: &Committee): &KeyServer {
    dof::borrow(&committee.id, object::id(committee))
}

/// For members of a finalized committee only.
fun upgrade_manager_mut(committee: &mut Committee, ctx: &TxContext): &mut UpgradeManager {
    assert!(committee.members.contains(&ctx.sender()), ENotAuthorized);
    assert!(committee.is_finalized(), EInvalidState);
    dof::borrow_mut(&mut committee.id, UpgradeManagerKey())
}

/// One vote for each member; a later one takes the place of an earlier one.
fun cast(proposal: &mut UpgradeProposal, vote: Vote, ctx: &TxContext) {
    let sender = ctx.sender();
    if (proposal.votes.contains(&sender)) {
        *proposal.votes.get_mut(&sender) = vote;
    } else {
        proposal.votes.insert(sender, vote);
    }
}

/// Approvals and rejections.
fun tally(proposal: &UpgradeProposal): (u64, u64) {
    let votes = proposal.votes.length();
    let mut approvals = 0;
    votes.do!(|i| {
        let (_, vote) = proposal.votes.get_entry_by_idx(i);
        match (vote) {
            Vote::Approve => approvals = approvals + 1,
            Vote::Reject => (),
        }
    });
    (approvals, votes - approvals)
}

// === For tests ===

#[test_only]
public fun borrow_key_server(committee: &Committee): &KeyServer {
    committee.key_server()
}

#[test_only]
public fun finalized(committee: &Committee): bool {
    committee.is_finalized()
}

#[test_only]
/// As `init_committee`, with a capability of any package.
public fun init_with_any_cap(
    cap: UpgradeCap,
    threshold: u16,
    members: vector<address>,
    ctx: &mut TxContext,
) {
    let mut committee = new_committee(threshold, members, option::none(), ctx);
    let manager = UpgradeManager { id: object::new(ctx), cap, upgrade_proposal: option::none() };
    dof::add(&mut committee.id, UpgradeManagerKey(), manager);
    transfer::share_object(committee);
}

#[test_only]
public fun set_proposal_version(committee: &mut Committee, version: u64) {
    let manager: &mut UpgradeManager = dof::borrow_mut(&mut committee.id, UpgradeManagerKey());
    manager.upgrade_proposal.borrow_mut().version = version;
}

#[test_only]
public fun has_proposal(committee: &Committee): bool {
    let manager: &UpgradeManager = dof::borrow(&committee.id, UpgradeManagerKey());
    manager.upgrade_proposal.is_some()
}

#[test_only]
public fun package_version(committee: &Committee): u64 {
    let manager: &UpgradeManager = dof::borrow(&committee.id, UpgradeManagerKey());
    manager.cap.version()
}
