// Interface: https://docs.sui.io/references/framework/std/bool
#[defines_primitive(bool)]
module std::bool;

use std::string::String;

/// `true` or `false`.
public fun to_string(x: bool): String {
    let word = if (x) b"true" else b"false";
    word.to_string()
}
