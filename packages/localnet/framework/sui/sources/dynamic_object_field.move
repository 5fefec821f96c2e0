// Interface: https://docs.sui.io/references/framework/sui/dynamic_object_field
/// As `dynamic_field`, for values that are objects and stay visible under their own id: the field
/// holds the id, and the object is a child of the field. Abort codes are those of `dynamic_field`.
module sui::dynamic_object_field;

use sui::dynamic_field as field;

/// Keeps the names of object fields apart from those of plain fields.
public struct Wrapper<Name> has copy, drop, store {
    name: Name,
}

public fun add<Name: copy + drop + store, Value: key + store>(
    object: &mut UID,
    name: Name,
    value: Value,
) {
    let key = Wrapper { name };
    field::add(object, key, object::id(&value));
    let (owner, _) = field::field_info(object, key);
    field::add_child_object(owner.to_address(), value)
}

public fun borrow<Name: copy + drop + store, Value: key + store>(
    object: &UID,
    name: Name,
): &Value {
    let (owner, id) = field::field_info(object, Wrapper { name });
    field::borrow_child_object(owner, id)
}

public fun borrow_mut<Name: copy + drop + store, Value: key + store>(
    object: &mut UID,
    name: Name,
): &mut Value {
    let (owner, id) = field::field_info_mut(object, Wrapper { name });
    field::borrow_child_object_mut(owner, id)
}

public fun remove<Name: copy + drop + store, Value: key + store>(
    object: &mut UID,
    name: Name,
): Value {
    let key = Wrapper { name };
    let (owner, id) = field::field_info(object, key);
    let value = field::remove_child_object(owner.to_address(), id);
    field::remove<Wrapper<Name>, ID>(object, key);
    value
}

public fun exists_<Name: copy + drop + store>(object: &UID, name: Name): bool {
    field::exists_with_type<Wrapper<Name>, ID>(object, Wrapper { name })
}

public fun exists_with_type<Name: copy + drop + store, Value: key + store>(
    object: &UID,
    name: Name,
): bool {
    if (!exists_(object, name)) return false;
    let (owner, id) = field::field_info(object, Wrapper { name });
    field::has_child_object_with_ty<Value>(owner.to_address(), id)
}

/// Id of the object in the field.
public fun id<Name: copy + drop + store>(object: &UID, name: Name): Option<ID> {
    if (!exists_(object, name)) return option::none();
    let (_, id) = field::field_info(object, Wrapper { name });
    option::some(id.to_id())
}
