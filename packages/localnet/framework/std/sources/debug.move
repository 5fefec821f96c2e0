// Interface: https://docs.sui.io/references/framework/std/debug
/// Output for a person who watches a test. Nothing on a chain.
module std::debug;

public native fun print<T>(x: &T);
public native fun print_stack_trace();
