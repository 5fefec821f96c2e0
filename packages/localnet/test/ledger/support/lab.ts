/**
 * Move sources of the packages that the ledger's tests publish.
 */

/** Every way an object can live, calls with every kind of argument, hot potatoes, events, aborts. */
export const LAB = `
module lab::lab;

use sui::clock::Clock;
use sui::coin::Coin;
use sui::dynamic_field as df;
use sui::dynamic_object_field as dof;
use sui::event;
use sui::sui::SUI;
use sui::transfer::Receiving;

#[error]
const ENotAllowed: vector<u8> = b"not allowed here";

public struct Thing has key, store { id: UID, value: u64 }
public struct Box has key, store { id: UID, thing: Option<Thing> }
public struct Bound has key { id: UID }
public struct Note has copy, drop, store { value: u64 }
public struct Potato { value: u64 }
public struct CopyOnly has copy { value: u64 }
public struct Made has copy, drop { id: ID, value: u64 }

fun init(ctx: &mut TxContext) {
    event::emit(Note { value: 42 });
    transfer::share_object(Thing { id: object::new(ctx), value: 100 });
}

public fun make(value: u64, ctx: &mut TxContext): Thing {
    let thing = Thing { id: object::new(ctx), value };
    event::emit(Made { id: object::id(&thing), value });
    thing
}
public fun make_bound(ctx: &mut TxContext): Bound { Bound { id: object::new(ctx) } }
public fun keep_bound(bound: Bound, to: address) { transfer::transfer(bound, to) }
public fun destroy(thing: Thing) { let Thing { id, value: _ } = thing; id.delete() }
public fun set(thing: &mut Thing, value: u64) { thing.value = value }
public fun get(thing: &Thing): u64 { thing.value }
public fun get_two(a: &Thing, b: &Thing): u64 { a.value + b.value }
public fun swap(a: &mut Thing, b: &mut Thing) {
    let value = a.value;
    a.value = b.value;
    b.value = value;
}
public fun read_write(_a: &Thing, _b: &mut Thing) {}
public fun consume_and_read(a: Thing, _b: &Thing) { destroy(a) }
public fun share(thing: Thing) { transfer::public_share_object(thing) }
public fun freeze_it(thing: Thing) { transfer::public_freeze_object(thing) }
public fun reshare(thing: Thing) { transfer::share_object(thing) }
public fun pass(thing: Thing): Thing { thing }

public fun wrap(thing: Thing, ctx: &mut TxContext): Box {
    Box { id: object::new(ctx), thing: option::some(thing) }
}
public fun unwrap(box: &mut Box): Thing { box.thing.extract() }
public fun destroy_inside(box: &mut Box) { destroy(box.thing.extract()) }
public fun delete_box(box: Box) {
    let Box { id, thing } = box;
    thing.destroy_none();
    id.delete()
}

public fun add_field(thing: &mut Thing, key: u64, value: u64) { df::add(&mut thing.id, key, value) }
public fun set_field(thing: &mut Thing, key: u64, value: u64) {
    *df::borrow_mut(&mut thing.id, key) = value
}
public fun read_field(thing: &Thing, key: u64): u64 { *df::borrow(&thing.id, key) }
public fun touch_field(thing: &mut Thing, key: u64) { let _: &mut u64 = df::borrow_mut(&mut thing.id, key); }
public fun remove_field(thing: &mut Thing, key: u64): u64 { df::remove(&mut thing.id, key) }
public fun add_object(thing: &mut Thing, key: u64, child: Thing) { dof::add(&mut thing.id, key, child) }
public fun set_object(thing: &mut Thing, key: u64, value: u64) {
    let child: &mut Thing = dof::borrow_mut(&mut thing.id, key);
    child.value = value
}
public fun remove_object(thing: &mut Thing, key: u64): Thing { dof::remove(&mut thing.id, key) }
public fun receive(parent: &mut Thing, ticket: Receiving<Thing>): Thing {
    transfer::public_receive(&mut parent.id, ticket)
}

public fun potato(value: u64): Potato { Potato { value } }
public fun heat(thing: &Thing): Potato { Potato { value: thing.value } }
public fun eat(potato: Potato) { let Potato { value: _ } = potato; }
entry fun eat_entry(potato: Potato) { eat(potato) }
entry fun look_entry(_thing: &Thing) {}
public fun share_again(thing: Thing, _with: &Thing) { transfer::share_object(thing) }
public fun copy_only(): CopyOnly { CopyOnly { value: 1 } }
public fun eat_copy(it: CopyOnly) { let CopyOnly { value: _ } = it; }
public fun note(value: u64): Note { Note { value } }
public fun note_value(note: Note): u64 { note.value }
public fun note_ref(note: &Note): u64 { note.value }
public fun bump(note: &mut Note) { note.value = note.value + 1 }
public fun two_notes(): (Note, Note) { (Note { value: 1 }, Note { value: 2 }) }
public fun reference(thing: &Thing): &u64 { &thing.value }

public fun bytes_length(bytes: vector<u8>): u64 { bytes.length() }
public fun text_length(text: std::string::String): u64 { text.length() }
public fun ascii_length(text: std::ascii::String): u64 { text.length() }
public fun maybe(value: Option<u64>): u64 { value.destroy_or!(0) }
public fun an_id(id: ID): address { id.to_address() }
public fun many(values: vector<vector<u16>>): u64 { values.length() }
public fun flag(value: bool): bool { value }
public fun change(value: &mut u64) { *value = *value + 1 }
public fun things(all: vector<Thing>): u64 {
    let count = all.length();
    all.do!(|thing| destroy(thing));
    count
}
public fun generic<T: key + store>(_it: &T) {}
public fun time(clock: &Clock): u64 { clock.timestamp_ms() }
public fun who(ctx: &TxContext): address { ctx.sender() }
public fun who_first(ctx: &TxContext, value: u64): u64 { ctx.epoch() + value }
public fun sponsor(ctx: &TxContext): Option<address> { ctx.sponsor() }
public fun coin_value(coin: &Coin<SUI>): u64 { coin.value() }
public fun coin_eat(coin: Coin<SUI>, to: address) { transfer::public_transfer(coin, to) }

public fun refuse() { abort 7 }
public fun refuse_clever() { abort ENotAllowed }
public fun divide(a: u64, b: u64): u64 { a / b }
public fun spin() { loop {} }
public fun event_storm(count: u64) { let mut i = 0; while (i < count) { event::emit(Note { value: i }); i = i + 1 } }
public struct Blob has key, store { id: UID, bytes: vector<u8> }
public fun blobs(size: u64, count: u64, to: address, ctx: &mut TxContext) {
    let bytes = grow(size);
    let mut i = 0;
    while (i < count) {
        transfer::public_transfer(Blob { id: object::new(ctx), bytes }, to);
        i = i + 1
    }
}
entry fun roll(random: &sui::random::Random, ctx: &mut TxContext): u64 {
    random.new_generator(ctx).generate_u64()
}
public fun party(thing: Thing, to: address) {
    transfer::public_party_transfer(thing, sui::party::single_owner(to))
}
public fun grow(size: u64): vector<u8> { vector::tabulate!(size, |_| 0u8) }
fun hidden(): u64 { 3 }
`;

/** A coin type of its own, with an init that takes the one-time witness. */
export const MINT = `
module mint::gold;

use sui::coin;

public struct GOLD has drop {}

fun init(witness: GOLD, ctx: &mut TxContext) {
    let (mut treasury, metadata) = coin::create_currency(
        witness, 6, b"GLD", b"Gold", b"Yellow", option::none(), ctx,
    );
    let sender = ctx.sender();
    transfer::public_transfer(coin::mint(&mut treasury, 1000, ctx), sender);
    transfer::public_transfer(treasury, sender);
    transfer::public_freeze_object(metadata);
}
`;

/** The policy whose simulation rate counts: members of a list may open what begins with its id. */
export const ALLOWLIST = `
module allow::allowlist;

public struct Allowlist has key { id: UID, list: vector<address> }

public fun create(ctx: &mut TxContext) {
    let list = vector[ctx.sender()];
    transfer::share_object(Allowlist { id: object::new(ctx), list });
}

entry fun seal_approve(id: vector<u8>, list: &Allowlist, ctx: &TxContext) {
    let prefix = list.id.to_bytes();
    assert!(id.length() >= prefix.length(), 0);
    let mut i = 0;
    while (i < prefix.length()) {
        assert!(prefix[i] == id[i], 1);
        i = i + 1;
    };
    assert!(list.list.contains(&ctx.sender()), 2);
}
`;

export const VERSION_1 = `
module up::up;
public struct Old has copy, drop { value: u64 }
public fun answer(): u64 { 1 }
public fun old(): Old { Old { value: 1 } }
`;

/** As VERSION_1 with another answer, a new type and a new function. */
export const VERSION_2 = `
module up::up;
public struct Old has copy, drop { value: u64 }
public struct New has copy, drop { value: u8 }
public fun answer(): u64 { 2 }
public fun old(): Old { Old { value: 2 } }
public fun take(old: Old): u64 { old.value }
public fun fresh(): New { New { value: 1 } }
public fun fail() { abort 9 }
`;

/** Loses a public function. */
export const VERSION_BROKEN = `
module up::up;
public struct Old has copy, drop { value: u64 }
public fun old(): Old { Old { value: 2 } }
`;
