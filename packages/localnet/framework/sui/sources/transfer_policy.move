// Interface: https://docs.sui.io/references/framework/sui/transfer_policy
/// Rules that a trade of an object must satisfy, set by the maker of its type.
module sui::transfer_policy;

use std::type_name::{Self, TypeName};
use sui::balance::{Self, Balance};
use sui::coin::{Self, Coin};
use sui::dynamic_field as field;
use sui::event;
use sui::package::Publisher;
use sui::sui::SUI;
use sui::vec_set::{Self, VecSet};

/// Not as many receipts as rules.
const EPolicyNotSatisfied: u64 = 0;
/// A receipt for something that is no rule.
const EIllegalRule: u64 = 1;
const EUnknownRequirement: u64 = 2;
const ERuleAlreadySet: u64 = 3;
/// The cap is for another policy.
const ENotOwner: u64 = 4;
const ENotEnough: u64 = 5;

/// A trade that waits for confirmation.
public struct TransferRequest<phantom T> {
    item: ID,
    paid: u64,
    from: ID,
    receipts: VecSet<TypeName>,
}

public struct TransferPolicy<phantom T> has key, store {
    id: UID,
    balance: Balance<SUI>,
    rules: VecSet<TypeName>,
}

public struct TransferPolicyCap<phantom T> has key, store {
    id: UID,
    policy_id: ID,
}

public struct TransferPolicyCreated<phantom T> has copy, drop {
    id: ID,
}

public struct TransferPolicyDestroyed<phantom T> has copy, drop {
    id: ID,
}

/// Name of the field with a rule's settings.
public struct RuleKey<phantom T: drop> has copy, drop, store {}

public fun new_request<T>(item: ID, paid: u64, from: ID): TransferRequest<T> {
    TransferRequest { item, paid, from, receipts: vec_set::empty() }
}

/// Only for the publisher of the type's package.
public fun new<T>(
    pub: &Publisher,
    ctx: &mut TxContext,
): (TransferPolicy<T>, TransferPolicyCap<T>) {
    assert!(pub.from_package<T>(), 0);
    let id = object::new(ctx);
    let policy_id = id.to_inner();
    event::emit(TransferPolicyCreated<T> { id: policy_id });
    let policy = TransferPolicy { id, balance: balance::zero(), rules: vec_set::empty() };
    (policy, TransferPolicyCap { id: object::new(ctx), policy_id })
}

#[allow(lint(self_transfer, share_owned))]
entry fun default<T>(pub: &Publisher, ctx: &mut TxContext) {
    let (policy, cap) = new<T>(pub, ctx);
    transfer::share_object(policy);
    transfer::transfer(cap, ctx.sender())
}

/// What the policy has earned, or part of it.
public fun withdraw<T>(
    self: &mut TransferPolicy<T>,
    cap: &TransferPolicyCap<T>,
    amount: Option<u64>,
    ctx: &mut TxContext,
): Coin<SUI> {
    self.check_owner(cap);
    let earned = self.balance.value();
    let amount = amount.destroy_or!(earned);
    assert!(amount <= earned, ENotEnough);
    coin::take(&mut self.balance, amount, ctx)
}

public fun destroy_and_withdraw<T>(
    self: TransferPolicy<T>,
    cap: TransferPolicyCap<T>,
    ctx: &mut TxContext,
): Coin<SUI> {
    self.check_owner(&cap);
    let TransferPolicy { id, balance, rules: _ } = self;
    let TransferPolicyCap { id: cap_id, policy_id } = cap;
    id.delete();
    cap_id.delete();
    event::emit(TransferPolicyDestroyed<T> { id: policy_id });
    balance.into_coin(ctx)
}

/// Ends a request that has a receipt for each rule.
public fun confirm_request<T>(
    self: &TransferPolicy<T>,
    request: TransferRequest<T>,
): (ID, u64, ID) {
    let TransferRequest { item, paid, from, receipts } = request;
    let receipts = receipts.into_keys();
    assert!(receipts.length() == self.rules.length(), EPolicyNotSatisfied);
    receipts.do_ref!(|receipt| assert!(self.rules.contains(receipt), EIllegalRule));
    (item, paid, from)
}

/// Adds the rule that has `Rule` as its witness type.
public fun add_rule<T, Rule: drop, Config: store + drop>(
    _: Rule,
    policy: &mut TransferPolicy<T>,
    cap: &TransferPolicyCap<T>,
    cfg: Config,
) {
    policy.check_owner(cap);
    assert!(!policy.has_rule<T, Rule>(), ERuleAlreadySet);
    field::add(&mut policy.id, RuleKey<Rule> {}, cfg);
    policy.rules.insert(type_name::with_defining_ids<Rule>())
}

/// Settings of a rule.
public fun get_rule<T, Rule: drop, Config: store + drop>(
    _: Rule,
    policy: &TransferPolicy<T>,
): &Config {
    field::borrow(&policy.id, RuleKey<Rule> {})
}

public fun add_to_balance<T, Rule: drop>(
    _: Rule,
    policy: &mut TransferPolicy<T>,
    coin: Coin<SUI>,
) {
    assert!(policy.has_rule<T, Rule>(), EUnknownRequirement);
    coin::put(&mut policy.balance, coin)
}

/// Says that the rule is satisfied.
public fun add_receipt<T, Rule: drop>(_: Rule, request: &mut TransferRequest<T>) {
    request.receipts.insert(type_name::with_defining_ids<Rule>())
}

public fun has_rule<T, Rule: drop>(policy: &TransferPolicy<T>): bool {
    field::exists_(&policy.id, RuleKey<Rule> {})
}

public fun remove_rule<T, Rule: drop, Config: store + drop>(
    policy: &mut TransferPolicy<T>,
    cap: &TransferPolicyCap<T>,
) {
    policy.check_owner(cap);
    field::remove<RuleKey<Rule>, Config>(&mut policy.id, RuleKey {});
    policy.rules.remove(&type_name::with_defining_ids<Rule>())
}

public fun uid<T>(self: &TransferPolicy<T>): &UID {
    &self.id
}

public fun uid_mut_as_owner<T>(
    self: &mut TransferPolicy<T>,
    cap: &TransferPolicyCap<T>,
): &mut UID {
    self.check_owner(cap);
    &mut self.id
}

public fun rules<T>(self: &TransferPolicy<T>): &VecSet<TypeName> {
    &self.rules
}

public fun item<T>(self: &TransferRequest<T>): ID {
    self.item
}

public fun paid<T>(self: &TransferRequest<T>): u64 {
    self.paid
}

public fun from<T>(self: &TransferRequest<T>): ID {
    self.from
}

fun check_owner<T>(self: &TransferPolicy<T>, cap: &TransferPolicyCap<T>) {
    assert!(object::id(self) == cap.policy_id, ENotOwner)
}

#[test_only]
/// Without a publisher.
public fun new_for_testing<T>(ctx: &mut TxContext): (TransferPolicy<T>, TransferPolicyCap<T>) {
    let id = object::new(ctx);
    let policy_id = id.to_inner();
    let policy = TransferPolicy { id, balance: balance::zero(), rules: vec_set::empty() };
    (policy, TransferPolicyCap { id: object::new(ctx), policy_id })
}
