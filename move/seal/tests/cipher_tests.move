// Copyright 2026 the seal-ts authors
// SPDX-License-Identifier: Apache-2.0

#[test_only]
module seal::cipher_tests;

use seal::hmac256ctr::decrypt;
use seal::kdf::{hash_to_g1_with_dst, kdf};
use sui::bls12381::{g1_generator, g2_generator, g2_mul, pairing, scalar_from_u64};

const LONG_KEY: vector<u8> = x"5bfdfd7c814903f1311bebacfffa3c001cbeb1cbb3275baa9aafe21fadd9f396";
const LONG_BLOB: vector<u8> =
    x"feadb8c8f781036f86b6a9f436cac6f9f68ba8fc8b8444f0331a5820f78580f32034f698f7ce15f25defae1749f0131c0a8b8c5e751b96aacf507d0dbd4d7790440d196a339fcb8498ca7dd236014e353729b7aa2cf524284a8d2305d2378494eadd6f";
const LONG_MAC: vector<u8> = x"85d498365972c3dc7a53f94232f9cb10dcc94eff064d6835d41d7a7536b47b51";

#[test]
fun opens_a_short_text() {
    let plain = decrypt(
        &x"711ec5be4348c6194475dd2a45",
        &x"a94c5de42a5a0219fcd6871d379df4870c35e6406ebdfb7a51594fc18a1192bd",
        &b"something",
        &x"76532ed510f487739f775afe6b64bc506e0097b9709f33fc5a18cb1c57fac66d",
    );
    assert!(plain.contains(&b"Hello, world!"));
}

#[test]
fun opens_a_text_of_several_blocks() {
    let plain = decrypt(&LONG_BLOB, &LONG_MAC, &b"Mark Twain", &LONG_KEY);
    assert!(plain.contains(
        &b"The difference between a Miracle and a Fact is exactly the difference between a mermaid and a seal.",
    ));
}

#[test]
fun refuses_a_wrong_mac() {
    let plain = decrypt(
        &x"98bf8da0ccbb35b6cf41effc83",
        &x"6c3d7fdb9b3a16a552b43a3300d6493f328e97aebf0697645cd35348ac926ec2",
        &b"something else",
        &x"4804597e77d5025ab89d8559fe826dbd5591aaa5a0a3ca19ea572350e2a08c6b",
    );
    assert!(plain.is_none());
}

#[test]
fun refuses_other_additional_data() {
    assert!(decrypt(&LONG_BLOB, &LONG_MAC, &b"Mark", &LONG_KEY).is_none());
}

#[test]
fun refuses_a_shortened_text() {
    let mut blob = LONG_BLOB;
    blob.pop_back();
    assert!(decrypt(&blob, &LONG_MAC, &b"Mark Twain", &LONG_KEY).is_none());
}

#[test]
fun refuses_a_shortened_mac() {
    let mut mac = LONG_MAC;
    mac.pop_back();
    assert!(decrypt(&LONG_BLOB, &mac, &b"Mark Twain", &LONG_KEY).is_none());
}

#[test]
fun mask_known_answer() {
    let nonce = g2_mul(&scalar_from_u64(12345), &g2_generator());
    let mask = kdf(
        &pairing(&g1_generator(), &nonce),
        &nonce,
        &hash_to_g1_with_dst(&vector[0]),
        @0x0,
        42,
    );
    assert!(mask == x"89befdfd6aecdce1305ddbca891d1c29f0507cfd5225cd6b11e52e60f088ea87");
}

#[test]
fun identity_known_answer() {
    let mut id = @0x0.to_bytes();
    id.append(x"01020304");
    let expected =
        x"a2f2624fda29c88ccacd286b560572d8c1261a5687e0c0cdbdcbef93bf0ec5c373563fac64a2cb5bb326cc6181ee65d7";
    assert!(*hash_to_g1_with_dst(&id).bytes() == expected);
}
