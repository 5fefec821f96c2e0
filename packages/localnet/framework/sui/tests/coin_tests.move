#[test_only]
module sui::coin_tests;

use std::unit_test::{assert_eq, destroy};
use sui::balance;
use sui::coin;
use sui::coin_registry;
use sui::pay;
use sui::sui::SUI;
use sui::test_scenario;
use sui::url;

public struct COIN_TESTS has drop {}
public struct NotAWitness has drop {}

const ALICE: address = @0xa11ce;

#[test]
fun balances() {
    let mut supply = balance::create_supply(NotAWitness {});
    let mut all = supply.increase_supply(100);
    let part = all.split(40);
    assert_eq!(all.value(), 60);
    assert_eq!(all.join(part), 100);
    let taken = all.withdraw_all();
    all.destroy_zero();
    assert_eq!(supply.decrease_supply(taken), 100);
    assert_eq!(supply.supply_value(), 0);
    supply.destroy_supply_for_testing();
}

#[test, expected_failure(abort_code = 0, location = sui::balance)]
fun balance_not_zero() {
    balance::create_for_testing<SUI>(1).destroy_zero();
}

#[test, expected_failure(abort_code = 1, location = sui::balance)]
fun supply_too_large() {
    let mut supply = balance::create_supply(NotAWitness {});
    destroy(supply.increase_supply(18446744073709551615));
    abort
}

#[test, expected_failure(abort_code = 2, location = sui::balance)]
fun balance_too_small() {
    let mut all = balance::create_for_testing<SUI>(1);
    destroy(all.split(2));
    abort
}

#[test]
fun coins() {
    let mut ctx = tx_context::dummy();
    let mut c = coin::mint_for_testing<SUI>(100, &mut ctx);
    let parts = c.divide_into_n(3, &mut ctx);
    assert_eq!(c.value(), 34);
    parts.do!(|part| c.join(part));
    let part = c.split(30, &mut ctx);
    let mut balance = part.into_balance();
    let taken = coin::take(&mut balance, 10, &mut ctx);
    coin::put(&mut balance, taken);
    c.join(coin::from_balance(balance, &mut ctx));
    assert_eq!(c.burn_for_testing(), 100);
    coin::zero<SUI>(&mut ctx).destroy_zero();
}

#[test, expected_failure(abort_code = 1, location = sui::coin)]
fun divided_by_nothing() {
    let mut ctx = tx_context::dummy();
    destroy(coin::mint_for_testing<SUI>(100, &mut ctx).divide_into_n(0, &mut ctx));
    abort
}

#[test, expected_failure(abort_code = 2, location = sui::coin)]
fun divided_too_far() {
    let mut ctx = tx_context::dummy();
    destroy(coin::mint_for_testing<SUI>(2, &mut ctx).divide_into_n(3, &mut ctx));
    abort
}

#[test]
fun currency() {
    let mut ctx = tx_context::dummy();
    let witness = sui::test_utils::create_one_time_witness<COIN_TESTS>();
    let icon = option::some(url::new_unsafe_from_bytes(b"https://x"));
    let (mut cap, mut data) =
        coin::create_currency(witness, 6, b"TST", b"Test", b"A test", icon, &mut ctx);
    let c = cap.mint(5, &mut ctx);
    assert_eq!(cap.total_supply(), 5);
    assert_eq!(cap.burn(c), 5);
    assert_eq!(data.get_decimals(), 6);
    assert_eq!(data.get_symbol(), b"TST".to_ascii_string());
    cap.update_name(&mut data, b"New".to_string());
    assert_eq!(data.get_name(), b"New".to_string());
    assert_eq!(data.get_description(), b"A test".to_string());
    assert_eq!(data.get_icon_url().destroy_some().inner_url(), b"https://x".to_ascii_string());
    cap.treasury_into_supply().destroy_supply_for_testing();
    destroy(data);
}

#[test, expected_failure(abort_code = 0, location = sui::coin)]
fun currency_without_witness() {
    let mut ctx = tx_context::dummy();
    let (cap, data) =
        coin::create_currency(NotAWitness {}, 6, b"", b"", b"", option::none(), &mut ctx);
    destroy(cap);
    destroy(data);
}

#[test]
fun registered_currency() {
    let mut s = test_scenario::begin(@0x0);
    let registry = coin_registry::create_coin_data_registry_for_testing(s.ctx());
    let witness = sui::test_utils::create_one_time_witness<COIN_TESTS>();
    let (mut init, mut cap) = coin_registry::new_currency_with_otw(
        witness,
        9,
        b"TST".to_string(),
        b"Test".to_string(),
        b"".to_string(),
        b"".to_string(),
        s.ctx(),
    );
    let minted = cap.mint_balance(10);
    init.make_supply_burn_only(cap);
    destroy(minted);
    destroy(init.finalize(s.ctx()));
    destroy(registry);
    s.end();
}

#[test, expected_failure(abort_code = coin_registry::EInvalidSymbol, location = sui::coin_registry)]
fun symbol_not_printable() {
    let mut ctx = tx_context::dummy();
    let witness = sui::test_utils::create_one_time_witness<COIN_TESTS>();
    let (init, cap) = coin_registry::new_currency_with_otw(
        witness,
        9,
        x"e282ac".to_string(),
        b"".to_string(),
        b"".to_string(),
        b"".to_string(),
        &mut ctx,
    );
    destroy(init);
    destroy(cap);
}

#[test, expected_failure(abort_code = coin_registry::EEmptySupply, location = sui::coin_registry)]
fun nothing_minted() {
    let mut ctx = tx_context::dummy();
    let witness = sui::test_utils::create_one_time_witness<COIN_TESTS>();
    let empty = b"".to_string();
    let (mut init, cap) =
        coin_registry::new_currency_with_otw(witness, 9, empty, empty, empty, empty, &mut ctx);
    init.make_supply_fixed(cap);
    destroy(init);
}

#[test]
fun payments() {
    let mut s = test_scenario::begin(ALICE);
    let mut c = coin::mint_for_testing<SUI>(100, s.ctx());
    pay::split(&mut c, 10, s.ctx());
    pay::split_vec(&mut c, vector[1, 2], s.ctx());
    pay::divide_and_keep(&mut c, 2, s.ctx());
    pay::keep(c, s.ctx());
    s.next_tx(ALICE);
    let ids = s.ids_for_sender<coin::Coin<SUI>>();
    assert_eq!(ids.length(), 5);
    let coins = ids.map!(|id| s.take_from_sender_by_id<coin::Coin<SUI>>(id));
    pay::join_vec_and_transfer(coins, ALICE);
    s.next_tx(ALICE);
    assert_eq!(s.take_from_sender<coin::Coin<SUI>>().burn_for_testing(), 100);
    s.end();
}

#[test, expected_failure(abort_code = 0, location = sui::pay)]
fun no_coins() {
    pay::join_vec_and_transfer<SUI>(vector[], ALICE);
}
