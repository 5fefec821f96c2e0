#[test_only]
module std::option_tests;

use std::unit_test::assert_eq;

#[test]
fun reads() {
    let some = option::some(5);
    let none = option::none<u64>();
    assert!(some.is_some() && !some.is_none() && none.is_none());
    assert!(some.contains(&5) && !some.contains(&6) && !none.contains(&5));
    assert_eq!(*some.borrow(), 5);
    assert_eq!(*none.borrow_with_default(&7), 7);
    assert_eq!(some.get_with_default(7), 5);
    assert_eq!(none.get_with_default(7), 7);
    assert_eq!(some.to_vec(), vector[5]);
    assert_eq!(none.to_vec(), vector[]);
    assert_eq!(none.destroy_with_default(3), 3);
}

#[test]
fun changes() {
    let mut o = option::none();
    o.fill(1);
    assert_eq!(o.swap(2), 1);
    *o.borrow_mut() = 3;
    assert_eq!(o.swap_or_fill(4), option::some(3));
    assert_eq!(o.extract(), 4);
    assert_eq!(o.swap_or_fill(5), option::none());
    assert_eq!(o.extract(), 5);
    o.destroy_none();
}

#[test]
fun macros() {
    let some = option::some(5);
    let none = option::none<u64>();
    assert_eq!(some.map!(|v| v + 1), option::some(6));
    assert_eq!(none.map!(|v| v + 1), option::none());
    assert_eq!(some.map_ref!(|v| *v + 1), option::some(6));
    assert_eq!(some.and!(|v| option::some(v * 2)), option::some(10));
    assert_eq!(none.or!(some), some);
    assert_eq!(some.filter!(|v| *v > 5), option::none());
    assert!(some.is_some_and!(|v| *v == 5) && none.is_none_or!(|v| *v == 5));
    assert_eq!(some.fold!(0, |v| v + 1), 6);
    assert_eq!(none.fold_ref!(9, |v| *v), 9);
    assert_eq!(none.destroy_or!(8), 8);
    let mut seen = vector[];
    some.do!(|v| seen.push_back(v));
    none.do!(|v| seen.push_back(v));
    some.do_ref!(|v| seen.push_back(*v));
    some.destroy!(|v| seen.push_back(v));
    assert_eq!(seen, vector[5, 5, 5]);
    let mut changed = some;
    changed.do_mut!(|v| *v = 6);
    assert_eq!(changed.extract_or!(0), 6);
    assert_eq!(changed.extract_or!(0), 0);
}

#[test, expected_failure(abort_code = 0x40000, location = std::option)]
fun fill_twice() {
    option::some(1).fill(2);
}

#[test, expected_failure(abort_code = 0x40001, location = std::option)]
fun borrow_nothing() {
    option::none<u64>().borrow();
}

#[test, expected_failure(abort_code = 0x40001, location = std::option)]
fun borrow_nothing_to_change() {
    option::none<u64>().borrow_mut();
}

#[test, expected_failure(abort_code = 0x40001, location = std::option)]
fun extract_nothing() {
    option::none<u64>().extract();
}

#[test, expected_failure(abort_code = 0x40001, location = std::option)]
fun swap_nothing() {
    option::none<u64>().swap(1);
}

#[test, expected_failure(abort_code = 0x40001, location = std::option)]
fun destroy_nothing() {
    option::none<u64>().destroy_some();
}

#[test, expected_failure(abort_code = 0x40000, location = std::option)]
fun destroy_something() {
    option::some(1).destroy_none();
}
