/**
 * Strongly connected components of a small directed graph (Tarjan, without recursion: module authors
 * choose the depth).
 */

/** Component number of each node; `successors[n]` lists the nodes that `n` points to. */
export function components(successors: readonly (readonly number[])[]): Int32Array {
  const count = successors.length;
  const component = new Int32Array(count).fill(-1);
  const order = new Int32Array(count).fill(-1);
  const low = new Int32Array(count);
  const onStack = new Uint8Array(count);
  const stack: number[] = [];
  let clock = 0;
  let found = 0;
  const close = (node: number): void => {
    for (let member = -1; member !== node; ) {
      member = stack.pop()!;
      onStack[member] = 0;
      component[member] = found;
    }
    found += 1;
  };
  for (let root = 0; root < count; root++) {
    if (order[root] !== -1) continue;
    const work: { node: number; next: number }[] = [];
    const open = (node: number): void => {
      order[node] = clock;
      low[node] = clock++;
      stack.push(node);
      onStack[node] = 1;
      work.push({ node, next: 0 });
    };
    open(root);
    while (work.length > 0) {
      const frame = work[work.length - 1]!;
      const targets = successors[frame.node]!;
      if (frame.next < targets.length) {
        const target = targets[frame.next++]!;
        if (order[target] === -1) open(target);
        else if (onStack[target] === 1) {
          low[frame.node] = Math.min(low[frame.node]!, order[target]!);
        }
        continue;
      }
      work.pop();
      const parent = work[work.length - 1];
      if (parent !== undefined) {
        low[parent.node] = Math.min(low[parent.node]!, low[frame.node]!);
      }
      if (low[frame.node] === order[frame.node]) close(frame.node);
    }
  }
  return component;
}

/** A node on a cycle, or -1: some component has an edge inside itself. */
export function nodeOnCycle(successors: readonly (readonly number[])[]): number {
  const component = components(successors);
  return successors.findIndex((targets, node) =>
    targets.some((target) => component[target] === component[node]),
  );
}
