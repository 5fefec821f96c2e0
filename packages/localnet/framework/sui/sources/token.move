// Interface: https://docs.sui.io/references/framework/sui/token
/// Tokens of a closed loop: every action but splitting and joining makes a request, and a policy says
/// which rules must have approved it.
module sui::token;

use std::string::String;
use std::type_name::{Self, TypeName};
use sui::balance::{Self, Balance};
use sui::coin::{Coin, TreasuryCap};
use sui::dynamic_field as field;
use sui::event;
use sui::vec_map::{Self, VecMap};
use sui::vec_set::{Self, VecSet};

/// The policy has no entry for the action.
const EUnknownAction: u64 = 0;
/// A rule of the action has not approved.
const ENotApproved: u64 = 1;
/// The cap is for another policy.
const ENotAuthorized: u64 = 2;
const EBalanceTooLow: u64 = 3;
const ENotZero: u64 = 4;
/// The request carries a balance, which only `confirm_request_mut` or the treasury can take.
const ECantConsumeBalance: u64 = 5;
const ENoConfig: u64 = 6;
/// The request carries no balance: `confirm_request` is the one to call.
const EUseImmutableConfirm: u64 = 7;

const SPEND: vector<u8> = b"spend";
const TRANSFER: vector<u8> = b"transfer";
const TO_COIN: vector<u8> = b"to_coin";
const FROM_COIN: vector<u8> = b"from_coin";

public struct Token<phantom T> has key {
    id: UID,
    balance: Balance<T>,
}

/// The right to change one policy.
public struct TokenPolicyCap<phantom T> has key, store {
    id: UID,
    `for`: ID,
}

/// Rules by action; an action without entry is not allowed.
public struct TokenPolicy<phantom T> has key {
    id: UID,
    spent_balance: Balance<T>,
    rules: VecMap<String, VecSet<TypeName>>,
}

/// What is about to happen; must be confirmed.
public struct ActionRequest<phantom T> {
    name: String,
    amount: u64,
    sender: address,
    recipient: Option<address>,
    spent_balance: Option<Balance<T>>,
    approvals: VecSet<TypeName>,
}

/// Under which a policy keeps the configuration of a rule.
public struct RuleKey<phantom T> has copy, drop, store {
    is_protected: bool,
}

public struct TokenPolicyCreated<phantom T> has copy, drop {
    id: ID,
    is_mutable: bool,
}

public fun new<T>(
    _treasury_cap: &TreasuryCap<T>,
    ctx: &mut TxContext,
): (TokenPolicy<T>, TokenPolicyCap<T>) {
    empty_policy(ctx)
}

#[allow(lint(share_owned))]
public fun share_policy<T>(policy: TokenPolicy<T>) {
    event::emit(TokenPolicyCreated<T> { id: object::id(&policy), is_mutable: true });
    transfer::share_object(policy)
}

public fun transfer<T>(t: Token<T>, recipient: address, ctx: &mut TxContext): ActionRequest<T> {
    let amount = t.value();
    transfer::transfer(t, recipient);
    new_request(transfer_action(), amount, option::some(recipient), option::none(), ctx)
}

public fun spend<T>(t: Token<T>, ctx: &mut TxContext): ActionRequest<T> {
    let balance = t.unwrap();
    new_request(spend_action(), balance.value(), option::none(), option::some(balance), ctx)
}

public fun to_coin<T>(t: Token<T>, ctx: &mut TxContext): (Coin<T>, ActionRequest<T>) {
    let coin = t.unwrap().into_coin(ctx);
    let request = new_request(to_coin_action(), coin.value(), option::none(), option::none(), ctx);
    (coin, request)
}

public fun from_coin<T>(coin: Coin<T>, ctx: &mut TxContext): (Token<T>, ActionRequest<T>) {
    let amount = coin.value();
    let token = Token { id: object::new(ctx), balance: coin.into_balance() };
    let request = new_request(from_coin_action(), amount, option::none(), option::none(), ctx);
    (token, request)
}

public fun join<T>(token: &mut Token<T>, another: Token<T>) {
    token.balance.join(another.unwrap());
}

public fun split<T>(token: &mut Token<T>, amount: u64, ctx: &mut TxContext): Token<T> {
    assert!(token.value() >= amount, EBalanceTooLow);
    Token { id: object::new(ctx), balance: token.balance.split(amount) }
}

public fun zero<T>(ctx: &mut TxContext): Token<T> {
    Token { id: object::new(ctx), balance: balance::zero() }
}

public fun destroy_zero<T>(token: Token<T>) {
    assert!(token.value() == 0, ENotZero);
    token.unwrap().destroy_zero()
}

#[allow(lint(self_transfer))]
public fun keep<T>(token: Token<T>, ctx: &mut TxContext) {
    transfer::transfer(token, ctx.sender())
}

public fun new_request<T>(
    name: String,
    amount: u64,
    recipient: Option<address>,
    spent_balance: Option<Balance<T>>,
    ctx: &TxContext,
): ActionRequest<T> {
    let approvals = vec_set::empty();
    ActionRequest { name, amount, sender: ctx.sender(), recipient, spent_balance, approvals }
}

/// Answers name, amount, sender and recipient.
public fun confirm_request<T>(
    policy: &TokenPolicy<T>,
    request: ActionRequest<T>,
    _ctx: &mut TxContext,
): (String, u64, address, Option<address>) {
    assert!(request.spent_balance.is_none(), ECantConsumeBalance);
    assert!(policy.is_allowed(&request.name), EUnknownAction);
    let rules = policy.rules(&request.name).into_keys();
    rules.do_ref!(|rule| assert!(request.approvals.contains(rule), ENotApproved));
    let (name, amount, sender, recipient, spent) = request.unpack();
    spent.destroy_none();
    (name, amount, sender, recipient)
}

/// As `confirm_request`, for a request that carries a balance: the policy keeps it until `flush`.
public fun confirm_request_mut<T>(
    policy: &mut TokenPolicy<T>,
    mut request: ActionRequest<T>,
    ctx: &mut TxContext,
): (String, u64, address, Option<address>) {
    assert!(policy.is_allowed(&request.name), EUnknownAction);
    assert!(request.spent_balance.is_some(), EUseImmutableConfirm);
    policy.spent_balance.join(request.spent_balance.extract());
    policy.confirm_request(request, ctx)
}

/// Confirms whatever the rules say.
public fun confirm_with_policy_cap<T>(
    _policy_cap: &TokenPolicyCap<T>,
    request: ActionRequest<T>,
    _ctx: &mut TxContext,
): (String, u64, address, Option<address>) {
    assert!(request.spent_balance.is_none(), ECantConsumeBalance);
    let (name, amount, sender, recipient, spent) = request.unpack();
    spent.destroy_none();
    (name, amount, sender, recipient)
}

/// Confirms whatever the rules say, and burns the balance that the request carries.
public fun confirm_with_treasury_cap<T>(
    treasury_cap: &mut TreasuryCap<T>,
    request: ActionRequest<T>,
    _ctx: &mut TxContext,
): (String, u64, address, Option<address>) {
    let (name, amount, sender, recipient, spent) = request.unpack();
    spent.do!(|balance| { treasury_cap.supply_mut().decrease_supply(balance); });
    (name, amount, sender, recipient)
}

public fun add_approval<T, W: drop>(_t: W, request: &mut ActionRequest<T>, _ctx: &mut TxContext) {
    request.approvals.insert(type_name::with_defining_ids<W>())
}

public fun add_rule_config<T, Rule: drop, Config: store>(
    _rule: Rule,
    self: &mut TokenPolicy<T>,
    cap: &TokenPolicyCap<T>,
    config: Config,
    _ctx: &mut TxContext,
) {
    self.authorize(cap);
    field::add(&mut self.id, key<Rule>(), config)
}

public fun rule_config<T, Rule: drop, Config: store>(
    _rule: Rule,
    self: &TokenPolicy<T>,
): &Config {
    assert!(self.has_rule_config_with_type<T, Rule, Config>(), ENoConfig);
    field::borrow(&self.id, key<Rule>())
}

public fun rule_config_mut<T, Rule: drop, Config: store>(
    _rule: Rule,
    self: &mut TokenPolicy<T>,
    cap: &TokenPolicyCap<T>,
): &mut Config {
    assert!(self.has_rule_config_with_type<T, Rule, Config>(), ENoConfig);
    self.authorize(cap);
    field::borrow_mut(&mut self.id, key<Rule>())
}

public fun remove_rule_config<T, Rule, Config: store>(
    self: &mut TokenPolicy<T>,
    cap: &TokenPolicyCap<T>,
    _ctx: &mut TxContext,
): Config {
    assert!(self.has_rule_config_with_type<T, Rule, Config>(), ENoConfig);
    self.authorize(cap);
    field::remove(&mut self.id, key<Rule>())
}

public fun has_rule_config<T, Rule>(self: &TokenPolicy<T>): bool {
    field::exists_(&self.id, key<Rule>())
}

public fun has_rule_config_with_type<T, Rule, Config: store>(self: &TokenPolicy<T>): bool {
    field::exists_with_type<RuleKey<Rule>, Config>(&self.id, key<Rule>())
}

/// Allows an action to everybody, without rules.
public fun allow<T>(
    self: &mut TokenPolicy<T>,
    cap: &TokenPolicyCap<T>,
    action: String,
    _ctx: &mut TxContext,
) {
    self.authorize(cap);
    self.rules.insert(action, vec_set::empty());
}

public fun disallow<T>(
    self: &mut TokenPolicy<T>,
    cap: &TokenPolicyCap<T>,
    action: String,
    _ctx: &mut TxContext,
) {
    self.authorize(cap);
    self.rules.remove(&action);
}

public fun add_rule_for_action<T, Rule: drop>(
    self: &mut TokenPolicy<T>,
    cap: &TokenPolicyCap<T>,
    action: String,
    ctx: &mut TxContext,
) {
    self.authorize(cap);
    if (!self.is_allowed(&action)) self.allow(cap, action, ctx);
    self.rules.get_mut(&action).insert(type_name::with_defining_ids<Rule>())
}

public fun remove_rule_for_action<T, Rule: drop>(
    self: &mut TokenPolicy<T>,
    cap: &TokenPolicyCap<T>,
    action: String,
    _ctx: &mut TxContext,
) {
    self.authorize(cap);
    self.rules.get_mut(&action).remove(&type_name::with_defining_ids<Rule>())
}

public fun mint<T>(cap: &mut TreasuryCap<T>, amount: u64, ctx: &mut TxContext): Token<T> {
    Token { id: object::new(ctx), balance: cap.mint_balance(amount) }
}

public fun burn<T>(cap: &mut TreasuryCap<T>, token: Token<T>) {
    cap.supply_mut().decrease_supply(token.unwrap());
}

/// Burns what was spent; answers how much it was.
public fun flush<T>(
    self: &mut TokenPolicy<T>,
    cap: &mut TreasuryCap<T>,
    _ctx: &mut TxContext,
): u64 {
    cap.supply_mut().decrease_supply(self.spent_balance.withdraw_all())
}

public fun is_allowed<T>(self: &TokenPolicy<T>, action: &String): bool {
    self.rules.contains(action)
}

public fun rules<T>(self: &TokenPolicy<T>, action: &String): VecSet<TypeName> {
    *self.rules.get(action)
}

public fun spent_balance<T>(self: &TokenPolicy<T>): u64 {
    self.spent_balance.value()
}

public fun value<T>(t: &Token<T>): u64 {
    t.balance.value()
}

public fun transfer_action(): String {
    TRANSFER.to_string()
}

public fun spend_action(): String {
    SPEND.to_string()
}

public fun to_coin_action(): String {
    TO_COIN.to_string()
}

public fun from_coin_action(): String {
    FROM_COIN.to_string()
}

public fun action<T>(self: &ActionRequest<T>): String {
    self.name
}

public fun amount<T>(self: &ActionRequest<T>): u64 {
    self.amount
}

public fun sender<T>(self: &ActionRequest<T>): address {
    self.sender
}

public fun recipient<T>(self: &ActionRequest<T>): Option<address> {
    self.recipient
}

public fun approvals<T>(self: &ActionRequest<T>): VecSet<TypeName> {
    self.approvals
}

/// The balance that the request carries.
public fun spent<T>(self: &ActionRequest<T>): Option<u64> {
    if (self.spent_balance.is_none()) return option::none();
    option::some(self.spent_balance.borrow().value())
}

fun key<Rule>(): RuleKey<Rule> {
    RuleKey { is_protected: true }
}

fun authorize<T>(self: &TokenPolicy<T>, cap: &TokenPolicyCap<T>) {
    assert!(object::id(self) == cap.`for`, ENotAuthorized);
}

fun unwrap<T>(token: Token<T>): Balance<T> {
    let Token { id, balance } = token;
    id.delete();
    balance
}

fun unpack<T>(
    request: ActionRequest<T>,
): (String, u64, address, Option<address>, Option<Balance<T>>) {
    let ActionRequest { name, amount, sender, recipient, spent_balance, approvals: _ } = request;
    (name, amount, sender, recipient, spent_balance)
}

fun empty_policy<T>(ctx: &mut TxContext): (TokenPolicy<T>, TokenPolicyCap<T>) {
    let policy = TokenPolicy {
        id: object::new(ctx),
        spent_balance: balance::zero(),
        rules: vec_map::empty(),
    };
    let cap = TokenPolicyCap { id: object::new(ctx), `for`: object::id(&policy) };
    (policy, cap)
}

#[test_only]
public fun new_policy_for_testing<T>(ctx: &mut TxContext): (TokenPolicy<T>, TokenPolicyCap<T>) {
    empty_policy(ctx)
}

#[test_only]
public fun burn_policy_for_testing<T>(policy: TokenPolicy<T>, cap: TokenPolicyCap<T>) {
    let TokenPolicyCap { id: cap_id, `for`: _ } = cap;
    cap_id.delete();
    let TokenPolicy { id, spent_balance, rules: _ } = policy;
    spent_balance.destroy_for_testing();
    id.delete();
}

#[test_only]
public fun mint_for_testing<T>(amount: u64, ctx: &mut TxContext): Token<T> {
    Token { id: object::new(ctx), balance: balance::create_for_testing(amount) }
}

#[test_only]
public fun burn_for_testing<T>(token: Token<T>) {
    token.unwrap().destroy_for_testing();
}
