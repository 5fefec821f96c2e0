// Copyright 2026 the seal-ts authors
// SPDX-License-Identifier: Apache-2.0

/// On-chain records of key servers. A record is owned by its operator, who may change the URL; the public
/// key never changes. An independent server has one operator; a committee server is run by members that
/// each hold a share of one key.
///
/// Interface: package `seal` as published on mainnet and testnet.
module seal::key_server;

use std::string::String;
use sui::bls12381::{G2, g2_from_bytes};
use sui::dynamic_field as df;
use sui::group_ops::Element;
use sui::vec_set;

const EInvalidKeyType: u64 = 1;
const EInvalidVersion: u64 = 2;
const EInvalidServerType: u64 = 3;
const EInvalidThreshold: u64 = 4;
const EInvalidPartyId: u64 = 5;
const EDuplicateName: u64 = 6;

/// The one key type: Boneh-Franklin identity-based encryption on BLS12-381.
const KEY_TYPE_BONEH_FRANKLIN_BLS12381: u8 = 0;

const V1: u64 = 1;
const V2: u64 = 2;

/// Versions `first_version` to `last_version` of the record are its dynamic fields, by number.
public struct KeyServer has key, store {
    id: UID,
    first_version: u64,
    last_version: u64,
}

/// The record of an independent server, first form.
public struct KeyServerV1 has store {
    name: String,
    url: String,
    key_type: u8,
    pk: vector<u8>,
}

public enum ServerType has drop, store {
    Independent { url: String },
    Committee {
        /// 0 at first, one more with each rotation.
        version: u32,
        threshold: u16,
        /// Ordered by party id.
        partial_key_servers: vector<PartialKeyServer>,
    },
}

/// One member of a committee and the public key of its share.
public struct PartialKeyServer has copy, drop, store {
    name: String,
    url: String,
    partial_pk: vector<u8>,
    party_id: u16,
}

/// The record of a server, second form.
public struct KeyServerV2 has store {
    name: String,
    key_type: u8,
    pk: vector<u8>,
    server_type: ServerType,
}

// === Committee servers ===

/// A committee's record. `name` is the committee object's address as text.
public fun create_committee_v2(
    name: String,
    threshold: u16,
    pk: vector<u8>,
    partial_key_servers: vector<PartialKeyServer>,
    ctx: &mut TxContext,
): KeyServer {
    check_public_key(&pk);
    check_partial_key_servers(threshold, &partial_key_servers);
    let server_type = ServerType::Committee { version: 0, threshold, partial_key_servers };
    create_v2(name, KEY_TYPE_BONEH_FRANKLIN_BLS12381, pk, server_type, ctx)
}

public fun create_partial_key_server(
    name: String,
    url: String,
    partial_pk: vector<u8>,
    party_id: u16,
): PartialKeyServer {
    check_public_key(&partial_pk);
    PartialKeyServer { name, url, partial_pk, party_id }
}

/// Replaces members and threshold after a rotation, and raises the version.
public fun update_partial_key_servers(
    s: &mut KeyServer,
    new_threshold: u16,
    new_partial_key_servers: vector<PartialKeyServer>,
) {
    check_partial_key_servers(new_threshold, &new_partial_key_servers);
    match (&mut s.v2_mut().server_type) {
        ServerType::Committee { version, threshold, partial_key_servers } => {
            *version = *version + 1;
            *threshold = new_threshold;
            *partial_key_servers = new_partial_key_servers;
        },
        _ => abort EInvalidServerType,
    }
}

/// Changes the URL of one member.
public fun update_member_url(s: &mut KeyServer, url: String, party_id: u16) {
    match (&mut s.v2_mut().server_type) {
        ServerType::Committee { version: _, threshold: _, partial_key_servers } => {
            assert!((party_id as u64) < partial_key_servers.length(), EInvalidPartyId);
            partial_key_servers[party_id as u64].url = url;
        },
        _ => abort EInvalidServerType,
    }
}

// === Independent servers ===

/// Registers an independent server; the sender owns the record.
entry fun create_and_transfer_v2_independent_server(
    name: String,
    url: String,
    key_type: u8,
    pk: vector<u8>,
    ctx: &mut TxContext,
) {
    assert!(key_type == KEY_TYPE_BONEH_FRANKLIN_BLS12381, EInvalidKeyType);
    check_public_key(&pk);
    let server = create_v2(name, key_type, pk, ServerType::Independent { url }, ctx);
    transfer::transfer(server, ctx.sender());
}

/// Adds the second form to a record that has the first form only. The first form stays.
entry fun upgrade_v1_to_independent_v2(ks: &mut KeyServer) {
    assert!(ks.first_version == V1 && ks.last_version == V1, EInvalidVersion);
    assert!(ks.has_v1() && !ks.has_v2(), EInvalidVersion);
    let v1 = ks.v1();
    let v2 = KeyServerV2 {
        name: v1.name,
        key_type: v1.key_type,
        pk: v1.pk,
        server_type: ServerType::Independent { url: v1.url },
    };
    df::add(&mut ks.id, V2, v2);
    ks.last_version = V2;
}

/// Changes the URL of an independent server, in both forms where both exist.
public fun update(s: &mut KeyServer, new_url: String) {
    match (&mut s.v2_mut().server_type) {
        ServerType::Independent { url } => *url = new_url,
        _ => abort EInvalidServerType,
    };
    if (s.has_v1()) {
        let v1: &mut KeyServerV1 = df::borrow_mut(&mut s.id, V1);
        v1.url = new_url;
    }
}

// === Reading ===

/// The first form. Aborts with EInvalidVersion if there is none.
public fun v1(s: &KeyServer): &KeyServerV1 {
    assert!(s.has_v1(), EInvalidVersion);
    df::borrow(&s.id, V1)
}

public fun name(s: &KeyServer): String {
    if (s.has_v2()) s.v2().name else s.v1().name
}

/// The URL of an independent server. A committee has one for each member.
public fun url(s: &KeyServer): String {
    if (!s.has_v2()) return s.v1().url;
    match (&s.v2().server_type) {
        ServerType::Independent { url } => *url,
        _ => abort EInvalidServerType,
    }
}

public fun key_type(s: &KeyServer): u8 {
    if (s.has_v2()) s.v2().key_type else s.v1().key_type
}

/// The 96 bytes of the public key.
public fun pk(s: &KeyServer): &vector<u8> {
    if (s.has_v2()) &s.v2().pk else &s.v1().pk
}

public fun id(s: &KeyServer): address {
    s.id.to_address()
}

/// The public key as a point.
public fun pk_as_bf_bls12381(s: &KeyServer): Element<G2> {
    assert!(s.key_type() == KEY_TYPE_BONEH_FRANKLIN_BLS12381, EInvalidKeyType);
    g2_from_bytes(s.pk())
}

// === Internals ===

fun create_v2(
    name: String,
    key_type: u8,
    pk: vector<u8>,
    server_type: ServerType,
    ctx: &mut TxContext,
): KeyServer {
    let mut server = KeyServer { id: object::new(ctx), first_version: V2, last_version: V2 };
    df::add(&mut server.id, V2, KeyServerV2 { name, key_type, pk, server_type });
    server
}

fun has_v1(s: &KeyServer): bool {
    df::exists_(&s.id, V1)
}

fun has_v2(s: &KeyServer): bool {
    df::exists_(&s.id, V2)
}

fun v2(s: &KeyServer): &KeyServerV2 {
    assert!(s.has_v2(), EInvalidVersion);
    df::borrow(&s.id, V2)
}

fun v2_mut(s: &mut KeyServer): &mut KeyServerV2 {
    assert!(s.has_v2(), EInvalidVersion);
    df::borrow_mut(&mut s.id, V2)
}

/// Aborts in `sui::group_ops` unless `pk` is a point of G2.
fun check_public_key(pk: &vector<u8>) {
    let _ = g2_from_bytes(pk);
}

fun check_partial_key_servers(threshold: u16, servers: &vector<PartialKeyServer>) {
    assert!(threshold > 1 && servers.length() >= threshold as u64, EInvalidThreshold);
    let mut names = vec_set::empty();
    servers.length().do!(|i| {
        assert!(servers[i].party_id as u64 == i, EInvalidPartyId);
        assert!(!names.contains(&servers[i].name), EDuplicateName);
        names.insert(servers[i].name);
    });
}

// === For tests ===

#[test_only]
public fun create_and_transfer_v1(
    name: String,
    url: String,
    key_type: u8,
    pk: vector<u8>,
    ctx: &mut TxContext,
) {
    assert!(key_type == KEY_TYPE_BONEH_FRANKLIN_BLS12381, EInvalidKeyType);
    check_public_key(&pk);
    let mut server = KeyServer { id: object::new(ctx), first_version: V1, last_version: V1 };
    df::add(&mut server.id, V1, KeyServerV1 { name, url, key_type, pk });
    transfer::transfer(server, ctx.sender());
}

#[test_only]
public fun register_for_testing(
    name: String,
    url: String,
    key_type: u8,
    pk: vector<u8>,
    ctx: &mut TxContext,
) {
    create_and_transfer_v2_independent_server(name, url, key_type, pk, ctx)
}

#[test_only]
public fun upgrade_for_testing(ks: &mut KeyServer) {
    upgrade_v1_to_independent_v2(ks)
}

#[test_only]
public fun committee_version(s: &KeyServer): u32 {
    match (&s.v2().server_type) {
        ServerType::Committee { version, threshold: _, partial_key_servers: _ } => *version,
        _ => abort EInvalidServerType,
    }
}

#[test_only]
public fun member_url(s: &KeyServer, party_id: u16): String {
    match (&s.v2().server_type) {
        ServerType::Committee { version: _, threshold: _, partial_key_servers } => {
            partial_key_servers[party_id as u64].url
        },
        _ => abort EInvalidServerType,
    }
}

#[test_only]
public fun destroy_for_testing(s: KeyServer) {
    let KeyServer { id, .. } = s;
    id.delete();
}
