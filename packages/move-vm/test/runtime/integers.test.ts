/** Integer instructions of every width against a bigint model. Source: move-vm.md §3.2. */
import { beforeAll, describe, expect, it } from 'vitest';
import { isVmError, STATUS, u64FromBigInt, type Value } from '../../src/index.ts';
import { type Bench, bench } from './move.ts';

const WIDTHS = [8, 16, 32, 64, 128, 256] as const;
type Width = (typeof WIDTHS)[number];

const BINARY = {
  add: '+',
  sub: '-',
  mul: '*',
  div: '/',
  mod: '%',
  or: '|',
  and: '&',
  xor: '^',
} as const;
const COMPARE = { lt: '<', gt: '>', le: '<=', ge: '>=', eq: '==', neq: '!=' } as const;

function source(): string {
  const lines: string[] = [];
  for (const w of WIDTHS) {
    for (const [name, sign] of Object.entries(BINARY)) {
      lines.push(`public fun ${name}_${w}(a: u${w}, b: u${w}): u${w} { a ${sign} b }`);
    }
    for (const [name, sign] of Object.entries(COMPARE)) {
      lines.push(`public fun ${name}_${w}(a: u${w}, b: u${w}): bool { a ${sign} b }`);
    }
    lines.push(`public fun shl_${w}(a: u${w}, n: u8): u${w} { a << n }`);
    lines.push(`public fun shr_${w}(a: u${w}, n: u8): u${w} { a >> n }`);
    for (const to of WIDTHS) {
      lines.push(`public fun cast_${w}_${to}(a: u${w}): u${to} { a as u${to} }`);
    }
  }
  return `module 0x42::m { ${lines.join('\n')} }`;
}

/** The value as the machine holds it. */
function held(value: bigint, width: Width): Value {
  if (width <= 32) return Number(value);
  return width === 64 ? u64FromBigInt(value) : value;
}

/** Undefined means ARITHMETIC_ERROR. */
function model(name: string, a: bigint, b: bigint, width: number): bigint | undefined {
  const limit = 1n << BigInt(width);
  const results: Record<string, () => bigint> = {
    add: () => a + b,
    sub: () => a - b,
    mul: () => a * b,
    div: () => (b === 0n ? limit : a / b),
    mod: () => (b === 0n ? limit : a % b),
    or: () => a | b,
    and: () => a & b,
    xor: () => a ^ b,
    shl: () => (b >= BigInt(width) ? limit : BigInt.asUintN(width, a << b)),
    shr: () => (b >= BigInt(width) ? limit : a >> b),
  };
  const result = results[name]!();
  return result < 0n || result >= limit ? undefined : result;
}

const COMPARISON: Record<string, (a: bigint, b: bigint) => boolean> = {
  lt: (a, b) => a < b,
  gt: (a, b) => a > b,
  le: (a, b) => a <= b,
  ge: (a, b) => a >= b,
  eq: (a, b) => a === b,
  neq: (a, b) => a !== b,
};

/** Edges of a width, and of the widths below it. */
function edges(width: number): bigint[] {
  const values = new Set([0n, 1n, 2n, 3n, 10n]);
  for (const w of [7, 8, 15, 16, 30, 31, 32, 33, 52, 53, 54, 63, 64, 127, 128, 255, 256]) {
    for (const delta of [-1n, 0n, 1n]) {
      const value = (1n << BigInt(w)) + delta;
      if (value < 1n << BigInt(width)) values.add(value);
    }
  }
  return [...values];
}

let subject: Bench;
beforeAll(async () => {
  subject = await bench(source());
});

function outcome(name: string, args: readonly Value[]): Value | undefined {
  const session = subject.session();
  const fn = session.loadFunction(`0x${'42'.padStart(64, '0')}`, 'm', name);
  try {
    const given = args.map((value, i) => session.slot(fn.parameters[i]!, value).take());
    return session.call(fn, given)[0]!.peek();
  } catch (error) {
    if (isVmError(error) && error.status === STATUS.ARITHMETIC_ERROR) return undefined;
    throw error;
  }
}

describe.each(WIDTHS)('u%i', (width) => {
  it.each(Object.keys(BINARY))('%s', (name) => {
    for (const a of edges(width)) {
      for (const b of edges(width)) {
        const expected = model(name, a, b, width);
        const actual = outcome(`${name}_${width}`, [held(a, width), held(b, width)]);
        const value = expected === undefined ? undefined : held(expected, width);
        expect(actual, `${a} ${name} ${b}`).toBe(value);
      }
    }
  });

  it.each(Object.keys(COMPARE))('%s', (name) => {
    for (const a of edges(width)) {
      for (const b of edges(width)) {
        const actual = outcome(`${name}_${width}`, [held(a, width), held(b, width)]);
        expect(actual, `${a} ${name} ${b}`).toBe(COMPARISON[name]!(a, b));
      }
    }
  });

  it.each(['shl', 'shr'])('%s', (name) => {
    for (const a of edges(width)) {
      for (const amount of [0, 1, 7, 8, 15, 16, 31, 32, 53, 63, 64, 127, 128, 255]) {
        const expected = model(name, a, BigInt(amount), width);
        const actual = outcome(`${name}_${width}`, [held(a, width), amount]);
        const value = expected === undefined ? undefined : held(expected, width);
        expect(actual, `${a} ${name} ${amount}`).toBe(value);
      }
    }
  });

  it.each(WIDTHS)('cast to u%i', (to) => {
    for (const a of edges(width)) {
      const expected = a < 1n << BigInt(to) ? held(a, to) : undefined;
      expect(outcome(`cast_${width}_${to}`, [held(a, width)]), `${a}`).toBe(expected);
    }
  });
});
