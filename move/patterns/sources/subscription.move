// Copyright 2026 the seal-ts authors
// SPDX-License-Identifier: Apache-2.0

/// Access by subscription: whoever paid a service's fee may open its data until the subscription
/// runs out. A global version object lets a package upgrade retire old code for all services at once.
///
/// Identity: `[service object id (32 bytes)][nonce]`.
module patterns::subscription;

use sui::clock::Clock;
use sui::coin::Coin;
use sui::sui::SUI;

const EWrongVersion: u64 = 5;
const EInvalidFee: u64 = 12;
const ENoAccess: u64 = 77;

const VERSION: u64 = 1;

/// The version of the policy in force, one shared object for the package.
public struct PackageVersion has key {
    id: UID,
    version: u64,
}

/// Right to change the package version.
public struct PackageVersionCap has key {
    id: UID,
}

/// `fee` in MIST, `ttl` in milliseconds; fees go to `owner`.
public struct Service has key {
    id: UID,
    fee: u64,
    ttl: u64,
    owner: address,
}

/// `created_at` in milliseconds since the Unix epoch.
public struct Subscription has key {
    id: UID,
    service_id: ID,
    created_at: u64,
}

fun init(ctx: &mut TxContext) {
    transfer::share_object(PackageVersion { id: object::new(ctx), version: VERSION });
    transfer::transfer(PackageVersionCap { id: object::new(ctx) }, ctx.sender());
}

public fun create_service(fee: u64, ttl: u64, ctx: &mut TxContext): Service {
    Service { id: object::new(ctx), fee, ttl, owner: ctx.sender() }
}

/// Shares a new service owned by the sender.
entry fun create_service_entry(fee: u64, ttl: u64, ctx: &mut TxContext) {
    transfer::share_object(create_service(fee, ttl, ctx));
}

/// Pays exactly the fee and starts a subscription now.
public fun subscribe(
    fee: Coin<SUI>,
    service: &Service,
    c: &Clock,
    ctx: &mut TxContext,
): Subscription {
    assert!(fee.value() == service.fee, EInvalidFee);
    transfer::public_transfer(fee, service.owner);
    Subscription {
        id: object::new(ctx),
        service_id: object::id(service),
        created_at: c.timestamp_ms(),
    }
}

/// A subscription has no `store`: this is the only way to hand it over.
public fun transfer(sub: Subscription, to: address) {
    transfer::transfer(sub, to);
}

fun check_policy(
    id: vector<u8>,
    pkg_version: &PackageVersion,
    sub: &Subscription,
    service: &Service,
    c: &Clock,
): bool {
    assert!(pkg_version.version == VERSION, EWrongVersion);
    if (object::id(service) != sub.service_id) return false;
    // Compared by age: adding ttl to a time could overflow for a service with an endless ttl.
    let now = c.timestamp_ms();
    if (now > sub.created_at && now - sub.created_at > service.ttl) return false;
    let namespace = service.id.to_bytes();
    if (id.length() < namespace.length()) return false;
    let mut i = 0;
    while (i < namespace.length()) {
        if (namespace[i] != id[i]) return false;
        i = i + 1;
    };
    true
}

/// Returns if the sender's subscription to the service that `id` names is still running.
entry fun seal_approve(
    id: vector<u8>,
    pkg_version: &PackageVersion,
    sub: &Subscription,
    service: &Service,
    c: &Clock,
) {
    assert!(check_policy(id, pkg_version, sub, service, c), ENoAccess);
}

#[test_only]
public fun init_for_testing(ctx: &mut TxContext) {
    init(ctx)
}

#[test_only]
public fun set_version_for_testing(pkg_version: &mut PackageVersion, version: u64) {
    pkg_version.version = version;
}

#[test_only]
public fun seal_approve_for_testing(
    id: vector<u8>,
    pkg_version: &PackageVersion,
    sub: &Subscription,
    service: &Service,
    c: &Clock,
) {
    seal_approve(id, pkg_version, sub, service, c)
}

#[test_only]
public fun destroy_for_testing(service: Service, sub: Subscription) {
    let Service { id, .. } = service;
    id.delete();
    let Subscription { id, .. } = sub;
    id.delete();
}
