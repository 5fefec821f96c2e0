// Copyright 2026 the seal-ts authors
// SPDX-License-Identifier: Apache-2.0

/// Proposals that differ in a key from the first.
#[test_only]
module seal_committee::proposal_tests;

use seal_committee::fixtures as f;
use sui::bls12381::{g2_generator, g2_mul, scalar_from_u64};

fun other(): vector<u8> {
    *g2_mul(&scalar_from_u64(2), &g2_generator()).bytes()
}

#[test, expected_failure(abort_code = 7, location = seal_committee::seal_committee)]
fun proposals_name_the_same_partial_keys() {
    let (mut s, mut committee) = f::registered();
    f::propose(&mut s, &mut committee, f::a());
    s.next_tx(f::b());
    committee.propose(vector[f::g2(), other(), f::g2()], f::g2(), f::hash(), s.ctx());
    f::end(s, committee);
}

#[test, expected_failure(abort_code = 7, location = seal_committee::seal_committee)]
fun proposals_name_the_same_key() {
    let (mut s, mut committee) = f::registered();
    f::propose(&mut s, &mut committee, f::a());
    s.next_tx(f::b());
    committee.propose(f::points(3), other(), f::hash(), s.ctx());
    f::end(s, committee);
}
