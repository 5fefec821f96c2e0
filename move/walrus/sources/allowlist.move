// Copyright 2026 the seal-ts authors
// SPDX-License-Identifier: Apache-2.0

/// Access by allowlist: whoever holds the `Cap` says which addresses may open data that was
/// encrypted under the list's id.
///
/// Identity: `[allowlist object id (32 bytes)][nonce]`.
module walrus::allowlist;

use std::string::String;
use sui::dynamic_field;
use walrus::utils::is_prefix;

const EInvalidCap: u64 = 0;
const ENoAccess: u64 = 1;
const EDuplicate: u64 = 2;

/// What a published blob id maps to.
const PUBLISHED: u64 = 3;

public struct Allowlist has key {
    id: UID,
    name: String,
    list: vector<address>,
}

/// Right to change one allowlist.
public struct Cap has key {
    id: UID,
    allowlist_id: ID,
}

/// Shares an empty allowlist and returns the right to change it.
public fun create_allowlist(name: String, ctx: &mut TxContext): Cap {
    let allowlist = Allowlist { id: object::new(ctx), name, list: vector[] };
    let cap = Cap { id: object::new(ctx), allowlist_id: object::id(&allowlist) };
    transfer::share_object(allowlist);
    cap
}

/// As `create_allowlist`; the right goes to the sender.
entry fun create_allowlist_entry(name: String, ctx: &mut TxContext) {
    transfer::transfer(create_allowlist(name, ctx), ctx.sender());
}

public fun add(allowlist: &mut Allowlist, cap: &Cap, account: address) {
    assert!(cap.allowlist_id == object::id(allowlist), EInvalidCap);
    assert!(!allowlist.list.contains(&account), EDuplicate);
    allowlist.list.push_back(account);
}

/// Removes `account`; an address that is not listed changes nothing.
public fun remove(allowlist: &mut Allowlist, cap: &Cap, account: address) {
    assert!(cap.allowlist_id == object::id(allowlist), EInvalidCap);
    let (found, at) = allowlist.list.index_of(&account);
    if (found) { allowlist.list.remove(at); };
}

/// The prefix that every identity of this list starts with.
public fun namespace(allowlist: &Allowlist): vector<u8> {
    allowlist.id.to_bytes()
}

fun approve_internal(caller: address, id: vector<u8>, allowlist: &Allowlist): bool {
    is_prefix(allowlist.namespace(), id) && allowlist.list.contains(&caller)
}

/// Key servers run this: it returns if the sender may open `id`, and aborts otherwise.
entry fun seal_approve(id: vector<u8>, allowlist: &Allowlist, ctx: &TxContext) {
    assert!(approve_internal(ctx.sender(), id, allowlist), ENoAccess);
}

/// Records on the list that a blob encrypted for it was stored.
public fun publish(allowlist: &mut Allowlist, cap: &Cap, blob_id: String) {
    assert!(cap.allowlist_id == object::id(allowlist), EInvalidCap);
    dynamic_field::add(&mut allowlist.id, blob_id, PUBLISHED);
}

#[test_only]
public fun new_for_testing(name: String, ctx: &mut TxContext): (Allowlist, Cap) {
    let allowlist = Allowlist { id: object::new(ctx), name, list: vector[] };
    let cap = Cap { id: object::new(ctx), allowlist_id: object::id(&allowlist) };
    (allowlist, cap)
}

#[test_only]
public fun destroy_for_testing(allowlist: Allowlist, cap: Cap) {
    let Allowlist { id, name: _, list: _ } = allowlist;
    id.delete();
    let Cap { id, allowlist_id: _ } = cap;
    id.delete();
}

#[test_only]
public fun seal_approve_for_testing(id: vector<u8>, allowlist: &Allowlist, ctx: &TxContext) {
    seal_approve(id, allowlist, ctx)
}

#[test_only]
public fun is_published(allowlist: &Allowlist, blob_id: String): bool {
    dynamic_field::exists_with_type<String, u64>(&allowlist.id, blob_id)
}
