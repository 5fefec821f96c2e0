/** Vector instructions on byte vectors and on arrays. Source: move-vm.md §3.2. */
import { STATUS, VmError } from '../common/index.ts';
import { MAX_VECTOR_LENGTH } from './limits.ts';
import type { U64 } from './u64.ts';
import {
  ByteReference,
  ByteVector,
  internalType,
  type Reference,
  SlotReference,
  type Value,
} from './value.ts';

/** Sub-statuses of VECTOR_OPERATION_ERROR. */
export const VECTOR_ERROR = { index: 1n, empty: 2n, length: 3n, tooLong: 4n } as const;

function vectorError(subStatus: bigint, message: string): VmError {
  return new VmError(STATUS.VECTOR_OPERATION_ERROR, message, { subStatus });
}

type MoveVector = ByteVector | Value[];

/** The vector behind a reference. */
export function vectorAt(reference: Reference): MoveVector {
  const vector = reference.get();
  if (vector instanceof ByteVector || Array.isArray(vector)) return vector;
  throw internalType('vector');
}

/** A checked index into a vector of `length` elements. */
function indexIn(index: U64, length: number): number {
  if (index >= length) {
    throw vectorError(VECTOR_ERROR.index, `index ${index}, the vector has ${length} elements`);
  }
  return Number(index);
}

export function borrowElement(reference: Reference, index: U64): Reference {
  const vector = vectorAt(reference);
  const at = indexIn(index, vector.length);
  return Array.isArray(vector) ? new SlotReference(vector, at) : new ByteReference(vector, at);
}

export function pushElement(reference: Reference, element: Value): void {
  const vector = vectorAt(reference);
  if (vector.length >= MAX_VECTOR_LENGTH) {
    throw vectorError(VECTOR_ERROR.tooLong, `a vector has at most ${MAX_VECTOR_LENGTH} elements`);
  }
  if (Array.isArray(vector)) {
    vector.push(element);
  } else {
    if (typeof element !== 'number') throw internalType('u8');
    vector.push(element);
  }
}

export function popElement(reference: Reference): Value {
  const element = vectorAt(reference).pop();
  if (element === undefined) throw vectorError(VECTOR_ERROR.empty, 'pop from an empty vector');
  return element;
}

export function swapElements(reference: Reference, i: U64, j: U64): void {
  const vector = vectorAt(reference);
  const first = indexIn(i, vector.length);
  const second = indexIn(j, vector.length);
  if (!Array.isArray(vector)) {
    vector.swap(first, second);
    return;
  }
  const element = vector[first]!;
  vector[first] = vector[second]!;
  vector[second] = element;
}

export function packVector(elements: Value[], bytes: boolean): Value {
  if (!bytes) return elements;
  const packed = new Uint8Array(elements.length);
  for (let i = 0; i < elements.length; i++) {
    const element = elements[i];
    if (typeof element !== 'number') throw internalType('u8');
    packed[i] = element;
  }
  return new ByteVector(packed);
}

/** The elements of a vector that must have exactly `count`. */
export function unpackVector(vector: Value, count: number): readonly Value[] {
  if (!(vector instanceof ByteVector || Array.isArray(vector))) throw internalType('vector');
  if (vector.length !== count) {
    throw vectorError(
      VECTOR_ERROR.length,
      `unpacking ${count} elements of a vector of ${vector.length}`,
    );
  }
  return Array.isArray(vector) ? vector : Array.from(vector.view());
}
