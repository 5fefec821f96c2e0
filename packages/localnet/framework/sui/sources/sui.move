// Interface: https://docs.sui.io/references/framework/sui/sui
/// The coin that gas is paid in. One SUI is 10^9 MIST.
module sui::sui;

use sui::coin::Coin;

public struct SUI has drop {}

#[allow(lint(public_entry))]
/// Sends a coin.
public entry fun transfer(c: Coin<SUI>, recipient: address) {
    transfer::public_transfer(c, recipient)
}
