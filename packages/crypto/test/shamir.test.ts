/** GF(256) and Shamir sharing (protocol §1.5). */

import {
  combine,
  gfDiv,
  gfInverse,
  gfMul,
  interpolate,
  MAX_SHARED_SECRET_BYTES,
  MAX_SHARES,
  scaleInto,
  split,
  systemRandom,
} from '@seal-ts/crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codeOf, seededRandom } from './support/helpers.ts';

const ELEMENTS = [...Array(256).keys()];

describe('GF(256)', () => {
  it('inverts every element but zero', () => {
    for (const a of ELEMENTS.slice(1)) expect(gfMul(a, gfInverse(a))).toBe(1);
    expect(codeOf(() => gfInverse(0))).toBe('INVALID_INPUT');
    expect(codeOf(() => gfDiv(7, 0))).toBe('INVALID_INPUT');
  });

  it('has 3 as a generator', () => {
    const seen = new Set<number>();
    for (let i = 0, x = 1; i < 255; i++, x = gfMul(x, 3)) seen.add(x);
    expect(seen.size).toBe(255);
  });

  it('scales four packed elements like single ones', () => {
    for (const factor of ELEMENTS) {
      const word = new Uint32Array(Uint8Array.of(0x00, 0x53, 0x80, 0xff).buffer);
      const into = new Uint32Array(1);
      scaleInto(into, word, factor);
      const expected = [0x00, 0x53, 0x80, 0xff].map((a) => gfMul(a, factor));
      expect([...new Uint8Array(into.buffer)]).toEqual(expected);
    }
  });
});

describe('split and combine', () => {
  it('recovers from any subset of at least threshold shares', () => {
    const secrets = fc.uint8Array({ minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(
        secrets,
        fc.integer({ min: 1, max: 8 }),
        fc.nat(8),
        fc.nat(),
        (s, t, extra, seed) => {
          const shares = split(seededRandom(`${seed}`), s, t, t + extra);
          const shuffled = shares.toSorted((a, b) => ((a.index * 7 + seed) % 11) - (b.index % 5));
          expect(combine(shuffled.slice(0, t))).toEqual(s);
          expect(combine(shuffled)).toEqual(s);
          const at = interpolate(shuffled.slice(-t));
          for (const { index, bytes } of shares) expect(at(index)).toEqual(bytes);
        },
      ),
      { numRuns: 20 },
    );
  });

  it('takes the largest sharing, and nothing larger', () => {
    const secret = systemRandom(32);
    const shares = split(systemRandom, secret, MAX_SHARES, MAX_SHARES);
    expect(shares.map(({ index }) => index)).toEqual(ELEMENTS.slice(1));
    expect(combine(shares)).toEqual(secret);
    expect(combine(shares.slice(1))).not.toEqual(secret);
    const longest = new Uint8Array(MAX_SHARED_SECRET_BYTES).fill(7);
    expect(combine(split(systemRandom, longest, 2, 2))).toEqual(longest);
  });

  it.each([
    ['threshold 0', 32, 0, 3],
    ['threshold above count', 32, 4, 3],
    ['no shares', 32, 0, 0],
    ['256 shares', 32, 2, MAX_SHARES + 1],
    ['fractional threshold', 32, 1.5, 3],
    ['not a number', 32, Number.NaN, 3],
    ['empty secret', 0, 2, 3],
    ['secret too long', MAX_SHARED_SECRET_BYTES + 1, 2, 3],
  ])('refuses to split: %s', (_, length, threshold, count) => {
    const attempt = () => split(systemRandom, new Uint8Array(length), threshold, count);
    expect(codeOf(attempt)).toBe('INVALID_INPUT');
  });

  it('refuses a random source that returns too little', () => {
    const short = () => new Uint8Array(31);
    expect(codeOf(() => split(short, new Uint8Array(32), 2, 3))).toBe('RANDOM_SOURCE_FAILED');
  });

  it('refuses broken sets of shares', () => {
    const bytes = new Uint8Array(32);
    expect(codeOf(() => combine([]))).toBe('INVALID_INPUT');
    for (const indices of [[0], [256], [-1], [1.5], [1, 1], [1, 2, 1]]) {
      const shares = indices.map((index) => ({ index, bytes }));
      expect(codeOf(() => combine(shares))).toBe('INVALID_SHARE_INDEX');
      expect(codeOf(() => interpolate(shares))).toBe('INVALID_SHARE_INDEX');
    }
    const uneven = [
      { index: 1, bytes },
      { index: 2, bytes: new Uint8Array(31) },
    ];
    expect(codeOf(() => combine(uneven))).toBe('INVALID_LENGTH');
    const at = interpolate([{ index: 1, bytes }]);
    for (const x of [-1, 256, 0.5]) expect(codeOf(() => at(x))).toBe('INVALID_INPUT');
  });

  it('draws every coefficient but the secret from the random source', () => {
    let drawn = 0;
    const counting = (n: number) => {
      drawn += n;
      return new Uint8Array(n).fill(drawn & 0xff);
    };
    split(counting, new Uint8Array(32), 5, 9);
    expect(drawn).toBe(4 * 32);
  });
});
