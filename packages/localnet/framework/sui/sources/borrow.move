// Interface: https://docs.sui.io/references/framework/sui/borrow
/// Lends an object within a transaction: who takes it must put it back.
module sui::borrow;

/// The object is put back to another place than it came from.
const EWrongBorrow: u64 = 0;
/// Another object is put back.
const EWrongValue: u64 = 1;

public struct Referent<T: key + store> has store {
    id: address,
    value: Option<T>,
}

public struct Borrow {
    ref: address,
    obj: ID,
}

public fun new<T: key + store>(value: T, ctx: &mut TxContext): Referent<T> {
    Referent { id: ctx.fresh_object_address(), value: option::some(value) }
}

public fun borrow<T: key + store>(self: &mut Referent<T>): (T, Borrow) {
    let value = self.value.extract();
    let obj = object::id(&value);
    (value, Borrow { ref: self.id, obj })
}

public fun put_back<T: key + store>(self: &mut Referent<T>, value: T, borrow: Borrow) {
    let Borrow { ref, obj } = borrow;
    assert!(object::id(&value) == obj, EWrongValue);
    assert!(self.id == ref, EWrongBorrow);
    self.value.fill(value)
}

public fun destroy<T: key + store>(self: Referent<T>): T {
    let Referent { id: _, value } = self;
    value.destroy_some()
}
