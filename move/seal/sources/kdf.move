// Copyright 2026 the seal-ts authors
// SPDX-License-Identifier: Apache-2.0

/// Hashing identities to the curve, and the mask that hides a share.
module seal::kdf;

use std::hash::sha3_256;
use sui::bls12381::{G1, G2, GT, hash_to_g1};
use sui::group_ops::Element;

const DST_ID: vector<u8> = b"SUI-SEAL-IBE-BLS12381-00";
const DST_KDF: vector<u8> = b"SUI-SEAL-IBE-BLS12381-H2-00";

/// The mask for the share with `index` of the server with `object_id`.
public(package) fun kdf(
    input: &Element<GT>,
    nonce: &Element<G2>,
    gid: &Element<G1>,
    object_id: address,
    index: u8,
): vector<u8> {
    let mut bytes = DST_KDF;
    bytes.append(*input.bytes());
    bytes.append(*nonce.bytes());
    bytes.append(*gid.bytes());
    bytes.append(object_id.to_bytes());
    bytes.push_back(index);
    sha3_256(bytes)
}

/// The identity as a point.
public(package) fun hash_to_g1_with_dst(id: &vector<u8>): Element<G1> {
    let mut message = DST_ID;
    message.append(*id);
    hash_to_g1(&message)
}
