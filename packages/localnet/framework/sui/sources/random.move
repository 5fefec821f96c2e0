// Interface: https://docs.sui.io/references/framework/sui/random
/// Randomness of the chain, in the shared object 0x8, and generators seeded from it.
module sui::random;

use std::bcs;
use sui::hmac::hmac_sha3_256;
use sui::versioned::{Self, Versioned};

const ENotSystemAddress: u64 = 0;
const EWrongInnerVersion: u64 = 1;
const EInvalidRandomnessUpdate: u64 = 2;
const EInvalidRange: u64 = 3;
const EInvalidLength: u64 = 4;

const INNER_VERSION: u64 = 1;
/// Bytes in one block of a generator.
const BLOCK: u16 = 32;

public struct Random has key {
    id: UID,
    inner: Versioned,
}

public struct RandomInner has store {
    version: u64,
    epoch: u64,
    randomness_round: u64,
    random_bytes: vector<u8>,
}

/// Block `i` (from 1) is HMAC(seed, i); what is left of a block stays in the buffer.
public struct RandomGenerator has drop {
    seed: vector<u8>,
    counter: u16,
    buffer: vector<u8>,
}

#[allow(unused_function)]
/// Called once, at genesis.
fun create(ctx: &mut TxContext) {
    assert!(ctx.sender() == @0x0, ENotSystemAddress);
    let inner = RandomInner {
        version: INNER_VERSION,
        epoch: ctx.epoch(),
        randomness_round: 0,
        random_bytes: vector[],
    };
    transfer::share_object(Random {
        id: object::randomness_state(),
        inner: versioned::create(INNER_VERSION, inner, ctx),
    })
}

#[allow(unused_function)]
/// Called by the system with the bytes of a round.
fun update_randomness_state(
    self: &mut Random,
    new_round: u64,
    new_bytes: vector<u8>,
    ctx: &TxContext,
) {
    assert!(ctx.sender() == @0x0, ENotSystemAddress);
    let epoch = ctx.epoch();
    let inner = self.inner_mut();
    if (inner.randomness_round == 0 && inner.epoch == 0 && inner.random_bytes.is_empty()) {
        assert!(new_round == 0, EInvalidRandomnessUpdate);
    } else {
        let next_round = epoch == inner.epoch && new_round == inner.randomness_round + 1;
        let next_epoch = epoch > inner.epoch && new_round == 0;
        assert!(next_round || next_epoch, EInvalidRandomnessUpdate);
    };
    inner.epoch = epoch;
    inner.randomness_round = new_round;
    inner.random_bytes = new_bytes;
}

/// A generator for this transaction and this call only.
public fun new_generator(r: &Random, ctx: &mut TxContext): RandomGenerator {
    let inner = r.inner();
    let own = ctx.fresh_object_address().to_bytes();
    from_seed(hmac_sha3_256(&inner.random_bytes, &own))
}

/// Whole blocks first, the rest from the buffer.
public fun generate_bytes(g: &mut RandomGenerator, num_of_bytes: u16): vector<u8> {
    let mut result = vector[];
    (num_of_bytes / BLOCK).do!(|_| result.append(g.next_block()));
    let rest = (num_of_bytes % BLOCK) as u64;
    g.fill(rest);
    rest.do!(|_| result.push_back(g.buffer.pop_back()));
    result
}

public fun generate_u256(g: &mut RandomGenerator): u256 {
    g.number(32)
}

public fun generate_u128(g: &mut RandomGenerator): u128 {
    g.number(16) as u128
}

public fun generate_u64(g: &mut RandomGenerator): u64 {
    g.number(8) as u64
}

public fun generate_u32(g: &mut RandomGenerator): u32 {
    g.number(4) as u32
}

public fun generate_u16(g: &mut RandomGenerator): u16 {
    g.number(2) as u16
}

public fun generate_u8(g: &mut RandomGenerator): u8 {
    g.number(1) as u8
}

public fun generate_bool(g: &mut RandomGenerator): bool {
    g.number(1) & 1 == 1
}

/// From `min` to `max`, both included. Eight bytes more than the type has keep the bias negligible.
public fun generate_u128_in_range(g: &mut RandomGenerator, min: u128, max: u128): u128 {
    g.in_range(min, max, 24)
}

public fun generate_u64_in_range(g: &mut RandomGenerator, min: u64, max: u64): u64 {
    g.in_range(min as u128, max as u128, 16) as u64
}

public fun generate_u32_in_range(g: &mut RandomGenerator, min: u32, max: u32): u32 {
    g.in_range(min as u128, max as u128, 12) as u32
}

public fun generate_u16_in_range(g: &mut RandomGenerator, min: u16, max: u16): u16 {
    g.in_range(min as u128, max as u128, 10) as u16
}

public fun generate_u8_in_range(g: &mut RandomGenerator, min: u8, max: u8): u8 {
    g.in_range(min as u128, max as u128, 9) as u8
}

/// Fisher-Yates, from the front.
public fun shuffle<T>(g: &mut RandomGenerator, v: &mut vector<T>) {
    let length = v.length();
    if (length == 0) return;
    assert!(length <= std::u16::max_value!() as u64, EInvalidLength);
    let last = (length - 1) as u16;
    last.do!(|i| {
        let j = g.generate_u16_in_range(i, last);
        v.swap(i as u64, j as u64);
    })
}

fun inner(self: &Random): &RandomInner {
    assert!(self.inner.version() == INNER_VERSION, EWrongInnerVersion);
    self.inner.load_value()
}

fun inner_mut(self: &mut Random): &mut RandomInner {
    assert!(self.inner.version() == INNER_VERSION, EWrongInnerVersion);
    self.inner.load_value_mut()
}

fun from_seed(seed: vector<u8>): RandomGenerator {
    RandomGenerator { seed, counter: 0, buffer: vector[] }
}

fun next_block(g: &mut RandomGenerator): vector<u8> {
    g.counter = g.counter + 1;
    hmac_sha3_256(&g.seed, &bcs::to_bytes(&g.counter))
}

fun fill(g: &mut RandomGenerator, needed: u64) {
    if (g.buffer.length() < needed) {
        let block = g.next_block();
        g.buffer.append(block)
    }
}

/// Bytes from the end of the buffer, the first one most significant.
fun number(g: &mut RandomGenerator, num_of_bytes: u8): u256 {
    g.fill(num_of_bytes as u64);
    let mut value = 0;
    num_of_bytes.do!(|_| value = (value << 8) + (g.buffer.pop_back() as u256));
    value
}

fun in_range(g: &mut RandomGenerator, min: u128, max: u128, num_of_bytes: u8): u128 {
    assert!(min <= max, EInvalidRange);
    if (min == max) return min;
    let range = ((max - min) as u256) + 1;
    min + ((g.number(num_of_bytes) % range) as u128)
}

#[test_only]
native fun generate_rand_seed_for_testing(): vector<u8>;

#[test_only]
public fun new_generator_for_testing(): RandomGenerator {
    from_seed(generate_rand_seed_for_testing())
}

#[test_only]
public fun new_generator_from_seed_for_testing(seed: vector<u8>): RandomGenerator {
    from_seed(seed)
}

#[test_only]
public fun create_for_testing(ctx: &mut TxContext) {
    create(ctx)
}

#[test_only]
public fun update_randomness_state_for_testing(
    self: &mut Random,
    new_round: u64,
    new_bytes: vector<u8>,
    ctx: &TxContext,
) {
    self.update_randomness_state(new_round, new_bytes, ctx)
}

#[test_only]
public fun generator_seed(g: &RandomGenerator): &vector<u8> {
    &g.seed
}

#[test_only]
public fun generator_counter(g: &RandomGenerator): u16 {
    g.counter
}

#[test_only]
public fun generator_buffer(g: &RandomGenerator): &vector<u8> {
    &g.buffer
}
