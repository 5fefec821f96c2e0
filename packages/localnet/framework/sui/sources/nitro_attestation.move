// Interface: https://docs.sui.io/references/framework/sui/nitro_attestation
/// Attestation documents of AWS Nitro enclaves.
module sui::nitro_attestation;

use sui::clock::Clock;

#[allow(unused_const)]
/// The chain does not verify attestations.
const ENotSupportedError: u64 = 0;
#[allow(unused_const)]
const EParseError: u64 = 1;
#[allow(unused_const)]
/// Signature, certificate chain or time.
const EVerifyError: u64 = 2;
#[allow(unused_const)]
const EInvalidPCRsError: u64 = 3;

/// One platform configuration register.
public struct PCREntry has drop {
    index: u8,
    value: vector<u8>,
}

/// A document whose signature and certificate chain were verified.
public struct NitroAttestationDocument has drop {
    module_id: vector<u8>,
    timestamp: u64,
    digest: vector<u8>,
    pcrs: vector<PCREntry>,
    public_key: Option<vector<u8>>,
    user_data: Option<vector<u8>>,
    nonce: Option<vector<u8>>,
}

/// Verifies a document at the time of the clock.
entry fun load_nitro_attestation(
    attestation: vector<u8>,
    clock: &Clock,
): NitroAttestationDocument {
    load_nitro_attestation_internal(&attestation, clock.timestamp_ms())
}

public fun module_id(attestation: &NitroAttestationDocument): &vector<u8> {
    &attestation.module_id
}

/// Unix time in milliseconds.
public fun timestamp(attestation: &NitroAttestationDocument): &u64 {
    &attestation.timestamp
}

/// Name of the hash function of the registers.
public fun digest(attestation: &NitroAttestationDocument): &vector<u8> {
    &attestation.digest
}

/// Registers 0, 1, 2, 3, 4, 8, and others that are not all zero.
public fun pcrs(attestation: &NitroAttestationDocument): &vector<PCREntry> {
    &attestation.pcrs
}

public fun public_key(attestation: &NitroAttestationDocument): &Option<vector<u8>> {
    &attestation.public_key
}

public fun user_data(attestation: &NitroAttestationDocument): &Option<vector<u8>> {
    &attestation.user_data
}

public fun nonce(attestation: &NitroAttestationDocument): &Option<vector<u8>> {
    &attestation.nonce
}

public fun index(entry: &PCREntry): u8 {
    entry.index
}

public fun value(entry: &PCREntry): &vector<u8> {
    &entry.value
}

native fun load_nitro_attestation_internal(
    attestation: &vector<u8>,
    current_timestamp: u64,
): NitroAttestationDocument;
