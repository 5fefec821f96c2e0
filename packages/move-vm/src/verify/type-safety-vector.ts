/** Vector instructions in the type walk. Source: move-vm.md §3.2. */
import { OP } from '../binary/opcodes.ts';
import { MAX_BLOCK_STACK } from './limits.ts';
import type { TypeWalk } from './type-safety.ts';
import type { AbstractType } from './types.ts';

/** Pops a reference to exactly this vector type. */
function popVector(walk: TypeWalk, vector: AbstractType, mutable: boolean): void {
  const target = walk.popReference(mutable, 'TYPE_MISMATCH');
  if (target !== vector) {
    throw walk.fault(
      'TYPE_MISMATCH',
      `expected a reference to ${walk.types.text(vector)}, found one to ${walk.types.text(target)}`,
    );
  }
}

/** The element count of VecPack and VecUnpack: what cannot fit on the stack is refused unlooped. */
function count(walk: TypeWalk): number {
  const wide = walk.view.code.wide[walk.pc]!;
  if (wide > BigInt(MAX_BLOCK_STACK)) {
    throw walk.fault('VALUE_STACK_OVERFLOW', `${wide} elements, at most ${MAX_BLOCK_STACK}`);
  }
  return Number(wide);
}

export function stepVector(walk: TypeWalk, op: number, signature: number): void {
  if (op < OP.VecPack || op > OP.VecSwap) {
    throw walk.fault('GLOBAL_REFERENCE_ERROR', 'there is no global storage');
  }
  const element = walk.types.fromToken(walk.view.module.signatures[signature]![0]!);
  const vector = walk.types.vector(element);
  switch (op) {
    case OP.VecPack:
      for (let n = count(walk); n > 0; n--) walk.expect(element, 'TYPE_MISMATCH');
      walk.push(vector);
      return;
    case OP.VecUnpack:
      walk.expect(vector, 'TYPE_MISMATCH');
      for (let n = count(walk); n > 0; n--) walk.push(element);
      return;
    case OP.VecLen:
      popVector(walk, vector, false);
      walk.push(walk.u64);
      return;
    case OP.VecImmBorrow:
    case OP.VecMutBorrow: {
      const mutable = op === OP.VecMutBorrow;
      walk.expect(walk.u64, 'TYPE_MISMATCH');
      popVector(walk, vector, mutable);
      walk.push(walk.types.reference(mutable, element));
      return;
    }
    case OP.VecPushBack:
      walk.expect(element, 'TYPE_MISMATCH');
      popVector(walk, vector, true);
      return;
    case OP.VecPopBack:
      popVector(walk, vector, true);
      walk.push(element);
      return;
    case OP.VecSwap:
      walk.expect(walk.u64, 'TYPE_MISMATCH');
      walk.expect(walk.u64, 'TYPE_MISMATCH');
      popVector(walk, vector, true);
      return;
  }
}
