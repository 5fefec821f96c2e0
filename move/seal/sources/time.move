// Copyright 2026 the seal-ts authors
// SPDX-License-Identifier: Apache-2.0

/// Refusing to answer from a full node that lags behind.
///
/// Interface: package `seal` as published on mainnet and testnet.
module seal::time;

use sui::clock::Clock;

/// The node's clock is too far behind the caller's.
const EStaleFullnode: u64 = 93492;

/// Aborts if the chain's clock is more than `allowed_staleness_in_ms` behind `now`. Key servers put this
/// call in front of every policy they evaluate. Milliseconds since the Unix epoch.
public fun check_staleness(now: u64, allowed_staleness_in_ms: u64, clock: &Clock) {
    let chain_time = clock.timestamp_ms();
    // A node may be ahead of the key server's own clock; that is not staleness.
    if (now < chain_time) return;
    assert!(now - chain_time <= allowed_staleness_in_ms, EStaleFullnode);
}
