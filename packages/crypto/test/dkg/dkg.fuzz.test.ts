/**
 * Fuzz lane of key generation: what the default lane samples, in full (a few minutes), and random
 * ceremonies to twenty members, as many as `FUZZ_RUNS` says.
 */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkRotations, placements, rotations } from '../support/committees.ts';
import {
  allBits,
  damagedCopies,
  essencesOf,
  outcomesOfSignedDamage,
  passesVerification,
  withoutSignature,
} from '../support/corruption.ts';
import { corruptionCases } from '../support/corruption-cases.ts';
import { checkLargeCeremony, largeCeremonies } from '../support/large-ceremonies.ts';
import { checkSuccession, successions } from '../support/successions.ts';
import { transparent } from '../support/transparent.ts';

const RUNS = Number(process.env['FUZZ_RUNS'] ?? 200);
const seed =
  process.env['FUZZ_SEED'] === undefined ? {} : { seed: Number(process.env['FUZZ_SEED']) };
/** A ceremony in full takes about a second, a hundred times as long as one in algebra. */
const FULL_RUNS = Math.ceil(RUNS / 20);
const TIMEOUT_MS = 900_000;
/** `Σ C(n, k) · n'!/(n' − k)! · C(k, t)` over sizes and thresholds to 5 and t ≤ k ≤ min(n, n'). */
const ROTATIONS_TO_5 = 70_952;

describe('committees', () => {
  // Exhaustive in both sizes and thresholds, who stays and where, who deals, and who combines.
  it('keep the key in every rotation to n = 5', { timeout: TIMEOUT_MS }, () => {
    expect(checkRotations(transparent, rotations(5, placements))).toBe(ROTATIONS_TO_5);
  });

  it('of up to 20 members keep it in random successions', { timeout: TIMEOUT_MS }, () => {
    fc.assert(
      fc.property(successions, (s) => checkSuccession(s)),
      { numRuns: RUNS, ...seed },
    );
  });

  it('of up to 20 members keep it in full ceremonies', { timeout: TIMEOUT_MS }, async () => {
    await fc.assert(fc.asyncProperty(largeCeremonies, checkLargeCeremony), {
      numRuns: FULL_RUNS,
      ...seed,
    });
  });
});

describe.each(corruptionCases)('every bit of a $name message', (c) => {
  const { ceremony, onChain, dealer, signed, bytes } = c;

  it('matters when somebody else flips it', { timeout: TIMEOUT_MS }, () => {
    for (const { position, copy } of damagedCopies(bytes, allBits)) {
      expect([position, passesVerification(ceremony, onChain, copy)]).toEqual([position, false]);
    }
  });

  it('cheats nobody when its dealer flips it', { timeout: TIMEOUT_MS }, async () => {
    const { body, withSignature } = withoutSignature(bytes);
    const intact = await essencesOf(ceremony, signed);
    for (const { position, copy } of damagedCopies(body, allBits)) {
      const damage = { dealer, intact, bytes: withSignature(copy) };
      const outcomes = await outcomesOfSignedDamage(ceremony, onChain, damage);
      // Harmless to all would mean that a byte is checked by nobody.
      expect([position, ...outcomes]).not.toEqual([position, ...outcomes.map(() => 'harmless')]);
    }
  });
});
