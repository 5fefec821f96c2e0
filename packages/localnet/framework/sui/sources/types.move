// Interface: https://docs.sui.io/references/framework/sui/types
/// Facts about types.
module sui::types;

/// Whether the type is named like its module in capitals and has one bool field.
public native fun is_one_time_witness<T: drop>(_: &T): bool;
