#[test_only]
module sui::object_tests;

use std::unit_test::{assert_eq, destroy};
use sui::derived_object;
use sui::dynamic_field as field;
use sui::dynamic_object_field as object_field;
use sui::party;
use sui::test_scenario;

const ALICE: address = @0xa11ce;
const BOB: address = @0xb0b;

public struct Thing has key, store { id: UID, value: u64 }
public struct Other has key, store { id: UID }

fun thing(value: u64, ctx: &mut TxContext): Thing {
    Thing { id: object::new(ctx), value }
}

fun drop_thing(thing: Thing): u64 {
    let Thing { id, value } = thing;
    id.delete();
    value
}

#[test]
fun ids() {
    let mut ctx = tx_context::dummy();
    let thing = thing(1, &mut ctx);
    let id = object::id(&thing);
    assert_eq!(id, object::id_from_address(object::id_address(&thing)));
    assert_eq!(*object::borrow_id(&thing), id);
    assert_eq!(object::id_bytes(&thing), id.to_bytes());
    assert_eq!(object::id_from_bytes(id.to_bytes()), id);
    assert_eq!(thing.id.to_address(), id.to_address());
    assert_eq!(*thing.id.as_inner(), thing.id.to_inner());
    assert_eq!(thing.id.to_bytes().length(), 32);
    assert_eq!(object::last_created(&ctx), id);
    assert_eq!(ctx.ids_created(), 1);
    drop_thing(thing);
}

#[test, expected_failure(abort_code = 0, location = sui::address)]
fun id_of_31_bytes() {
    object::id_from_bytes(vector::tabulate!(31, |_| 0));
}

#[test]
fun ids_are_derived_from_the_digest() {
    let mut ctx = tx_context::new_from_hint(ALICE, 7, 0, 0, 0);
    assert_eq!(
        ctx.fresh_object_address(),
        sui::address::from_bytes({
            let mut input = x"f1";
            input.append(*ctx.digest());
            input.append(x"0000000000000000");
            sui::hash::blake2b256(&input)
        }),
    );
    assert_eq!(ctx.sender(), ALICE);
    assert_eq!(ctx.epoch(), 0);
    assert!(ctx.sponsor().is_none());
}

#[test]
fun fields() {
    let mut ctx = tx_context::dummy();
    let mut id = object::new(&mut ctx);
    field::add(&mut id, 1u64, b"one");
    field::add(&mut id, b"name", 7u8);
    assert!(field::exists_(&id, 1u64) && !field::exists_(&id, 1u32));
    assert!(field::exists_with_type<u64, vector<u8>>(&id, 1));
    assert!(!field::exists_with_type<u64, u8>(&id, 1));
    assert_eq!(*field::borrow(&id, 1u64), b"one");
    *field::borrow_mut(&mut id, b"name") = 8u8;
    assert_eq!(field::remove(&mut id, b"name"), 8u8);
    assert_eq!(field::remove_if_exists<u64, vector<u8>>(&mut id, 1), option::some(b"one"));
    assert_eq!(field::remove_if_exists<u64, vector<u8>>(&mut id, 1), option::none());
    id.delete();
}

#[test, expected_failure(abort_code = 0, location = sui::dynamic_field)]
fun field_twice() {
    let mut id = object::new(&mut tx_context::dummy());
    field::add(&mut id, 1u64, 1u64);
    field::add(&mut id, 1u64, b"again");
    abort
}

#[test, expected_failure(abort_code = 1, location = sui::dynamic_field)]
fun field_missing() {
    let id = object::new(&mut tx_context::dummy());
    field::borrow<u64, u64>(&id, 1);
    abort
}

#[test, expected_failure(abort_code = 1, location = sui::dynamic_field)]
fun field_missing_to_remove() {
    let mut id = object::new(&mut tx_context::dummy());
    field::remove<u64, u64>(&mut id, 1);
    abort
}

#[test, expected_failure(abort_code = 2, location = sui::dynamic_field)]
fun field_of_another_type() {
    let mut id = object::new(&mut tx_context::dummy());
    field::add(&mut id, 1u64, 1u64);
    field::borrow_mut<u64, u8>(&mut id, 1);
    abort
}

#[test]
fun object_fields() {
    let mut ctx = tx_context::dummy();
    let mut id = object::new(&mut ctx);
    let child = thing(5, &mut ctx);
    let child_id = object::id(&child);
    object_field::add(&mut id, 1u64, child);
    assert!(object_field::exists_(&id, 1u64) && !field::exists_(&id, 1u64));
    assert!(object_field::exists_with_type<u64, Thing>(&id, 1));
    assert!(!object_field::exists_with_type<u64, Other>(&id, 1));
    assert_eq!(object_field::id(&id, 1u64), option::some(child_id));
    assert_eq!(object_field::id(&id, 2u64), option::none());
    object_field::borrow_mut<u64, Thing>(&mut id, 1).value = 6;
    assert_eq!(object_field::borrow<u64, Thing>(&id, 1).value, 6);
    let child: Thing = object_field::remove(&mut id, 1u64);
    assert_eq!(drop_thing(child), 6);
    id.delete();
}

#[test, expected_failure(abort_code = 1, location = sui::dynamic_field)]
fun object_field_missing() {
    let id = object::new(&mut tx_context::dummy());
    object_field::borrow<u64, Thing>(&id, 1);
    abort
}

#[test, expected_failure(abort_code = 2, location = sui::dynamic_field)]
fun object_field_of_another_type() {
    let mut ctx = tx_context::dummy();
    let mut id = object::new(&mut ctx);
    object_field::add(&mut id, 1u64, thing(5, &mut ctx));
    object_field::borrow<u64, Other>(&id, 1);
    abort
}

#[test]
fun derived_ids() {
    let mut parent = object::new(&mut tx_context::dummy());
    let expected = derived_object::derive_address(parent.to_inner(), 1u64);
    assert!(!derived_object::exists(&parent, 1u64));
    let id = derived_object::claim(&mut parent, 1u64);
    assert_eq!(id.to_address(), expected);
    id.delete();
    assert!(derived_object::exists(&parent, 1u64) && !derived_object::exists(&parent, 2u64));
    destroy(parent);
}

#[test, expected_failure(abort_code = derived_object::EObjectAlreadyExists, location = sui::derived_object)]
fun derived_id_twice() {
    let mut parent = object::new(&mut tx_context::dummy());
    derived_object::claim(&mut parent, 1u64).delete();
    derived_object::claim(&mut parent, 1u64).delete();
    abort
}

#[test]
fun owners() {
    let mut s = test_scenario::begin(ALICE);
    transfer::transfer(thing(1, s.ctx()), BOB);
    transfer::share_object(thing(2, s.ctx()));
    transfer::freeze_object(thing(3, s.ctx()));
    transfer::public_transfer(thing(4, s.ctx()), ALICE);
    let effects = s.next_tx(BOB);
    assert_eq!(effects.created().length(), 4);
    assert_eq!(effects.shared().length(), 1);
    assert_eq!(effects.frozen().length(), 1);
    assert_eq!(effects.transferred_to_account().length(), 2);
    let mine: Thing = s.take_from_sender();
    let mut shared: Thing = s.take_shared();
    let frozen: Thing = s.take_immutable();
    assert_eq!(mine.value + shared.value + frozen.value, 6);
    shared.value = 20;
    assert!(!test_scenario::has_most_recent_shared<Thing>());
    test_scenario::return_shared(shared);
    test_scenario::return_immutable(frozen);
    s.return_to_sender(mine);
    let effects = s.next_tx(ALICE);
    assert_eq!(effects.written().length(), 3);
    let mine: Thing = s.take_from_sender();
    assert_eq!(drop_thing(mine), 4);
    s.with_shared!<Thing>(|shared, _| assert_eq!(shared.value, 20));
    assert_eq!(test_scenario::ids_for_address<Thing>(BOB).length(), 1);
    let effects = s.end();
    assert_eq!(effects.deleted().length(), 1);
}

#[test]
fun received_objects() {
    let mut s = test_scenario::begin(ALICE);
    let parent = thing(1, s.ctx());
    let parent_id = object::id(&parent);
    transfer::public_transfer(parent, ALICE);
    transfer::public_transfer(thing(2, s.ctx()), parent_id.to_address());
    s.next_tx(ALICE);
    let mut parent: Thing = s.take_from_sender();
    let ticket = test_scenario::most_recent_receiving_ticket<Thing>(&parent_id);
    let child_id = ticket.receiving_object_id();
    let child = transfer::receive(&mut parent.id, ticket);
    assert_eq!(object::id(&child), child_id);
    assert_eq!(drop_thing(child), 2);
    s.return_to_sender(parent);
    s.end();
}

#[test, expected_failure(abort_code = 3, location = sui::transfer)]
fun received_by_another_object() {
    let mut s = test_scenario::begin(ALICE);
    let parent = thing(1, s.ctx());
    let parent_id = object::id(&parent);
    transfer::public_transfer(parent, ALICE);
    transfer::public_transfer(thing(2, s.ctx()), parent_id.to_address());
    s.next_tx(ALICE);
    let ticket = test_scenario::most_recent_receiving_ticket<Thing>(&parent_id);
    let mut stranger = s.new_object();
    let child: Thing = transfer::receive(&mut stranger, ticket);
    destroy(child);
    abort
}

#[test, expected_failure(abort_code = 0, location = sui::transfer)]
fun shared_too_late() {
    let mut s = test_scenario::begin(ALICE);
    transfer::public_transfer(thing(1, s.ctx()), ALICE);
    s.next_tx(ALICE);
    transfer::public_share_object(s.take_from_sender<Thing>());
    abort
}

#[test, expected_failure(abort_code = 1, location = sui::test_scenario)]
fun shared_object_not_returned() {
    let mut s = test_scenario::begin(ALICE);
    transfer::public_share_object(thing(1, s.ctx()));
    s.next_tx(ALICE);
    transfer::public_transfer(s.take_shared<Thing>(), ALICE);
    s.next_tx(ALICE);
    abort
}

#[test, expected_failure(abort_code = 2, location = sui::test_scenario)]
fun returned_but_never_taken() {
    let mut s = test_scenario::begin(ALICE);
    let own = thing(1, s.ctx());
    s.return_to_sender(own);
    abort
}

#[test, expected_failure(abort_code = 3, location = sui::test_scenario)]
fun taken_from_nothing() {
    let s = test_scenario::begin(ALICE);
    drop_thing(s.take_from_sender());
    abort
}

#[test, expected_failure(abort_code = 4, location = sui::test_scenario)]
fun taken_by_an_unknown_id() {
    let s = test_scenario::begin(ALICE);
    drop_thing(s.take_shared_by_id(@0x1.to_id()));
    abort
}

#[test]
fun epochs_and_senders() {
    let mut s = test_scenario::begin(ALICE);
    assert_eq!(s.sender(), ALICE);
    s.next_epoch(BOB);
    assert_eq!(s.ctx().epoch(), 1);
    s.later_epoch(500, BOB);
    assert_eq!(s.ctx().epoch(), 2);
    assert_eq!(s.ctx().epoch_timestamp_ms(), 500);
    assert_eq!(s.sender(), BOB);
    assert_eq!(s.num_concluded_txes(), 2);
    s.end();
}

#[test]
fun parties() {
    let mut s = test_scenario::begin(ALICE);
    party::single_owner(BOB).transfer!(thing(1, s.ctx()));
    party::single_owner(BOB).public_transfer!(thing(2, s.ctx()));
    s.end();
}

#[test, expected_failure(abort_code = 0, location = sui::tx_context)]
fun digest_too_short() {
    tx_context::new(ALICE, b"short", 0, 0, 0);
}
