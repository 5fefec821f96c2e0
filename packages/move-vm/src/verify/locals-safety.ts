/**
 * Locals: read only while they hold a value, and never overwritten or left behind while they hold one
 * that cannot be dropped. Source: move-vm.md §3.2, §7.
 */
import { ABILITY } from '../binary/module.ts';
import { OP } from '../binary/opcodes.ts';
import { runAnalysis } from './dataflow.ts';
import type { FunctionView } from './function-view.ts';

const EMPTY = 0;
const FULL = 1;
/** Full on some path, empty on another. */
const MAYBE = 2;

export function checkLocals(view: FunctionView): void {
  const { ops, args } = view.code;
  const droppable = view.locals.map((type) => view.has(type, ABILITY.drop));
  const initial = new Uint8Array(view.locals.length).fill(FULL, 0, view.parameterCount);
  runAnalysis<Uint8Array>(view.graph, initial, {
    clone: (state) => state.slice(),
    join(into, from) {
      let grew = false;
      for (let i = 0; i < into.length; i++) {
        if (into[i] !== from[i] && into[i] !== MAYBE) {
          into[i] = MAYBE;
          grew = true;
        }
      }
      return grew;
    },
    step(state, pc) {
      const local = args[pc]!;
      switch (ops[pc]) {
        case OP.CopyLoc:
          if (state[local] === FULL) return;
          throw view.fault('COPYLOC_UNAVAILABLE_ERROR', pc, `local ${local} may be empty`);
        case OP.MoveLoc:
          if (state[local] !== FULL) {
            throw view.fault('MOVELOC_UNAVAILABLE_ERROR', pc, `local ${local} may be empty`);
          }
          state[local] = EMPTY;
          return;
        case OP.MutBorrowLoc:
        case OP.ImmBorrowLoc:
          if (state[local] === FULL) return;
          throw view.fault('BORROWLOC_UNAVAILABLE_ERROR', pc, `local ${local} may be empty`);
        case OP.StLoc:
          if (state[local] !== EMPTY && !droppable[local]) {
            throw view.fault(
              'STLOC_UNSAFE_TO_DESTROY_ERROR',
              pc,
              `local ${local} may hold a value that cannot be dropped`,
            );
          }
          state[local] = FULL;
          return;
        case OP.Ret: {
          const left = state.findIndex((held, i) => held !== EMPTY && !droppable[i]);
          if (left < 0) return;
          throw view.fault(
            'UNSAFE_RET_UNUSED_VALUES_WITHOUT_DROP',
            pc,
            `local ${left} may still hold a value that cannot be dropped`,
          );
        }
        default:
          return;
      }
    },
  });
}
