// Interface: https://docs.sui.io/references/framework/sui/ed25519
/// Ed25519 signatures.
module sui::ed25519;

/// Signature of 64 bytes, key of 32. Anything malformed is false.
public native fun ed25519_verify(
    signature: &vector<u8>,
    public_key: &vector<u8>,
    msg: &vector<u8>,
): bool;
