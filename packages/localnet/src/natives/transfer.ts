/** Natives of `sui::transfer`. Source: move-vm.md §6.3. */
import {
  addressOf,
  COST,
  deref,
  idOf,
  integerOf,
  isVmError,
  itemsOf,
  type ModuleNatives,
  type MoveType,
  type NativeContext,
  objectIdOf,
  STATUS,
  type Value,
  VmError,
} from '@seal-ts/move-vm';
import { OBJECT_RUNTIME } from './object-runtime.ts';
import type { NewOwner } from './ports.ts';

const E_SHARED_NON_NEW_OBJECT = 0;
const E_BCS_FAILURE = 1;
const E_RECEIVING_TYPE_MISMATCH = 2;
const E_UNABLE_TO_RECEIVE = 3;

/** A party that owns alone: all permissions, none for anybody else. */
const SOLE_OWNER_PERMISSIONS = 15n;

function give(context: NativeContext, owner: NewOwner, type: MoveType, object: Value): undefined {
  context.charge(COST.plain);
  context.extension(OBJECT_RUNTIME).transfer(owner, type, object);
  return undefined;
}

export const transferNatives: ModuleNatives = {
  transfer_impl(context, [type], [object, recipient]) {
    const address = addressOf(recipient);
    return give(context, { kind: 'address', address }, type!, deref(object));
  },

  freeze_object_impl(context, [type], [object]) {
    return give(context, { kind: 'immutable' }, type!, deref(object));
  },

  share_object_impl(context, [type], [object]) {
    const value = deref(object);
    if (!context.extension(OBJECT_RUNTIME).mayShare(objectIdOf(value))) {
      context.abort(E_SHARED_NON_NEW_OBJECT);
    }
    return give(context, { kind: 'shared' }, type!, value);
  },

  party_transfer_impl(context, [type], [object, defaults, addresses, permissions]) {
    const members = itemsOf(addresses);
    const granted = itemsOf(permissions);
    const sole =
      integerOf(defaults) === 0n &&
      members.length === 1 &&
      granted.length === 1 &&
      integerOf(granted[0]) === SOLE_OWNER_PERMISSIONS;
    if (!sole) {
      throw new VmError(
        STATUS.UNKNOWN_INVARIANT_VIOLATION_ERROR,
        'a party must be one address with all permissions',
      );
    }
    const address = addressOf(members[0]);
    return give(context, { kind: 'consensusAddress', address }, type!, deref(object));
  },

  receive_impl(context, [type], [parent, id, version]) {
    context.charge(COST.plain);
    const objects = context.extension(OBJECT_RUNTIME);
    const object = objects.receive(addressOf(parent), idOf(id), integerOf(version));
    if (object === undefined) return context.abort(E_UNABLE_TO_RECEIVE);
    if (context.typeOf(object.type) !== type) return context.abort(E_RECEIVING_TYPE_MISMATCH);
    context.charge(object.contents.length);
    try {
      return context.deserialize(type, object.contents);
    } catch (error) {
      if (isVmError(error)) context.abort(E_BCS_FAILURE);
      throw error;
    }
  },
};
