// Copyright 2026 the seal-ts authors
// SPDX-License-Identifier: Apache-2.0

/// The symmetric cipher for on-chain decryption: HMAC-SHA3-256 in counter mode, with a MAC over the
/// additional data and the ciphertext.
module seal::hmac256ctr;

use sui::bcs;
use sui::hmac::hmac_sha3_256;

const ENC_TAG: vector<u8> = b"HMAC-CTR-ENC";
const MAC_TAG: vector<u8> = b"HMAC-CTR-MAC";
const BLOCK: u64 = 32;

/// The plaintext, or none if the MAC does not fit.
public(package) fun decrypt(
    ciphertext: &vector<u8>,
    mac: &vector<u8>,
    aad: &vector<u8>,
    key: &vector<u8>,
): Option<vector<u8>> {
    if (authenticate(key, aad, ciphertext) != mac) return option::none();
    let mut plain = vector[];
    let mut mask = vector[];
    ciphertext.length().do!(|i| {
        if (i % BLOCK == 0) mask = block_mask(key, i / BLOCK);
        plain.push_back(ciphertext[i] ^ mask[i % BLOCK]);
    });
    option::some(plain)
}

fun block_mask(key: &vector<u8>, counter: u64): vector<u8> {
    let mut input = ENC_TAG;
    input.append(bcs::to_bytes(&counter));
    hmac_sha3_256(key, &input)
}

/// The length of the additional data comes first, so that no byte can move between it and the text.
fun authenticate(key: &vector<u8>, aad: &vector<u8>, ciphertext: &vector<u8>): vector<u8> {
    let mut input = MAC_TAG;
    input.append(bcs::to_bytes(&aad.length()));
    input.append(*aad);
    input.append(*ciphertext);
    hmac_sha3_256(key, &input)
}
