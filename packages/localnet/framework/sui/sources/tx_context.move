// Interface: https://docs.sui.io/references/framework/sui/tx_context
/// What a transaction knows about itself. The values come from natives; of the fields only
/// `tx_hash` is read, so a context made by a test carries zeros in the others.
module sui::tx_context;

#[allow(unused_field)]
public struct TxContext has drop {
    sender: address,
    tx_hash: vector<u8>,
    epoch: u64,
    epoch_timestamp_ms: u64,
    ids_created: u64,
}

#[test_only]
/// A transaction digest has 32 bytes.
const EBadTxHashLength: u64 = 0;
#[test_only]
const DIGEST_LENGTH: u64 = 32;

/// Who signed the transaction.
public fun sender(_self: &TxContext): address {
    native_sender()
}

/// Digest of the transaction; no source of randomness.
public fun digest(self: &TxContext): &vector<u8> {
    &self.tx_hash
}

public fun epoch(_self: &TxContext): u64 {
    native_epoch()
}

/// Start of the epoch, Unix time in milliseconds.
public fun epoch_timestamp_ms(_self: &TxContext): u64 {
    native_epoch_timestamp_ms()
}

/// Who pays for the gas, if that is not the sender.
public fun sponsor(_self: &TxContext): Option<address> {
    sponsor_option()
}

/// An address that nothing had before.
public fun fresh_object_address(_ctx: &mut TxContext): address {
    fresh_id()
}

public fun reference_gas_price(_self: &TxContext): u64 {
    native_rgp()
}

/// Gas price that the sender offered.
public fun gas_price(_self: &TxContext): u64 {
    native_gas_price()
}

fun sponsor_option(): Option<address> {
    let mut found = native_sponsor();
    if (found.is_empty()) option::none() else option::some(found.pop_back())
}

native fun native_sender(): address;
native fun native_epoch(): u64;
native fun native_epoch_timestamp_ms(): u64;
native fun native_sponsor(): vector<address>;
native fun native_rgp(): u64;
native fun native_gas_price(): u64;
#[allow(unused_function)]
native fun native_ids_created(): u64;
#[allow(unused_function)]
native fun native_gas_budget(): u64;
native fun fresh_id(): address;
#[allow(unused_function)]
native fun derive_id(tx_hash: vector<u8>, ids_created: u64): address;

#[test_only]
native fun last_created_id(): address;

#[test_only]
native fun replace(
    sender: address,
    tx_hash: vector<u8>,
    epoch: u64,
    epoch_timestamp_ms: u64,
    ids_created: u64,
    rgp: u64,
    gas_price: u64,
    gas_budget: u64,
    sponsor: vector<address>,
);

#[test_only]
/// Sets everything that the natives answer.
public fun create(
    sender: address,
    tx_hash: vector<u8>,
    epoch: u64,
    epoch_timestamp_ms: u64,
    ids_created: u64,
    rgp: u64,
    gas_price: u64,
    gas_budget: u64,
    sponsor: Option<address>,
): TxContext {
    assert!(tx_hash.length() == DIGEST_LENGTH, EBadTxHashLength);
    let payer = sponsor.to_vec();
    replace(
        sender, tx_hash, epoch, epoch_timestamp_ms, ids_created, rgp, gas_price, gas_budget, payer,
    );
    TxContext { sender: @0x0, tx_hash, epoch: 0, epoch_timestamp_ms: 0, ids_created: 0 }
}

#[test_only]
/// As `create`, gas and sponsor as they are.
public fun new(
    sender: address,
    tx_hash: vector<u8>,
    epoch: u64,
    epoch_timestamp_ms: u64,
    ids_created: u64,
): TxContext {
    create(
        sender,
        tx_hash,
        epoch,
        epoch_timestamp_ms,
        ids_created,
        native_rgp(),
        native_gas_price(),
        native_gas_budget(),
        sponsor_option(),
    )
}

#[test_only]
/// As `new`, with the digest made from a number.
public fun new_from_hint(
    addr: address,
    hint: u64,
    epoch: u64,
    epoch_timestamp_ms: u64,
    ids_created: u64,
): TxContext {
    new(addr, dummy_tx_hash_with_hint(hint), epoch, epoch_timestamp_ms, ids_created)
}

#[test_only]
/// Sender 0x0 and a fixed digest.
public fun dummy(): TxContext {
    let digest = x"3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532";
    new(@0x0, digest, 0, 0, 0)
}

#[test_only]
/// The number in little-endian order, padded with zeros.
public fun dummy_tx_hash_with_hint(hint: u64): vector<u8> {
    let mut digest = std::bcs::to_bytes(&hint);
    while (digest.length() < DIGEST_LENGTH) digest.push_back(0);
    digest
}

#[test_only]
public fun ids_created(_self: &TxContext): u64 {
    native_ids_created()
}

#[test_only]
public fun get_ids_created(self: &TxContext): u64 {
    self.ids_created()
}

#[test_only]
public fun gas_budget(_self: &TxContext): u64 {
    native_gas_budget()
}

#[test_only]
public fun last_created_object_id(_self: &TxContext): address {
    last_created_id()
}

#[test_only]
public fun increment_epoch_number(self: &mut TxContext) {
    self.set_epoch(native_epoch() + 1, native_epoch_timestamp_ms())
}

#[test_only]
public fun increment_epoch_timestamp(self: &mut TxContext, delta_ms: u64) {
    self.set_epoch(native_epoch(), native_epoch_timestamp_ms() + delta_ms)
}

#[test_only]
fun set_epoch(self: &TxContext, epoch: u64, timestamp_ms: u64) {
    replace(
        native_sender(),
        self.tx_hash,
        epoch,
        timestamp_ms,
        native_ids_created(),
        native_rgp(),
        native_gas_price(),
        native_gas_budget(),
        native_sponsor(),
    )
}
