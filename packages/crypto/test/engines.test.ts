/**
 * Both engines compute the same: every operation of the engine interface, random and edge inputs.
 */

import { bls12_381 } from '@noble/curves/bls12-381.js';
import {
  concat,
  type Engine,
  GROUP_ORDER,
  type Group,
  MAX_HASH_MESSAGE_BYTES,
  MAX_MSM_TERMS,
  MAX_PAIRING_TERMS,
  type RandomSource,
  scalarFromBigint,
  scalarToBigint,
  toHex,
} from '@seal-ts/crypto';
import { createMclEngine } from '@seal-ts/crypto/mcl';
import { createNobleEngine } from '@seal-ts/crypto/noble';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { engines, mcl, noble } from './support/engines.ts';
import { codeOf, scalar, seededRandom } from './support/helpers.ts';

const RUNS = { numRuns: 6 };
/** Scalars with the edges of the range well represented. */
const scalars = fc
  .oneof(
    fc.constantFrom(0n, 1n, 2n, GROUP_ORDER - 1n, GROUP_ORDER - 2n, GROUP_ORDER / 2n, 2n ** 128n),
    fc.bigInt({ min: 0n, max: GROUP_ORDER - 1n }),
  )
  .map(scalarFromBigint);
/** Multiples of the generator: every point of the group, the identity included. */
const message = fc.uint8Array({ maxLength: 80 });

/** Runs the same program on both engines and compares the encodings of the results. */
function agree(program: (engine: Engine) => Uint8Array | boolean): void {
  const [a, b] = [noble, mcl].map((engine) => {
    const result = program(engine);
    return typeof result === 'boolean' ? result : toHex(result);
  });
  expect(b).toBe(a);
}

describe.each(['g1', 'g2'] as const)('%s', (name) => {
  const on = (engine: Engine) => engine[name] as Group<unknown>;
  const point = (engine: Engine, k: Uint8Array) => on(engine).mulPublic(on(engine).generator, k);

  it('multiplies alike in all four ways', () => {
    fc.assert(
      fc.property(scalars, scalars, (p, k) => {
        for (const way of ['mul', 'mulOnce', 'mulPublic'] as const) {
          agree((e) => on(e).toBytes(on(e)[way](point(e, p), k)));
          agree((e) => on(e).toBytes(on(e)[way](on(e).generator, k)));
        }
        agree((e) => on(e).toBytes(on(e).msmPublic([point(e, p)], [k])));
        const { toBytes, mul, mulOnce, mulPublic } = on(mcl);
        const base = point(mcl, p);
        expect(toBytes(mul(base, k))).toEqual(toBytes(mulPublic(base, k)));
        expect(toBytes(mulOnce(base, k))).toEqual(toBytes(mulPublic(base, k)));
      }),
      RUNS,
    );
  });

  it('multiplies by small numbers as by large ones', () => {
    const bound = 2 ** 16;
    for (const n of [0, 1, 2, 3, 4, 5, 255, 256, bound - 1, bound, bound + 1]) {
      for (const of of [0, 1, 77]) {
        agree((e) => on(e).toBytes(on(e).mulPublic(point(e, scalar(of)), scalar(n))));
        for (const [, e] of engines) {
          const base = point(e, scalar(of));
          expect(on(e).equal(on(e).mulPublic(base, scalar(n)), on(e).mul(base, scalar(n)))).toBe(
            true,
          );
        }
      }
    }
  });

  it('adds, subtracts, negates and compares alike', () => {
    fc.assert(
      fc.property(scalars, scalars, (p, q) => {
        agree((e) => on(e).toBytes(on(e).add(point(e, p), point(e, q))));
        agree((e) => on(e).toBytes(on(e).sub(point(e, p), point(e, q))));
        agree((e) => on(e).toBytes(on(e).add(point(e, p), point(e, p))));
        agree((e) => on(e).toBytes(on(e).neg(point(e, p))));
        agree((e) => on(e).equal(point(e, p), point(e, q)));
        agree((e) => on(e).isIdentity(point(e, p)));
        agree((e) => on(e).toBytes(on(e).fromBytes(on(e).toBytes(point(e, p)))));
      }),
      RUNS,
    );
  });

  it('sums products alike', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(scalars, scalars), { minLength: 1, maxLength: 5 }), (terms) => {
        agree((e) =>
          on(e).toBytes(
            on(e).msmPublic(
              terms.map(([p]) => point(e, p)),
              terms.map(([, k]) => k),
            ),
          ),
        );
      }),
      RUNS,
    );
  });

  it('hashes alike', () => {
    fc.assert(
      fc.property(message, (m) => agree((e) => on(e).toBytes(on(e).hash(m)))),
      RUNS,
    );
    agree((e) => on(e).toBytes(on(e).hash(new Uint8Array(MAX_HASH_MESSAGE_BYTES))));
  });

  it.each(engines)('%s: refuses scalars and counts outside the limits', (_, engine) => {
    const group = on(engine);
    const order = new Uint8Array(32).fill(0xff);
    for (const way of ['mul', 'mulOnce', 'mulPublic'] as const) {
      expect(codeOf(() => group[way](group.generator, order))).toBe('INVALID_SCALAR');
      expect(codeOf(() => group[way](group.generator, new Uint8Array(31)))).toBe('INVALID_LENGTH');
    }
    const many = (n: number) => Array.from({ length: n }, () => group.generator);
    expect(codeOf(() => group.msmPublic([], []))).toBe('INVALID_INPUT');
    expect(codeOf(() => group.msmPublic(many(2), [scalar(1)]))).toBe('INVALID_INPUT');
    const over = many(MAX_MSM_TERMS + 1);
    const ones = over.map(() => scalar(1));
    expect(codeOf(() => group.msmPublic(over, ones))).toBe('INVALID_INPUT');
    expect(codeOf(() => group.hash(new Uint8Array(MAX_HASH_MESSAGE_BYTES + 1)))).toBe(
      'INVALID_INPUT',
    );
  });

  it('mcl: takes the largest sum', () => {
    const group = on(mcl);
    const points = Array.from({ length: MAX_MSM_TERMS }, () => group.generator);
    const sum = group.msmPublic(
      points,
      points.map(() => scalar(1)),
    );
    expect(group.equal(sum, group.mulPublic(group.generator, scalar(MAX_MSM_TERMS)))).toBe(true);
  });
});

describe('uncompressed G1', () => {
  it('encodes alike', () => {
    fc.assert(
      fc.property(scalars, (k) =>
        agree((e) => e.g1.toUncompressedBytes(e.g1.mulPublic(e.g1.generator, k))),
      ),
      RUNS,
    );
  });
});

describe('target group and pairings', () => {
  const p = (e: Engine, k: Uint8Array) => e.g1.mulPublic(e.g1.generator, k);
  const q = (e: Engine, k: Uint8Array) => e.g2.mulPublic(e.g2.generator, k);

  it('pairs alike, prepared or not', () => {
    fc.assert(
      fc.property(scalars, scalars, (a, b) => {
        agree((e) => e.gt.toBytes(e.pairing(p(e, a), q(e, b))));
        agree((e) => e.gt.toBytes(e.pairing(p(e, a), e.prepareG2(q(e, b)))));
      }),
      RUNS,
    );
  });

  it('pairs like noble itself', () => {
    fc.assert(
      fc.property(scalars, scalars, (a, b) => {
        const order = [0, 3, 1, 4, 2, 5];
        const k = [a, b].map((bytes) => scalarToBigint(bytes)) as [bigint, bigint];
        if (k.includes(0n)) return;
        const { G1, G2, fields } = bls12_381;
        const direct = bls12_381.pairing(
          G1.Point.BASE.multiply(k[0]),
          G2.Point.BASE.multiply(k[1]),
        );
        const blocks = fields.Fp12.toBytes(direct);
        const expected = concat(...order.map((i) => blocks.subarray(i * 96, (i + 1) * 96)));
        expect(noble.gt.toBytes(noble.pairing(p(noble, a), q(noble, b)))).toEqual(expected);
      }),
      RUNS,
    );
  });

  it('multiplies pairings alike, in every mix of prepared, plain and identity', () => {
    const term = fc.tuple(scalars, scalars, fc.boolean());
    fc.assert(
      fc.property(fc.array(term, { maxLength: 5 }), (terms) => {
        agree((e) => {
          const list = terms.map(([a, b, prepared]) => ({
            g1: p(e, a),
            g2: prepared ? e.prepareG2(q(e, b)) : q(e, b),
          }));
          return e.gt.toBytes(e.multiPairing(list));
        });
      }),
      RUNS,
    );
  });

  it('computes in the target group alike, also outside the prime-order subgroup', () => {
    const coordinate = fc.uint8Array({ minLength: 47, maxLength: 47 });
    const element = fc
      .array(coordinate, { minLength: 12, maxLength: 12 })
      .map((parts) => Uint8Array.from(parts.flatMap((part) => [0, ...part])));
    fc.assert(
      fc.property(element, element, scalars, (x, y, k) => {
        const load = (e: Engine, bytes: Uint8Array) => e.gt.fromTrustedBytes(bytes);
        agree((e) => e.gt.toBytes(e.gt.mul(load(e, x), load(e, y))));
        agree((e) => e.gt.toBytes(e.gt.inverse(load(e, x))));
        agree((e) => e.gt.toBytes(e.gt.pow(load(e, x), k)));
        agree((e) => e.gt.toBytes(e.gt.pow(e.gt.generator, k)));
        agree((e) => e.gt.equal(load(e, x), load(e, y)));
      }),
      RUNS,
    );
  });

  it.each(engines)('%s is bilinear and knows the identity', (_, e) => {
    const [a, b] = [scalar(6), scalar(35)];
    const power = e.gt.pow(e.gt.generator, scalar(210));
    expect(e.gt.equal(e.pairing(p(e, a), q(e, b)), power)).toBe(true);
    expect(e.gt.equal(e.gt.mul(power, e.gt.inverse(power)), e.gt.identity)).toBe(true);
    expect(e.gt.equal(e.pairing(e.g1.identity, q(e, b)), e.gt.identity)).toBe(true);
    const prepared = e.prepareG2(e.g2.identity);
    expect(e.gt.equal(e.pairing(p(e, a), prepared), e.gt.identity)).toBe(true);
    expect(e.pairingProductIsOne([])).toBe(true);
    expect(e.pairingProductIsOne([{ g1: e.g1.generator, g2: e.g2.generator }])).toBe(false);
    const cancel = [
      { g1: e.g1.neg(p(e, scalar(210))), g2: e.prepareG2(e.g2.generator) },
      { g1: p(e, a), g2: q(e, b) },
    ];
    expect(e.pairingProductIsOne(cancel)).toBe(true);
    const zero = e.gt.fromTrustedBytes(new Uint8Array(576));
    expect(codeOf(() => e.gt.inverse(zero))).toBe('INVALID_TARGET_ELEMENT');
  });

  it('bounds the number of pairs', () => {
    const pair = { g1: mcl.g1.identity, g2: mcl.g2.generator };
    const pairs = (n: number) => Array.from({ length: n }, () => pair);
    for (const e of [mcl]) {
      expect(e.pairingProductIsOne(pairs(MAX_PAIRING_TERMS))).toBe(true);
      expect(codeOf(() => e.multiPairing(pairs(MAX_PAIRING_TERMS + 1)))).toBe('INVALID_INPUT');
    }
    const term = { g1: noble.g1.identity, g2: noble.g2.generator };
    const over = Array.from({ length: MAX_PAIRING_TERMS + 1 }, () => term);
    expect(codeOf(() => noble.multiPairing(over))).toBe('INVALID_INPUT');
  });
});

describe.each([
  ['noble', (random: RandomSource) => Promise.resolve(createNobleEngine({ random }))],
  ['mcl', (random: RandomSource) => createMclEngine({ random })],
] as const)('secret multiplication on %s', (_, start) => {
  it('is blinded with fresh randomness, and only it', async () => {
    let draws = 0;
    const source = seededRandom('blinding');
    const engine = await start((n) => {
      draws++;
      return source(n);
    });
    const before = draws;
    engine.g1.mulPublic(engine.g1.generator, scalar(5));
    engine.g1.mulOnce(engine.g1.generator, scalar(5));
    engine.g2.hash(new Uint8Array(3));
    expect(draws).toBe(before);
    const a = engine.g1.mul(engine.g1.generator, scalar(5));
    const b = engine.g1.mul(engine.g1.generator, scalar(5));
    expect(draws).toBe(before + 2);
    expect(engine.g1.equal(a, b)).toBe(true);
  });

  it('is right for the blinding values at the edges', async () => {
    for (const k of [0n, 1n, 7n, GROUP_ORDER - 1n]) {
      const wide = new Uint8Array(64);
      wide.set(scalarFromBigint(k), 32);
      const engine = await start(() => wide.slice());
      for (const secret of [0, 1, 7, 8]) {
        for (const group of [engine.g1, engine.g2] as readonly Group<unknown>[]) {
          const product = group.mul(group.generator, scalar(secret));
          const expected = group.mulPublic(group.generator, scalar(secret));
          expect(group.equal(product, expected)).toBe(true);
        }
      }
    }
  });
});

describe('the WebAssembly engine', () => {
  it('runs instances apart from each other', async () => {
    const [one, two] = await Promise.all([createMclEngine(), createMclEngine()]);
    const bytes = one.g2.toBytes(one.g2.mulOnce(one.g2.generator, scalar(77)));
    expect(two.g2.toBytes(two.g2.mulOnce(two.g2.generator, scalar(77)))).toEqual(bytes);
  });

  it('stays correct over many operations (no leak of scratch space)', () => {
    const { g1 } = mcl;
    let sum = g1.identity;
    for (let i = 0; i < 2000; i++) sum = g1.add(sum, g1.generator);
    expect(g1.equal(sum, g1.mulPublic(g1.generator, scalar(2000)))).toBe(true);
    for (let i = 0; i < 300; i++) {
      expect(codeOf(() => g1.fromBytes(new Uint8Array(48).fill(0x9f)))).toBe('INVALID_POINT');
    }
    expect(g1.equal(g1.fromBytes(g1.toBytes(sum)), sum)).toBe(true);
  });
});
