// Copyright 2026 the seal-ts authors
// SPDX-License-Identifier: Apache-2.0

#[test_only]
module patterns::private_data_tests;

use patterns::private_data::{Self, PrivateData};
use sui::test_scenario as ts;

const CREATOR: address = @0xc0;
const BUYER: address = @0xb0;

fun identity(): vector<u8> {
    let mut id = CREATOR.to_bytes();
    id.append(b"nonce");
    id
}

#[test]
fun owner_is_let_in_also_after_a_transfer() {
    let mut s = ts::begin(CREATOR);
    let e = private_data::store(b"nonce", b"sealed", s.ctx());
    private_data::seal_approve_for_testing(identity(), &e);
    transfer::public_transfer(e, BUYER);
    s.next_tx(BUYER);
    let e = s.take_from_sender<PrivateData>();
    private_data::seal_approve_for_testing(identity(), &e);
    e.destroy_for_testing();
    s.end();
}

#[test, expected_failure(abort_code = 77, location = patterns::private_data)]
fun another_nonce_is_refused() {
    let ctx = &mut tx_context::dummy();
    let e = private_data::store(b"other", b"sealed", ctx);
    let mut id = ctx.sender().to_bytes();
    id.append(b"nonce");
    private_data::seal_approve_for_testing(id, &e);
    e.destroy_for_testing();
}

#[test, expected_failure(abort_code = 77, location = patterns::private_data)]
fun another_creator_is_refused() {
    let mut s = ts::begin(BUYER);
    let e = private_data::store(b"nonce", b"sealed", s.ctx());
    private_data::seal_approve_for_testing(identity(), &e);
    e.destroy_for_testing();
    s.end();
}

#[test, expected_failure(abort_code = 77, location = patterns::private_data)]
fun a_prefix_of_the_identity_is_refused() {
    let mut s = ts::begin(CREATOR);
    let e = private_data::store(b"nonce", b"sealed", s.ctx());
    private_data::seal_approve_for_testing(CREATOR.to_bytes(), &e);
    e.destroy_for_testing();
    s.end();
}
