// Copyright 2026 the seal-ts authors
// SPDX-License-Identifier: Apache-2.0

/// Committees at every stage. Points are the generators: the chain checks that keys are points, not whose.
#[test_only]
module seal_committee::fixtures;

use seal_committee::seal_committee::{Self as sc, Committee};
use sui::bls12381::{g1_generator, g2_generator};
use sui::package;
use sui::test_scenario::{Self as ts, Scenario};

const A: address = @0xa;
const B: address = @0xb;
const C: address = @0xc;
const D: address = @0xd;

public fun a(): address { A }

public fun b(): address { B }

public fun c(): address { C }

public fun d(): address { D }

/// Member of no committee.
public fun stranger(): address { @0xe }

public fun three(): vector<address> { vector[A, B, C] }

public fun g1(): vector<u8> { *g1_generator().bytes() }

public fun g2(): vector<u8> { *g2_generator().bytes() }

public fun points(n: u64): vector<vector<u8>> {
    vector::tabulate!(n, |_| g2())
}

public fun hash(): vector<u8> { b"hash of the messages" }

/// A 2-of-3 committee in which nobody has registered, and the next transaction of A.
public fun initial(): (Scenario, Committee) {
    let mut s = ts::begin(A);
    // A capability of an upgradable package; what is at zero counts as being upgraded.
    let cap = package::test_publish(@0x7.to_id(), s.ctx());
    sc::init_with_any_cap(cap, 2, three(), s.ctx());
    s.next_tx(A);
    let committee = s.take_shared<Committee>();
    (s, committee)
}

public fun register(s: &mut Scenario, committee: &mut Committee, member: address, name: vector<u8>) {
    s.next_tx(member);
    let url = b"https://member.example".to_string();
    committee.register(g1(), g2(), url, name.to_string(), s.ctx());
}

public fun propose(s: &mut Scenario, committee: &mut Committee, member: address) {
    s.next_tx(member);
    committee.propose(points(3), g2(), hash(), s.ctx());
}

/// All of 2-of-3 have registered.
public fun registered(): (Scenario, Committee) {
    let (mut s, mut committee) = initial();
    register(&mut s, &mut committee, A, b"a");
    register(&mut s, &mut committee, B, b"b");
    register(&mut s, &mut committee, C, b"c");
    (s, committee)
}

/// 2-of-3 with a key server.
public fun finalized(): (Scenario, Committee) {
    let (mut s, mut committee) = registered();
    propose(&mut s, &mut committee, A);
    propose(&mut s, &mut committee, B);
    propose(&mut s, &mut committee, C);
    s.next_tx(A);
    (s, committee)
}

/// A finalized 2-of-3 of A, B, C, shared, and the registered 3-of-4 of B, C, A, D that follows it.
public fun rotating(): (Scenario, ID, Committee) {
    let (mut s, old) = finalized();
    let old_id = object::id(&old);
    sc::init_rotation(&old, 3, vector[B, C, A, D], s.ctx());
    ts::return_shared(old);
    let mut committee = take_new(&mut s, old_id);
    register(&mut s, &mut committee, A, b"a");
    register(&mut s, &mut committee, B, b"b");
    register(&mut s, &mut committee, C, b"c");
    register(&mut s, &mut committee, D, b"d");
    (s, old_id, committee)
}

/// Ends the transaction of A and takes the committee that it shared beside `known`.
public fun take_new(s: &mut Scenario, known: ID): Committee {
    let effects = s.next_tx(A);
    let new = effects.shared().filter!(|id| id != known);
    s.take_shared_by_id<Committee>(new[0])
}

public fun rotate(s: &mut Scenario, committee: &mut Committee, old_id: ID, member: address) {
    s.next_tx(member);
    let old = s.take_shared_by_id<Committee>(old_id);
    committee.propose_for_rotation(points(4), hash(), old, s.ctx());
}

public fun end(s: Scenario, committee: Committee) {
    ts::return_shared(committee);
    s.end();
}
