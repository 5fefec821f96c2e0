/**
 * Forward dataflow over a control-flow graph to a fixed point.
 *
 * States live in finite lattices that only rise, so the loop ends; `MAX_VISITS_PER_BLOCK` bounds it
 * all the same (`PROGRAM_TOO_COMPLEX`), because the code is a stranger's.
 */
import { rejected } from '../common/errors.ts';
import type { ControlFlowGraph } from './cfg.ts';

/** Times that a block may be walked before we call the program too complex. */
export const MAX_VISITS_PER_BLOCK = 300;

export interface Analysis<State> {
  /** Walks instruction `pc`; changes `state` in place. */
  step(state: State, pc: number): void;
  clone(state: State): State;
  /** `into` joined with `from`, changed in place; true if it became larger. */
  join(into: State, from: State): boolean;
  /** Brings the state at a block's end into comparable form. */
  finish?(state: State): void;
}

export function runAnalysis<State>(
  graph: ControlFlowGraph,
  initial: State,
  analysis: Analysis<State>,
): void {
  const entry = new Map<number, State>([[graph.order[0]!, initial]]);
  const pending = new Set<number>([graph.order[0]!]);
  const visits = new Map<number, number>();
  while (pending.size > 0) {
    // Reverse postorder: predecessors first, so that most blocks are walked once.
    for (const number of graph.order) {
      if (!pending.delete(number)) continue;
      const seen = (visits.get(number) ?? 0) + 1;
      if (seen > MAX_VISITS_PER_BLOCK) {
        throw rejected('PROGRAM_TOO_COMPLEX', `block ${number} changed ${seen} times`);
      }
      visits.set(number, seen);
      const block = graph.blocks[number]!;
      const state = analysis.clone(entry.get(number)!);
      for (let pc = block.start; pc < block.end; pc++) analysis.step(state, pc);
      analysis.finish?.(state);
      for (const successor of block.successors) {
        const known = entry.get(successor);
        if (known === undefined) {
          entry.set(successor, analysis.clone(state));
          pending.add(successor);
        } else if (analysis.join(known, state)) {
          pending.add(successor);
        }
      }
    }
  }
}
