/** Limits of execution, as on the network at protocol 118. Source: move-vm.md §2, §3.1. */

/** Values on the operand stack, all frames together; one more is EXECUTION_STACK_OVERFLOW. */
export const MAX_OPERAND_STACK = 1024;
/** Saved caller frames, so one more frame than this can be live; beyond: CALL_STACK_OVERFLOW. */
export const MAX_SAVED_FRAMES = 1024;
/** Elements in a vector; one more is VECTOR_OPERATION_ERROR with sub-status 4. */
export const MAX_VECTOR_LENGTH = 262_144;
/** Nesting of a value, taken from its type; deeper is VM_MAX_VALUE_DEPTH_REACHED. */
export const MAX_VALUE_DEPTH = 128;
/** Nodes of an instantiated type; more is VM_MAX_TYPE_NODES_REACHED. */
export const MAX_TYPE_NODES = 256;
/** Nesting of an instantiated type; deeper is VM_MAX_TYPE_DEPTH_REACHED. */
export const MAX_TYPE_DEPTH = 256;
/** Nodes of a type's full layout, as far as BCS is concerned: VM_MAX_TYPE_NODES_REACHED. */
export const MAX_LAYOUT_NODES = 512;
/** Type arguments of one function called from outside. */
export const MAX_TYPE_ARGUMENTS = 16;
/** Nesting of a type argument given from outside. */
export const MAX_TYPE_ARGUMENT_DEPTH = 16;
/** Bytes that one BCS value may take when natives serialize it. */
export const MAX_SERIALIZED_BYTES = 16 * 1024 * 1024;
/** Instantiations of one generic function kept linked; the cache starts afresh beyond. */
export const MAX_CACHED_INSTANCES = 1024;
/** Packages kept linked; the next session starts with an empty cache beyond. */
export const MAX_CACHED_PACKAGES = 4096;
/** Types kept by identity; the next session starts with an empty cache beyond. */
export const MAX_CACHED_TYPES = 200_000;
