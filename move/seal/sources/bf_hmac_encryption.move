// Copyright 2026 the seal-ts authors
// SPDX-License-Identifier: Apache-2.0

/// Decrypting on chain what was encrypted with identity-based encryption (Boneh-Franklin on BLS12-381)
/// and HMAC-SHA3-256 in counter mode.
///
/// Derived keys are first checked against public keys with `verify_derived_keys`, which binds each to its
/// server, package and identity; `decrypt` accepts only such keys. That the public keys are the right ones
/// is for the calling contract to make sure of.
///
/// Interface: package `seal` as published on mainnet and testnet.
module seal::bf_hmac_encryption;

use seal::gf256;
use seal::hmac256ctr;
use seal::kdf::{hash_to_g1_with_dst, kdf};
use seal::polynomial::{Polynomial, interpolate_all};
use std::hash::sha3_256;
use sui::bcs::{Self, BCS};
use sui::bls12381::{
    G1,
    G2,
    Scalar,
    g1_mul,
    g2_from_bytes,
    g2_generator,
    g2_mul,
    pairing,
    scalar_from_bytes
};
use sui::group_ops::Element;

const EWrongVerifiedKeys: u64 = 0;
const EWrongPublicKeys: u64 = 1;
const EIncompatibleInputLengths: u64 = 2;
const EInvalidEncryptedObject: u64 = 3;
const EInsufficientDerivedKeys: u64 = 4;
const EInvalidVerifiedKey: u64 = 5;

const DST_DERIVE_KEY: vector<u8> = b"SUI-SEAL-IBE-BLS12381-H3-00";

const OBJECT_VERSION: u8 = 0;
const KEM_BONEH_FRANKLIN: u32 = 0;
const DEM_HMAC256_CTR: u32 = 1;

const G2_BYTES: u64 = 96;
const SHARE_BYTES: u64 = 32;
const SCALAR_BYTES: u64 = 32;
/// Order of the scalar field.
const SCALAR_ORDER: u256 =
    0x73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001;

public struct EncryptedObject has copy, drop, store {
    package_id: address,
    id: vector<u8>,
    indices: vector<u8>,
    services: vector<address>,
    threshold: u8,
    nonce: Element<G2>,
    encrypted_shares: vector<vector<u8>>,
    encrypted_randomness: vector<u8>,
    blob: vector<u8>,
    aad: Option<vector<u8>>,
    mac: vector<u8>,
}

/// A derived key that was checked against its server's public key.
public struct VerifiedDerivedKey has drop, store {
    derived_key: Element<G1>,
    package_id: address,
    id: vector<u8>,
    key_server: ID,
}

public struct PublicKey has drop {
    key_server: ID,
    pk: Element<G2>,
}

/// What a key derived from the base key is for.
public enum KeyPurpose {
    EncryptedRandomness,
    DEM,
}

public fun new_public_key(key_server_id: ID, pk_bytes: vector<u8>): PublicKey {
    PublicKey { key_server: key_server_id, pk: g2_from_bytes(&pk_bytes) }
}

/// Checks `derived_keys[i]`, for the identity `package_id` and `id`, against `public_keys[i]`.
public fun verify_derived_keys(
    derived_keys: &vector<Element<G1>>,
    package_id: address,
    id: vector<u8>,
    public_keys: &vector<PublicKey>,
): vector<VerifiedDerivedKey> {
    assert!(derived_keys.length() == public_keys.length(), EIncompatibleInputLengths);
    let gid = hash_to_g1_with_dst(&full_id(package_id, &id));
    let g2 = g2_generator();
    derived_keys.zip_map_ref!(public_keys, |derived_key, public_key| {
        let valid = pairing(derived_key, &g2) == pairing(&gid, &public_key.pk);
        assert!(valid, EInvalidVerifiedKey);
        VerifiedDerivedKey {
            derived_key: *derived_key,
            package_id,
            id,
            key_server: public_key.key_server,
        }
    })
}

/// The plaintext, or none if the object was not encrypted honestly or was changed.
///
/// `verified_derived_keys`: in any order, one for each server at most, together at least the threshold
/// (a server that holds several shares counts as often). `public_keys`: in any order, exactly one for each
/// server of the object. Anything else aborts.
public fun decrypt(
    encrypted_object: &EncryptedObject,
    verified_derived_keys: &vector<VerifiedDerivedKey>,
    public_keys: &vector<PublicKey>,
): Option<vector<u8>> {
    let object = encrypted_object;
    check_verified_keys(object, verified_derived_keys);
    // For each share, the place of its server's public key.
    let key_of_share = match_public_keys(object, public_keys);
    let gid = hash_to_g1_with_dst(&full_id(object.package_id, &object.id));

    let (opened, shares) = open_shares(object, verified_derived_keys, &gid);
    assert!(opened.length() >= object.threshold as u64, EInsufficientDerivedKeys);

    let polynomials = interpolate_all(opened.map_ref!(|i| object.indices[*i]), &shares);
    // An honest encryption has degree threshold - 1; with more, other shares would give another key.
    if (polynomials.any!(|p| p.degree() >= object.threshold as u64)) return option::none();

    let base_key = polynomials.map_ref!(|p| p.get_constant_term());
    let randomness_key = derive_key(KeyPurpose::EncryptedRandomness, &base_key, object);
    let randomness = scalar_or_none(&xor(&object.encrypted_randomness, &randomness_key));
    if (randomness.is_none()) return option::none();
    let randomness = randomness.destroy_some();
    if (g2_mul(&randomness, &g2_generator()) != object.nonce) return option::none();

    // The randomness opens every other share without a derived key: all must lie on the polynomials.
    let gid_r = g1_mul(&randomness, &gid);
    let mut i = 0;
    while (i < object.indices.length()) {
        if (!opened.contains(&i)) {
            let mask = kdf(
                &pairing(&gid_r, &public_keys[key_of_share[i]].pk),
                &object.nonce,
                &gid,
                object.services[i],
                object.indices[i],
            );
            let share = xor(&object.encrypted_shares[i], &mask);
            if (!on_polynomials(&polynomials, object.indices[i], &share)) return option::none();
        };
        i = i + 1;
    };

    let dem_key = derive_key(KeyPurpose::DEM, &base_key, object);
    let aad = object.aad.get_with_default(vector[]);
    hmac256ctr::decrypt(&object.blob, &object.mac, &aad, &dem_key)
}

/// Every key is for this object's package and identity, from one of its servers, one for each server.
fun check_verified_keys(object: &EncryptedObject, keys: &vector<VerifiedDerivedKey>) {
    keys.do_ref!(|key| {
        assert!(key.package_id == object.package_id && key.id == object.id, EWrongVerifiedKeys);
        assert!(object.services.contains(&key.key_server.to_address()), EWrongVerifiedKeys);
    });
    assert!(all_unique(&keys.map_ref!(|key| key.key_server)), EWrongVerifiedKeys);
}

/// For each share, where its server's public key stands in `public_keys`. All of them must be used.
fun match_public_keys(object: &EncryptedObject, public_keys: &vector<PublicKey>): vector<u64> {
    assert!(all_unique(&public_keys.map_ref!(|key| key.key_server)), EWrongPublicKeys);
    let places = object.services.map_ref!(|service| {
        public_keys.find_index!(|key| key.key_server.to_address() == *service).destroy_some()
    });
    public_keys.length().do!(|i| assert!(places.contains(&i), EWrongPublicKeys));
    places
}

/// Opens the shares that the keys are for: their positions in the object, and the shares.
fun open_shares(
    object: &EncryptedObject,
    keys: &vector<VerifiedDerivedKey>,
    gid: &Element<G1>,
): (vector<u64>, vector<vector<u8>>) {
    let mut positions = vector[];
    let mut shares = vector[];
    keys.do_ref!(|key| {
        let service = key.key_server.to_address();
        let mask_input = pairing(&key.derived_key, &object.nonce);
        object.services.length().do!(|i| {
            if (object.services[i] == service) {
                let mask = kdf(&mask_input, &object.nonce, gid, service, object.indices[i]);
                positions.push_back(i);
                shares.push_back(xor(&object.encrypted_shares[i], &mask));
            }
        });
    });
    (positions, shares)
}

fun on_polynomials(polynomials: &vector<Polynomial>, x: u8, share: &vector<u8>): bool {
    let field = gf256::new();
    let mut i = 0;
    while (i < share.length()) {
        if (polynomials[i].evaluate_with(&field, x) != share[i]) return false;
        i = i + 1;
    };
    true
}

fun derive_key(
    purpose: KeyPurpose,
    base_key: &vector<u8>,
    object: &EncryptedObject,
): vector<u8> {
    let tag = match (purpose) {
        KeyPurpose::EncryptedRandomness => 0,
        KeyPurpose::DEM => 1,
    };
    let mut bytes = DST_DERIVE_KEY;
    bytes.append(*base_key);
    bytes.push_back(tag);
    bytes.push_back(object.threshold);
    object.encrypted_shares.do_ref!(|share| bytes.append(*share));
    object.services.do_ref!(|service| bytes.append((*service).to_bytes()));
    sha3_256(bytes)
}

/// A canonical big-endian scalar, or none.
fun scalar_or_none(bytes: &vector<u8>): Option<Element<Scalar>> {
    if (bytes.length() != SCALAR_BYTES) return option::none();
    let mut value = 0u256;
    bytes.do_ref!(|byte| value = (value << 8) | (*byte as u256));
    if (value >= SCALAR_ORDER) return option::none();
    option::some(scalar_from_bytes(bytes))
}

fun full_id(package_id: address, id: &vector<u8>): vector<u8> {
    let mut bytes = package_id.to_bytes();
    bytes.append(*id);
    bytes
}

fun xor(a: &vector<u8>, b: &vector<u8>): vector<u8> {
    assert!(a.length() == b.length(), EIncompatibleInputLengths);
    a.zip_map_ref!(b, |x, y| *x ^ *y)
}

fun all_unique<T>(items: &vector<T>): bool {
    let mut i = 0;
    while (i < items.length()) {
        let (_, first) = items.index_of(&items[i]);
        if (first != i) return false;
        i = i + 1;
    };
    true
}

/// Reads the BCS form. Aborts unless it is a version 0 object in the one mode that Move can decrypt, with
/// distinct share indices above 0, a threshold that its shares can reach, and no byte too many.
public fun parse_encrypted_object(object: vector<u8>): EncryptedObject {
    let mut reader = bcs::new(object);
    assert!(reader.peel_u8() == OBJECT_VERSION, EInvalidEncryptedObject);
    let package_id = reader.peel_address();
    let id = reader.peel_vec_u8();

    let mut services = vector[];
    let indices = reader.peel_vec!(|entry| {
        services.push_back(entry.peel_address());
        entry.peel_u8()
    });
    assert!(all_unique(&indices), EInvalidEncryptedObject);
    assert!(indices.all!(|index| *index > 0), EInvalidEncryptedObject);
    let threshold = reader.peel_u8();
    assert!(threshold > 0 && threshold as u64 <= indices.length(), EInvalidEncryptedObject);

    assert!(reader.peel_enum_tag() == KEM_BONEH_FRANKLIN, EInvalidEncryptedObject);
    let nonce = g2_from_bytes(&peel_fixed(&mut reader, G2_BYTES));
    let encrypted_shares = reader.peel_vec!(|entry| peel_fixed(entry, SHARE_BYTES));
    assert!(encrypted_shares.length() == indices.length(), EInvalidEncryptedObject);
    let encrypted_randomness = peel_fixed(&mut reader, SCALAR_BYTES);

    assert!(reader.peel_enum_tag() == DEM_HMAC256_CTR, EInvalidEncryptedObject);
    let blob = reader.peel_vec_u8();
    let aad = reader.peel_option!(|entry| entry.peel_vec_u8());
    let mac = peel_fixed(&mut reader, SHARE_BYTES);
    assert!(reader.into_remainder_bytes().is_empty(), EInvalidEncryptedObject);

    EncryptedObject {
        package_id,
        id,
        indices,
        services,
        threshold,
        nonce,
        encrypted_shares,
        encrypted_randomness,
        blob,
        aad,
        mac,
    }
}

/// BCS of a fixed array has no length in front.
fun peel_fixed(reader: &mut BCS, length: u64): vector<u8> {
    vector::tabulate!(length, |_| reader.peel_u8())
}

// === Parts of an encrypted object ===

public fun package_id(self: &EncryptedObject): &address {
    &self.package_id
}

public fun id(self: &EncryptedObject): &vector<u8> {
    &self.id
}

public fun services(self: &EncryptedObject): &vector<address> {
    &self.services
}

public fun indices(self: &EncryptedObject): &vector<u8> {
    &self.indices
}

public fun threshold(self: &EncryptedObject): u8 {
    self.threshold
}

public fun nonce(self: &EncryptedObject): &Element<G2> {
    &self.nonce
}

public fun encrypted_shares(self: &EncryptedObject): &vector<vector<u8>> {
    &self.encrypted_shares
}

public fun encrypted_randomness(self: &EncryptedObject): &vector<u8> {
    &self.encrypted_randomness
}

public fun blob(self: &EncryptedObject): &vector<u8> {
    &self.blob
}

public fun aad(self: &EncryptedObject): &Option<vector<u8>> {
    &self.aad
}

public fun mac(self: &EncryptedObject): &vector<u8> {
    &self.mac
}

#[test_only]
public fun all_unique_for_testing(items: vector<u8>): bool {
    all_unique(&items)
}

#[test_only]
public fun scalar_or_none_for_testing(bytes: vector<u8>): Option<Element<Scalar>> {
    scalar_or_none(&bytes)
}
