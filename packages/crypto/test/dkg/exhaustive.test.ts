/**
 * Every small committee: whichever shares are combined, they give the key exactly when there are
 * enough of them, and whoever hands over to whomever, the key stays. On the transparent engine,
 * where all of this is algebra without encryption; the full protocol is in ceremonies.test.ts.
 */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ceremonyOf,
  checkRotations,
  combined,
  expectCommittee,
  freshAlgebra,
  placements,
  rotations,
  sharesOf,
  sizes,
  subsets,
} from '../support/committees.ts';
import { mcl } from '../support/engines.ts';
import { checkSuccession, successions } from '../support/successions.ts';
import { transparent } from '../support/transparent.ts';

const MAX_N = 5;

/** One placement for each question, another one each time. */
function inTurn() {
  let turn = 0;
  return (k: number, n: number) => {
    const all = [...placements(k, n)];
    return [all[turn++ % all.length]!];
  };
}

/** `n · (n − 1) · …`, k factors: ways to give k members places among n. */
const arrangements = (k: number, n: number): number =>
  k === 0 ? 1 : n * arrangements(k - 1, n - 1);
const choices = (n: number, k: number) => arrangements(k, n) / arrangements(k, k);

/** How many rotations there are to `maxN`, by formula. */
function countOf(maxN: number, places: (k: number, nextN: number) => number): number {
  let count = 0;
  for (const { n, t } of sizes(maxN)) {
    for (const { n: nextN } of sizes(maxN)) {
      for (let k = t; k <= Math.min(n, nextN); k++) {
        count += choices(n, k) * places(k, nextN) * choices(k, t);
      }
    }
  }
  return count;
}

describe('a fresh key', () => {
  // Exhaustive in n, t, the set of dealers (t or more), and the group that combines its shares.
  it('is found by t or more shares and by no fewer, for every committee to n = 5', () => {
    let count = 0;
    for (const { n, t } of sizes(MAX_N)) {
      const ceremony = ceremonyOf(n, t, undefined, transparent);
      for (const dealers of subsets(n, t)) {
        const outputs = freshAlgebra(ceremony, `fresh ${n} ${t} ${dealers}`, dealers);
        const secret = combined(sharesOf(outputs), subsets(n, t, t)[0]!);
        expectCommittee(ceremony, outputs, secret);
        count++;
      }
    }
    expect(count).toBe(72);
  });

  it('is the same on the curve', () => {
    for (const { n, t } of sizes(MAX_N)) {
      const ceremony = ceremonyOf(n, t);
      const everybody = Array.from({ length: n }, (_, id) => id);
      const outputs = freshAlgebra(ceremony, `fresh ${n} ${t}`, everybody);
      expectCommittee(ceremony, outputs, combined(sharesOf(outputs), everybody.slice(0, t)));
    }
  });
});

describe('a rotation', () => {
  // Exhaustive in both sizes, both thresholds, who stays, which of them deal, and the group that
  // combines its shares. Those who stay take their places in the new committee in turn.
  it('keeps the key for every pair of committees to n = 5', () => {
    expect(checkRotations(transparent, rotations(MAX_N, inTurn()))).toBe(countOf(MAX_N, () => 1));
  });

  // Here in the places too; to n = 5 that is the fuzz lane's (dkg.fuzz.test.ts).
  it('keeps the key for every pair of committees to n = 4, at every place', () => {
    expect(checkRotations(transparent, rotations(4, placements))).toBe(countOf(4, arrangements));
  });

  // On the curve: both sizes and thresholds, who stays, who deals, who combines.
  it('is the same on the curve', () => {
    const last = (k: number, n: number) => [...placements(k, n)].slice(-1);
    expect(checkRotations(mcl, rotations(3, last))).toBe(countOf(3, () => 1));
  });
});

describe('committees of up to 20 members', () => {
  it('grow, shrink and replace members without losing the key', () => {
    fc.assert(
      fc.property(successions, (history) => checkSuccession(history)),
      { numRuns: 30, seed: 20 },
    );
  });
});
