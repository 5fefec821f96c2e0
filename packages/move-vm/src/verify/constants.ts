/**
 * Constants: only bool, integers, address and vectors of them, and the bytes are exactly one value.
 * Source: move-vm.md §5, §7.
 */

import type { CompiledModule, Constant, SignatureToken } from '../binary/module.ts';
import { BcsReader } from '../common/bcs.ts';
import { isVmError, rejected } from '../common/errors.ts';
import { MAX_CONSTANT_VECTOR_LENGTH } from './limits.ts';

/** Bytes of each fixed-size constant type. */
const SIZE: Partial<Record<SignatureToken['kind'], number>> = {
  u8: 1,
  u16: 2,
  u32: 4,
  u64: 8,
  u128: 16,
  u256: 32,
  address: 32,
};

function isConstantType(token: SignatureToken): boolean {
  if (token.kind === 'vector') return isConstantType(token.element);
  return token.kind === 'bool' || SIZE[token.kind] !== undefined;
}

function skipValue(reader: BcsReader, token: SignatureToken): void {
  if (token.kind === 'bool') {
    reader.bool();
    return;
  }
  if (token.kind !== 'vector') {
    reader.raw(SIZE[token.kind]!);
    return;
  }
  const length = reader.length();
  if (length > MAX_CONSTANT_VECTOR_LENGTH) {
    throw rejected(
      'TOO_MANY_VECTOR_ELEMENTS',
      `constant vector of ${length}, at most ${MAX_CONSTANT_VECTOR_LENGTH}`,
    );
  }
  const size = SIZE[token.element.kind];
  if (size !== undefined) {
    reader.raw(size * length);
    return;
  }
  for (let i = 0; i < length; i++) skipValue(reader, token.element);
}

function checkConstant(constant: Constant, index: number): void {
  if (!isConstantType(constant.type)) {
    throw rejected('INVALID_CONSTANT_TYPE', `constant ${index} is of type ${constant.type.kind}`);
  }
  const reader = new BcsReader(constant.data);
  try {
    skipValue(reader, constant.type);
    reader.end();
  } catch (cause) {
    if (isVmError(cause) && cause.code !== 'MOVE_VM_INVALID_ARGUMENT') throw cause;
    throw rejected('MALFORMED_CONSTANT_DATA', `constant ${index} is not a value of its type`, {
      cause,
    });
  }
}

export function checkConstants(module: CompiledModule): void {
  module.constants.forEach(checkConstant);
}
