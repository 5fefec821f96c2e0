#[test_only]
module sui::system_tests;

use std::unit_test::{assert_eq, destroy};
use sui::borrow;
use sui::clock;
use sui::display;
use sui::event;
use sui::package;
use sui::random;
use sui::test_scenario;
use sui::types;
use sui::url;
use sui::versioned;

public struct SYSTEM_TESTS has drop {}
public struct Thing has key, store { id: UID }
public struct Happened has copy, drop { what: u64 }
public struct Other has copy, drop {}

#[test]
fun clocks() {
    let mut c = clock::create_for_testing(&mut tx_context::dummy());
    c.increment_for_testing(5);
    c.set_for_testing(9);
    c.set_for_testing(9);
    assert_eq!(c.timestamp_ms(), 9);
    c.destroy_for_testing();
}

#[test, expected_failure(abort_code = 0, location = sui::clock)]
fun clock_goes_back() {
    let mut c = clock::create_for_testing(&mut tx_context::dummy());
    c.set_for_testing(9);
    c.set_for_testing(8);
    abort
}

#[test]
fun events() {
    event::emit(Happened { what: 1 });
    event::emit(Other {});
    event::emit(Happened { what: 2 });
    assert_eq!(event::num_events(), 3);
    assert_eq!(event::events_by_type<Happened>(), vector[Happened { what: 1 }, Happened { what: 2 }]);
    assert_eq!(event::events_by_type<Other>().length(), 1);
}

#[test]
fun witnesses() {
    assert!(types::is_one_time_witness(&SYSTEM_TESTS {}));
    assert!(!types::is_one_time_witness(&Other {}));
}

#[test]
fun upgrades() {
    let mut ctx = tx_context::dummy();
    let mut cap = package::test_publish(@0x42.to_id(), &mut ctx);
    assert!(cap.version() == 1 && cap.upgrade_policy() == package::compatible_policy());
    let ticket = cap.authorize_upgrade(package::additive_policy(), b"digest");
    assert_eq!(ticket.ticket_package(), @0x42.to_id());
    assert_eq!(ticket.ticket_policy(), 128);
    assert_eq!(*ticket.ticket_digest(), b"digest");
    assert_eq!(cap.upgrade_package(), @0x0.to_id());
    let receipt = package::test_upgrade(ticket);
    assert_eq!(receipt.receipt_cap(), object::id(&cap));
    let new_package = receipt.receipt_package();
    cap.commit_upgrade(receipt);
    assert!(cap.version() == 2 && cap.upgrade_package() == new_package);
    cap.only_additive_upgrades();
    cap.only_dep_upgrades();
    assert_eq!(cap.upgrade_policy(), 192);
    cap.make_immutable();
}

#[test, expected_failure(abort_code = 1, location = sui::package)]
fun policy_too_permissive() {
    let mut cap = package::test_publish(@0x42.to_id(), &mut tx_context::dummy());
    cap.only_dep_upgrades();
    destroy(cap.authorize_upgrade(0, b""));
    abort
}

#[test, expected_failure(abort_code = 1, location = sui::package)]
fun policy_loosened() {
    let mut cap = package::test_publish(@0x42.to_id(), &mut tx_context::dummy());
    cap.only_dep_upgrades();
    cap.only_additive_upgrades();
    abort
}

#[test, expected_failure(abort_code = 2, location = sui::package)]
fun authorized_twice() {
    let mut cap = package::test_publish(@0x42.to_id(), &mut tx_context::dummy());
    destroy(cap.authorize_upgrade(0, b""));
    destroy(cap.authorize_upgrade(0, b""));
    abort
}

#[test, expected_failure(abort_code = 4, location = sui::package)]
fun receipt_of_another_cap() {
    let mut ctx = tx_context::dummy();
    let mut one = package::test_publish(@0x42.to_id(), &mut ctx);
    let mut two = package::test_publish(@0x43.to_id(), &mut ctx);
    let receipt = package::test_upgrade(one.authorize_upgrade(0, b""));
    two.commit_upgrade(receipt);
    abort
}

#[test]
fun publishers_and_displays() {
    let mut ctx = tx_context::dummy();
    let publisher = package::test_claim(SYSTEM_TESTS {}, &mut ctx);
    assert!(publisher.from_package<Thing>() && publisher.from_module<Thing>());
    assert!(publisher.from_package<url::Url>() && !publisher.from_module<url::Url>());
    assert!(!publisher.from_package<std::string::String>());
    assert_eq!(*publisher.published_module(), b"system_tests".to_ascii_string());
    let (name, image) = (b"name".to_string(), b"image".to_string());
    let mut shown = display::new_with_fields<Thing>(
        &publisher,
        vector[name],
        vector[b"{name}".to_string()],
        &mut ctx,
    );
    shown.add(image, b"x".to_string());
    shown.edit(image, b"y".to_string());
    shown.remove(name);
    shown.update_version();
    assert!(shown.version() == 1 && shown.fields().length() == 1);
    assert_eq!(event::num_events(), 2);
    destroy(shown);
    publisher.burn_publisher();
}

#[test, expected_failure(abort_code = 0, location = sui::package)]
fun claim_without_witness() {
    destroy(package::claim(Other {}, &mut tx_context::dummy()));
}

#[test]
fun versions() {
    let mut ctx = tx_context::dummy();
    let mut v = versioned::create(1, b"old", &mut ctx);
    assert_eq!(*v.load_value(), b"old");
    v.load_value_mut<vector<u8>>().push_back(33);
    let (old, cap) = v.remove_value_for_upgrade<vector<u8>>();
    v.upgrade(2, old.length(), cap);
    assert!(v.version() == 2);
    assert_eq!(v.destroy<u64>(), 4);
}

#[test, expected_failure(abort_code = 0, location = sui::versioned)]
fun version_goes_back() {
    let mut v = versioned::create(2, b"old", &mut tx_context::dummy());
    let (old, cap) = v.remove_value_for_upgrade<vector<u8>>();
    v.upgrade(2, old, cap);
    abort
}

#[test]
fun borrowed_objects() {
    let mut ctx = tx_context::dummy();
    let mut lender = borrow::new(Thing { id: object::new(&mut ctx) }, &mut ctx);
    let (thing, promise) = lender.borrow();
    lender.put_back(thing, promise);
    destroy(lender.destroy());
}

#[test, expected_failure(abort_code = 1, location = sui::borrow)]
fun another_object_put_back() {
    let mut ctx = tx_context::dummy();
    let mut lender = borrow::new(Thing { id: object::new(&mut ctx) }, &mut ctx);
    let (thing, promise) = lender.borrow();
    destroy(thing);
    lender.put_back(Thing { id: object::new(&mut ctx) }, promise);
    abort
}

#[test, expected_failure(abort_code = 0, location = sui::borrow)]
fun put_back_elsewhere() {
    let mut ctx = tx_context::dummy();
    let mut one = borrow::new(Thing { id: object::new(&mut ctx) }, &mut ctx);
    let mut two = borrow::new(Thing { id: object::new(&mut ctx) }, &mut ctx);
    let (thing, promise) = one.borrow();
    two.put_back(thing, promise);
    abort
}

#[test]
fun generators() {
    let seed = vector::tabulate!(32, |i| i as u8);
    let mut g = random::new_generator_from_seed_for_testing(seed);
    let block = sui::hmac::hmac_sha3_256(&seed, &x"0100");
    assert_eq!(g.generate_u8(), block[31]);
    assert_eq!(g.generate_u16(), ((block[30] as u16) << 8) | (block[29] as u16));
    assert_eq!(g.generate_bool(), block[28] & 1 == 1);
    assert_eq!(g.generator_buffer().length(), 28);
    let second = sui::hmac::hmac_sha3_256(&seed, &x"0200");
    assert_eq!(g.generate_bytes(32), second);
    assert_eq!(g.generator_counter(), 2);
    assert_eq!(g.generate_u8_in_range(7, 7), 7);
    100u64.do!(|_| {
        let x = g.generate_u64_in_range(10, 12);
        assert!(10 <= x && x <= 12);
    });
    let mut cards = vector[1, 2, 3, 4, 5];
    g.shuffle(&mut cards);
    cards.insertion_sort_by!(|a, b| *a <= *b);
    assert_eq!(cards, vector[1, 2, 3, 4, 5]);
    g.shuffle(&mut vector<u8>[]);
}

#[test, expected_failure(abort_code = 3, location = sui::random)]
fun range_backwards() {
    random::new_generator_from_seed_for_testing(x"00").generate_u8_in_range(2, 1);
}

#[test]
fun randomness_of_the_chain() {
    let mut s = test_scenario::begin(@0x0);
    random::create_for_testing(s.ctx());
    s.next_tx(@0x0);
    let mut r: random::Random = s.take_shared();
    r.update_randomness_state_for_testing(0, x"01", s.ctx());
    r.update_randomness_state_for_testing(1, x"02", s.ctx());
    let mut one = r.new_generator(s.ctx());
    let mut two = r.new_generator(s.ctx());
    assert!(one.generate_u256() != two.generate_u256());
    test_scenario::return_shared(r);
    s.end();
}

#[test, expected_failure(abort_code = 2, location = sui::random)]
fun randomness_round_skipped() {
    let mut s = test_scenario::begin(@0x0);
    random::create_for_testing(s.ctx());
    s.next_tx(@0x0);
    let mut r: random::Random = s.take_shared();
    r.update_randomness_state_for_testing(0, x"01", s.ctx());
    r.update_randomness_state_for_testing(2, x"02", s.ctx());
    abort
}

#[test, expected_failure(abort_code = 0, location = sui::random)]
fun randomness_is_of_the_system() {
    random::create_for_testing(&mut tx_context::new_from_hint(@0x1, 0, 0, 0, 0));
}
