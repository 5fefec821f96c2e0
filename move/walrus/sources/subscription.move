// Copyright 2026 the seal-ts authors
// SPDX-License-Identifier: Apache-2.0

/// Access by subscription: whoever paid a service's fee may open its data until the subscription
/// runs out.
///
/// Identity: `[service object id (32 bytes)][nonce]`.
module walrus::subscription;

use std::string::String;
use sui::clock::Clock;
use sui::coin::Coin;
use sui::dynamic_field;
use sui::sui::SUI;
use walrus::utils::is_prefix;

const EInvalidCap: u64 = 0;
const EInvalidFee: u64 = 1;
const ENoAccess: u64 = 2;

/// What a published blob id maps to.
const PUBLISHED: u64 = 3;

/// `fee` in MIST, `ttl` in milliseconds; fees go to `owner`.
public struct Service has key {
    id: UID,
    fee: u64,
    ttl: u64,
    owner: address,
    name: String,
}

public struct Subscription has key {
    id: UID,
    service_id: ID,
    created_at: u64,
}

/// Right to publish under one service.
public struct Cap has key {
    id: UID,
    service_id: ID,
}

/// Shares a new service owned by the sender and returns the right to publish under it.
public fun create_service(fee: u64, ttl: u64, name: String, ctx: &mut TxContext): Cap {
    let service = Service { id: object::new(ctx), fee, ttl, owner: ctx.sender(), name };
    let cap = Cap { id: object::new(ctx), service_id: object::id(&service) };
    transfer::share_object(service);
    cap
}

/// As `create_service`; the right goes to the sender.
entry fun create_service_entry(fee: u64, ttl: u64, name: String, ctx: &mut TxContext) {
    transfer::transfer(create_service(fee, ttl, name, ctx), ctx.sender());
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

public fun transfer(sub: Subscription, to: address) {
    transfer::transfer(sub, to);
}

fun approve_internal(id: vector<u8>, sub: &Subscription, service: &Service, c: &Clock): bool {
    if (object::id(service) != sub.service_id) return false;
    // Compared by age: adding ttl to a time could overflow for a service with an endless ttl.
    let now = c.timestamp_ms();
    if (now > sub.created_at && now - sub.created_at > service.ttl) return false;
    is_prefix(object::id(service).to_bytes(), id)
}

/// Key servers run this. That the subscription is the sender's is enforced by its being an owned
/// input.
entry fun seal_approve(id: vector<u8>, sub: &Subscription, service: &Service, c: &Clock) {
    assert!(approve_internal(id, sub, service, c), ENoAccess);
}

/// Records on the service that a blob encrypted for it was stored.
public fun publish(service: &mut Service, cap: &Cap, blob_id: String) {
    assert!(cap.service_id == object::id(service), EInvalidCap);
    dynamic_field::add(&mut service.id, blob_id, PUBLISHED);
}

#[test_only]
public fun new_for_testing(
    fee: u64,
    ttl: u64,
    name: String,
    ctx: &mut TxContext,
): (Service, Cap) {
    let service = Service { id: object::new(ctx), fee, ttl, owner: ctx.sender(), name };
    let cap = Cap { id: object::new(ctx), service_id: object::id(&service) };
    (service, cap)
}

#[test_only]
public fun destroy_for_testing(service: Service, cap: Cap) {
    let Service { id, .. } = service;
    id.delete();
    let Cap { id, service_id: _ } = cap;
    id.delete();
}

#[test_only]
public fun destroy_subscription_for_testing(sub: Subscription) {
    let Subscription { id, .. } = sub;
    id.delete();
}

#[test_only]
public fun seal_approve_for_testing(
    id: vector<u8>,
    sub: &Subscription,
    service: &Service,
    c: &Clock,
) {
    seal_approve(id, sub, service, c)
}
