// Interface: https://docs.sui.io/references/framework/std/bit_vector
/// A fixed number of bits.
module std::bit_vector;

/// A bit position is not inside the vector.
const EINDEX: u64 = 0x20000;
/// The length is zero or above the limit.
const ELENGTH: u64 = 0x20001;

const MAX_SIZE: u64 = 1024;

public struct BitVector has copy, drop, store {
    length: u64,
    bit_field: vector<bool>,
}

/// All bits clear. The length is 1 to 1023.
public fun new(length: u64): BitVector {
    if (length == 0 || length >= MAX_SIZE) abort ELENGTH;
    BitVector { length, bit_field: vector::tabulate!(length, |_| false) }
}

public fun set(bitvector: &mut BitVector, bit_index: u64) {
    bitvector.check(bit_index);
    *&mut bitvector.bit_field[bit_index] = true;
}

public fun unset(bitvector: &mut BitVector, bit_index: u64) {
    bitvector.check(bit_index);
    *&mut bitvector.bit_field[bit_index] = false;
}

/// Moves every bit `amount` positions down; those that fall off are lost, clear ones come in on
/// top.
public fun shift_left(bitvector: &mut BitVector, amount: u64) {
    let length = bitvector.length;
    let old = bitvector.bit_field;
    bitvector.bit_field =
        vector::tabulate!(length, |i| amount < length - i && old[i + amount]);
}

public fun is_index_set(bitvector: &BitVector, bit_index: u64): bool {
    bitvector.check(bit_index);
    bitvector.bit_field[bit_index]
}

public fun length(bitvector: &BitVector): u64 {
    bitvector.bit_field.length()
}

/// Number of set bits in a row from `start_index` on.
public fun longest_set_sequence_starting_at(bitvector: &BitVector, start_index: u64): u64 {
    if (start_index >= bitvector.length) abort EINDEX;
    let mut end = start_index;
    while (end < bitvector.length && bitvector.bit_field[end]) end = end + 1;
    end - start_index
}

fun check(bitvector: &BitVector, bit_index: u64) {
    if (bit_index >= bitvector.bit_field.length()) abort EINDEX
}
