#[test_only]
/// The oracle has stand-ins only: these tests hold our machine to published values.
module sui::bls12381_tests;

use std::unit_test::assert_eq;
use sui::bls12381 as bls;

#[test]
fun scalars() {
    let (five, six) = (bls::scalar_from_u64(5), bls::scalar_from_u64(6));
    assert!(bls::scalar_add(&five, &six).equal(&bls::scalar_from_u64(11)));
    assert!(bls::scalar_sub(&six, &five).equal(&bls::scalar_one()));
    assert!(bls::scalar_mul(&five, &six).equal(&bls::scalar_from_u64(30)));
    assert!(bls::scalar_div(&five, &bls::scalar_from_u64(30)).equal(&six));
    assert!(bls::scalar_add(&five, &bls::scalar_neg(&five)).equal(&bls::scalar_zero()));
    assert!(bls::scalar_mul(&five, &bls::scalar_inv(&five)).equal(&bls::scalar_one()));
}

#[test, expected_failure(abort_code = 1, location = sui::group_ops)]
fun scalar_of_the_group_order() {
    bls::scalar_from_bytes(&x"73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001");
}

#[test, expected_failure(abort_code = 1, location = sui::group_ops)]
fun scalar_division_by_zero() {
    bls::scalar_div(&bls::scalar_zero(), &bls::scalar_one());
}

#[test]
fun seven_times_the_generators() {
    let seven = bls::scalar_from_u64(7);
    assert_eq!(
        *bls::g1_mul(&seven, &bls::g1_generator()).bytes(),
        x"b928f3beb93519eecf0145da903b40a4c97dca00b21f12ac0df3be9116ef2ef27b2ae6bcd4c5bc2d54ef5a70627efcb7",
    );
    assert_eq!(
        *bls::g2_mul(&seven, &bls::g2_generator()).bytes(),
        x"8d0273f6bf31ed37c3b8d68083ec3d8e20b5f2cc170fa24b9b5be35b34ed013f9a921f1cad1644d4bdb14674247234c8049cd1dbb2d2c3581e54c088135fef36505a6823d61b859437bfc79b617030dc8b40e32bad1fa85b9c0f368af6d38d3c",
    );
}

#[test]
fun groups() {
    let two = bls::scalar_from_u64(2);
    let g = bls::g1_generator();
    let double = bls::g1_add(&g, &g);
    assert!(double.equal(&bls::g1_mul(&two, &g)));
    assert!(bls::g1_sub(&double, &g).equal(&g));
    assert!(bls::g1_div(&two, &double).equal(&g));
    assert!(bls::g1_add(&g, &bls::g1_neg(&g)).equal(&bls::g1_identity()));
    assert!(bls::g1_from_bytes(g.bytes()).equal(&g));
    let h = bls::g2_generator();
    assert!(bls::g2_div(&two, &bls::g2_add(&h, &h)).equal(&h));
    assert!(bls::g2_from_bytes(bls::g2_identity().bytes()).equal(&bls::g2_identity()));
}

#[test]
fun sums() {
    let scalars = vector[2, 3].map!(|x| bls::scalar_from_u64(x));
    let points = vector[bls::g1_generator(), bls::g1_generator()];
    let expected = bls::g1_mul(&bls::scalar_from_u64(5), &bls::g1_generator());
    assert!(bls::g1_multi_scalar_multiplication(&scalars, &points).equal(&expected));
    let terms = points.map!(|p| bls::g1_to_uncompressed_g1(&p));
    let sum = bls::uncompressed_g1_to_g1(&bls::uncompressed_g1_sum(&terms));
    assert!(sum.equal(&bls::g1_mul(&bls::scalar_from_u64(2), &bls::g1_generator())));
}

#[test, expected_failure(abort_code = 1, location = sui::group_ops)]
fun sum_of_nothing() {
    bls::g1_multi_scalar_multiplication(&vector[], &vector[]);
}

#[test]
fun pairings() {
    let e = bls::pairing(&bls::g1_generator(), &bls::g2_generator());
    assert!(e.equal(&bls::gt_generator()));
    let (two, three) = (bls::scalar_from_u64(2), bls::scalar_from_u64(3));
    let left = bls::pairing(
        &bls::g1_mul(&two, &bls::g1_generator()),
        &bls::g2_mul(&three, &bls::g2_generator()),
    );
    assert!(left.equal(&bls::gt_mul(&bls::scalar_from_u64(6), &bls::gt_generator())));
    assert!(bls::gt_sub(&e, &e).equal(&bls::gt_identity()));
    assert!(bls::gt_neg(&bls::gt_neg(&e)).equal(&e));
}

#[test]
fun hashing_to_the_curve() {
    let mut input = b"SUI-SEAL-IBE-BLS12381-00";
    input.append(@0x0.to_bytes());
    input.append(x"01020304");
    assert_eq!(
        *bls::hash_to_g1(&input).bytes(),
        x"a2f2624fda29c88ccacd286b560572d8c1261a5687e0c0cdbdcbef93bf0ec5c373563fac64a2cb5bb326cc6181ee65d7",
    );
}

#[test, expected_failure(abort_code = 1, location = sui::group_ops)]
fun hashing_nothing() {
    bls::hash_to_g2(&b"");
}

#[test, expected_failure(abort_code = 1, location = sui::group_ops)]
fun point_too_short() {
    bls::g1_from_bytes(&b"short");
}

#[test, expected_failure(abort_code = 1, location = sui::group_ops)]
fun point_off_the_curve() {
    let mut bytes = *bls::g1_generator().bytes();
    let last = bytes.length() - 1;
    *&mut bytes[last] = bytes[last] ^ 1;
    bls::g1_from_bytes(&bytes);
}

#[test, expected_failure(abort_code = 1, location = sui::group_ops)]
fun infinity_with_other_bits() {
    let mut bytes = *bls::g1_identity().bytes();
    *&mut bytes[47] = 1;
    bls::g1_from_bytes(&bytes);
}

#[test]
fun signatures() {
    // sk = 1: the key is the generator, the signature the hashed message.
    let msg = b"message";
    let signature = bls::hash_to_g1(&msg);
    assert!(bls::bls12381_min_sig_verify(signature.bytes(), bls::g2_generator().bytes(), &msg));
    assert!(!bls::bls12381_min_sig_verify(signature.bytes(), bls::g2_generator().bytes(), &b"x"));
    assert!(!bls::bls12381_min_sig_verify(&b"", bls::g2_generator().bytes(), &msg));
    let signature = bls::hash_to_g2(&msg);
    assert!(bls::bls12381_min_pk_verify(signature.bytes(), bls::g1_generator().bytes(), &msg));
    assert!(!bls::bls12381_min_pk_verify(signature.bytes(), bls::g1_identity().bytes(), &msg));
}
