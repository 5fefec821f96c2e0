/** Operations on u8–u32 (numbers) and on u128, u256 (bigints). Source: move-vm.md §3.2. */
import { arithmeticError } from './u64.ts';

const TWO_TO: Readonly<Record<number, bigint>> = { 128: 1n << 128n, 256: 1n << 256n };

export function addBig(a: bigint, b: bigint, bits: number): bigint {
  const sum = a + b;
  if (sum >= TWO_TO[bits]!) throw arithmeticError(`u${bits} overflow`);
  return sum;
}

export function subBig(a: bigint, b: bigint, bits: number): bigint {
  if (a < b) throw arithmeticError(`u${bits} underflow`);
  return a - b;
}

export function mulBig(a: bigint, b: bigint, bits: number): bigint {
  const product = a * b;
  if (product >= TWO_TO[bits]!) throw arithmeticError(`u${bits} overflow`);
  return product;
}

export function divBig(a: bigint, b: bigint): bigint {
  if (b === 0n) throw arithmeticError('division by zero');
  return a / b;
}

export function modBig(a: bigint, b: bigint): bigint {
  if (b === 0n) throw arithmeticError('modulo by zero');
  return a % b;
}

export function shlBig(a: bigint, amount: number, bits: number): bigint {
  if (amount >= bits) throw arithmeticError(`u${bits} shifted by ${amount}`);
  return BigInt.asUintN(bits, a << BigInt(amount));
}

export function shrBig(a: bigint, amount: number, bits: number): bigint {
  if (amount >= bits) throw arithmeticError(`u${bits} shifted by ${amount}`);
  return a >> BigInt(amount);
}

export function shlSmall(a: number, amount: number, bits: number): number {
  if (amount >= bits) throw arithmeticError(`u${bits} shifted by ${amount}`);
  return bits === 32 ? (a << amount) >>> 0 : (a << amount) & (2 ** bits - 1);
}

export function shrSmall(a: number, amount: number, bits: number): number {
  if (amount >= bits) throw arithmeticError(`u${bits} shifted by ${amount}`);
  return a >>> amount;
}

/** Cast to u8, u16 or u32 of any integer. */
export function castSmall(value: number | bigint, max: number): number {
  if (value > max) throw arithmeticError(`${value} does not fit, the largest value is ${max}`);
  return Number(value);
}

/** Cast to u128 or u256 of any integer. */
export function castBig(value: number | bigint, bits: number): bigint {
  const big = BigInt(value);
  if (big >= TWO_TO[bits]!) throw arithmeticError(`${value} does not fit in u${bits}`);
  return big;
}
