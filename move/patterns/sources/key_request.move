// Copyright 2026 the seal-ts authors
// SPDX-License-Identifier: Apache-2.0

/// Access granted once and used later: an application's own policy issues a `KeyRequest` to a user
/// for some identity and time, and its `seal_approve` needs no more than that object. Useful when the
/// policy is too heavy, or too short-lived, to be evaluated again by each key server.
///
/// The application's package calls `request_key` and `verify` with a witness, a value of a type with
/// `drop` that only that package can make.
module patterns::key_request;

use std::ascii::String;
use std::type_name;
use sui::clock::Clock;

/// `valid_till` in milliseconds since the Unix epoch, inclusive; `package` is the original id of the
/// witness type's package.
public struct KeyRequest has key, store {
    id: UID,
    package: String,
    inner_id: vector<u8>,
    user: address,
    valid_till: u64,
}

/// Issues a request for `id` to `user`, good for `ttl` milliseconds from now.
public fun request_key<T: drop>(
    _w: T,
    id: vector<u8>,
    user: address,
    c: &Clock,
    ttl: u64,
    ctx: &mut TxContext,
): KeyRequest {
    KeyRequest {
        id: object::new(ctx),
        package: type_name::with_original_ids<T>().address_string(),
        inner_id: id,
        user,
        valid_till: c.timestamp_ms() + ttl,
    }
}

public fun destroy(req: KeyRequest) {
    let KeyRequest { id, .. } = req;
    id.delete();
}

/// Whether `req` was issued by the witness's package to `user` for `id` and is still valid.
public fun verify<T: drop>(
    req: &KeyRequest,
    _w: T,
    id: vector<u8>,
    user: address,
    c: &Clock,
): bool {
    type_name::with_original_ids<T>().address_string() == req.package
        && req.inner_id == id
        && req.user == user
        && c.timestamp_ms() <= req.valid_till
}
