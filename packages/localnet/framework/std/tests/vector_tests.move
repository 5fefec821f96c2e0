#[test_only]
module std::vector_tests;

use std::unit_test::assert_eq;

#[test]
fun changes_in_place() {
    let mut v = vector[1, 2, 3];
    v.insert(0, 0);
    v.insert(9, 4);
    assert_eq!(v, vector[0, 1, 2, 3, 9]);
    assert_eq!(v.remove(1), 1);
    assert_eq!(v.swap_remove(0), 0);
    assert_eq!(v, vector[9, 2, 3]);
    v.reverse();
    v.append(vector[7, 8]);
    assert_eq!(v, vector[3, 2, 9, 7, 8]);
    vector<u8>[].reverse();
}

#[test]
fun searches() {
    let v = vector[5, 6, 5];
    assert!(v.contains(&6) && !v.contains(&7));
    let (found, at) = v.index_of(&5);
    assert!(found && at == 0);
    let (found, at) = v.index_of(&9);
    assert!(!found && at == 0);
    assert_eq!(v.find_index!(|e| *e == 6), option::some(1));
    assert_eq!(v.find_index!(|e| *e == 7), option::none());
    assert_eq!(v.find_indices!(|e| *e == 5), vector[0, 2]);
    assert_eq!(v.count!(|e| *e == 5), 2);
    assert!(v.any!(|e| *e == 6) && !v.any!(|e| *e == 7));
    assert!(v.all!(|e| *e > 4) && !v.all!(|e| *e == 5));
}

#[test]
fun cuts() {
    let mut v = vector[1, 2, 3, 4];
    assert_eq!(v.take_mut(1), vector[1]);
    assert_eq!(v, vector[2, 3, 4]);
    assert_eq!(v.skip_mut(2), vector[4]);
    assert_eq!(v, vector[2, 3]);
    assert_eq!(vector[1, 2, 3].take(2), vector[1, 2]);
    assert_eq!(vector[1, 2, 3].skip(1), vector[2, 3]);
    assert_eq!(vector[vector[1], vector[], vector[2, 3]].flatten(), vector[1, 2, 3]);
}

#[test]
fun transforms() {
    assert_eq!(vector::tabulate!(3, |i| i * i), vector[0, 1, 4]);
    assert_eq!(vector[1, 2].map!(|e| e + 1), vector[2, 3]);
    assert_eq!(vector[1, 2].map_ref!(|e| *e + 1), vector[2, 3]);
    assert_eq!(vector[1, 2, 3].filter!(|e| *e != 2), vector[1, 3]);
    let (small, large) = vector[1, 5, 2].partition!(|e| *e < 3);
    assert_eq!(small, vector[1, 2]);
    assert_eq!(large, vector[5]);
    assert_eq!(vector[1, 2, 3].fold!(10, |acc, e| acc - e), 4);
    assert_eq!(vector[1, 2, 9, 1].take_while!(|e| *e < 5), vector[1, 2]);
    assert_eq!(vector[1, 2, 9, 1].skip_while!(|e| *e < 5), vector[9, 1]);
    let mut order = vector[];
    vector[1, 2].destroy!(|e| order.push_back(e));
    vector[3, 4].do!(|e| order.push_back(e));
    vector[5].do_ref!(|e| order.push_back(*e));
    assert_eq!(order, vector[2, 1, 3, 4, 5]);
    let mut v = vector[1, 2];
    v.do_mut!(|e| *e = *e * 10);
    assert_eq!(v, vector[10, 20]);
}

#[test]
fun pairs() {
    assert_eq!(vector[1, 2].zip_map!(vector[10, 20], |a, b| a + b), vector[11, 22]);
    assert_eq!(vector[1, 2].zip_map_ref!(&vector[10, 20], |a, b| *a + *b), vector[11, 22]);
    let mut order = vector[];
    vector[1, 2].zip_do_reverse!(vector[3, 4], |a, b| order.push_back(a * 10 + b));
    vector[1, 2].zip_do!(vector[3, 4], |a, b| order.push_back(a * 10 + b));
    assert_eq!(order, vector[24, 13, 13, 24]);
    let mut left = vector[1, 2];
    let mut right = vector[3, 4];
    left.zip_do_mut!(&mut right, |a, b| {
        *a = *a + *b;
        *b = 0;
    });
    assert_eq!(left, vector[4, 6]);
    assert_eq!(right, vector[0, 0]);
}

#[test]
fun sorts_keeping_the_order_of_equals() {
    let input = vector[31, 12, 22, 11, 32, 21, 0, 13, 39, 1, 1];
    let mut inserted = input;
    inserted.insertion_sort_by!(|a, b| *a / 10 <= *b / 10);
    let mut merged = input;
    merged.merge_sort_by!(|a, b| *a / 10 <= *b / 10);
    assert_eq!(merged, vector[0, 1, 1, 12, 11, 13, 22, 21, 31, 32, 39]);
    assert_eq!(inserted, merged);
    assert!(merged.is_sorted_by!(|a, b| *a / 10 <= *b / 10));
    assert!(!input.is_sorted_by!(|a, b| *a <= *b));
    let mut none = vector<u64>[];
    none.merge_sort_by!(|a, b| *a <= *b);
    assert!(none.is_sorted_by!(|a, b| *a <= *b));
}

#[test, expected_failure(abort_code = 0x20000, location = std::vector)]
fun remove_outside() {
    vector[1].remove(1);
}

#[test, expected_failure(abort_code = 0x20000, location = std::vector)]
fun insert_outside() {
    vector[1].insert(1, 2);
}

#[test, expected_failure(abort_code = 0x20000, location = std::vector)]
fun swap_remove_from_empty() {
    vector<u8>[].swap_remove(0);
}

#[test, expected_failure(vector_error, minor_status = 1, location = std::vector)]
fun swap_remove_outside() {
    vector[1].swap_remove(1);
}

#[test, expected_failure(vector_error, minor_status = 1, location = Self)]
fun borrow_outside() {
    vector[1][1];
}

#[test, expected_failure(vector_error, minor_status = 2, location = Self)]
fun pop_from_empty() {
    vector<u8>[].pop_back();
}

#[test, expected_failure(vector_error, minor_status = 3, location = Self)]
fun destroy_not_empty() {
    vector[1].destroy_empty();
}

#[test, expected_failure]
fun zip_of_unequal_lengths() {
    vector[1].zip_do!(vector[1, 2], |_, _| {});
}

#[test, expected_failure]
fun take_too_many() {
    vector[1].take(2);
}
