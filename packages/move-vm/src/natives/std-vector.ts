/**
 * `std::vector` as natives, for modules compiled without `#[bytecode_instruction]`.
 * Source: move-vm.md §6.1.
 */
import { KIND } from '../runtime/types.ts';
import {
  borrowElement,
  packVector,
  popElement,
  pushElement,
  swapElements,
  unpackVector,
  vectorAt,
} from '../runtime/vector-operations.ts';
import { deref, integerOf, referenceOf } from './arguments.ts';
import type { ModuleNatives } from './table.ts';

export const vectorNatives: ModuleNatives = {
  empty: (_context, [element]) => packVector([], element?.kind === KIND.U8),
  length: (_context, _types, [vector]) => vectorAt(referenceOf(vector)).length,
  borrow: (_context, _types, [vector, index]) =>
    borrowElement(referenceOf(vector), integerOf(index)),
  borrow_mut: (_context, _types, [vector, index]) =>
    borrowElement(referenceOf(vector), integerOf(index)),
  push_back(_context, _types, [vector, element]) {
    pushElement(referenceOf(vector), deref(element));
    return undefined;
  },
  pop_back: (_context, _types, [vector]) => popElement(referenceOf(vector)),
  destroy_empty(_context, _types, [vector]) {
    unpackVector(deref(vector), 0);
    return undefined;
  },
  swap(_context, _types, [vector, i, j]) {
    swapElements(referenceOf(vector), integerOf(i), integerOf(j));
    return undefined;
  },
};
