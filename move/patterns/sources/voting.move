// Copyright 2026 the seal-ts authors
// SPDX-License-Identifier: Apache-2.0

/// A secret vote that is counted on chain: voters submit encrypted ballots, nobody can open one until
/// everybody has voted, and the contract itself decrypts and counts them.
///
/// Identity: the vote's object id (32 bytes). Ballots are one byte, the option's number, encrypted in
/// HMAC-CTR mode with the voter's address as additional data, under package id 0x0: an application
/// puts its own package id there.
module patterns::voting;

use seal::bf_hmac_encryption::{
    EncryptedObject,
    PublicKey,
    VerifiedDerivedKey,
    decrypt,
    new_public_key,
    parse_encrypted_object,
    verify_derived_keys
};
use sui::bls12381::g1_from_bytes;

const EInvalidVote: u64 = 1;
const EVoteNotDone: u64 = 2;
const EAlreadyFinalized: u64 = 3;
const ENotEnoughKeys: u64 = 4;

public struct Vote has key {
    id: UID,
    voters: vector<address>,
    options: u8,
    /// One place for each voter, in the order of `voters`.
    votes: vector<Option<EncryptedObject>>,
    is_finalized: bool,
    key_servers: vector<address>,
    public_keys: vector<vector<u8>>,
    threshold: u8,
}

/// How many votes each option of the vote with object id `vote_id` has.
public struct VoteResult has drop, store {
    vote_id: address,
    result: vector<u64>,
}

/// Starts a vote among `voters` on options 0 to `options` - 1, encrypted to exactly these servers.
public fun create_vote(
    voters: vector<address>,
    options: u8,
    key_servers: vector<address>,
    public_keys: vector<vector<u8>>,
    threshold: u8,
    ctx: &mut TxContext,
): Vote {
    assert!(key_servers.length() == public_keys.length(), EInvalidVote);
    assert!(threshold > 0 && (threshold as u64) <= key_servers.length(), EInvalidVote);
    let votes = vector::tabulate!(voters.length(), |_| option::none());
    Vote {
        id: object::new(ctx),
        voters,
        options,
        votes,
        is_finalized: false,
        key_servers,
        public_keys,
        threshold,
    }
}

/// Records the sender's ballot. There is one for each voter, and it stands.
public fun cast_vote(vote: &mut Vote, encrypted_vote: vector<u8>, ctx: &mut TxContext) {
    assert!(!vote.is_finalized, EAlreadyFinalized);
    let ballot = parse_encrypted_object(encrypted_vote);
    // A ballot copied from another voter carries the other's address and is refused here.
    assert!(ballot.aad().contains(&ctx.sender().to_bytes()), EInvalidVote);
    assert!(*ballot.services() == vote.key_servers, EInvalidVote);
    assert!(ballot.threshold() == vote.threshold, EInvalidVote);
    assert!(*ballot.id() == vote.id(), EInvalidVote);
    assert!(*ballot.package_id() == @0x0, EInvalidVote);
    let (is_voter, at) = vote.voters.index_of(&ctx.sender());
    assert!(is_voter && vote.votes[at].is_none(), EInvalidVote);
    vote.votes[at].fill(ballot);
}

/// Keys may be handed out once everybody has voted.
entry fun seal_approve(id: vector<u8>, vote: &Vote) {
    assert!(id == vote.id(), EInvalidVote);
    assert!(vote.votes.all!(|ballot| ballot.is_some()), EVoteNotDone);
}

/// Decrypts and counts. `derived_keys[i]` comes from `key_servers[i]`; at least the threshold of
/// them. Ballots that don't decrypt, or name no option, are left out.
public fun finalize_vote(
    vote: &mut Vote,
    derived_keys: &vector<vector<u8>>,
    key_servers: &vector<address>,
): VoteResult {
    assert!(!vote.is_finalized, EAlreadyFinalized);
    assert!(vote.votes.all!(|ballot| ballot.is_some()), EVoteNotDone);
    assert!(key_servers.length() == derived_keys.length(), ENotEnoughKeys);
    assert!(derived_keys.length() >= vote.threshold as u64, ENotEnoughKeys);

    let all_keys = vote.all_public_keys();
    let verified = vote.verify_keys(derived_keys, key_servers);
    vote.is_finalized = true;
    let mut votes = vector::tabulate!(vote.options as u64, |_| 0);
    vote.votes.do_ref!(|ballot| {
        let plain = decrypt(ballot.borrow(), &verified, &all_keys);
        if (plain.is_some()) {
            let bytes = plain.destroy_some();
            if (bytes.length() == 1 && bytes[0] < vote.options) {
                let option = bytes[0] as u64;
                *&mut votes[option] = votes[option] + 1;
            }
        }
    });
    VoteResult { vote_id: vote.id.to_address(), result: votes }
}

fun all_public_keys(vote: &Vote): vector<PublicKey> {
    vector::tabulate!(
        vote.key_servers.length(),
        |i| new_public_key(vote.key_servers[i].to_id(), vote.public_keys[i]),
    )
}

fun verify_keys(
    vote: &Vote,
    derived_keys: &vector<vector<u8>>,
    key_servers: &vector<address>,
): vector<VerifiedDerivedKey> {
    let public_keys = key_servers.map_ref!(|server| {
        let (found, at) = vote.key_servers.index_of(server);
        assert!(found, ENotEnoughKeys);
        new_public_key((*server).to_id(), vote.public_keys[at])
    });
    let keys = derived_keys.map_ref!(|bytes| g1_from_bytes(bytes));
    verify_derived_keys(&keys, @0x0, vote.id(), &public_keys)
}

public fun votes_for_option(result: &VoteResult, option: u8): u64 {
    result.result[option as u64]
}

/// The object id as an identity.
public fun id(vote: &Vote): vector<u8> {
    vote.id.to_bytes()
}

/// Which vote the result is of.
public fun vote_id(result: &VoteResult): address {
    result.vote_id
}

/// The option with the most votes; the lowest one of several.
public fun winner(result: &VoteResult): u8 {
    let mut best = 0;
    result.result.length().do!(|option| {
        if (result.result[option] > result.result[best]) best = option;
    });
    best as u8
}

#[test_only]
public fun seal_approve_for_testing(id: vector<u8>, vote: &Vote) {
    seal_approve(id, vote)
}

#[test_only]
public fun destroy_for_testing(vote: Vote) {
    let Vote { id, .. } = vote;
    id.delete();
}
