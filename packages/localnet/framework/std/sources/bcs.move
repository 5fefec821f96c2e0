// Interface: https://docs.sui.io/references/framework/std/bcs
/// BCS, the byte form of values.
module std::bcs;

/// Byte form of a value.
public native fun to_bytes<MoveValue>(v: &MoveValue): vector<u8>;
