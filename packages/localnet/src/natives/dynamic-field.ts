/** Natives of `sui::dynamic_field`: children of an object. Source: move-vm.md §6.3. */
import {
  addressOf,
  COST,
  deref,
  isVmError,
  type ModuleNatives,
  type MoveType,
  type NativeContext,
  type NativeFunction,
  uidOf,
  type Value,
} from '@seal-ts/move-vm';
import { deriveChildId } from './ids.ts';
import { OBJECT_RUNTIME, ObjectRuntime } from './object-runtime.ts';

const E_FIELD_DOES_NOT_EXIST = 1;
const E_FIELD_TYPE_MISMATCH = 2;
const E_BCS_FAILURE = 3;

type ChildCell = [Value | undefined];

function childCell(context: NativeContext, parent: string, id: string, type: MoveType): ChildCell {
  context.charge(COST.plain);
  const found = context.extension(OBJECT_RUNTIME).child(parent, id, type, context);
  if (found === 'absent') return context.abort(E_FIELD_DOES_NOT_EXIST);
  if (found === 'otherType') return context.abort(E_FIELD_TYPE_MISMATCH);
  return found.cell;
}

const borrow: NativeFunction = (context, [type], [uid, id]) =>
  ObjectRuntime.reference(childCell(context, uidOf(uid), addressOf(id), type!));

export const dynamicFieldNatives: ModuleNatives = {
  hash_type_and_key(context, [keyType], [parent, key]) {
    try {
      const bytes = context.serialize(keyType!, deref(key));
      context.charge(COST.plain + COST.perByte * bytes.length);
      return deriveChildId(addressOf(parent), context.tagOf(keyType!), bytes);
    } catch (error) {
      if (isVmError(error) && error.code !== 'MOVE_VM_OUT_OF_GAS') context.abort(E_BCS_FAILURE);
      throw error;
    }
  },

  add_child_object(context, [type], [parent, child]) {
    context.charge(COST.plain);
    context.extension(OBJECT_RUNTIME).addChild(addressOf(parent), type!, deref(child));
    return undefined;
  },

  borrow_child_object: borrow,
  borrow_child_object_mut: borrow,

  remove_child_object(context, [type], [parent, id]) {
    const child = addressOf(id);
    childCell(context, addressOf(parent), child, type!);
    return context.extension(OBJECT_RUNTIME).removeChild(child);
  },

  has_child_object(context, _types, [parent, id]) {
    context.charge(COST.plain);
    return context.extension(OBJECT_RUNTIME).hasChild(addressOf(parent), addressOf(id));
  },

  has_child_object_with_ty(context, [type], [parent, id]) {
    context.charge(COST.plain);
    const objects = context.extension(OBJECT_RUNTIME);
    const found = objects.child(addressOf(parent), addressOf(id), type!, context);
    return typeof found === 'object';
  },
};
