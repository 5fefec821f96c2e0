// Interface: https://docs.sui.io/references/framework/sui/address_alias
/// Other addresses that may sign for an address.
module sui::address_alias;

use sui::derived_object;
use sui::party;
use sui::vec_set::{Self, VecSet};

#[error(code = 0)]
const ENotSystemAddress: vector<u8> = b"Only the system can create the alias state object.";
#[error(code = 1)]
const ENoSuchAlias: vector<u8> = b"Given alias does not exist.";
#[error(code = 2)]
const EAliasAlreadyExists: vector<u8> = b"Alias already exists.";
#[error(code = 3)]
const ECannotRemoveLastAlias: vector<u8> = b"Cannot remove the last alias.";
#[error(code = 4)]
const ETooManyAliases: vector<u8> = b"The number of aliases exceeds the maximum allowed.";

const CURRENT_VERSION: u64 = 0;
const MAX_ALIASES: u64 = 8;

/// Shared object 0xa: the parent from which the ids of all `AddressAliases` are derived.
public struct AddressAliasState has key {
    id: UID,
    version: u64,
}

/// The addresses that may sign for its owner.
public struct AddressAliases has key {
    id: UID,
    aliases: VecSet<address>,
}

public struct AliasKey(address) has copy, drop, store;

/// Starts the sender's set, with the sender alone in it.
entry fun initialize(address_alias_state: &mut AddressAliasState, ctx: &TxContext) {
    let sender = ctx.sender();
    let parent = &mut address_alias_state.id;
    assert!(!derived_object::exists(parent, AliasKey(sender)), EAliasAlreadyExists);
    let aliases = AddressAliases {
        id: derived_object::claim(parent, AliasKey(sender)),
        aliases: vec_set::singleton(sender),
    };
    transfer::party_transfer(aliases, party::single_owner(sender))
}

entry fun add(aliases: &mut AddressAliases, alias: address) {
    assert!(!aliases.aliases.contains(&alias), EAliasAlreadyExists);
    assert!(aliases.aliases.length() < MAX_ALIASES, ETooManyAliases);
    aliases.aliases.insert(alias)
}

entry fun replace_all(aliases: &mut AddressAliases, new_aliases: vector<address>) {
    let replaced = vec_set::from_keys(new_aliases);
    assert!(!replaced.is_empty(), ECannotRemoveLastAlias);
    assert!(replaced.length() <= MAX_ALIASES, ETooManyAliases);
    aliases.aliases = replaced;
}

entry fun remove(aliases: &mut AddressAliases, alias: address) {
    assert!(aliases.aliases.contains(&alias), ENoSuchAlias);
    assert!(aliases.aliases.length() > 1, ECannotRemoveLastAlias);
    aliases.aliases.remove(&alias)
}

#[allow(unused_function)]
/// Called once, at genesis.
fun create(ctx: &TxContext) {
    assert!(ctx.sender() == @0x0, ENotSystemAddress);
    transfer::share_object(AddressAliasState {
        id: object::address_alias_state(),
        version: CURRENT_VERSION,
    })
}

#[test_only]
public fun create_for_testing(ctx: &TxContext) {
    create(ctx)
}
