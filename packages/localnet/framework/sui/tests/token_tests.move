#[test_only]
module sui::token_tests;

use std::unit_test::{assert_eq, destroy};
use sui::coin;
use sui::token;

public struct GOLD has drop {}
public struct Limit has drop {}
public struct Other has drop {}

const TO: address = @0x70;

#[test]
fun a_rule_lets_a_transfer_pass() {
    let ctx = &mut tx_context::dummy();
    let (mut policy, cap) = token::new_policy_for_testing<GOLD>(ctx);
    let action = token::transfer_action();
    policy.add_rule_for_action<GOLD, Limit>(&cap, action, ctx);
    token::add_rule_config(Limit {}, &mut policy, &cap, 50u64, ctx);
    *token::rule_config_mut<GOLD, Limit, u64>(Limit {}, &mut policy, &cap) = 60;
    let mut request = token::mint_for_testing<GOLD>(40, ctx).transfer(TO, ctx);
    assert!(request.amount() < *token::rule_config<GOLD, Limit, u64>(Limit {}, &policy));
    assert!(request.recipient() == option::some(TO) && request.spent().is_none());
    token::add_approval(Limit {}, &mut request, ctx);
    assert_eq!(request.approvals(), policy.rules(&action));
    let (name, amount, sender, recipient) = policy.confirm_request(request, ctx);
    assert!(name == b"transfer".to_string() && amount == 40 && sender == ctx.sender());
    assert_eq!(recipient, option::some(TO));
    assert_eq!(policy.remove_rule_config<GOLD, Limit, u64>(&cap, ctx), 60);
    assert!(!policy.has_rule_config<GOLD, Limit>());
    policy.remove_rule_for_action<GOLD, Limit>(&cap, action, ctx);
    assert!(policy.rules(&action).is_empty());
    policy.disallow(&cap, action, ctx);
    assert!(!policy.is_allowed(&action));
    policy.burn_policy_for_testing(cap);
}

#[test]
fun what_is_spent_is_burned() {
    let ctx = &mut tx_context::dummy();
    let mut treasury = coin::create_treasury_cap_for_testing<GOLD>(ctx);
    let (mut policy, cap) = token::new(&treasury, ctx);
    policy.allow(&cap, token::spend_action(), ctx);
    let mut all = token::mint(&mut treasury, 100, ctx);
    let request = all.split(30, ctx).spend(ctx);
    assert_eq!(request.spent(), option::some(30));
    policy.confirm_request_mut(request, ctx);
    assert!(policy.spent_balance() == 30 && treasury.total_supply() == 100);
    assert_eq!(policy.flush(&mut treasury, ctx), 30);
    let request = all.split(20, ctx).spend(ctx);
    token::confirm_with_treasury_cap(&mut treasury, request, ctx);
    assert_eq!(treasury.total_supply(), 50);
    token::burn(&mut treasury, all);
    assert_eq!(treasury.total_supply(), 0);
    token::share_policy(policy);
    destroy(treasury);
    destroy(cap);
}

#[test]
fun to_coin_and_back() {
    let ctx = &mut tx_context::dummy();
    let (policy, cap) = token::new_policy_for_testing<GOLD>(ctx);
    let (coin, out) = token::mint_for_testing<GOLD>(5, ctx).to_coin(ctx);
    assert!(out.action() == token::to_coin_action() && out.sender() == ctx.sender());
    cap.confirm_with_policy_cap(out, ctx);
    let (mut token, back) = token::from_coin(coin, ctx);
    assert_eq!(back.action(), token::from_coin_action());
    cap.confirm_with_policy_cap(back, ctx);
    token.join(token::zero(ctx));
    assert_eq!(token.value(), 5);
    token.keep(ctx);
    token::zero<GOLD>(ctx).destroy_zero();
    policy.burn_policy_for_testing(cap);
}

#[test, expected_failure(abort_code = 0, location = sui::token)]
fun unknown_action() {
    let ctx = &mut tx_context::dummy();
    let (policy, _cap) = token::new_policy_for_testing<GOLD>(ctx);
    policy.confirm_request(token::zero<GOLD>(ctx).transfer(TO, ctx), ctx);
    abort 99
}

#[test, expected_failure(abort_code = 1, location = sui::token)]
fun not_approved() {
    let ctx = &mut tx_context::dummy();
    let (mut policy, cap) = token::new_policy_for_testing<GOLD>(ctx);
    policy.add_rule_for_action<GOLD, Limit>(&cap, token::transfer_action(), ctx);
    let mut request = token::zero<GOLD>(ctx).transfer(TO, ctx);
    token::add_approval(Other {}, &mut request, ctx);
    policy.confirm_request(request, ctx);
    abort 99
}

#[test, expected_failure(abort_code = 2, location = sui::token)]
fun cap_of_another_policy() {
    let ctx = &mut tx_context::dummy();
    let (mut policy, _cap) = token::new_policy_for_testing<GOLD>(ctx);
    let (_policy, other) = token::new_policy_for_testing<GOLD>(ctx);
    policy.allow(&other, token::spend_action(), ctx);
    abort 99
}

#[test, expected_failure(abort_code = 3, location = sui::token)]
fun split_too_much() {
    let ctx = &mut tx_context::dummy();
    let _part = token::mint_for_testing<GOLD>(5, ctx).split(6, ctx);
    abort 99
}

#[test, expected_failure(abort_code = 4, location = sui::token)]
fun destroy_something() {
    token::mint_for_testing<GOLD>(5, &mut tx_context::dummy()).destroy_zero()
}

#[test, expected_failure(abort_code = 5, location = sui::token)]
fun spent_without_treasury() {
    let ctx = &mut tx_context::dummy();
    let (_policy, cap) = token::new_policy_for_testing<GOLD>(ctx);
    cap.confirm_with_policy_cap(token::mint_for_testing<GOLD>(5, ctx).spend(ctx), ctx);
    abort 99
}

#[test, expected_failure(abort_code = 5, location = sui::token)]
fun spent_without_mutable_policy() {
    let ctx = &mut tx_context::dummy();
    let (mut policy, cap) = token::new_policy_for_testing<GOLD>(ctx);
    policy.allow(&cap, token::spend_action(), ctx);
    policy.confirm_request(token::zero<GOLD>(ctx).spend(ctx), ctx);
    abort 99
}

#[test, expected_failure(abort_code = 6, location = sui::token)]
fun config_of_another_type() {
    let ctx = &mut tx_context::dummy();
    let (mut policy, cap) = token::new_policy_for_testing<GOLD>(ctx);
    token::add_rule_config(Limit {}, &mut policy, &cap, 50u64, ctx);
    token::rule_config<GOLD, Limit, u8>(Limit {}, &policy);
    abort 99
}

#[test, expected_failure(abort_code = 7, location = sui::token)]
fun nothing_spent() {
    let ctx = &mut tx_context::dummy();
    let (mut policy, cap) = token::new_policy_for_testing<GOLD>(ctx);
    policy.allow(&cap, token::transfer_action(), ctx);
    policy.confirm_request_mut(token::zero<GOLD>(ctx).transfer(TO, ctx), ctx);
    abort 99
}
