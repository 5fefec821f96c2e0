// Interface: https://docs.sui.io/references/framework/std/address
module std::address;

/// Bytes in an address.
public fun length(): u64 { 32 }
