/**
 * Control-flow graph of a function, and the checks on its shape: code ends in a jump, loops are
 * natural (entered only at their head) and not nested too deep. Source: move-vm.md §1.7, §7.
 */

import type { CodeUnit } from '../binary/module.ts';
import { OP } from '../binary/opcodes.ts';
import { rejected } from '../common/errors.ts';
import { MAX_BACK_EDGES, MAX_BASIC_BLOCKS, MAX_LOOP_DEPTH } from './limits.ts';

export interface Block {
  /** First instruction. */
  readonly start: number;
  /** One past the last instruction. */
  readonly end: number;
  /** Blocks by number. */
  readonly successors: readonly number[];
}

export interface ControlFlowGraph {
  readonly blocks: readonly Block[];
  /** Reachable blocks in reverse postorder; the entry first. */
  readonly order: readonly number[];
}

function endsBlock(op: number): boolean {
  return (
    op === OP.BrTrue || op === OP.BrFalse || op === OP.VariantSwitch || endsWithoutFallThrough(op)
  );
}

function endsWithoutFallThrough(op: number): boolean {
  return op === OP.Branch || op === OP.Ret || op === OP.Abort || op === OP.VariantSwitch;
}

/** Instruction numbers that can follow instruction `pc`. */
function targets(unit: CodeUnit, pc: number): readonly number[] {
  const op = unit.ops[pc]!;
  switch (op) {
    case OP.Ret:
    case OP.Abort:
      return [];
    case OP.Branch:
      return [unit.args[pc]!];
    case OP.BrTrue:
    case OP.BrFalse:
      return [unit.args[pc]!, pc + 1];
    case OP.VariantSwitch:
      return [...new Set(unit.jumpTables[unit.args[pc]!]!.offsets)];
    default:
      return [pc + 1];
  }
}

function buildBlocks(unit: CodeUnit): Block[] {
  const length = unit.ops.length;
  const leader = new Uint8Array(length + 1);
  leader[0] = 1;
  for (let pc = 0; pc < length; pc++) {
    if (!endsBlock(unit.ops[pc]!)) continue;
    leader[pc + 1] = 1;
    for (const target of targets(unit, pc)) leader[target] = 1;
  }
  const blockAt = new Int32Array(length);
  const starts: number[] = [];
  for (let pc = 0; pc < length; pc++) {
    if (leader[pc] === 1) starts.push(pc);
    blockAt[pc] = starts.length - 1;
  }
  if (starts.length > MAX_BASIC_BLOCKS) {
    throw rejected('TOO_MANY_BASIC_BLOCKS', `${starts.length} blocks, at most ${MAX_BASIC_BLOCKS}`);
  }
  return starts.map((start, i) => {
    const end = starts[i + 1] ?? length;
    return { start, end, successors: targets(unit, end - 1).map((pc) => blockAt[pc]!) };
  });
}

function reversePostorder(blocks: readonly Block[]): number[] {
  const seen = new Uint8Array(blocks.length);
  const postorder: number[] = [];
  const work: { block: number; next: number }[] = [{ block: 0, next: 0 }];
  seen[0] = 1;
  while (work.length > 0) {
    const frame = work[work.length - 1]!;
    const successor = blocks[frame.block]!.successors[frame.next++];
    if (successor === undefined) {
      postorder.push(frame.block);
      work.pop();
    } else if (seen[successor] === 0) {
      seen[successor] = 1;
      work.push({ block: successor, next: 0 });
    }
  }
  return postorder.reverse();
}

/** Immediate dominators by position in `order` (Cooper, Harvey and Kennedy). */
function dominators(predecessors: readonly (readonly number[])[]): Int32Array {
  const idom = new Int32Array(predecessors.length).fill(-1);
  idom[0] = 0;
  const meet = (a: number, b: number): number => {
    let x = a;
    let y = b;
    while (x !== y) {
      while (x > y) x = idom[x]!;
      while (y > x) y = idom[y]!;
    }
    return x;
  };
  for (let changed = true; changed; ) {
    changed = false;
    for (let node = 1; node < predecessors.length; node++) {
      let next = -1;
      for (const predecessor of predecessors[node]!) {
        if (idom[predecessor] === -1) continue;
        next = next === -1 ? predecessor : meet(predecessor, next);
      }
      if (next !== idom[node]) {
        idom[node] = next;
        changed = true;
      }
    }
  }
  return idom;
}

function dominates(idom: Int32Array, a: number, b: number): boolean {
  let node = b;
  while (node > a) node = idom[node]!;
  return node === a;
}

/** Everything that reaches `tails` without passing `head`: the body of a natural loop. */
function loopBody(predecessors: readonly (readonly number[])[], head: number, tails: number[]) {
  const body = new Set([head]);
  const work = [...tails];
  while (work.length > 0) {
    const node = work.pop()!;
    if (body.has(node)) continue;
    body.add(node);
    work.push(...predecessors[node]!);
  }
  return body;
}

/** Returns the number of back edges. */
function checkLoops(blocks: readonly Block[], order: readonly number[]): number {
  const position = new Int32Array(blocks.length).fill(-1);
  order.forEach((block, i) => {
    position[block] = i;
  });
  const predecessors: number[][] = order.map(() => []);
  const backEdges = new Map<number, number[]>();
  let count = 0;
  order.forEach((block, from) => {
    for (const successor of blocks[block]!.successors) {
      const to = position[successor]!;
      predecessors[to]!.push(from);
      if (to > from) continue;
      backEdges.set(to, [...(backEdges.get(to) ?? []), from]);
      count += 1;
    }
  });
  if (count === 0) return 0;
  if (count > MAX_BACK_EDGES) {
    throw rejected('TOO_MANY_BACK_EDGES', `${count} back edges, at most ${MAX_BACK_EDGES}`);
  }
  const idom = dominators(predecessors);
  const depth = new Int32Array(order.length);
  for (const [head, tails] of backEdges) {
    if (tails.some((tail) => !dominates(idom, head, tail))) {
      throw rejected('INVALID_LOOP_SPLIT', 'a loop is entered in the middle');
    }
    for (const node of loopBody(predecessors, head, tails)) depth[node]! += 1;
  }
  const deepest = Math.max(...depth);
  if (deepest > MAX_LOOP_DEPTH) {
    throw rejected('LOOP_MAX_DEPTH_REACHED', `loops nested ${deepest} deep`);
  }
  return count;
}

/** Builds and checks the graph; also returns the number of back edges, which a module bounds too. */
export function controlFlow(unit: CodeUnit): { graph: ControlFlowGraph; backEdges: number } {
  if (unit.ops.length === 0) throw rejected('EMPTY_CODE_UNIT', 'a function without instructions');
  if (!endsWithoutFallThrough(unit.ops[unit.ops.length - 1]!)) {
    throw rejected('INVALID_FALL_THROUGH', 'the code runs off its end');
  }
  const blocks = buildBlocks(unit);
  const order = reversePostorder(blocks);
  return { graph: { blocks, order }, backEdges: checkLoops(blocks, order) };
}
