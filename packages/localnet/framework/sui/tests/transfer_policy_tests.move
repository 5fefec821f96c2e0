#[test_only]
module sui::transfer_policy_tests;

use std::unit_test::{assert_eq, destroy};
use sui::coin;
use sui::sui::SUI;
use sui::transfer_policy as policy;

public struct Thing has key, store { id: UID }
public struct Fee has drop {}
public struct Other has drop {}

const ITEM: address = @0x17e;
const SHOP: address = @0x540;

#[test]
fun a_fee_is_paid() {
    let mut ctx = tx_context::dummy();
    let (mut p, cap) = policy::new_for_testing<Thing>(&mut ctx);
    policy::add_rule(Fee {}, &mut p, &cap, 7u64);
    let mut request = policy::new_request<Thing>(ITEM.to_id(), 100, SHOP.to_id());
    assert_eq!(*policy::get_rule<Thing, Fee, u64>(Fee {}, &p), 7);
    policy::add_to_balance(Fee {}, &mut p, coin::mint_for_testing<SUI>(7, &mut ctx));
    policy::add_receipt(Fee {}, &mut request);
    let (item, paid, from) = p.confirm_request(request);
    assert!(item == ITEM.to_id() && paid == 100 && from == SHOP.to_id());
    assert_eq!(p.withdraw(&cap, option::some(3), &mut ctx).burn_for_testing(), 3);
    assert_eq!(p.destroy_and_withdraw(cap, &mut ctx).burn_for_testing(), 4);
}

#[test]
fun no_rules_after_all() {
    let mut ctx = tx_context::dummy();
    let (mut p, cap) = policy::new_for_testing<Thing>(&mut ctx);
    policy::add_rule(Fee {}, &mut p, &cap, 7u64);
    p.remove_rule<Thing, Fee, u64>(&cap);
    assert!(!p.has_rule<Thing, Fee>() && p.rules().is_empty());
    p.confirm_request(policy::new_request<Thing>(ITEM.to_id(), 100, SHOP.to_id()));
    destroy(p);
    destroy(cap);
}

#[test, expected_failure(abort_code = 0, location = sui::transfer_policy)]
fun receipt_missing() {
    let mut ctx = tx_context::dummy();
    let (mut p, cap) = policy::new_for_testing<Thing>(&mut ctx);
    policy::add_rule(Fee {}, &mut p, &cap, 7u64);
    p.confirm_request(policy::new_request<Thing>(ITEM.to_id(), 100, SHOP.to_id()));
    abort
}

#[test, expected_failure(abort_code = 1, location = sui::transfer_policy)]
fun receipt_of_no_rule() {
    let mut ctx = tx_context::dummy();
    let (mut p, cap) = policy::new_for_testing<Thing>(&mut ctx);
    policy::add_rule(Fee {}, &mut p, &cap, 7u64);
    let mut request = policy::new_request<Thing>(ITEM.to_id(), 100, SHOP.to_id());
    policy::add_receipt(Other {}, &mut request);
    p.confirm_request(request);
    abort
}

#[test, expected_failure(abort_code = 2, location = sui::transfer_policy)]
fun paid_without_rule() {
    let mut ctx = tx_context::dummy();
    let (mut p, _cap) = policy::new_for_testing<Thing>(&mut ctx);
    policy::add_to_balance(Fee {}, &mut p, coin::zero<SUI>(&mut ctx));
    abort
}

#[test, expected_failure(abort_code = 3, location = sui::transfer_policy)]
fun rule_twice() {
    let mut ctx = tx_context::dummy();
    let (mut p, cap) = policy::new_for_testing<Thing>(&mut ctx);
    policy::add_rule(Fee {}, &mut p, &cap, 7u64);
    policy::add_rule(Fee {}, &mut p, &cap, 8u64);
    abort
}

#[test, expected_failure(abort_code = 4, location = sui::transfer_policy)]
fun another_cap() {
    let mut ctx = tx_context::dummy();
    let (mut p, _cap) = policy::new_for_testing<Thing>(&mut ctx);
    let (_p, other) = policy::new_for_testing<Thing>(&mut ctx);
    policy::add_rule(Fee {}, &mut p, &other, 7u64);
    abort
}

#[test, expected_failure(abort_code = 5, location = sui::transfer_policy)]
fun withdrawn_too_much() {
    let mut ctx = tx_context::dummy();
    let (mut p, cap) = policy::new_for_testing<Thing>(&mut ctx);
    destroy(p.withdraw(&cap, option::some(1), &mut ctx));
    abort
}
