// Interface: https://docs.sui.io/references/framework/sui/coin_registry
/// One shared record for each coin type: how it is shown, and what may happen to its supply.
module sui::coin_registry;

use std::ascii;
use std::string::String;
use std::type_name::TypeName;
use sui::bag::{Self, Bag};
use sui::balance::{Balance, Supply};
use sui::coin::{Self, Coin, CoinMetadata, DenyCapV2, TreasuryCap};
use sui::derived_object;
use sui::dynamic_object_field as object_field;
use sui::transfer::Receiving;
use sui::types;
use sui::vec_map::{Self, VecMap};

#[error(code = 0)]
const EMetadataCapAlreadyClaimed: vector<u8> = b"Metadata cap already claimed.";
#[error(code = 1)]
const ENotSystemAddress: vector<u8> = b"Only the system can create the registry.";
#[error(code = 2)]
const ECurrencyAlreadyExists: vector<u8> = b"Currency for this coin type already exists.";
#[error(code = 6)]
const EInvalidSymbol: vector<u8> = b"Symbol has to be ASCII printable.";
#[error(code = 7)]
const EDenyCapAlreadyCreated: vector<u8> = b"Cannot claim the deny cap twice.";
#[error(code = 9)]
const EEmptySupply: vector<u8> = b"Supply cannot be empty.";
#[error(code = 10)]
const ESupplyNotBurnOnly: vector<u8> = b"Cannot burn on a non burn-only supply.";
#[error(code = 11)]
const EInvariantViolation: vector<u8> = b"Code invariant violation.";

const REGULATED_COIN_VERSION: u8 = 0;
const REGISTRY: address = @0xc;

/// Shared object 0xc.
public struct CoinRegistry has key {
    id: UID,
}

#[allow(unused_field)]
public struct ExtraField(TypeName, vector<u8>) has store;

/// What the id of a type's `Currency` is derived from.
public struct CurrencyKey<phantom T>() has copy, drop, store;

/// The right to change how a coin is shown.
public struct MetadataCap<phantom T> has key, store {
    id: UID,
}

public struct Currency<phantom T> has key {
    id: UID,
    decimals: u8,
    name: String,
    symbol: String,
    description: String,
    icon_url: String,
    supply: Option<SupplyState<T>>,
    regulated: RegulatedState,
    treasury_cap_id: Option<ID>,
    metadata_cap_id: MetadataCapState,
    extra_fields: VecMap<String, ExtraField>,
}

public enum SupplyState<phantom T> has store {
    /// No more minting, no burning.
    Fixed(Supply<T>),
    /// No more minting; everybody can burn.
    BurnOnly(Supply<T>),
    /// In the hands of the treasury cap.
    Unknown,
}

public enum RegulatedState has copy, drop, store {
    Regulated { cap: ID, allow_global_pause: Option<bool>, variant: u8 },
    Unregulated,
    Unknown,
}

public enum MetadataCapState has copy, drop, store {
    Claimed(ID),
    Unclaimed,
    Deleted,
}

/// A currency on the way to being registered; must be given to `finalize`.
public struct CurrencyInitializer<phantom T> {
    currency: Currency<T>,
    extra_fields: Bag,
    is_otw: bool,
}

public use fun make_supply_fixed_init as CurrencyInitializer.make_supply_fixed;
public use fun make_supply_burn_only_init as CurrencyInitializer.make_supply_burn_only;

/// Registers a type of the calling module (the bytecode verifier sees to it).
public fun new_currency<T: key>(
    registry: &mut CoinRegistry,
    decimals: u8,
    symbol: String,
    name: String,
    description: String,
    icon_url: String,
    ctx: &mut TxContext,
): (CurrencyInitializer<T>, TreasuryCap<T>) {
    assert!(!registry.exists<T>(), ECurrencyAlreadyExists);
    assert!(is_printable(&symbol), EInvalidSymbol);
    let cap = coin::new_treasury_cap(ctx);
    let id = derived_object::claim(&mut registry.id, CurrencyKey<T>());
    let currency = Currency {
        id,
        decimals,
        name,
        symbol,
        description,
        icon_url,
        supply: option::some(SupplyState::Unknown),
        regulated: RegulatedState::Unregulated,
        treasury_cap_id: option::some(object::id(&cap)),
        metadata_cap_id: MetadataCapState::Unclaimed,
        extra_fields: vec_map::empty(),
    };
    (CurrencyInitializer { currency, extra_fields: bag::new(ctx), is_otw: false }, cap)
}

/// Starts the registration of a one-time witness type in `init`, where the registry is not at hand.
/// Until `finalize_registration`, the currency carries old-style metadata for readers that want it.
public fun new_currency_with_otw<T: drop>(
    otw: T,
    decimals: u8,
    symbol: String,
    name: String,
    description: String,
    icon_url: String,
    ctx: &mut TxContext,
): (CurrencyInitializer<T>, TreasuryCap<T>) {
    assert!(types::is_one_time_witness(&otw));
    assert!(is_printable(&symbol), EInvalidSymbol);
    let cap = coin::new_treasury_cap(ctx);
    let mut currency = Currency {
        id: object::new(ctx),
        decimals,
        name,
        symbol,
        description,
        icon_url,
        supply: option::some(SupplyState::Unknown),
        regulated: RegulatedState::Unregulated,
        treasury_cap_id: option::some(object::id(&cap)),
        metadata_cap_id: MetadataCapState::Unclaimed,
        extra_fields: vec_map::empty(),
    };
    let legacy = coin::new_legacy_coin_metadata<T>(
        decimals,
        symbol,
        name,
        description,
        icon_url,
        ctx,
    );
    object_field::add(&mut currency.id, 0u64, legacy);
    (CurrencyInitializer { currency, extra_fields: bag::new(ctx), is_otw: true }, cap)
}

/// Once, and never after it was deleted.
public fun claim_metadata_cap<T>(
    currency: &mut Currency<T>,
    _: &TreasuryCap<T>,
    ctx: &mut TxContext,
): MetadataCap<T> {
    assert!(!currency.is_metadata_cap_claimed(), EMetadataCapAlreadyClaimed);
    let id = object::new(ctx);
    currency.metadata_cap_id = MetadataCapState::Claimed(id.to_inner());
    MetadataCap { id }
}

/// Makes the coin one whose use can be denied to addresses.
public fun make_regulated<T>(
    init: &mut CurrencyInitializer<T>,
    allow_global_pause: bool,
    ctx: &mut TxContext,
): DenyCapV2<T> {
    assert!(init.currency.regulated == RegulatedState::Unregulated, EDenyCapAlreadyCreated);
    let deny_cap = coin::new_deny_cap_v2(allow_global_pause, ctx);
    init.currency.regulated = RegulatedState::Regulated {
        cap: object::id(&deny_cap),
        allow_global_pause: option::some(allow_global_pause),
        variant: REGULATED_COIN_VERSION,
    };
    deny_cap
}

public fun make_supply_fixed_init<T>(init: &mut CurrencyInitializer<T>, cap: TreasuryCap<T>) {
    assert!(cap.total_supply() > 0, EEmptySupply);
    init.currency.make_supply_fixed(cap)
}

public fun make_supply_burn_only_init<T>(
    init: &mut CurrencyInitializer<T>,
    cap: TreasuryCap<T>,
) {
    assert!(cap.total_supply() > 0, EEmptySupply);
    init.currency.make_supply_burn_only(cap)
}

/// Gives the treasury cap up: what exists is all there will be.
public fun make_supply_fixed<T>(currency: &mut Currency<T>, cap: TreasuryCap<T>) {
    currency.set_supply(SupplyState::Fixed(cap.treasury_into_supply()))
}

/// Gives the treasury cap up; coins can still be burned.
public fun make_supply_burn_only<T>(currency: &mut Currency<T>, cap: TreasuryCap<T>) {
    currency.set_supply(SupplyState::BurnOnly(cap.treasury_into_supply()))
}

#[allow(lint(share_owned))]
/// Ends the set-up. A currency of a one-time witness goes to the registry and still needs
/// `finalize_registration`; any other is shared.
public fun finalize<T>(builder: CurrencyInitializer<T>, ctx: &mut TxContext): MetadataCap<T> {
    let CurrencyInitializer { mut currency, extra_fields, is_otw } = builder;
    extra_fields.destroy_empty();
    let id = object::new(ctx);
    currency.metadata_cap_id = MetadataCapState::Claimed(id.to_inner());
    if (is_otw) transfer::transfer(currency, REGISTRY) else transfer::share_object(currency);
    MetadataCap { id }
}

/// Gives a currency that `finalize` sent to the registry its derived id, and shares it.
public fun finalize_registration<T>(
    registry: &mut CoinRegistry,
    currency: Receiving<Currency<T>>,
    _ctx: &mut TxContext,
) {
    let Currency {
        id: mut old_id,
        decimals,
        name,
        symbol,
        description,
        icon_url,
        supply,
        regulated,
        treasury_cap_id,
        metadata_cap_id,
        extra_fields,
    } = transfer::receive(&mut registry.id, currency);
    let legacy: CoinMetadata<T> = object_field::remove(&mut old_id, 0u64);
    legacy.destroy_metadata();
    old_id.delete();
    transfer::share_object(Currency {
        id: derived_object::claim(&mut registry.id, CurrencyKey<T>()),
        decimals,
        name,
        symbol,
        description,
        icon_url,
        supply,
        regulated,
        treasury_cap_id,
        metadata_cap_id,
        extra_fields,
    })
}

/// Nobody can change how the coin is shown any more.
public fun delete_metadata_cap<T>(currency: &mut Currency<T>, cap: MetadataCap<T>) {
    let MetadataCap { id } = cap;
    id.delete();
    currency.metadata_cap_id = MetadataCapState::Deleted;
}

public fun burn<T>(currency: &mut Currency<T>, coin: Coin<T>) {
    currency.burn_balance(coin.into_balance())
}

public fun burn_balance<T>(currency: &mut Currency<T>, balance: Balance<T>) {
    assert!(currency.is_supply_burn_only(), ESupplyNotBurnOnly);
    match (currency.supply.borrow_mut()) {
        SupplyState::BurnOnly(supply) => {
            supply.decrease_supply(balance);
        },
        _ => abort EInvariantViolation,
    }
}

public fun set_name<T>(currency: &mut Currency<T>, _: &MetadataCap<T>, name: String) {
    currency.name = name;
}

public fun set_description<T>(
    currency: &mut Currency<T>,
    _: &MetadataCap<T>,
    description: String,
) {
    currency.description = description;
}

public fun set_icon_url<T>(currency: &mut Currency<T>, _: &MetadataCap<T>, icon_url: String) {
    currency.icon_url = icon_url;
}

public fun decimals<T>(currency: &Currency<T>): u8 {
    currency.decimals
}

public fun name<T>(currency: &Currency<T>): String {
    currency.name
}

public fun symbol<T>(currency: &Currency<T>): String {
    currency.symbol
}

public fun description<T>(currency: &Currency<T>): String {
    currency.description
}

public fun icon_url<T>(currency: &Currency<T>): String {
    currency.icon_url
}

public fun is_metadata_cap_claimed<T>(currency: &Currency<T>): bool {
    match (currency.metadata_cap_id) {
        MetadataCapState::Unclaimed => false,
        _ => true,
    }
}

public fun is_metadata_cap_deleted<T>(currency: &Currency<T>): bool {
    match (currency.metadata_cap_id) {
        MetadataCapState::Deleted => true,
        _ => false,
    }
}

public fun metadata_cap_id<T>(currency: &Currency<T>): Option<ID> {
    match (currency.metadata_cap_id) {
        MetadataCapState::Claimed(id) => option::some(id),
        _ => option::none(),
    }
}

public fun treasury_cap_id<T>(currency: &Currency<T>): Option<ID> {
    currency.treasury_cap_id
}

public fun deny_cap_id<T>(currency: &Currency<T>): Option<ID> {
    match (currency.regulated) {
        RegulatedState::Regulated { cap, allow_global_pause: _, variant: _ } => option::some(cap),
        _ => option::none(),
    }
}

public fun is_supply_fixed<T>(currency: &Currency<T>): bool {
    match (currency.supply.borrow()) {
        SupplyState::Fixed(_) => true,
        _ => false,
    }
}

public fun is_supply_burn_only<T>(currency: &Currency<T>): bool {
    match (currency.supply.borrow()) {
        SupplyState::BurnOnly(_) => true,
        _ => false,
    }
}

public fun is_regulated<T>(currency: &Currency<T>): bool {
    match (currency.regulated) {
        RegulatedState::Regulated { cap: _, allow_global_pause: _, variant: _ } => true,
        _ => false,
    }
}

/// The supply, where the currency holds it.
public fun total_supply<T>(currency: &Currency<T>): Option<u64> {
    match (currency.supply.borrow()) {
        SupplyState::Fixed(supply) => option::some(supply.supply_value()),
        SupplyState::BurnOnly(supply) => option::some(supply.supply_value()),
        SupplyState::Unknown => option::none(),
    }
}

/// Whether the type was ever registered.
public fun exists<T>(registry: &CoinRegistry): bool {
    derived_object::exists(&registry.id, CurrencyKey<T>())
}

fun set_supply<T>(currency: &mut Currency<T>, state: SupplyState<T>) {
    match (currency.supply.swap(state)) {
        SupplyState::Unknown => (),
        // Giving the only treasury cap up twice is impossible.
        SupplyState::Fixed(_supply) => abort EInvariantViolation,
        SupplyState::BurnOnly(_supply) => abort EInvariantViolation,
    }
}

fun is_printable(symbol: &String): bool {
    symbol.as_bytes().all!(|byte| ascii::is_printable_char(*byte))
}

#[allow(unused_function)]
/// Called once, at genesis.
fun create(ctx: &TxContext) {
    assert!(ctx.sender() == @0x0, ENotSystemAddress);
    transfer::share_object(CoinRegistry { id: object::coin_registry() })
}

#[test_only]
public fun create_coin_data_registry_for_testing(ctx: &mut TxContext): CoinRegistry {
    assert!(ctx.sender() == @0x0, ENotSystemAddress);
    CoinRegistry { id: object::new(ctx) }
}

#[test_only]
public fun share_for_testing(registry: CoinRegistry) {
    transfer::share_object(registry)
}
