// Interface: https://docs.sui.io/references/framework/sui/groth16
/// Groth16 proofs on BLS12-381 and BN254.
module sui::groth16;

#[allow(unused_const)]
const EInvalidVerifyingKey: u64 = 0;
#[allow(unused_const)]
const EInvalidCurve: u64 = 1;
/// More than eight.
const ETooManyPublicInputs: u64 = 2;
/// Public inputs are not a multiple of 32 bytes.
const EInvalidScalar: u64 = 3;

const SCALAR_BYTES: u64 = 32;
const MAX_PUBLIC_INPUTS: u64 = 8;

public struct Curve has copy, drop, store {
    id: u8,
}

public struct PreparedVerifyingKey has copy, drop, store {
    vk_gamma_abc_g1_bytes: vector<u8>,
    alpha_g1_beta_g2_bytes: vector<u8>,
    gamma_g2_neg_pc_bytes: vector<u8>,
    delta_g2_neg_pc_bytes: vector<u8>,
}

public struct PublicProofInputs has copy, drop, store {
    bytes: vector<u8>,
}

public struct ProofPoints has copy, drop, store {
    bytes: vector<u8>,
}

public fun bls12381(): Curve {
    Curve { id: 0 }
}

public fun bn254(): Curve {
    Curve { id: 1 }
}

public fun pvk_from_bytes(
    vk_gamma_abc_g1_bytes: vector<u8>,
    alpha_g1_beta_g2_bytes: vector<u8>,
    gamma_g2_neg_pc_bytes: vector<u8>,
    delta_g2_neg_pc_bytes: vector<u8>,
): PreparedVerifyingKey {
    PreparedVerifyingKey {
        vk_gamma_abc_g1_bytes,
        alpha_g1_beta_g2_bytes,
        gamma_g2_neg_pc_bytes,
        delta_g2_neg_pc_bytes,
    }
}

public fun pvk_to_bytes(pvk: PreparedVerifyingKey): vector<vector<u8>> {
    let PreparedVerifyingKey {
        vk_gamma_abc_g1_bytes: gamma_abc,
        alpha_g1_beta_g2_bytes: alpha_beta,
        gamma_g2_neg_pc_bytes: gamma,
        delta_g2_neg_pc_bytes: delta,
    } = pvk;
    vector[gamma_abc, alpha_beta, gamma, delta]
}

public fun public_proof_inputs_from_bytes(bytes: vector<u8>): PublicProofInputs {
    assert!(bytes.length() % SCALAR_BYTES == 0, EInvalidScalar);
    assert!(bytes.length() / SCALAR_BYTES <= MAX_PUBLIC_INPUTS, ETooManyPublicInputs);
    PublicProofInputs { bytes }
}

public fun proof_points_from_bytes(bytes: vector<u8>): ProofPoints {
    ProofPoints { bytes }
}

public fun prepare_verifying_key(
    curve: &Curve,
    verifying_key: &vector<u8>,
): PreparedVerifyingKey {
    prepare_verifying_key_internal(curve.id, verifying_key)
}

public fun verify_groth16_proof(
    curve: &Curve,
    prepared_verifying_key: &PreparedVerifyingKey,
    public_proof_inputs: &PublicProofInputs,
    proof_points: &ProofPoints,
): bool {
    verify_groth16_proof_internal(
        curve.id,
        &prepared_verifying_key.vk_gamma_abc_g1_bytes,
        &prepared_verifying_key.alpha_g1_beta_g2_bytes,
        &prepared_verifying_key.gamma_g2_neg_pc_bytes,
        &prepared_verifying_key.delta_g2_neg_pc_bytes,
        &public_proof_inputs.bytes,
        &proof_points.bytes,
    )
}

native fun prepare_verifying_key_internal(
    curve: u8,
    verifying_key: &vector<u8>,
): PreparedVerifyingKey;

native fun verify_groth16_proof_internal(
    curve: u8,
    vk_gamma_abc_g1_bytes: &vector<u8>,
    alpha_g1_beta_g2_bytes: &vector<u8>,
    gamma_g2_neg_pc_bytes: &vector<u8>,
    delta_g2_neg_pc_bytes: &vector<u8>,
    public_proof_inputs: &vector<u8>,
    proof_points: &vector<u8>,
): bool;
