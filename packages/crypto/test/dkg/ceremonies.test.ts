/**
 * Ceremonies with everything in them (encryption, proofs, signatures, encodings) between committees
 * of every size to five, and sampled to twenty.
 */

import * as dkg from '@seal-ts/crypto/dkg';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ceremonyOf,
  combined,
  expectCommittee,
  placements,
  type Rotation,
  rotations,
  sharesOf,
  sizes,
} from '../support/committees.ts';
import { checkLargeCeremony, largeCeremonies } from '../support/large-ceremonies.ts';
import { freshInFull, rotateInFull } from '../support/protocol.ts';

const MAX_N = 5;
/** Rotations between larger committees are in exhaustive.test.ts and the fuzz lane. */
const ROTATIONS_TO = 4;

/** Of all rotations between two sizes and thresholds one, another kind each time. */
function oneOfEachSize(): Rotation[] {
  const bySize = new Map<string, Rotation[]>();
  for (const rotation of rotations(ROTATIONS_TO, (k, n) => [...placements(k, n)].slice(-1))) {
    const key = [rotation.n, rotation.t, rotation.nextN, rotation.nextT].join();
    bySize.set(key, [...(bySize.get(key) ?? []), rotation]);
  }
  return [...bySize.values()].map((list, turn) => list[(turn * 7) % list.length]!);
}

describe('full ceremonies to n = 5', async () => {
  const olds = new Map<
    string,
    { shares: Uint8Array[]; partialKeys: dkg.DkgOutput['commitment'] }
  >();

  // Exhaustive in n, t and the group that combines its shares.
  it.each(sizes(MAX_N))('$t of $n agree on a key', async ({ n, t }) => {
    const ceremony = ceremonyOf(n, t);
    const outputs = await freshInFull(ceremony, `fresh ${t} of ${n}`);
    const shares = sharesOf(outputs);
    const enough = Array.from({ length: t }, (_, id) => id);
    expectCommittee(ceremony, outputs, combined(shares, enough));
    const partialKeys = dkg.partialPublicKeys(ceremony, outputs[0]!.commitment);
    olds.set(`${t} of ${n}`, { shares, partialKeys });
  });

  // Exhaustive in the sizes and thresholds of both committees, and the group; who stays, deals and
  // sits where is sampled (exhaustive.test.ts has all of it in algebra).
  const cases = oneOfEachSize().map((rotation) => ({
    ...rotation,
    name: `${rotation.t} of ${rotation.n} to ${rotation.nextT} of ${rotation.nextN}`,
  }));
  it.each(cases)('$name', async ({ n, t, nextN, nextT, name, ...change }) => {
    const old = olds.get(`${t} of ${n}`)!;
    const ceremony = ceremonyOf(nextN, nextT, t);
    const outputs = await rotateInFull(ceremony, name, change, old);
    const enough = Array.from({ length: t }, (_, id) => id);
    expectCommittee(ceremony, outputs, combined(old.shares, enough));
  });
  it('were all pairs of sizes in which the old threshold fits', () => {
    const legal = sizes(ROTATIONS_TO).flatMap(({ t }) =>
      sizes(ROTATIONS_TO).filter(({ n }) => n >= t),
    );
    expect(cases).toHaveLength(legal.length);
  });
});

describe('full ceremonies to n = 20', () => {
  it('agree on a key and keep it', async () => {
    await fc.assert(fc.asyncProperty(largeCeremonies, checkLargeCeremony), {
      numRuns: 2,
      seed: 20,
    });
  }, 60_000);
});
