/** Natives of `sui::object`. Source: move-vm.md §6.3. */
import { addressOf, COST, fieldReference, type ModuleNatives } from '@seal-ts/move-vm';
import { OBJECT_RUNTIME } from './object-runtime.ts';

export const objectNatives: ModuleNatives = {
  borrow_uid(context, _types, [object]) {
    context.charge(COST.plain);
    return fieldReference(object, 0);
  },
  delete_impl(context, _types, [id]) {
    context.charge(COST.plain);
    context.extension(OBJECT_RUNTIME).recordDeleted(addressOf(id));
    return undefined;
  },
  record_new_uid(context, _types, [id]) {
    context.charge(COST.plain);
    context.extension(OBJECT_RUNTIME).recordNew(addressOf(id));
    return undefined;
  },
};
