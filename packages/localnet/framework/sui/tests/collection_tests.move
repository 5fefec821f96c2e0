#[test_only]
module sui::collection_tests;

use std::unit_test::{assert_eq, destroy};
use sui::bag;
use sui::linked_table;
use sui::object_bag;
use sui::object_table;
use sui::priority_queue;
use sui::table;
use sui::table_vec;
use sui::vec_map;
use sui::vec_set;

public struct Thing has key, store { id: UID }

fun thing(ctx: &mut TxContext): Thing {
    Thing { id: object::new(ctx) }
}

#[test]
fun tables() {
    let mut t = table::new<u64, vector<u8>>(&mut tx_context::dummy());
    t.add(1, b"one");
    t.add(2, b"two");
    assert!(t.contains(1) && !t.contains(3) && t.length() == 2 && !t.is_empty());
    t[2].push_back(33);
    assert_eq!(t[2], b"two!");
    assert_eq!(t.remove(1), b"one");
    assert_eq!(t.remove(2), b"two!");
    t.destroy_empty();
    let mut dropped = table::new<u64, u64>(&mut tx_context::dummy());
    dropped.add(1, 1);
    dropped.drop();
}

#[test, expected_failure(abort_code = 0, location = sui::table)]
fun table_not_empty() {
    let mut t = table::new<u64, u64>(&mut tx_context::dummy());
    t.add(1, 1);
    t.destroy_empty();
}

#[test, expected_failure(abort_code = 0, location = sui::dynamic_field)]
fun table_key_twice() {
    let mut t = table::new<u64, u64>(&mut tx_context::dummy());
    t.add(1, 1);
    t.add(1, 2);
    abort
}

#[test, expected_failure(abort_code = 1, location = sui::dynamic_field)]
fun table_key_missing() {
    let t = table::new<u64, u64>(&mut tx_context::dummy());
    t[1];
    abort
}

#[test]
fun object_tables() {
    let mut ctx = tx_context::dummy();
    let mut t = object_table::new<u64, Thing>(&mut ctx);
    let child = thing(&mut ctx);
    let id = object::id(&child);
    t.add(1, child);
    assert_eq!(t.value_id(1), option::some(id));
    assert_eq!(t.value_id(2), option::none());
    assert_eq!(object::id(&t[1]), id);
    assert!(t.contains(1) && t.length() == 1);
    destroy(t.remove(1));
    t.destroy_empty();
}

#[test]
fun bags() {
    let mut ctx = tx_context::dummy();
    let mut b = bag::new(&mut ctx);
    b.add(1u64, b"one");
    b.add(b"two", 2u8);
    assert!(b.contains(1u64) && b.contains_with_type<u64, vector<u8>>(1));
    assert!(!b.contains_with_type<u64, u8>(1));
    *&mut b[b"two"] = 3u8;
    assert_eq!(b.remove(b"two"), 3u8);
    assert_eq!(b.remove(1u64), b"one");
    b.destroy_empty();
    let mut objects = object_bag::new(&mut ctx);
    objects.add(1u64, thing(&mut ctx));
    assert!(objects.value_id(1u64).is_some() && objects.length() == 1);
    destroy(objects.remove<u64, Thing>(1));
    objects.destroy_empty();
}

#[test, expected_failure(abort_code = 0, location = sui::bag)]
fun bag_not_empty() {
    let mut b = bag::new(&mut tx_context::dummy());
    b.add(1u64, 1u64);
    b.destroy_empty();
}

#[test]
fun table_vectors() {
    let mut t = table_vec::singleton(10, &mut tx_context::dummy());
    t.push_back(20);
    t.push_back(30);
    t.swap(0, 2);
    assert_eq!(t[0], 30);
    assert_eq!(t.swap_remove(0), 30);
    *&mut t[0] = 11;
    assert_eq!(t.length(), 2);
    assert_eq!(t.pop_back(), 20);
    assert_eq!(t.pop_back(), 11);
    t.destroy_empty();
}

#[test, expected_failure(abort_code = 0, location = sui::table_vec)]
fun table_vector_index_outside() {
    let t = table_vec::singleton(10, &mut tx_context::dummy());
    t[1];
    abort
}

#[test, expected_failure(abort_code = 1, location = sui::table_vec)]
fun table_vector_not_empty() {
    table_vec::singleton(10, &mut tx_context::dummy()).destroy_empty();
}

#[test]
fun linked_tables() {
    let mut t = linked_table::new<u8, u64>(&mut tx_context::dummy());
    t.push_back(2, 20);
    t.push_back(3, 30);
    t.push_front(1, 10);
    t.push_back(4, 40);
    assert_eq!(*t.front(), option::some(1));
    assert_eq!(*t.back(), option::some(4));
    assert_eq!(*t.next(2), option::some(3));
    assert_eq!(*t.prev(1), option::none());
    assert_eq!(t.remove(3), 30);
    assert_eq!(*t.next(2), option::some(4));
    assert_eq!(*t.prev(4), option::some(2));
    *&mut t[2] = 21;
    let (key, value) = t.pop_front();
    assert!(key == 1 && value == 10);
    let (key, value) = t.pop_back();
    assert!(key == 4 && value == 40);
    assert_eq!(t[2], 21);
    assert!(t.contains(2) && t.length() == 1);
    t.remove(2);
    assert!(t.front().is_none() && t.back().is_none());
    t.destroy_empty();
}

#[test, expected_failure(abort_code = 1, location = sui::linked_table)]
fun linked_table_pop_from_empty() {
    let mut t = linked_table::new<u8, u64>(&mut tx_context::dummy());
    t.pop_front();
    abort
}

#[test]
fun vector_maps() {
    let mut m = vec_map::from_keys_values(vector[b"a", b"b"], vector[1, 2]);
    m.insert(b"c", 3);
    assert_eq!(m[&b"b"], 2);
    *&mut m[&b"b"] = 20;
    assert_eq!(m.try_get(&b"b"), option::some(20));
    assert_eq!(m.try_get(&b"x"), option::none());
    assert_eq!(m.keys(), vector[b"a", b"b", b"c"]);
    assert_eq!(m.get_idx(&b"c"), 2);
    let (key, value) = m.get_entry_by_idx(0);
    assert!(key == b"a" && value == 1);
    let (key, value) = m.remove(&b"a");
    assert!(key == b"a" && value == 1 && m.length() == 2 && m.size() == 2);
    let (key, value) = m.pop();
    assert!(key == b"c" && value == 3);
    let (keys, values) = m.into_keys_values();
    assert_eq!(keys, vector[b"b"]);
    assert_eq!(values, vector[20]);
}

#[test, expected_failure(abort_code = 0, location = sui::vec_map)]
fun vector_map_key_twice() {
    vec_map::from_keys_values(vector[1, 1], vector[1, 2]);
}

#[test, expected_failure(abort_code = 1, location = sui::vec_map)]
fun vector_map_key_missing() {
    vec_map::empty<u8, u8>()[&1];
}

#[test, expected_failure(abort_code = 2, location = sui::vec_map)]
fun vector_map_not_empty() {
    vec_map::from_keys_values(vector[1], vector[1]).destroy_empty();
}

#[test, expected_failure(abort_code = 3, location = sui::vec_map)]
fun vector_map_index_outside() {
    vec_map::empty<u8, u8>().get_entry_by_idx(0);
}

#[test, expected_failure(abort_code = 4, location = sui::vec_map)]
fun vector_map_pop_from_empty() {
    vec_map::empty<u8, u8>().pop();
}

#[test, expected_failure(abort_code = 5, location = sui::vec_map)]
fun vector_map_unequal_lengths() {
    vec_map::from_keys_values(vector[1], vector<u8>[]);
}

#[test]
fun vector_sets() {
    let mut s = vec_set::from_keys(vector[3, 1]);
    s.insert(2);
    s.remove(&3);
    assert!(s.contains(&2) && !s.contains(&3) && s.length() == 2 && !s.is_empty());
    assert_eq!(*s.keys(), vector[1, 2]);
    assert_eq!(s.into_keys(), vector[1, 2]);
}

#[test, expected_failure(abort_code = 0, location = sui::vec_set)]
fun vector_set_key_twice() {
    vec_set::singleton(1).insert(1);
}

#[test, expected_failure(abort_code = 1, location = sui::vec_set)]
fun vector_set_key_missing() {
    vec_set::singleton(1).remove(&2);
}

#[test]
fun priority_queues() {
    let entries = priority_queue::create_entries(vector[3, 9, 5, 1], vector[b"c", b"i", b"e", b"a"]);
    let mut queue = priority_queue::new(entries);
    queue.insert(7, b"g");
    let mut order = vector[];
    5u64.do!(|_| {
        let (priority, _) = queue.pop_max();
        order.push_back(priority);
    });
    assert_eq!(order, vector[9, 7, 5, 3, 1]);
}

#[test, expected_failure(abort_code = 0, location = sui::priority_queue)]
fun priority_queue_pop_from_empty() {
    priority_queue::new<u8>(vector[]).pop_max();
}
