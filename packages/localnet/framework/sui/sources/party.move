// Interface: https://docs.sui.io/references/framework/sui/party
/// Who may do what with a party object.
module sui::party;

use sui::vec_map::{Self, VecMap};

/// Read 1, write 2, delete 4, transfer 8.
const ALL: u64 = 15;
const NONE: u64 = 0;

public struct Party has copy, drop {
    default: Permissions,
    members: VecMap<address, Permissions>,
}

public struct Permissions(u64) has copy, drop;

/// One owner with all permissions; nobody else has any.
public fun single_owner(owner: address): Party {
    let mut members = vec_map::empty();
    members.insert(owner, Permissions(ALL));
    Party { default: Permissions(NONE), members }
}

public macro fun transfer<$T: key>($self: Party, $obj: $T) {
    let party = $self;
    sui::transfer::party_transfer($obj, party)
}

public macro fun public_transfer<$T: key + store>($self: Party, $obj: $T) {
    let party = $self;
    sui::transfer::public_party_transfer($obj, party)
}

public(package) fun into_native(self: Party): (u64, vector<address>, vector<u64>) {
    let Party { default, members } = self;
    let (addresses, permissions) = members.into_keys_values();
    (default.0, addresses, permissions.map!(|Permissions(bits)| bits))
}
