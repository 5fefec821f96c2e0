// Interface: https://docs.sui.io/references/framework/sui/test_utils
/// Helpers of tests.
#[test_only]
module sui::test_utils;

public fun assert_eq<T: drop>(t1: T, t2: T) {
    assert_ref_eq(&t1, &t2)
}

public fun assert_ref_eq<T>(t1: &T, t2: &T) {
    if (t1 != t2) {
        print(b"not equal:");
        std::debug::print(t1);
        std::debug::print(t2);
        abort
    }
}

/// Equal up to the order of elements.
public fun assert_same_elems<T: copy + drop>(v1: vector<T>, mut v2: vector<T>) {
    v1.do_ref!(|e| {
        let (found, i) = v2.index_of(e);
        assert!(found);
        v2.swap_remove(i);
    });
    assert!(v2.is_empty())
}

public fun print(str: vector<u8>) {
    std::debug::print(&str.to_ascii_string())
}

/// Drops a value of any type.
public fun destroy<T>(x: T) {
    std::unit_test::destroy(x)
}

/// The witness that `init` would get.
public native fun create_one_time_witness<T: drop>(): T;
