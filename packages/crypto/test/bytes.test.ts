/** Byte helpers, scalars, randomness, errors. */

import {
  assertInteger,
  assertLength,
  bigintFromBytes,
  CRYPTO_ERROR_CODES,
  CryptoError,
  concat,
  deriveMasterKey,
  equalConstantTime,
  fromHex,
  GROUP_ORDER,
  invertModOrder,
  isCryptoError,
  isZeroScalar,
  lagrangeAtZero,
  MIN_WIDE_SCALAR_BYTES,
  randomScalar,
  scalarAdd,
  scalarFromBigint,
  scalarFromWideBytes,
  scalarInverse,
  scalarMul,
  scalarSub,
  scalarToBigint,
  systemRandom,
  toHex,
  u64be,
  u64le,
  WIDE_SCALAR_BYTES,
  wipe,
  xor,
} from '@seal-ts/crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codeOf, scalar } from './support/helpers.ts';

describe('bytes', () => {
  it('concatenates, XORs and compares', () => {
    const [a, b] = [Uint8Array.of(1, 2), Uint8Array.of(3)];
    expect(concat(a, b, a)).toEqual(Uint8Array.of(1, 2, 3, 1, 2));
    expect(concat()).toEqual(new Uint8Array(0));
    expect(xor(a, Uint8Array.of(255, 2))).toEqual(Uint8Array.of(254, 0));
    expect(codeOf(() => xor(a, b))).toBe('INVALID_LENGTH');
  });

  it('compares whole arrays without stopping early', () => {
    const a = systemRandom(64);
    expect(equalConstantTime(a, a.slice())).toBe(true);
    for (let i = 0; i < a.length; i++) {
      const b = a.slice();
      b[i]! ^= 0x80;
      expect(equalConstantTime(a, b)).toBe(false);
    }
    expect(equalConstantTime(a, a.subarray(1))).toBe(false);
    expect(equalConstantTime(new Uint8Array(0), new Uint8Array(0))).toBe(true);
  });

  it('wipes', () => {
    const [a, b] = [systemRandom(8), systemRandom(9)];
    wipe(a, undefined, b);
    expect(isZeroScalar(a) && isZeroScalar(b)).toBe(true);
  });

  it('reads and writes hex', () => {
    expect(toHex(fromHex('0x00fFa1'))).toBe('00ffa1');
    expect(fromHex('')).toEqual(new Uint8Array(0));
    for (const bad of ['f', '0xf', 'zz', '0x0x00', ' 00', '00 ', 'ff\n']) {
      expect(codeOf(() => fromHex(bad))).toBe('INVALID_INPUT');
    }
  });

  it('writes integers in both byte orders', () => {
    expect(toHex(u64le(258))).toBe('0201000000000000');
    expect(toHex(u64be(2n ** 64n - 2n))).toBe('fffffffffffffffe');
  });

  it('guards lengths and ranges with the name of the field', () => {
    const short = () => assertLength(new Uint8Array(31), 32, 'masterKey');
    expect(short).toThrow('masterKey: expected 32 bytes, got 31');
    expect(codeOf(short)).toBe('INVALID_LENGTH');
    const high = () => assertInteger(4, 1, 3, 'threshold');
    expect(high).toThrow('threshold: expected an integer from 1 to 3, got 4');
    for (const bad of [0, 4, 1.5, Number.NaN, Number.POSITIVE_INFINITY, '2' as never]) {
      expect(codeOf(() => assertInteger(bad, 1, 3, 'threshold'))).toBe('INVALID_INPUT');
    }
  });
});

describe('random source', () => {
  it('serves more than one Web Crypto quota', () => {
    const bytes = systemRandom(70_000);
    expect(bytes.length).toBe(70_000);
    expect(isZeroScalar(bytes.subarray(65_536))).toBe(false);
  });
  it('is checked for its length', () => {
    for (const bad of [() => new Uint8Array(1), () => undefined as never, () => [] as never]) {
      expect(codeOf(() => randomScalar(bad))).toBe('RANDOM_SOURCE_FAILED');
    }
  });
});

describe('scalars', () => {
  const values = fc.bigInt({ min: 0n, max: GROUP_ORDER - 1n });

  it('are canonical, below the order', () => {
    expect(scalarToBigint(scalarFromBigint(GROUP_ORDER - 1n))).toBe(GROUP_ORDER - 1n);
    expect(scalarToBigint(new Uint8Array(32))).toBe(0n);
    const order = fromHex(GROUP_ORDER.toString(16));
    const above = fromHex((GROUP_ORDER + 1n).toString(16));
    for (const bad of [order, above, new Uint8Array(32).fill(255)]) {
      expect(codeOf(() => scalarToBigint(bad))).toBe('INVALID_SCALAR');
      expect(codeOf(() => scalarAdd(scalar(1), bad))).toBe('INVALID_SCALAR');
    }
    for (const length of [0, 31, 33]) {
      expect(codeOf(() => scalarToBigint(new Uint8Array(length)))).toBe('INVALID_LENGTH');
    }
  });

  it('form a field', () => {
    fc.assert(
      fc.property(values, values, (x, y) => {
        const [a, b] = [scalarFromBigint(x), scalarFromBigint(y)];
        expect(scalarToBigint(scalarAdd(a, b))).toBe((x + y) % GROUP_ORDER);
        expect(scalarToBigint(scalarMul(a, b))).toBe((x * y) % GROUP_ORDER);
        expect(scalarSub(scalarAdd(a, b), b)).toEqual(a);
        if (x !== 0n) expect(scalarMul(a, scalarInverse(a))).toEqual(scalar(1));
      }),
      { numRuns: 30 },
    );
    expect(codeOf(() => scalarInverse(scalar(0)))).toBe('INVALID_SCALAR');
    expect(codeOf(() => invertModOrder(GROUP_ORDER))).toBe('INVALID_SCALAR');
    expect(scalarToBigint(scalarFromBigint(-1n))).toBe(GROUP_ORDER - 1n);
  });

  it('reduce wide big-endian integers', () => {
    const wide = new Uint8Array(WIDE_SCALAR_BYTES).fill(255);
    expect(scalarToBigint(scalarFromWideBytes(wide))).toBe((2n ** 512n - 1n) % GROUP_ORDER);
    const least = new Uint8Array(MIN_WIDE_SCALAR_BYTES).fill(1);
    expect(scalarToBigint(scalarFromWideBytes(least))).toBe(bigintFromBytes(least) % GROUP_ORDER);
    for (const length of [MIN_WIDE_SCALAR_BYTES - 1, WIDE_SCALAR_BYTES + 1, 0]) {
      expect(codeOf(() => scalarFromWideBytes(new Uint8Array(length)))).toBe('INVALID_LENGTH');
    }
  });

  it('interpolate at zero', () => {
    const f = (x: bigint) => 5n + 3n * x + 11n * x * x;
    const xs = [1, 4, 65_535];
    const sum = lagrangeAtZero(xs)
      .map((lambda, i) => scalarMul(lambda, scalarFromBigint(f(BigInt(xs[i]!)))))
      .reduce(scalarAdd);
    expect(scalarToBigint(sum)).toBe(5n);
    for (const bad of [[2, 2], [0], [0, 1], [1, -1], [1.5, 2], [Number.NaN], [1, 2 ** 53]]) {
      expect(codeOf(() => lagrangeAtZero(bad))).toBe('INVALID_SHARE_INDEX');
    }
  });
});

describe('master key derivation', () => {
  it('accepts exactly unsigned 64-bit indices and 32-byte seeds', () => {
    const seed = new Uint8Array(32);
    expect(deriveMasterKey(seed, 0)).toEqual(deriveMasterKey(seed, 0n));
    expect(deriveMasterKey(seed, 2n ** 64n - 1n).length).toBe(32);
    for (const bad of [-1, -1n, 2n ** 64n, 1.5, Number.NaN, 2 ** 53]) {
      expect(codeOf(() => deriveMasterKey(seed, bad))).toBe('INVALID_INPUT');
    }
    for (const length of [0, 31, 33, 64]) {
      expect(codeOf(() => deriveMasterKey(new Uint8Array(length), 0))).toBe('INVALID_LENGTH');
    }
  });
});

describe('errors', () => {
  it('have distinct stable codes and are recognizable', () => {
    expect(new Set(CRYPTO_ERROR_CODES).size).toBe(CRYPTO_ERROR_CODES.length);
    expect(CRYPTO_ERROR_CODES).toMatchSnapshot();
    const error = new CryptoError('INVALID_INPUT', 'x');
    expect([error.name, error.code, isCryptoError(error)]).toEqual([
      'CryptoError',
      'INVALID_INPUT',
      true,
    ]);
    expect(isCryptoError(new TypeError('x'))).toBe(false);
  });
});
