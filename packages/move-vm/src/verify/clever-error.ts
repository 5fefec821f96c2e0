/**
 * Clever errors: abort codes that name a source line and an `#[error]` constant. Source: move-vm.md §5.
 *
 * Layout of the u64, most significant first: 4 bits version, 4 reserved, 8 error code, 16 line,
 * 16 pool index of the constant's name, 16 pool index of its value.
 */

import type { CompiledModule, Constant, SignatureToken } from '../binary/module.ts';
import { addressFromBytes } from '../common/address.ts';
import { BcsReader } from '../common/bcs.ts';
import { isVmError } from '../common/errors.ts';
import { typeText } from './type-text.ts';

/** Version nibble with an error code, and the older one without. */
const VERSION_WITH_CODE = 0b1100n;
const VERSION_PLAIN = 0b1000n;
const NO_CODE = 0xff;
const NO_CONSTANT = 0xffff;

export interface CleverCode {
  /** Code given as `#[error(code = N)]`. */
  readonly errorCode: number | undefined;
  /** 1-based. */
  readonly line: number;
  /** Index into the constant pool of the constant's name. */
  readonly nameConstant: number | undefined;
  /** Index into the constant pool of the constant's value. */
  readonly valueConstant: number | undefined;
}

export interface CleverError extends CleverCode {
  readonly constantName: string | undefined;
  readonly constantType: string | undefined;
  /** The value as text, when it has one. */
  readonly rendered: string | undefined;
  /** BCS of the value, when it has no text. */
  readonly raw: Uint8Array | undefined;
}

/** The fields of a clever abort code; undefined for an ordinary code. */
export function decodeCleverCode(code: bigint): CleverCode | undefined {
  const version = code >> 60n;
  if (version !== VERSION_WITH_CODE && version !== VERSION_PLAIN) return undefined;
  if (((code >> 56n) & 0xfn) !== 0n) return undefined;
  const field = (shift: bigint, absent: number): number | undefined => {
    const value = Number((code >> shift) & BigInt(absent));
    return value === absent ? undefined : value;
  };
  return {
    errorCode: version === VERSION_WITH_CODE ? field(48n, NO_CODE) : undefined,
    line: Number((code >> 32n) & 0xffffn),
    nameConstant: field(16n, NO_CONSTANT),
    valueConstant: field(0n, NO_CONSTANT),
  };
}

/** The code of a clever error; the inverse of `decodeCleverCode` for the newer version. */
export function encodeCleverCode(code: CleverCode): bigint {
  return (
    (VERSION_WITH_CODE << 60n) |
    (BigInt(code.errorCode ?? NO_CODE) << 48n) |
    (BigInt(code.line) << 32n) |
    (BigInt(code.nameConstant ?? NO_CONSTANT) << 16n) |
    BigInt(code.valueConstant ?? NO_CONSTANT)
  );
}

function utf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

const INTEGER_SIZE: Readonly<Record<string, number>> = {
  u8: 1,
  u16: 2,
  u32: 4,
  u64: 8,
  u128: 16,
  u256: 32,
};

/** One value as text; undefined when the type has none. */
function renderValue(reader: BcsReader, type: SignatureToken): string | undefined {
  const size = INTEGER_SIZE[type.kind];
  if (size !== undefined) return reader.uint(size).toString();
  if (type.kind === 'bool') return String(reader.bool());
  if (type.kind === 'address') return addressFromBytes(reader.raw(32));
  if (type.kind !== 'vector') return undefined;
  const count = reader.length();
  if (type.element.kind === 'u8') return utf8(reader.raw(count));
  const items: string[] = [];
  for (let i = 0; i < count; i++) {
    const item = renderValue(reader, type.element);
    if (item === undefined) return undefined;
    items.push(item);
  }
  return `[${items.join(', ')}]`;
}

function render(constant: Constant): string | undefined {
  const reader = new BcsReader(constant.data);
  try {
    const text = renderValue(reader, constant.type);
    return reader.remaining === 0 ? text : undefined;
  } catch (error) {
    if (isVmError(error)) return undefined;
    throw error;
  }
}

/** The name behind a pool index: a `vector<u8>` of UTF-8. */
function constantName(constant: Constant | undefined): string | undefined {
  if (constant?.type.kind !== 'vector' || constant.type.element.kind !== 'u8') return undefined;
  return render(constant);
}

/**
 * Explains an abort code with the constants of the module that aborted; undefined for an ordinary
 * code. A code that points at nothing (anybody can abort with any number) keeps only its numbers.
 */
export function explainAbort(module: CompiledModule, code: bigint): CleverError | undefined {
  const clever = decodeCleverCode(code);
  if (clever === undefined) return undefined;
  const pool = (index: number | undefined): Constant | undefined =>
    index === undefined ? undefined : module.constants[index];
  const value = pool(clever.valueConstant);
  const rendered = value === undefined ? undefined : render(value);
  return {
    ...clever,
    constantName: constantName(pool(clever.nameConstant)),
    constantType: value === undefined ? undefined : typeText(module, value.type),
    rendered,
    raw: value !== undefined && rendered === undefined ? value.data.slice() : undefined,
  };
}
