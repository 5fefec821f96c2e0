// Copyright 2026 the seal-ts authors
// SPDX-License-Identifier: Apache-2.0

/// Private data on chain: an encrypted blob kept in an object that only its present owner can open.
/// Whoever the object is transferred to gains access, and the previous owner loses it.
///
/// Identity: `[address of the creator (32 bytes)][nonce]`.
module patterns::private_data;

const ENoAccess: u64 = 77;

public struct PrivateData has key, store {
    id: UID,
    creator: address,
    nonce: vector<u8>,
    data: vector<u8>,
}

/// Keeps `data`, encrypted by the sender under its own address and `nonce`.
public fun store(nonce: vector<u8>, data: vector<u8>, ctx: &mut TxContext): PrivateData {
    PrivateData { id: object::new(ctx), creator: ctx.sender(), nonce, data }
}

/// As `store`; the object goes to the sender.
entry fun store_entry(nonce: vector<u8>, data: vector<u8>, ctx: &mut TxContext) {
    transfer::public_transfer(store(nonce, data, ctx), ctx.sender());
}

/// Returns if `id` is the identity `e` was encrypted under. That the sender owns `e` is enforced by
/// its being an owned input of the transaction.
entry fun seal_approve(id: vector<u8>, e: &PrivateData) {
    let mut expected = e.creator.to_bytes();
    expected.append(e.nonce);
    assert!(id == expected, ENoAccess);
}

#[test_only]
public fun seal_approve_for_testing(id: vector<u8>, e: &PrivateData) {
    seal_approve(id, e)
}

#[test_only]
public fun destroy_for_testing(e: PrivateData) {
    let PrivateData { id, .. } = e;
    id.delete();
}
