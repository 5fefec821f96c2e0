// Interface: https://docs.sui.io/references/framework/std/vector
/// Growable sequences. The functions marked `bytecode_instruction` are single VM instructions.
#[defines_primitive(vector)]
module std::vector;

public use fun std::string::utf8 as vector.to_string;
public use fun std::string::try_utf8 as vector.try_to_string;
public use fun std::ascii::string as vector.to_ascii_string;
public use fun std::ascii::try_string as vector.try_to_ascii_string;

/// An index is not inside the vector.
const EINDEX_OUT_OF_BOUNDS: u64 = 0x20000;

#[bytecode_instruction]
/// A vector without elements.
public native fun empty<Element>(): vector<Element>;

#[bytecode_instruction]
/// Number of elements.
public native fun length<Element>(v: &vector<Element>): u64;

#[syntax(index)]
#[bytecode_instruction]
/// Element `i`; vector error if there is none.
public native fun borrow<Element>(v: &vector<Element>, i: u64): &Element;

#[bytecode_instruction]
/// Adds an element at the end.
public native fun push_back<Element>(v: &mut vector<Element>, e: Element);

#[syntax(index)]
#[bytecode_instruction]
/// Element `i`, to be changed in place; vector error if there is none.
public native fun borrow_mut<Element>(v: &mut vector<Element>, i: u64): &mut Element;

#[bytecode_instruction]
/// Takes the last element off; vector error if there is none.
public native fun pop_back<Element>(v: &mut vector<Element>): Element;

#[bytecode_instruction]
/// Ends an empty vector; vector error if it is not empty.
public native fun destroy_empty<Element>(v: vector<Element>);

#[bytecode_instruction]
/// Exchanges two elements; vector error if one is not there.
public native fun swap<Element>(v: &mut vector<Element>, i: u64, j: u64);

/// A vector of one element.
public fun singleton<Element>(e: Element): vector<Element> {
    vector[e]
}

/// Turns the order around.
public fun reverse<Element>(v: &mut vector<Element>) {
    let length = v.length();
    let half = length / 2;
    let mut i = 0;
    while (i < half) {
        v.swap(i, length - 1 - i);
        i = i + 1;
    }
}

/// Moves all elements of `other` to the end of `lhs`.
public fun append<Element>(lhs: &mut vector<Element>, mut other: vector<Element>) {
    other.reverse();
    while (!other.is_empty()) lhs.push_back(other.pop_back());
    other.destroy_empty()
}

public fun is_empty<Element>(v: &vector<Element>): bool {
    v.length() == 0
}

/// Whether an element equals `e`.
public fun contains<Element>(v: &vector<Element>, e: &Element): bool {
    let (found, _) = v.index_of(e);
    found
}

/// Position of the first element that equals `e`; `(false, 0)` if there is none.
public fun index_of<Element>(v: &vector<Element>, e: &Element): (bool, u64) {
    let mut i = 0;
    let length = v.length();
    while (i < length && &v[i] != e) i = i + 1;
    if (i < length) (true, i) else (false, 0)
}

/// Takes element `i` out and closes the gap; the order stays.
public fun remove<Element>(v: &mut vector<Element>, i: u64): Element {
    let length = v.length();
    if (i >= length) abort EINDEX_OUT_OF_BOUNDS;
    let mut hole = i;
    while (hole + 1 < length) {
        v.swap(hole, hole + 1);
        hole = hole + 1;
    };
    v.pop_back()
}

/// Puts `e` at position `i`, which may be the end; later elements move up.
public fun insert<Element>(v: &mut vector<Element>, e: Element, i: u64) {
    let mut hole = v.length();
    if (i > hole) abort EINDEX_OUT_OF_BOUNDS;
    v.push_back(e);
    while (hole > i) {
        v.swap(hole, hole - 1);
        hole = hole - 1;
    }
}

/// Takes element `i` out and puts the last element in its place.
public fun swap_remove<Element>(v: &mut vector<Element>, i: u64): Element {
    if (v.is_empty()) abort EINDEX_OUT_OF_BOUNDS;
    let last = v.length() - 1;
    v.swap(i, last);
    v.pop_back()
}

/// Joins the inner vectors, in order.
public fun flatten<T>(mut v: vector<vector<T>>): vector<T> {
    let mut joined = vector[];
    v.reverse();
    while (!v.is_empty()) joined.append(v.pop_back());
    v.destroy_empty();
    joined
}

/// Cuts everything from position `n` on off `v` and returns it.
public fun skip_mut<T>(v: &mut vector<T>, n: u64): vector<T> {
    assert!(n < v.length());
    let mut tail = vector[];
    while (v.length() > n) tail.push_back(v.pop_back());
    tail.reverse();
    tail
}

/// Everything from position `n` on.
public fun skip<T: drop>(mut v: vector<T>, n: u64): vector<T> {
    v.skip_mut(n)
}

/// Cuts the first `n` elements off `v` and returns them.
public fun take_mut<T>(v: &mut vector<T>, n: u64): vector<T> {
    assert!(n <= v.length());
    let mut head = vector[];
    v.reverse();
    while (head.length() < n) head.push_back(v.pop_back());
    v.reverse();
    head
}

/// The first `n` elements.
public fun take<T: drop>(mut v: vector<T>, n: u64): vector<T> {
    v.take_mut(n)
}

/// The vector `f(0), …, f(n - 1)`.
public macro fun tabulate<$T>($n: u64, $f: |u64| -> $T): vector<$T> {
    let n = $n;
    let mut made = vector[];
    let mut i = 0;
    while (i < n) {
        made.push_back($f(i));
        i = i + 1;
    };
    made
}

/// Gives each element to `f`, last one first.
public macro fun destroy<$T, $R: drop>($v: vector<$T>, $f: |$T| -> $R) {
    let mut v = $v;
    while (!v.is_empty()) {
        $f(v.pop_back());
    };
    v.destroy_empty();
}

/// Gives each element to `f`, in order.
public macro fun do<$T, $R: drop>($v: vector<$T>, $f: |$T| -> $R) {
    let mut v = $v;
    v.reverse();
    while (!v.is_empty()) {
        $f(v.pop_back());
    };
    v.destroy_empty();
}

/// Shows each element to `f`.
public macro fun do_ref<$T, $R: drop>($v: &vector<$T>, $f: |&$T| -> $R) {
    let v = $v;
    let length = v.length();
    let mut i = 0;
    while (i < length) {
        $f(&v[i]);
        i = i + 1;
    }
}

/// Lets `f` change each element.
public macro fun do_mut<$T, $R: drop>($v: &mut vector<$T>, $f: |&mut $T| -> $R) {
    let v = $v;
    let length = v.length();
    let mut i = 0;
    while (i < length) {
        $f(&mut v[i]);
        i = i + 1;
    }
}

/// The results of `f` for each element.
public macro fun map<$T, $U>($v: vector<$T>, $f: |$T| -> $U): vector<$U> {
    let v = $v;
    let mut made = vector[];
    v.do!(|e| made.push_back($f(e)));
    made
}

/// The results of `f` for a reference to each element.
public macro fun map_ref<$T, $U>($v: &vector<$T>, $f: |&$T| -> $U): vector<$U> {
    let v = $v;
    let mut made = vector[];
    v.do_ref!(|e| made.push_back($f(e)));
    made
}

/// The elements for which `f` holds.
public macro fun filter<$T: drop>($v: vector<$T>, $f: |&$T| -> bool): vector<$T> {
    let v = $v;
    let mut kept = vector[];
    v.do!(|e| if ($f(&e)) kept.push_back(e));
    kept
}

/// The elements for which `f` holds, and the others.
public macro fun partition<$T>($v: vector<$T>, $f: |&$T| -> bool): (vector<$T>, vector<$T>) {
    let v = $v;
    let mut held = vector[];
    let mut others = vector[];
    v.do!(|e| if ($f(&e)) held.push_back(e) else others.push_back(e));
    (held, others)
}

/// First position at which `f` holds.
public macro fun find_index<$T>($v: &vector<$T>, $f: |&$T| -> bool): Option<u64> {
    let v = $v;
    let length = v.length();
    let mut i = 0;
    while (i < length && !$f(&v[i])) i = i + 1;
    if (i < length) option::some(i) else option::none()
}

/// All positions at which `f` holds.
public macro fun find_indices<$T>($v: &vector<$T>, $f: |&$T| -> bool): vector<u64> {
    let v = $v;
    let length = v.length();
    let mut found = vector[];
    let mut i = 0;
    while (i < length) {
        if ($f(&v[i])) found.push_back(i);
        i = i + 1;
    };
    found
}

/// Number of elements for which `f` holds.
public macro fun count<$T>($v: &vector<$T>, $f: |&$T| -> bool): u64 {
    let v = $v;
    let mut count = 0;
    v.do_ref!(|e| if ($f(e)) count = count + 1);
    count
}

/// Folds the elements into one value, from the left.
public macro fun fold<$T, $Acc>($v: vector<$T>, $init: $Acc, $f: |$Acc, $T| -> $Acc): $Acc {
    let v = $v;
    let mut acc = $init;
    v.do!(|e| acc = $f(acc, e));
    acc
}

/// Whether `f` holds for one element at least.
public macro fun any<$T>($v: &vector<$T>, $f: |&$T| -> bool): bool {
    let v = $v;
    let length = v.length();
    let mut i = 0;
    while (i < length && !$f(&v[i])) i = i + 1;
    i < length
}

/// Whether `f` holds for every element.
public macro fun all<$T>($v: &vector<$T>, $f: |&$T| -> bool): bool {
    let v = $v;
    let length = v.length();
    let mut i = 0;
    while (i < length && $f(&v[i])) i = i + 1;
    i == length
}

/// Gives the elements of two vectors of equal length to `f`, pair by pair, in order.
public macro fun zip_do<$T1, $T2, $R: drop>(
    $v1: vector<$T1>,
    $v2: vector<$T2>,
    $f: |$T1, $T2| -> $R,
) {
    let mut v1 = $v1;
    let mut v2 = $v2;
    assert!(v1.length() == v2.length());
    v1.reverse();
    v2.reverse();
    while (!v1.is_empty()) {
        $f(v1.pop_back(), v2.pop_back());
    };
    v1.destroy_empty();
    v2.destroy_empty();
}

/// As `zip_do`, last pair first.
public macro fun zip_do_reverse<$T1, $T2, $R: drop>(
    $v1: vector<$T1>,
    $v2: vector<$T2>,
    $f: |$T1, $T2| -> $R,
) {
    let mut v1 = $v1;
    let mut v2 = $v2;
    assert!(v1.length() == v2.length());
    while (!v1.is_empty()) {
        $f(v1.pop_back(), v2.pop_back());
    };
    v1.destroy_empty();
    v2.destroy_empty();
}

/// Shows the elements of two vectors of equal length to `f`, pair by pair.
public macro fun zip_do_ref<$T1, $T2, $R: drop>(
    $v1: &vector<$T1>,
    $v2: &vector<$T2>,
    $f: |&$T1, &$T2| -> $R,
) {
    let (v1, v2) = ($v1, $v2);
    let length = v1.length();
    assert!(length == v2.length());
    let mut i = 0;
    while (i < length) {
        $f(&v1[i], &v2[i]);
        i = i + 1;
    }
}

/// Lets `f` change the elements of two vectors of equal length, pair by pair.
public macro fun zip_do_mut<$T1, $T2, $R: drop>(
    $v1: &mut vector<$T1>,
    $v2: &mut vector<$T2>,
    $f: |&mut $T1, &mut $T2| -> $R,
) {
    let (v1, v2) = ($v1, $v2);
    let length = v1.length();
    assert!(length == v2.length());
    let mut i = 0;
    while (i < length) {
        $f(&mut v1[i], &mut v2[i]);
        i = i + 1;
    }
}

/// The results of `f` for each pair of two vectors of equal length.
public macro fun zip_map<$T1, $T2, $U>(
    $v1: vector<$T1>,
    $v2: vector<$T2>,
    $f: |$T1, $T2| -> $U,
): vector<$U> {
    let mut made = vector[];
    zip_do!($v1, $v2, |a, b| made.push_back($f(a, b)));
    made
}

/// The results of `f` for references to each pair of two vectors of equal length.
public macro fun zip_map_ref<$T1, $T2, $U>(
    $v1: &vector<$T1>,
    $v2: &vector<$T2>,
    $f: |&$T1, &$T2| -> $U,
): vector<$U> {
    let mut made = vector[];
    zip_do_ref!($v1, $v2, |a, b| made.push_back($f(a, b)));
    made
}

/// Sorts in place, keeping the order of equals; good for short or almost sorted vectors.
/// `$le` says whether the first argument may stand before the second.
public macro fun insertion_sort_by<$T>($v: &mut vector<$T>, $le: |&$T, &$T| -> bool) {
    let v = $v;
    let length = v.length();
    let mut sorted = 1;
    while (sorted < length) {
        let mut at = sorted;
        while (at > 0 && !$le(&v[at - 1], &v[at])) {
            v.swap(at - 1, at);
            at = at - 1;
        };
        sorted = sorted + 1;
    }
}

/// Sorts in n log n steps, keeping the order of equals. `$le` as in `insertion_sort_by`.
/// Runs of doubling width are merged from one vector into a new one.
public macro fun merge_sort_by<$T>($v: &mut vector<$T>, $le: |&$T, &$T| -> bool) {
    let v = $v;
    let length = v.length();
    let mut width = 1;
    while (width < length) {
        let mut source = vector[];
        while (!v.is_empty()) source.push_back(v.pop_back());
        // `source` is reversed: its end is the first run.
        while (!source.is_empty()) {
            let mut left = vector[];
            let mut right = vector[];
            while (left.length() < width && !source.is_empty()) left.push_back(source.pop_back());
            while (right.length() < width && !source.is_empty()) right.push_back(source.pop_back());
            left.reverse();
            right.reverse();
            while (!left.is_empty() && !right.is_empty()) {
                let take_left = $le(&left[left.length() - 1], &right[right.length() - 1]);
                v.push_back(if (take_left) left.pop_back() else right.pop_back());
            };
            while (!left.is_empty()) v.push_back(left.pop_back());
            while (!right.is_empty()) v.push_back(right.pop_back());
            left.destroy_empty();
            right.destroy_empty();
        };
        source.destroy_empty();
        width = width * 2;
    }
}

/// Whether each element may stand before the next.
public macro fun is_sorted_by<$T>($v: &vector<$T>, $le: |&$T, &$T| -> bool): bool {
    let v = $v;
    let length = v.length();
    let mut i = 1;
    while (i < length && $le(&v[i - 1], &v[i])) i = i + 1;
    i >= length
}

/// The elements before the first for which `$p` fails.
public macro fun take_while<$T: drop>($v: vector<$T>, $p: |&$T| -> bool): vector<$T> {
    let mut v = $v;
    let mut kept = vector[];
    v.reverse();
    while (!v.is_empty() && $p(&v[v.length() - 1])) kept.push_back(v.pop_back());
    kept
}

/// The elements from the first for which `$p` fails.
public macro fun skip_while<$T: drop>($v: vector<$T>, $p: |&$T| -> bool): vector<$T> {
    let mut v = $v;
    v.reverse();
    while (!v.is_empty() && $p(&v[v.length() - 1])) {
        v.pop_back();
    };
    v.reverse();
    v
}
