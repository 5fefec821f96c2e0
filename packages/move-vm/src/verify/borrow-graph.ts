/**
 * Which reference was borrowed from which, and along which path.
 *
 * An edge parent → child says that the child points into what the parent points to. A *strong* edge
 * knows the exact path; a *weak* one (result of a call, vector element) only its beginning. Inserting a
 * reference between a parent and its existing borrowers ("factoring") keeps siblings apart; releasing a
 * reference joins its parents to its children. After Blackshear et al., "The Move Borrow Checker".
 */
import { rejected } from '../common/errors.ts';

/** Edges handled while one function is checked; beyond it the program is too complex. */
export const MAX_BORROW_WORK = 2_000_000;

/** One step of a path: a local, a field, a field of a variant. */
export type Label = string;

interface Edge {
  readonly strong: boolean;
  readonly path: readonly Label[];
}

interface Node {
  readonly mutable: boolean;
  /** Child to its edges by key. */
  readonly children: Map<number, Map<string, Edge>>;
  readonly parents: Set<number>;
}

/** Work counter shared by all states of one function. */
export interface BorrowBudget {
  left: number;
}

function edgeKey({ strong, path }: Edge): string {
  return `${strong ? 's' : 'w'}${path.join('/')}`;
}

function isPrefix(prefix: readonly Label[], path: readonly Label[]): boolean {
  return prefix.length <= path.length && prefix.every((label, i) => label === path[i]);
}

/** `a` already says everything that `b` says. */
function covers(a: Edge, b: Edge): boolean {
  if (!a.strong) return isPrefix(a.path, b.path);
  return b.strong && a.path.length === b.path.length && isPrefix(a.path, b.path);
}

export class BorrowGraph {
  readonly #nodes: Map<number, Node>;
  readonly #budget: BorrowBudget;

  constructor(budget: BorrowBudget, nodes: Map<number, Node> = new Map()) {
    this.#budget = budget;
    this.#nodes = nodes;
  }

  clone(): BorrowGraph {
    return this.renamed((id) => id);
  }

  /** A copy with every reference `id` called `name(id)`; `name` must be injective. */
  renamed(name: (id: number) => number): BorrowGraph {
    const nodes = new Map<number, Node>();
    for (const [id, node] of this.#nodes) {
      const children = new Map<number, Map<string, Edge>>();
      for (const [child, edges] of node.children) {
        this.#spend(edges.size);
        children.set(name(child), new Map(edges));
      }
      const parents = new Set<number>();
      for (const parent of node.parents) parents.add(name(parent));
      nodes.set(name(id), { mutable: node.mutable, children, parents });
    }
    return new BorrowGraph(this.#budget, nodes);
  }

  #spend(work: number): void {
    this.#budget.left -= work + 1;
    if (this.#budget.left < 0) {
      throw rejected('PROGRAM_TOO_COMPLEX', `references need more than ${MAX_BORROW_WORK} steps`);
    }
  }

  #node(id: number): Node {
    return this.#nodes.get(id)!;
  }

  add(id: number, mutable: boolean): void {
    this.#nodes.set(id, { mutable, children: new Map(), parents: new Set() });
  }

  isMutable(id: number): boolean {
    return this.#node(id).mutable;
  }

  /**
   * True if something borrows from `id`: all of it, or the part at `label` (undefined: any part).
   * With `mutableOnly`, immutable borrowers do not count.
   */
  isBorrowed(id: number, label: Label | undefined, mutableOnly: boolean): boolean {
    for (const [child, edges] of this.#node(id).children) {
      if (mutableOnly && !this.#node(child).mutable) continue;
      for (const { path } of edges.values()) {
        if (path.length === 0 || label === undefined || path[0] === label) return true;
      }
    }
    return false;
  }

  /** True if something borrows all of `id`. */
  isFullyBorrowed(id: number): boolean {
    for (const edges of this.#node(id).children.values()) {
      for (const { path } of edges.values()) if (path.length === 0) return true;
    }
    return false;
  }

  #addEdge(parent: number, child: number, edge: Edge): void {
    const { children } = this.#node(parent);
    let edges = children.get(child);
    if (edges === undefined) {
      edges = new Map();
      children.set(child, edges);
    }
    edges.set(edgeKey(edge), edge);
    this.#node(child).parents.add(parent);
  }

  /** `child` may point anywhere into `parent`. */
  borrowWeakly(parent: number, child: number): void {
    this.#addEdge(parent, child, { strong: false, path: [] });
  }

  /** `child` points exactly to `path` of `parent`; borrowers below that path now borrow from it. */
  borrowExactly(parent: number, path: readonly Label[], child: number): void {
    const { children } = this.#node(parent);
    for (const [borrower, edges] of [...children]) {
      this.#spend(edges.size);
      for (const [key, edge] of [...edges]) {
        if (!isPrefix(path, edge.path)) continue;
        edges.delete(key);
        this.#addEdge(child, borrower, {
          strong: edge.strong,
          path: edge.path.slice(path.length),
        });
      }
      if (edges.size === 0) {
        children.delete(borrower);
        this.#node(borrower).parents.delete(parent);
      }
    }
    this.#addEdge(parent, child, { strong: true, path });
  }

  /** Removes `id`; what borrowed from it borrows from its parents. */
  release(id: number): void {
    const node = this.#node(id);
    this.#nodes.delete(id);
    for (const parent of node.parents) {
      const { children } = this.#node(parent);
      const incoming = children.get(id)!;
      children.delete(id);
      for (const above of incoming.values()) {
        for (const [child, outgoing] of node.children) {
          this.#spend(outgoing.size);
          if (child === parent) continue;
          for (const below of outgoing.values()) {
            this.#addEdge(parent, child, {
              strong: above.strong && below.strong,
              path: above.strong ? [...above.path, ...below.path] : above.path,
            });
          }
        }
      }
    }
    for (const child of node.children.keys()) this.#node(child).parents.delete(id);
  }

  /** Adds the edges of `other` that no edge here covers; true if there were any. */
  join(other: BorrowGraph): boolean {
    let grew = false;
    for (const [parent, node] of other.#nodes) {
      for (const [child, edges] of node.children) {
        this.#spend(edges.size);
        const known = this.#node(parent).children.get(child);
        for (const edge of edges.values()) {
          if (known !== undefined && [...known.values()].some((mine) => covers(mine, edge))) {
            continue;
          }
          this.#addEdge(parent, child, edge);
          grew = true;
        }
      }
    }
    return grew;
  }
}
