/**
 * Random histories of a committee: a fresh key, then rotation after rotation to committees of other
 * sizes, with members who stay, leave and come.
 */

import { type Engine, toHex } from '@seal-ts/crypto';
import fc from 'fast-check';
import { expect } from 'vitest';
import {
  ceremonyOf,
  combined,
  expectCommittee,
  freshAlgebra,
  type Handover,
  rotateAlgebra,
  sharesOf,
} from './committees.ts';
import { transparent } from './transparent.ts';

export const MAX_MEMBERS = 20;
const CHECKED_GROUPS = 12;

export interface Step {
  /** Sizes, as wishes: brought into their legal range. */
  readonly n: number;
  readonly t: number;
  /** How many more than needed stay. */
  readonly extra: number;
}

export interface Succession {
  readonly steps: readonly Step[];
  readonly seed: number;
}

const step = fc.record({
  n: fc.integer({ min: 2, max: MAX_MEMBERS }),
  t: fc.integer({ min: 2, max: MAX_MEMBERS }),
  extra: fc.nat(MAX_MEMBERS),
});

/** A fresh ceremony and one to three rotations. */
export const successions: fc.Arbitrary<Succession> = fc.record({
  steps: fc.array(step, { minLength: 2, maxLength: 4 }),
  seed: fc.nat(),
});

/** A reproducible source of choices (mulberry32). */
export function chooser(seed: number) {
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let x = Math.imul(state ^ (state >>> 15), 1 | state);
    x = (x + Math.imul(x ^ (x >>> 7), 61 | x)) ^ x;
    return ((x ^ (x >>> 14)) >>> 0) / 2 ** 32;
  };
  /** `k` different numbers below `n`, in random order. */
  return (k: number, n: number): number[] => {
    const all = Array.from({ length: n }, (_, i) => i);
    for (let i = 0; i < k; i++) {
      const j = i + Math.floor(next() * (n - i));
      [all[i], all[j]] = [all[j]!, all[i]!];
    }
    return all.slice(0, k);
  };
}
export type Choose = ReturnType<typeof chooser>;

/** A legal handover from `t` of `n` to a committee of `nextN`, which is at least `t`. */
export function handover(
  choose: Choose,
  { n, t, nextN, extra }: { n: number; t: number; nextN: number; extra: number },
): Handover {
  const staying = Math.min(t + extra, n, nextN);
  const old = choose(staying, n);
  const places = choose(staying, nextN);
  const dealers = choose(t, staying).map((i) => places[i]!);
  return { newToOld: new Map(old.map((from, i) => [places[i]!, from])), dealers };
}

/** Groups of one less than enough, and of enough, at random. */
function groupsOf(choose: Choose, n: number, t: number): number[][] {
  return Array.from({ length: CHECKED_GROUPS }, (_, i) => choose(i % 2 === 0 ? t : t - 1, n));
}

/** Runs a succession on the transparent engine and checks every committee in it. */
export function checkSuccession({ steps, seed }: Succession, engine: Engine = transparent): void {
  const choose = chooser(seed);
  const [first, ...rest] = steps as [Step, ...Step[]];
  let n = first.n;
  let t = Math.min(first.t, n);
  let ceremony = ceremonyOf(n, t, undefined, engine);
  const everybody = Array.from({ length: n }, (_, id) => id);
  const outputs = freshAlgebra(ceremony, `${seed}`, everybody);
  let shares = sharesOf(outputs);
  const secret = combined(shares, everybody.slice(0, t));
  expectCommittee(ceremony, outputs, secret, groupsOf(choose, n, t));
  for (const [i, wish] of rest.entries()) {
    const nextN = Math.max(wish.n, t);
    const nextT = Math.min(wish.t, nextN);
    const change = handover(choose, { n, t, nextN, extra: wish.extra });
    ceremony = ceremonyOf(nextN, nextT, t, engine);
    const renewed = rotateAlgebra(ceremony, `${seed} ${i}`, change, shares);
    expectCommittee(ceremony, renewed, secret, groupsOf(choose, nextN, nextT));
    const next = sharesOf(renewed);
    expect(next.filter((share, id) => toHex(share) === toHex(shares[id] ?? share))).toHaveLength(
      Math.max(0, nextN - n),
    );
    [n, t, shares] = [nextN, nextT, next];
  }
}
