/**
 * Reference safety: no write through a reference that something still borrows from, no move or
 * overwrite of a borrowed local, no reference to a local that outlives its function.
 *
 * An abstract walk over the borrow graph; the operand stack holds reference numbers, or 0 for values.
 * Runs after the type walk, so operands are there and of the right kind. Source: move-vm.md §7.
 */
import { OP } from '../binary/opcodes.ts';
import type { StatusName } from '../common/status.ts';
import { type BorrowBudget, BorrowGraph, type Label, MAX_BORROW_WORK } from './borrow-graph.ts';
import { runAnalysis } from './dataflow.ts';
import type { FunctionView, MemberTypes } from './function-view.ts';
import type { AbstractType } from './types.ts';

/** Not a reference. */
const VALUE = 0;
/** The function's own frame: parent of every borrow of a local. */
const FRAME = 1;
/** A reference in local `i` is called `FIRST_LOCAL + i` at block borders. */
const FIRST_LOCAL = 2;

interface State {
  locals: Int32Array;
  graph: BorrowGraph;
  stack: number[];
  next: number;
}

const localLabel = (local: number): Label => `l${local}`;

function initialState(view: FunctionView): State {
  const budget: BorrowBudget = { left: MAX_BORROW_WORK };
  const graph = new BorrowGraph(budget);
  graph.add(FRAME, true);
  const locals = new Int32Array(view.locals.length);
  for (let i = 0; i < view.parameterCount; i++) {
    const type = view.locals[i]!;
    if (type.kind !== 'reference') continue;
    locals[i] = FIRST_LOCAL + i;
    graph.add(FIRST_LOCAL + i, type.mutable);
  }
  return { locals, graph, stack: [], next: FIRST_LOCAL + locals.length };
}

/** The effect of one instruction on one state. */
class Walk {
  readonly #view: FunctionView;
  readonly #state: State;
  readonly #pc: number;

  constructor(view: FunctionView, state: State, pc: number) {
    this.#view = view;
    this.#state = state;
    this.#pc = pc;
  }

  #fault(status: StatusName, message: string): Error {
    return this.#view.fault(status, this.#pc, message);
  }

  #pop(): number {
    return this.#state.stack.pop()!;
  }

  /** Pops operands that are values, or references nobody looks at any more. */
  #drop(count: number): void {
    for (let i = 0; i < count; i++) this.#release(this.#pop());
  }

  #pushValues(count: number): void {
    for (let i = 0; i < count; i++) this.#state.stack.push(VALUE);
  }

  #newReference(mutable: boolean): number {
    const id = this.#state.next++;
    this.#state.graph.add(id, mutable);
    return id;
  }

  #release(id: number): void {
    if (id !== VALUE) this.#state.graph.release(id);
  }

  #writable(id: number): boolean {
    return !this.#state.graph.isBorrowed(id, undefined, false);
  }

  #readable(id: number, label?: Label): boolean {
    const { graph } = this.#state;
    return !graph.isMutable(id) || !graph.isBorrowed(id, label, true);
  }

  copyLocal(local: number): void {
    const { locals, graph, stack } = this.#state;
    const id = locals[local]!;
    if (id !== VALUE) {
      const copy = this.#newReference(graph.isMutable(id));
      graph.borrowExactly(id, [], copy);
      stack.push(copy);
      return;
    }
    if (graph.isBorrowed(FRAME, localLabel(local), true)) {
      throw this.#fault('COPYLOC_EXISTS_BORROW_ERROR', `local ${local} is mutably borrowed`);
    }
    stack.push(VALUE);
  }

  moveLocal(local: number): void {
    const { locals, stack } = this.#state;
    const id = locals[local]!;
    if (id === VALUE) this.#unborrowed(local, 'MOVELOC_EXISTS_BORROW_ERROR');
    locals[local] = VALUE;
    stack.push(id);
  }

  storeLocal(local: number): void {
    const { locals } = this.#state;
    const id = this.#pop();
    const old = locals[local]!;
    if (old === VALUE) this.#unborrowed(local, 'STLOC_UNSAFE_TO_DESTROY_ERROR');
    else this.#release(old);
    locals[local] = id;
  }

  #unborrowed(local: number, status: StatusName): void {
    if (this.#state.graph.isBorrowed(FRAME, localLabel(local), false)) {
      throw this.#fault(status, `local ${local} is borrowed`);
    }
  }

  borrowLocal(local: number, mutable: boolean): void {
    const { graph, stack } = this.#state;
    if (!mutable && graph.isBorrowed(FRAME, localLabel(local), true)) {
      throw this.#fault('BORROWLOC_EXISTS_BORROW_ERROR', `local ${local} is mutably borrowed`);
    }
    const id = this.#newReference(mutable);
    graph.borrowExactly(FRAME, [localLabel(local)], id);
    stack.push(id);
  }

  borrowField(label: Label, mutable: boolean): void {
    const { graph, stack } = this.#state;
    const id = this.#pop();
    if (mutable ? graph.isFullyBorrowed(id) : !this.#readable(id, label)) {
      throw this.#fault('BORROWFIELD_EXISTS_MUTABLE_BORROW_ERROR', 'the field is borrowed');
    }
    const field = this.#newReference(mutable);
    graph.borrowExactly(id, [label], field);
    this.#release(id);
    stack.push(field);
  }

  unpackReference(member: MemberTypes, label: Label, mutable: boolean): void {
    const { graph, stack } = this.#state;
    const id = this.#pop();
    if (mutable ? graph.isFullyBorrowed(id) : !this.#readable(id)) {
      throw this.#fault('BORROWFIELD_EXISTS_MUTABLE_BORROW_ERROR', 'the enum is borrowed');
    }
    member.fields.forEach((_, i) => {
      const field = this.#newReference(mutable);
      graph.borrowExactly(id, [`${label}.${i}`], field);
      stack.push(field);
    });
    this.#release(id);
  }

  read(pushes: number): void {
    const id = this.#pop();
    if (!this.#readable(id)) {
      throw this.#fault('READREF_EXISTS_MUTABLE_BORROW_ERROR', 'it is mutably borrowed');
    }
    this.#release(id);
    this.#pushValues(pushes);
  }

  write(): void {
    const id = this.#pop();
    if (!this.#writable(id)) {
      throw this.#fault('WRITEREF_EXISTS_BORROW_ERROR', 'something borrows from it');
    }
    this.#release(id);
    this.#drop(1);
  }

  freeze(): void {
    const { graph, stack } = this.#state;
    const id = this.#pop();
    if (graph.isBorrowed(id, undefined, true)) {
      throw this.#fault('FREEZEREF_EXISTS_MUTABLE_BORROW_ERROR', 'it is mutably borrowed');
    }
    const frozen = this.#newReference(false);
    graph.borrowExactly(id, [], frozen);
    this.#release(id);
    stack.push(frozen);
  }

  compare(): void {
    const ids = [this.#pop(), this.#pop()];
    if (ids.some((id) => id !== VALUE && !this.#readable(id))) {
      throw this.#fault('READREF_EXISTS_MUTABLE_BORROW_ERROR', 'an operand is mutably borrowed');
    }
    for (const id of ids) this.#release(id);
    this.#pushValues(1);
  }

  /** `extra` operands above the vector reference; the vector must be free if it is changed. */
  vector(extra: number, changes: boolean, pushes: number): void {
    this.#drop(extra);
    const id = this.#pop();
    if (changes && !this.#writable(id)) {
      throw this.#fault('VEC_UPDATE_EXISTS_MUTABLE_BORROW_ERROR', 'the vector is borrowed');
    }
    this.#release(id);
    this.#pushValues(pushes);
  }

  borrowElement(mutable: boolean): void {
    const { graph, stack } = this.#state;
    this.#drop(1);
    const id = this.#pop();
    if (mutable ? !this.#writable(id) : !this.#readable(id)) {
      throw this.#fault('VEC_BORROW_ELEMENT_EXISTS_MUTABLE_BORROW_ERROR', 'the vector is borrowed');
    }
    const element = this.#newReference(mutable);
    graph.borrowWeakly(id, element);
    this.#release(id);
    stack.push(element);
  }

  call(parameters: number, returns: readonly AbstractType[]): void {
    const { graph, stack } = this.#state;
    const given = stack.splice(stack.length - parameters).filter((id) => id !== VALUE);
    const mutable = given.filter((id) => graph.isMutable(id));
    if (mutable.some((id) => !this.#writable(id))) {
      throw this.#fault('CALL_BORROWED_MUTABLE_REFERENCE_ERROR', 'an argument is borrowed');
    }
    for (const type of returns) {
      if (type.kind !== 'reference') {
        stack.push(VALUE);
        continue;
      }
      const result = this.#newReference(type.mutable);
      for (const parent of type.mutable ? mutable : given) graph.borrowWeakly(parent, result);
      stack.push(result);
    }
    for (const id of given) this.#release(id);
  }

  return(): void {
    const { graph, locals, stack } = this.#state;
    for (let i = 0; i < locals.length; i++) {
      this.#release(locals[i]!);
      locals[i] = VALUE;
    }
    if (graph.isBorrowed(FRAME, undefined, false)) {
      throw this.#fault(
        'UNSAFE_RET_LOCAL_OR_RESOURCE_STILL_BORROWED',
        'a reference to a local would outlive the function',
      );
    }
    if (stack.some((id) => id !== VALUE && graph.isMutable(id) && !this.#writable(id))) {
      throw this.#fault('RET_BORROWED_MUTABLE_REFERENCE_ERROR', 'a returned reference is borrowed');
    }
    this.#drop(stack.length);
  }

  values(pops: number, pushes: number): void {
    this.#drop(pops);
    this.#pushValues(pushes);
  }
}

function stepMember(view: FunctionView, walk: Walk, op: number, arg: number): boolean {
  const { module } = view;
  switch (op) {
    case OP.Pack:
      walk.values(view.struct(arg).fields.length, 1);
      return true;
    case OP.PackGeneric:
      walk.values(view.structGeneric(arg).fields.length, 1);
      return true;
    case OP.Unpack:
      walk.values(1, view.struct(arg).fields.length);
      return true;
    case OP.UnpackGeneric:
      walk.values(1, view.structGeneric(arg).fields.length);
      return true;
    case OP.PackVariant:
      walk.values(view.variant(arg).fields.length, 1);
      return true;
    case OP.PackVariantGeneric:
      walk.values(view.variantGeneric(arg).fields.length, 1);
      return true;
    case OP.UnpackVariant:
      walk.values(1, view.variant(arg).fields.length);
      return true;
    case OP.UnpackVariantGeneric:
      walk.values(1, view.variantGeneric(arg).fields.length);
      return true;
    case OP.UnpackVariantImmRef:
    case OP.UnpackVariantMutRef: {
      const { enumDefinition, variant } = module.variantHandles[arg]!;
      const label = `v${enumDefinition}.${variant}`;
      walk.unpackReference(view.variant(arg), label, op === OP.UnpackVariantMutRef);
      return true;
    }
    case OP.UnpackVariantGenericImmRef:
    case OP.UnpackVariantGenericMutRef: {
      const { enumInstantiation, variant } = module.variantInstantiations[arg]!;
      const { definition } = module.enumInstantiations[enumInstantiation]!;
      const label = `v${definition}.${variant}`;
      walk.unpackReference(view.variantGeneric(arg), label, op === OP.UnpackVariantGenericMutRef);
      return true;
    }
    case OP.MutBorrowField:
    case OP.ImmBorrowField:
      walk.borrowField(`f${arg}`, op === OP.MutBorrowField);
      return true;
    case OP.MutBorrowFieldGeneric:
    case OP.ImmBorrowFieldGeneric: {
      const { handle } = module.fieldInstantiations[arg]!;
      walk.borrowField(`f${handle}`, op === OP.MutBorrowFieldGeneric);
      return true;
    }
    case OP.Call:
    case OP.CallGeneric: {
      const callee = op === OP.Call ? view.callee(arg) : view.calleeGeneric(arg);
      walk.call(callee.parameters.length, callee.returns);
      return true;
    }
    default:
      return false;
  }
}

function stepReference(walk: Walk, op: number, arg: number): boolean {
  switch (op) {
    case OP.CopyLoc:
      walk.copyLocal(arg);
      return true;
    case OP.MoveLoc:
      walk.moveLocal(arg);
      return true;
    case OP.StLoc:
      walk.storeLocal(arg);
      return true;
    case OP.MutBorrowLoc:
    case OP.ImmBorrowLoc:
      walk.borrowLocal(arg, op === OP.MutBorrowLoc);
      return true;
    case OP.ReadRef:
      walk.read(1);
      return true;
    case OP.VariantSwitch:
      walk.read(0);
      return true;
    case OP.WriteRef:
      walk.write();
      return true;
    case OP.FreezeRef:
      walk.freeze();
      return true;
    case OP.Eq:
    case OP.Neq:
      walk.compare();
      return true;
    case OP.Ret:
      walk.return();
      return true;
    default:
      return false;
  }
}

function stepVector(view: FunctionView, walk: Walk, op: number, pc: number): boolean {
  switch (op) {
    case OP.VecPack:
      walk.values(Number(view.code.wide[pc]!), 1);
      return true;
    case OP.VecUnpack:
      walk.values(1, Number(view.code.wide[pc]!));
      return true;
    case OP.VecLen:
      walk.vector(0, false, 1);
      return true;
    case OP.VecImmBorrow:
    case OP.VecMutBorrow:
      walk.borrowElement(op === OP.VecMutBorrow);
      return true;
    case OP.VecPushBack:
      walk.vector(1, true, 0);
      return true;
    case OP.VecPopBack:
      walk.vector(0, true, 1);
      return true;
    case OP.VecSwap:
      walk.vector(2, true, 0);
      return true;
    default:
      return false;
  }
}

/** Pops and pushes of the instructions that never touch a reference. */
function stepValues(walk: Walk, op: number): void {
  switch (op) {
    case OP.Pop:
    case OP.BrTrue:
    case OP.BrFalse:
    case OP.Abort:
      walk.values(1, 0);
      return;
    case OP.Branch:
    case OP.Nop:
      return;
    case OP.Not:
    case OP.CastU8:
    case OP.CastU16:
    case OP.CastU32:
    case OP.CastU64:
    case OP.CastU128:
    case OP.CastU256:
      return;
    case OP.LdU8:
    case OP.LdU16:
    case OP.LdU32:
    case OP.LdU64:
    case OP.LdU128:
    case OP.LdU256:
    case OP.LdConst:
    case OP.LdTrue:
    case OP.LdFalse:
      walk.values(0, 1);
      return;
    default:
      // Arithmetic, shifts, comparisons and bool operations: two values in, one out.
      walk.values(2, 1);
  }
}

/** Renames the references in locals to their canonical numbers. The stack is empty here. */
function finish(state: State): void {
  const names = new Map<number, number>([[FRAME, FRAME]]);
  state.locals.forEach((id, local) => {
    if (id !== VALUE) names.set(id, FIRST_LOCAL + local);
  });
  state.graph = state.graph.renamed((id) => names.get(id)!);
  state.locals = state.locals.map((id, local) => (id === VALUE ? VALUE : FIRST_LOCAL + local));
  state.next = FIRST_LOCAL + state.locals.length;
}

function join(into: State, from: State): boolean {
  const other = from.graph.clone();
  let grew = false;
  for (let i = 0; i < into.locals.length; i++) {
    const mine = into.locals[i]!;
    const theirs = from.locals[i]!;
    if (mine === theirs) continue;
    // Held on one path only: nobody may read it after the join, so it is released.
    if (mine === VALUE) {
      other.release(theirs);
    } else {
      into.graph.release(mine);
      into.locals[i] = VALUE;
      grew = true;
    }
  }
  return into.graph.join(other) || grew;
}

export function checkReferences(view: FunctionView): void {
  const { ops, args } = view.code;
  runAnalysis<State>(view.graph, initialState(view), {
    clone: (state) => ({
      locals: state.locals.slice(),
      graph: state.graph.clone(),
      stack: [],
      next: state.next,
    }),
    join,
    finish,
    step(state, pc) {
      const walk = new Walk(view, state, pc);
      const op = ops[pc]!;
      const arg = args[pc]!;
      if (stepReference(walk, op, arg)) return;
      if (stepMember(view, walk, op, arg)) return;
      if (stepVector(view, walk, op, pc)) return;
      stepValues(walk, op);
    },
  });
}
