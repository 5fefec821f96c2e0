// Copyright 2026 the seal-ts authors
// SPDX-License-Identifier: Apache-2.0

/// The ballots and keys are published vectors; their source is in `vectors/README.md`.
#[test_only]
module patterns::voting_tests;

use patterns::voting::{Self, Vote};
use sui::test_scenario as ts;

/// Ballots of voters @0x1 to @0x4 for the vote with object id VOTE_ID: options 1, 2, 1, and a last one
/// for option 1 that was encrypted under a wrong public key.
fun ballots(): vector<vector<u8>> {
    vector[
        x"0000000000000000000000000000000000000000000000000000000000000000002075c3360eb19fd2c20fbba5e2da8cf1a39cdb1ee913af3802ba330b852e459e0503034401905bebdf8c04f3cd5f04f442a39372c8dc321c29edfb4f9cb30b23ab9601d726ecf6f7036ee3557cd6c7b93a49b231070e8eecada9cfa157e40e3f02e5d302dba72804cc9504a82bbaa13ed4a83a0e2c6219d7e45125cf57fd10cbab957a97030200a5f116cadc50530e4b2987a3ac183f121650367e0021e357d960de848c6c61de7331e2e65534ebf94508c006464bdd8406690c5034b8ae7dea889e17f32e340767ff940fa7c1e01c0b43214be17cf5020a87e3a72a99f6bab70c6c08b269a04803463655be2ed5e10556188e085081b1a0415e002b52be9386d66dfa175308173faca55f4e7aeab0559b973aec811a169bba82e873a3c2e176e9d3161d1848e55382a289975348f2aa52edcd1f908baf66bfd75e54826a50333df65c4ecb3088ec7bed6b11ca4c03586ad6a2cadb1e379d33d2a65212e5457a65c3b69ad8e66ba00101b8012000000000000000000000000000000000000000000000000000000000000000019282326a203b08b24b508107f23ed98c306ee73cc04f228a66bdefd5e9f44cb6",
        x"0000000000000000000000000000000000000000000000000000000000000000002075c3360eb19fd2c20fbba5e2da8cf1a39cdb1ee913af3802ba330b852e459e0503034401905bebdf8c04f3cd5f04f442a39372c8dc321c29edfb4f9cb30b23ab9601d726ecf6f7036ee3557cd6c7b93a49b231070e8eecada9cfa157e40e3f02e5d302dba72804cc9504a82bbaa13ed4a83a0e2c6219d7e45125cf57fd10cbab957a9703020094febd743a9da981328deba26dd19f39d145bae4e131e9839db2101b76ea04342b302d95b4bf8ff9f5530376ee73206800d0902e622c7b7adb32a9fe4530fd27a12d40dfaaf89e71f513f44cd30dc133c8a9a4bc6df5b51a0f3dc0a393cea8e2032d4e5e1b74730b57af98e254b7a747a6be31370151d020681c545966377937969a3db369ac061c3432cdc84f0e83091277de81c0c3d79ed90a96d3dc37ab074cef24780ee29bc2a23c1af069fd4d0bb364209937f7de7890a0ddeca441f61afc546378d006a4e72d65515c2d4f5aff1a6e4262f72200159ce7c62c11588cae8f0101d1012000000000000000000000000000000000000000000000000000000000000000024832a280c8ceba7aba3311045889f0ffb8911172ef9f0481174863509afeaf23",
        x"0000000000000000000000000000000000000000000000000000000000000000002075c3360eb19fd2c20fbba5e2da8cf1a39cdb1ee913af3802ba330b852e459e0503034401905bebdf8c04f3cd5f04f442a39372c8dc321c29edfb4f9cb30b23ab9601d726ecf6f7036ee3557cd6c7b93a49b231070e8eecada9cfa157e40e3f02e5d302dba72804cc9504a82bbaa13ed4a83a0e2c6219d7e45125cf57fd10cbab957a9703020080038b7834acc32d0a064a2848bec777ed3b6de0d3dc32681a7d78ca41a9430e5c360d9584622ca6a99b5dc3df55ce461993460772ef12e71a10baabc48b5bbfd12f040929042dcd267a4c1a448a4fd3fa64d5223bc1f18ea199ad1a4656095e031dcc34cd14d33ff6ccf0c1c55de6f303abf6b31021b6fb1a5e1fd86fd1f0225cbc790834b9110bdd4041198f5f6047a3f387291e5213310569a18650eceae6020575cafc8f116500e23ff74584e13492087ec3acb6694a443976803432944a3bea6eadd13d7216d7455064a766a320cc927987b009c1cdd7edbb653e274d45920101f40120000000000000000000000000000000000000000000000000000000000000000376469d0b90754f2ca787d4069f23177d6befb4db8ae2a72ae1cea3a7966e9315",
        x"0000000000000000000000000000000000000000000000000000000000000000002075c3360eb19fd2c20fbba5e2da8cf1a39cdb1ee913af3802ba330b852e459e0503034401905bebdf8c04f3cd5f04f442a39372c8dc321c29edfb4f9cb30b23ab9601d726ecf6f7036ee3557cd6c7b93a49b231070e8eecada9cfa157e40e3f02e5d302dba72804cc9504a82bbaa13ed4a83a0e2c6219d7e45125cf57fd10cbab957a97030200a00c7636602615d1dcd59fd8646fcd1771579fe7a08eb6b14a8318f9df3abebcc5f373c93276ab7641537bee61eeb4fe0dd508e83158ff47f4d38d253093bf3e9d4a0fe615a8445439feed4d47fb03a7dce8bb6108ae1e7d2099687257a859a703772b01b72374e3cd2d4b7d55a6b7d3e3af9d61c6fe1c5945e4493b0aca8dc92ae11d736c1eebeb5e23694082d840aef0370c4d39bf8e9f6399198f9a44746e718f2ed8f10e55ae719ba362ca9ded236f6d7628fb9436722511a492b1d4b24de0c7e5aece4be65d1e879a573023e9f98a96353c144369da2cf7939af0c7c13e2301015f0120000000000000000000000000000000000000000000000000000000000000000460c28936339b4aa39a7cf8d69033b6d5137d223cb3215c972f2052cf7a17ac78",
    ]
}

fun public_keys(): vector<vector<u8>> {
    vector[
        x"a58bfa576a8efe2e2730bc664b3dbe70257d8e35106e4af7353d007dba092d722314a0aeb6bca5eed735466bbf471aef01e4da8d2efac13112c51d1411f6992b8604656ea2cf6a33ec10ce8468de20e1d7ecbfed8688a281d462f72a41602161",
        x"a9ce55cfa7009c3116ea29341151f3c40809b816f4ad29baa4f95c1bb23085ef02a46cf1ae5bd570d99b0c6e9faf525306224609300b09e422ae2722a17d2a969777d53db7b52092e4d12014da84bffb1e845c2510e26b3c259ede9e42603cd6",
        x"93b3220f4f3a46fb33074b590cda666c0ebc75c7157d2e6492c62b4aebc452c29f581361a836d1abcbe1386268a5685103d12dec04aadccaebfa46d4c92e2f2c0381b52d6f2474490d02280a9e9d8c889a3fce2753055e06033f39af86676651",
    ]
}

fun key_servers(): vector<address> {
    vector[
        @0x34401905bebdf8c04f3cd5f04f442a39372c8dc321c29edfb4f9cb30b23ab96,
        @0xd726ecf6f7036ee3557cd6c7b93a49b231070e8eecada9cfa157e40e3f02e5d3,
        @0xdba72804cc9504a82bbaa13ed4a83a0e2c6219d7e45125cf57fd10cbab957a97,
    ]
}

/// Keys of the first two servers for the identity VOTE_ID under package 0x0.
fun derived_keys(): vector<vector<u8>> {
    vector[
        x"a24161c1c8398aac9942aed38e9ad9c923f033f75f067f8a3a511f313d03e2b722671a01f20d9d56ae30913994190a5b",
        x"b1ecf1d8da591deac2cf271048a327cb731809e0187ae8bcd54c79e92bf58c7b96e415eb1dbe62b6ced54de3197b249b",
    ]
}

const VOTE_ID: vector<u8> = x"75c3360eb19fd2c20fbba5e2da8cf1a39cdb1ee913af3802ba330b852e459e05";

/// A vote whose object id is VOTE_ID: the first object of a scenario's fourth transaction.
fun set_up(): (ts::Scenario, Vote) {
    let mut s = ts::begin(@0xa);
    s.next_tx(@0xa);
    s.next_tx(@0xa);
    s.next_tx(@0xa);
    let vote = voting::create_vote(
        vector[@0x1, @0x2, @0x3, @0x4],
        3,
        key_servers(),
        public_keys(),
        2,
        s.ctx(),
    );
    assert!(vote.id() == VOTE_ID);
    (s, vote)
}

fun cast(s: &mut ts::Scenario, vote: &mut Vote, voter: address, ballot: u64) {
    s.next_tx(voter);
    vote.cast_vote(ballots()[ballot], s.ctx());
}

fun cast_all(s: &mut ts::Scenario, vote: &mut Vote) {
    cast(s, vote, @0x1, 0);
    cast(s, vote, @0x2, 1);
    cast(s, vote, @0x3, 2);
    cast(s, vote, @0x4, 3);
}

fun two_servers(): vector<address> {
    let mut servers = key_servers();
    servers.pop_back();
    servers
}

#[test]
fun counts_what_decrypts() {
    let (mut s, mut vote) = set_up();
    cast_all(&mut s, &mut vote);
    voting::seal_approve_for_testing(VOTE_ID, &vote);
    let result = vote.finalize_vote(&derived_keys(), &two_servers());
    assert!(result.votes_for_option(0) == 0);
    assert!(result.votes_for_option(1) == 2);
    assert!(result.votes_for_option(2) == 1);
    assert!(result.winner() == 1);
    assert!(result.vote_id() == object::id(&vote).to_address());
    vote.destroy_for_testing();
    s.end();
}

#[test, expected_failure(abort_code = 2, location = patterns::voting)]
fun keys_stay_locked_until_everybody_has_voted() {
    let (mut s, mut vote) = set_up();
    cast(&mut s, &mut vote, @0x1, 0);
    voting::seal_approve_for_testing(VOTE_ID, &vote);
    vote.destroy_for_testing();
    s.end();
}

#[test, expected_failure(abort_code = 1, location = patterns::voting)]
fun keys_are_for_this_vote_only() {
    let (mut s, mut vote) = set_up();
    cast_all(&mut s, &mut vote);
    voting::seal_approve_for_testing(b"another", &vote);
    vote.destroy_for_testing();
    s.end();
}

#[test, expected_failure(abort_code = 1, location = patterns::voting)]
fun a_copied_ballot_is_refused() {
    let (mut s, mut vote) = set_up();
    cast(&mut s, &mut vote, @0x2, 0);
    vote.destroy_for_testing();
    s.end();
}

#[test, expected_failure(abort_code = 1, location = patterns::voting)]
fun a_second_ballot_is_refused() {
    let (mut s, mut vote) = set_up();
    cast(&mut s, &mut vote, @0x1, 0);
    cast(&mut s, &mut vote, @0x1, 0);
    vote.destroy_for_testing();
    s.end();
}

#[test, expected_failure(abort_code = 2, location = patterns::voting)]
fun counting_waits_for_everybody() {
    let (mut s, mut vote) = set_up();
    cast(&mut s, &mut vote, @0x1, 0);
    vote.finalize_vote(&derived_keys(), &two_servers());
    vote.destroy_for_testing();
    s.end();
}

#[test, expected_failure(abort_code = 3, location = patterns::voting)]
fun counting_happens_once() {
    let (mut s, mut vote) = set_up();
    cast_all(&mut s, &mut vote);
    vote.finalize_vote(&derived_keys(), &two_servers());
    vote.finalize_vote(&derived_keys(), &two_servers());
    vote.destroy_for_testing();
    s.end();
}

#[test, expected_failure(abort_code = 4, location = patterns::voting)]
fun counting_needs_the_threshold() {
    let (mut s, mut vote) = set_up();
    cast_all(&mut s, &mut vote);
    let one_key = vector[derived_keys()[0]];
    vote.finalize_vote(&one_key, &vector[key_servers()[0]]);
    vote.destroy_for_testing();
    s.end();
}

#[test, expected_failure(abort_code = 4, location = patterns::voting)]
fun counting_needs_keys_of_the_votes_own_servers() {
    let (mut s, mut vote) = set_up();
    cast_all(&mut s, &mut vote);
    vote.finalize_vote(&derived_keys(), &vector[key_servers()[0], @0xbad]);
    vote.destroy_for_testing();
    s.end();
}

#[test, expected_failure(abort_code = 1, location = patterns::voting)]
fun threshold_must_be_reachable() {
    let ctx = &mut tx_context::dummy();
    let vote = voting::create_vote(vector[@0x1], 2, key_servers(), public_keys(), 4, ctx);
    vote.destroy_for_testing();
}
