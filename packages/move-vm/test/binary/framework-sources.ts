/** A framework just large enough for the test packages: no test needs more than its shape. */

export const STD_SOURCES: Record<string, string> = {
  'Move.toml': '[package]\nname = "MoveStdlib"\nedition = "2024"\n\n[addresses]\nstd = "0x1"\n',
  'sources/vector.move': `
#[defines_primitive(vector)]
module std::vector;

#[bytecode_instruction]
public native fun empty<E>(): vector<E>;
#[bytecode_instruction]
public native fun length<E>(v: &vector<E>): u64;
#[syntax(index)]
#[bytecode_instruction]
public native fun borrow<E>(v: &vector<E>, i: u64): &E;
#[bytecode_instruction]
public native fun push_back<E>(v: &mut vector<E>, e: E);
#[syntax(index)]
#[bytecode_instruction]
public native fun borrow_mut<E>(v: &mut vector<E>, i: u64): &mut E;
#[bytecode_instruction]
public native fun pop_back<E>(v: &mut vector<E>): E;
#[bytecode_instruction]
public native fun destroy_empty<E>(v: vector<E>);
#[bytecode_instruction]
public native fun swap<E>(v: &mut vector<E>, i: u64, j: u64);
`,
  'sources/option.move': `
module std::option;

public struct Option<E> has copy, drop, store { vec: vector<E> }

public fun none<E>(): Option<E> { Option { vec: vector[] } }
public fun some<E>(e: E): Option<E> { Option { vec: vector[e] } }
public fun borrow<E>(o: &Option<E>): &E { &o.vec[0] }
public fun borrow_mut<E>(o: &mut Option<E>): &mut E { &mut o.vec[0] }
`,
};

export const SUI_SOURCES: Record<string, string> = {
  'Move.toml':
    '[package]\nname = "Sui"\nedition = "2024"\n\n[dependencies]\nMoveStdlib = { local = "../move-stdlib" }\n\n[addresses]\nsui = "0x2"\n',
  'sources/tx_context.move': `
module sui::tx_context;

public struct TxContext has drop {
    sender: address,
    tx_hash: vector<u8>,
    epoch: u64,
    epoch_timestamp_ms: u64,
    ids_created: u64,
}

native fun fresh_id(): address;
public fun fresh_object_address(_ctx: &mut TxContext): address { fresh_id() }
public fun sender(ctx: &TxContext): address { ctx.sender }
`,
  'sources/object.move': `
module sui::object;

use sui::tx_context::TxContext;

public struct ID has copy, drop, store { bytes: address }
public struct UID has store { id: ID }

public fun new(ctx: &mut TxContext): UID {
    UID { id: ID { bytes: ctx.fresh_object_address() } }
}
public fun delete(id: UID) {
    let UID { id: ID { bytes } } = id;
    delete_impl(bytes)
}
native fun delete_impl(id: address);
`,
  'sources/transfer.move': `
module sui::transfer;

public fun transfer<T: key>(obj: T, recipient: address) { transfer_impl(obj, recipient) }
public fun public_transfer<T: key + store>(obj: T, recipient: address) {
    transfer_impl(obj, recipient)
}
public fun share_object<T: key>(obj: T) { share_impl(obj) }
native fun transfer_impl<T: key>(obj: T, recipient: address);
native fun share_impl<T: key>(obj: T);
`,
  'sources/event.move': `
module sui::event;

public native fun emit<T: copy + drop>(event: T);
`,
  'sources/clock.move': `
module sui::clock;

public struct Clock { timestamp_ms: u64 }
public fun timestamp_ms(clock: &Clock): u64 { clock.timestamp_ms }
`,
};
