// Interface: https://docs.sui.io/references/framework/sui/event
/// Events: records that a transaction leaves for those who watch the chain.
module sui::event;

/// `T` must be a type of the calling module; the bytecode verifier sees to it.
public native fun emit<T: copy + drop>(event: T);

#[test_only]
/// Number of events so far in this transaction.
public native fun num_events(): u32;

#[test_only]
/// Events of one type so far in this transaction.
public native fun events_by_type<T: copy + drop>(): vector<T>;
