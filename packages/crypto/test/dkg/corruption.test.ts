/**
 * Every single-byte change of a message is rejected or harmless: on the way, where nobody can sign
 * it, and by the dealer itself, who can. Every byte of the first kind with one bit here, a stride of
 * the second; all bits of all bytes in the fuzz lane (dkg.fuzz.test.ts).
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

/** Prime to every length of a field, so that all of them are met. */
const STRIDE = 7;

describe.each(corruptionCases)('a damaged $name message', (c) => {
  const { ceremony, onChain, dealer, signed, bytes } = c;

  it('is intact before', () => {
    expect(passesVerification(ceremony, onChain, bytes)).toBe(true);
  });

  it('never passes when somebody else damaged it', () => {
    const passed: number[] = [];
    for (const { position, copy } of damagedCopies(bytes, oneBit)) {
      if (passesVerification(ceremony, onChain, copy)) passed.push(position);
    }
    expect(passed).toEqual([]);
  });

  it('is rejected, accused or harmless when its dealer did', { timeout: 60_000 }, async () => {
    const { body, withSignature } = withoutSignature(bytes);
    const intact = await essencesOf(ceremony, signed);
    const seen = new Set<string>();
    for (const { copy } of damagedCopies(body, oneBit, STRIDE)) {
      const damage = { dealer, intact, bytes: withSignature(copy) };
      for (const outcome of await outcomesOfSignedDamage(ceremony, onChain, damage)) {
        seen.add(outcome);
      }
    }
    expect([...seen].toSorted()).toEqual(['accused', 'harmless', 'rejected']);
  });
});
