/**
 * Every single-byte change of a message is rejected or harmless: on the way, where nobody can sign
 * it, and by the dealer itself, who can. Here one bit of every byte of a fresh message for the first
 * kind, and strides for the rest; all bits of all bytes in the fuzz lane (dkg.fuzz.test.ts).
 */

import { describe, expect, it } from 'vitest';
import {
  damagedCopies,
  essencesOf,
  oneBit,
  outcomesOfSignedDamage,
  passesVerification,
  withoutSignature,
} from '../support/corruption.ts';
import { corruptionCases } from '../support/corruption-cases.ts';

/** Prime to the lengths of the fields, so that all of their parts are met. */
const STRIDE = 7;
/** Every byte of the fresh message; the other is longer and checked by the same code. */
const STRIDES: Readonly<Record<string, number>> = { fresh: 1, rotation: 5 };
const TIMEOUT_MS = 120_000;

describe.each(corruptionCases)('a damaged $name message', (c) => {
  const { name, ceremony, onChain, dealer, signed, bytes } = c;

  it('is intact before', () => {
    expect(passesVerification(ceremony, onChain, bytes)).toBe(true);
  });

  it('never passes when somebody else damaged it', { timeout: TIMEOUT_MS }, () => {
    const passed: number[] = [];
    for (const { position, copy } of damagedCopies(bytes, oneBit, STRIDES[name])) {
      if (passesVerification(ceremony, onChain, copy)) passed.push(position);
    }
    expect(passed).toEqual([]);
  });

  it('is rejected, accused or harmless when its dealer did', { timeout: TIMEOUT_MS }, async () => {
    const { body, withSignature } = withoutSignature(bytes);
    const intact = await essencesOf(ceremony, signed);
    const seen = new Set<string>();
    for (const { position, copy } of damagedCopies(body, oneBit, STRIDE)) {
      const damage = { dealer, intact, bytes: withSignature(copy) };
      const outcomes = await outcomesOfSignedDamage(ceremony, onChain, damage);
      // Harmless to all would mean that a byte is checked by nobody.
      expect([position, ...outcomes]).not.toEqual([position, ...outcomes.map(() => 'harmless')]);
      for (const outcome of outcomes) seen.add(outcome);
    }
    expect([...seen].toSorted()).toEqual(['accused', 'harmless', 'rejected']);
  });
});
