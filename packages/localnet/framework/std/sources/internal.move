// Interface: https://docs.sui.io/references/framework/std/internal
/// Proof that a call comes from the module that defines a type.
module std::internal;

/// Only the module that defines `T` can make one: the bytecode verifier checks callers of `permit`.
public struct Permit<phantom T> has drop {}

public fun permit<T>(): Permit<T> {
    Permit {}
}
