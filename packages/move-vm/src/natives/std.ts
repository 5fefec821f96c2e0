/** Natives of `std` (0x1). Source: move-vm.md §6.2. */
import { sha256 } from '@noble/hashes/sha2.js';
import { sha3_256 } from '@noble/hashes/sha3.js';
import { isVmError, type TypeTag, typeTagToTypeName } from '../common/index.ts';
import type { NativeContext, NativeFunction } from '../runtime/api.ts';
import { bytesOf, bytesValue, deref } from './arguments.ts';
import { COST } from './costs.ts';
import { formatValue } from './debug.ts';
import { stringNatives } from './std-string.ts';
import { vectorNatives } from './std-vector.ts';
import { nativesAt } from './table.ts';

const E_BCS_FAILURE = 0x1c5;
const E_NO_MODULE_TYPE = 0;

/** A native that hashes its one byte argument. */
export function hashNative(
  hash: (bytes: Uint8Array) => Uint8Array,
  base: number = COST.plain,
): NativeFunction {
  return (context, _types, [input]) => {
    const bytes = bytesOf(input);
    context.charge(base + COST.perByte * bytes.length);
    return bytesValue(hash(bytes));
  };
}

const encoder = new TextEncoder();

/** `TypeName { name: ascii::String { bytes } }`. */
function typeNameValue(context: NativeContext, tag: TypeTag): ReturnType<NativeFunction> {
  const text = encoder.encode(typeTagToTypeName(tag));
  context.charge(COST.plain + COST.perByte * text.length);
  return [[bytesValue(text)]];
}

function packageOf(context: NativeContext, tag: TypeTag): string {
  context.charge(COST.plain);
  if (tag.kind !== 'struct') context.abort(E_NO_MODULE_TYPE);
  return tag.address;
}

const withDefiningIds: NativeFunction = (context, [type]) =>
  typeNameValue(context, context.tagOf(type!));
const withOriginalIds: NativeFunction = (context, [type]) =>
  typeNameValue(context, context.originalTagOf(type!));

export const stdNatives = nativesAt('0x1', {
  bcs: {
    to_bytes(context, [type], [value]) {
      try {
        const bytes = context.serialize(type!, deref(value));
        context.charge(COST.plain + COST.perByte * bytes.length);
        return bytesValue(bytes);
      } catch (error) {
        if (isVmError(error) && error.code !== 'MOVE_VM_OUT_OF_GAS') context.abort(E_BCS_FAILURE);
        throw error;
      }
    },
  },
  hash: {
    sha2_256: hashNative(sha256),
    sha3_256: hashNative(sha3_256),
  },
  string: stringNatives,
  vector: vectorNatives,
  type_name: {
    with_defining_ids: withDefiningIds,
    get: withDefiningIds,
    with_original_ids: withOriginalIds,
    get_with_original_ids: withOriginalIds,
    defining_id: (context, [type]) => packageOf(context, context.tagOf(type!)),
    original_id: (context, [type]) => packageOf(context, context.originalTagOf(type!)),
  },
  debug: {
    print(context, [type], [value]) {
      context.charge(COST.plain);
      context.print(`[debug] ${formatValue(type!, deref(value))}`);
      return undefined;
    },
    print_stack_trace(context) {
      context.charge(COST.plain);
      context.print('[debug] stack traces are not recorded');
      return undefined;
    },
  },
  signer: {
    borrow_address: (_context, _types, [signer]) => signer,
  },
  unit_test: {
    poison: () => undefined,
    destroy: () => undefined,
  },
});
