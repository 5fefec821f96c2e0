// Interface: https://docs.sui.io/references/framework/sui/ecdsa_r1
/// ECDSA on secp256r1 (P-256). `hash` is 0 for Keccak-256, 1 for SHA-256.
module sui::ecdsa_r1;

#[allow(unused_const)]
const EFailToRecoverPubKey: u64 = 0;
#[allow(unused_const)]
const EInvalidSignature: u64 = 1;

/// Key of 33 bytes that made the signature (r, s, recovery id: 65 bytes).
public native fun secp256r1_ecrecover(
    signature: &vector<u8>,
    msg: &vector<u8>,
    hash: u8,
): vector<u8>;

/// Signature of 64 bytes, key of 33. Anything malformed is false.
public native fun secp256r1_verify(
    signature: &vector<u8>,
    public_key: &vector<u8>,
    msg: &vector<u8>,
    hash: u8,
): bool;
