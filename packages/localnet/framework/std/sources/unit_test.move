// Interface: https://docs.sui.io/references/framework/std/unit_test
/// Checks for unit tests.
#[test_only]
module std::unit_test;

/// Every module compiled for tests calls it, so that such a module cannot be published.
public native fun poison();

/// Drops a value of any type.
public native fun destroy<T>(v: T);

/// Aborts unless both values are equal; prints them if not.
public macro fun assert_eq<$T: drop>($t1: $T, $t2: $T) {
    let t1 = $t1;
    let t2 = $t2;
    std::unit_test::assert_ref_eq!(&t1, &t2)
}

/// Aborts unless both references show equal values; prints them if not.
public macro fun assert_ref_eq<$T>($t1: &$T, $t2: &$T) {
    let t1 = $t1;
    let t2 = $t2;
    if (t1 != t2) {
        std::debug::print(&b"not equal:".to_string());
        std::debug::print(t1);
        std::debug::print(t2);
        abort
    }
}
