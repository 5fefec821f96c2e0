#[test_only]
module sui::address_alias_tests;

use sui::address_alias::{Self, AddressAliasState};
use sui::test_scenario::{Self, Scenario};

const ALICE: address = @0xa11ce;

fun start(): Scenario {
    let mut s = test_scenario::begin(@0x0);
    address_alias::create_for_testing(s.ctx());
    s.next_tx(ALICE);
    s
}

#[test]
fun once_for_each_address() {
    let mut s = start();
    let mut state: AddressAliasState = s.take_shared();
    state.initialize(s.ctx());
    test_scenario::return_shared(state);
    s.next_tx(@0xb0b);
    s.with_shared!<AddressAliasState>(|state, s| state.initialize(s.ctx()));
    s.end();
}

#[test, expected_failure(abort_code = address_alias::EAliasAlreadyExists, location = sui::address_alias)]
fun twice_for_an_address() {
    let mut s = start();
    let mut state: AddressAliasState = s.take_shared();
    state.initialize(s.ctx());
    state.initialize(s.ctx());
    abort
}

#[test, expected_failure(abort_code = address_alias::ENotSystemAddress, location = sui::address_alias)]
fun state_is_of_the_system() {
    address_alias::create_for_testing(&tx_context::new_from_hint(ALICE, 0, 0, 0, 0));
}
