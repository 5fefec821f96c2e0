// Interface: https://docs.sui.io/references/framework/sui_system/sui_system
/// The object 0x5, for those that look it up. There are no validators and no stake on this chain, so
/// there is nothing that could be called.
module sui_system::sui_system;

#[allow(unused_field)]
/// Shared object 0x5.
public struct SuiSystemState has key {
    id: UID,
    version: u64,
}
