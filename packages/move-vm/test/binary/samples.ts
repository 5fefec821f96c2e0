/** Move source that uses every instruction the compiler emits, for round trips and mutation. */

export const SAMPLES: Record<string, string> = {
  shapes: `
module pkg::shapes;

public enum Shape has copy, drop, store { Empty, Circle(u64), Box { w: u64, h: u64 } }
public enum Maybe<T> has drop, store { None, Some(T) }
public struct Pair<A, B> has copy, drop, store { a: A, b: B }
public struct Marker<phantom T> has drop, store {}

public fun area(s: &Shape): u64 {
    match (s) { Shape::Empty => 0, Shape::Circle(r) => *r * *r, Shape::Box { w, h } => *w * *h }
}
public fun grow(s: &mut Shape) {
    match (s) {
        Shape::Empty => (),
        Shape::Circle(r) => *r = *r + 1,
        Shape::Box { w, h } => { *w = *w + 1; *h = *h + 1 },
    }
}
public fun open<T: drop>(m: Maybe<T>, other: T): T {
    match (m) { Maybe::None => other, Maybe::Some(x) => x }
}
public fun peek<T: copy + drop>(m: &Maybe<T>, other: T): T {
    match (m) { Maybe::None => other, Maybe::Some(x) => *x }
}
public fun poke<T: drop>(m: &mut Maybe<T>, value: T) {
    match (m) { Maybe::None => (), Maybe::Some(x) => *x = value }
}
public fun make(): (Shape, Maybe<u8>, Marker<u64>) {
    (Shape::Box { w: 1, h: 2 }, Maybe::Some(3), Marker {})
}
public fun consume(s: Shape): u64 {
    match (s) { Shape::Empty => 0, Shape::Circle(r) => r, Shape::Box { w, h } => w + h }
}
public struct Dot has drop { x: u64 }
public fun nudge(d: &mut Dot): u256 { d.x = 1; 7u256 }
public fun first<A: copy, B>(p: &Pair<A, B>): A { p.a }
public fun set<A: drop, B>(p: &mut Pair<A, B>, a: A) { p.a = a }
public fun split<A, B>(p: Pair<A, B>): (A, B) { let Pair { a, b } = p; (a, b) }
`,
  numbers: `
module pkg::numbers;

const K: vector<vector<u8>> = vector[b"one", b"", b"three"];
const BIG: u256 = 115792089237316195423570985008687907853269984665640564039457584007913129639935;
#[error]
const ENope: vector<u8> = b"nope";
#[error(code = 7)]
const ESeven: u64 = 77;

public fun arithmetic(a: u64, b: u64): u64 { ((a + b) * (a - b) / (b + 1)) % 7 }
public fun bits(a: u32, n: u8): u32 { ((a << n) | (a >> n)) ^ (a & 0xff00ff) }
public fun casts(x: u8): (u16, u32, u64, u128, u256) {
    (x as u16, x as u32, x as u64, x as u128, x as u256)
}
public fun back(x: u256): (u8, u16) { (x as u8, x as u16) }
public fun compare(a: u128, b: u128): bool {
    (a < b && a <= b) || (a > b || a >= b) || !(a == b) || a != b
}
public fun constants(): (vector<vector<u8>>, u256, address, u16, u128) {
    (K, BIG, @0x2, 65535, 1 << 100)
}
public fun sum(v: &vector<u64>): u64 {
    let mut total = 0;
    let mut i = 0;
    while (i < v.length()) { total = total + v[i]; i = i + 1 };
    total
}
public fun shuffle(): vector<u64> {
    let mut v = vector[1, 2, 3];
    v.push_back(4);
    v.swap(0, 3);
    *(&mut v[1]) = v.pop_back();
    let e = vector<u64>[];
    e.destroy_empty();
    v
}
public fun fail(x: bool) { assert!(x, ENope); abort ESeven }
public fun choose<T: drop>(c: bool, a: T, b: T): T { if (c) a else b }
public fun pick(): u64 { choose(true, 1, 2) + choose(false, 3, 4) }
`,
  objects: `
module pkg::objects;

use sui::event;

public struct OBJECTS has drop {}
public struct Thing has key, store { id: UID, value: u64 }
public struct Made has copy, drop { value: u64 }

fun init(_witness: OBJECTS, ctx: &mut TxContext) {
    sui::transfer::transfer(make(1, ctx), ctx.sender());
}
public fun make(value: u64, ctx: &mut TxContext): Thing {
    event::emit(Made { value });
    Thing { id: sui::object::new(ctx), value }
}
public(package) fun value(t: &Thing): u64 { t.value }
entry fun destroy(t: Thing) { let Thing { id, value: _ } = t; id.delete() }
`,
  user: `
module pkg::user;

use pkg::objects::{Self, Thing};

public fun twice(t: &Thing): u64 { objects::value(t) * 2 }
`,
};
