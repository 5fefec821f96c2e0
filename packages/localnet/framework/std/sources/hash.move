// Interface: https://docs.sui.io/references/framework/std/hash
/// SHA-2 and SHA-3 with 32 bytes of output.
module std::hash;

public native fun sha2_256(data: vector<u8>): vector<u8>;
public native fun sha3_256(data: vector<u8>): vector<u8>;
