// Copyright 2026 the seal-ts authors
// SPDX-License-Identifier: Apache-2.0

/// Access by account: data encrypted to an address can be opened by that address only. Anyone can
/// encrypt to it without asking.
///
/// Identity: BCS of the account's address (32 bytes).
module patterns::account_based;

use sui::bcs;

const ENoAccess: u64 = 1;

/// Returns if `id` names the sender.
entry fun seal_approve(id: vector<u8>, ctx: &TxContext) {
    assert!(id == bcs::to_bytes(&ctx.sender()), ENoAccess);
}

#[test_only]
public fun seal_approve_for_testing(id: vector<u8>, ctx: &TxContext) {
    seal_approve(id, ctx)
}
