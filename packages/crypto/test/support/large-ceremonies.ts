/** Random large ceremonies in full, followed by one rotation. A few members check everything. */

import * as dkg from '@seal-ts/crypto/dkg';
import fc from 'fast-check';
import { expect } from 'vitest';
import { ceremonyOf, combined } from './committees.ts';
import { freshInFull, rotateInFull } from './protocol.ts';
import { chooser, handover, MAX_MEMBERS } from './successions.ts';

const MIN_MEMBERS = 6;

export const largeCeremonies = fc.record({
  n: fc.integer({ min: MIN_MEMBERS, max: MAX_MEMBERS }),
  t: fc.integer({ min: 2, max: MAX_MEMBERS }),
  nextN: fc.integer({ min: MIN_MEMBERS, max: MAX_MEMBERS }),
  nextT: fc.integer({ min: 2, max: MAX_MEMBERS }),
  extra: fc.nat(MAX_MEMBERS),
  seed: fc.nat(),
});
type Large = typeof largeCeremonies extends fc.Arbitrary<infer L> ? L : never;

/** Shares by party id, with holes for parties that did not take part. */
function byParty(members: readonly number[], outputs: readonly dkg.DkgOutput[]): Uint8Array[] {
  const shares: Uint8Array[] = [];
  for (const [i, id] of members.entries()) shares[id] = outputs[i]!.shares![0]!.value;
  return shares;
}

/** Fresh key by everybody, rotation, and the key is the same for any `t` and not for `t − 1`. */
export async function checkLargeCeremony(wish: Large): Promise<void> {
  const { n, seed } = wish;
  const choose = chooser(seed);
  const t = Math.min(wish.t, n);
  const nextN = Math.max(wish.nextN, t);
  const nextT = Math.min(wish.nextT, nextN);
  const fresh = ceremonyOf(n, t);
  const { g2 } = fresh.suite.engine;
  const change = handover(choose, { n, t, nextN, extra: wish.extra });
  // Who has to hold a share for the rotation: the dealers.
  const holders = change.dealers.map((id) => change.newToOld.get(id)!);
  const outputs = await freshInFull(fresh, `large ${seed}`, holders);
  const shares = byParty(holders, outputs);
  const key = outputs[0]!.commitment[0]!;
  const publicOf = (secret: Uint8Array) => g2.mul(g2.generator, secret);
  expect(g2.equal(publicOf(combined(shares, holders)), key)).toBe(true);
  expect(g2.equal(publicOf(combined(shares, holders.slice(1))), key)).toBe(false);

  const partialKeys = dkg.partialPublicKeys(fresh, outputs[0]!.commitment);
  const rotation = ceremonyOf(nextN, nextT, t);
  const members = choose(nextT, nextN);
  const renewed = await rotateInFull(
    rotation,
    `large ${seed}`,
    change,
    { shares, partialKeys },
    members,
  );
  for (const { commitment } of renewed) expect(g2.equal(commitment[0]!, key)).toBe(true);
  const next = byParty(members, renewed);
  expect(g2.equal(publicOf(combined(next, members)), key)).toBe(true);
  expect(g2.equal(publicOf(combined(next, members.slice(1))), key)).toBe(false);
}
