/** Natives of `sui::event`. Source: move-vm.md §6.3. */
import { COST, deref, KIND, type ModuleNatives, STATUS, VmError } from '@seal-ts/move-vm';
import { OBJECT_RUNTIME } from './object-runtime.ts';

export const eventNatives: ModuleNatives = {
  emit(context, [type], [event]) {
    if (type!.kind !== KIND.Datatype) {
      throw new VmError(
        STATUS.UNKNOWN_INVARIANT_VIOLATION_ERROR,
        `an event must be a struct or enum, got ${type}`,
      );
    }
    context.charge(COST.plain);
    context.extension(OBJECT_RUNTIME).emit(type!, deref(event), context);
    return undefined;
  },

  num_events(context) {
    context.charge(COST.plain);
    return context.extension(OBJECT_RUNTIME).events.length;
  },

  events_by_type(context, [type]) {
    context.charge(COST.plain);
    return context
      .extension(OBJECT_RUNTIME)
      .events.filter((event) => event.type === type)
      .map((event) => context.deserialize(event.type, event.contents));
  },
};
