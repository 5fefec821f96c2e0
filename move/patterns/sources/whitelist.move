// Copyright 2026 the seal-ts authors
// SPDX-License-Identifier: Apache-2.0

/// Access by whitelist, with the list in a table (any number of members) and a version that lets a
/// package upgrade retire old code.
///
/// Identity: `[whitelist object id (32 bytes)][nonce]`.
module patterns::whitelist;

use sui::table::{Self, Table};

const ENoAccess: u64 = 1;
const EInvalidCap: u64 = 2;
const EDuplicate: u64 = 3;
const ENotInWhitelist: u64 = 4;
const EWrongVersion: u64 = 5;

/// Raised by an upgrade that changes the policy: lists are then migrated and old code refuses them.
const VERSION: u64 = 1;

public struct Whitelist has key {
    id: UID,
    version: u64,
    addresses: Table<address, bool>,
}

/// Right to change one whitelist.
public struct Cap has key, store {
    id: UID,
    wl_id: ID,
}

/// An empty whitelist and the right to change it.
public fun create_whitelist(ctx: &mut TxContext): (Cap, Whitelist) {
    let wl = Whitelist { id: object::new(ctx), version: VERSION, addresses: table::new(ctx) };
    let cap = Cap { id: object::new(ctx), wl_id: object::id(&wl) };
    (cap, wl)
}

public fun share_whitelist(wl: Whitelist) {
    transfer::share_object(wl);
}

/// Shares a new whitelist; the right to change it goes to the sender.
entry fun create_whitelist_entry(ctx: &mut TxContext) {
    let (cap, wl) = create_whitelist(ctx);
    share_whitelist(wl);
    transfer::public_transfer(cap, ctx.sender());
}

public fun add(wl: &mut Whitelist, cap: &Cap, account: address) {
    assert!(cap.wl_id == object::id(wl), EInvalidCap);
    assert!(!wl.addresses.contains(account), EDuplicate);
    wl.addresses.add(account, true);
}

public fun remove(wl: &mut Whitelist, cap: &Cap, account: address) {
    assert!(cap.wl_id == object::id(wl), EInvalidCap);
    assert!(wl.addresses.contains(account), ENotInWhitelist);
    wl.addresses.remove(account);
}

fun check_policy(caller: address, id: vector<u8>, wl: &Whitelist): bool {
    assert!(wl.version == VERSION, EWrongVersion);
    let namespace = wl.id.to_bytes();
    if (id.length() < namespace.length()) return false;
    let mut i = 0;
    while (i < namespace.length()) {
        if (namespace[i] != id[i]) return false;
        i = i + 1;
    };
    wl.addresses.contains(caller)
}

/// Returns if `id` is in the whitelist's namespace and the sender is on it.
entry fun seal_approve(id: vector<u8>, wl: &Whitelist, ctx: &TxContext) {
    assert!(check_policy(ctx.sender(), id, wl), ENoAccess);
}

#[test_only]
public fun seal_approve_for_testing(id: vector<u8>, wl: &Whitelist, ctx: &TxContext) {
    seal_approve(id, wl, ctx)
}

#[test_only]
public fun set_version_for_testing(wl: &mut Whitelist, version: u64) {
    wl.version = version;
}

#[test_only]
public fun destroy_for_testing(wl: Whitelist, cap: Cap) {
    let Whitelist { id, version: _, addresses } = wl;
    addresses.drop();
    id.delete();
    let Cap { id, .. } = cap;
    id.delete();
}
