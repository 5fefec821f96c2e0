/**
 * Verification of many encrypted partial keys at once (protocol §1.11), for one client.
 *
 * The check of one share is `e(c2, g2) = e(c1, vk) · e(H1(id), ppk)`. The batch draws a random odd
 * 128-bit factor ρ for each share and checks
 * `e(−Σ ρ_i·c2_i, g2) · e(Σ ρ_i·c1_i, vk) · Π_ppk e(Σ_{i: ppk_i = ppk} ρ_i·H1(id_i), ppk) = 1`:
 * one final exponentiation and one Miller loop for each distinct member, whatever the number of
 * identities. A false share passes with probability at most 2^-127 (Bellare, Garay, Rabin, "Fast
 * Batch Verification", EUROCRYPT 1998; all points are in prime-order subgroups).
 */

import { assertInteger } from './bytes.ts';
import type { ElGamalCiphertext } from './elgamal.ts';
import type { Engine, G1Point, G2Point, PairingTerm, PreparedG2 } from './engine.ts';
import { MAX_MSM_TERMS, MAX_PAIRING_TERMS } from './engine.ts';
import type { CryptoDeps } from './envelope.ts';
import { CryptoError } from './errors.ts';
import type { Identity } from './identity.ts';
import { systemRandom } from './random.ts';
import { verifyEncryptedShare } from './threshold.ts';
import { preparedGenerator, randomFactor } from './user-secret-key.ts';

/** Most shares of one batch. */
export const MAX_BATCH_SHARES = MAX_MSM_TERMS;
/** Most distinct partial public keys of one batch. */
export const MAX_BATCH_MEMBERS = MAX_PAIRING_TERMS - 2;

/** One member's encrypted partial key for one identity. */
export interface MemberShare {
  readonly ciphertext: ElGamalCiphertext;
  readonly identity: Identity;
  /** The member's partial public key; shares with the same handle are taken together. */
  readonly partialPublicKey: G2Point | PreparedG2;
}

/**
 * Whether every share is good under the client's `verificationKey`; true for none at all. It does
 * not say which one is bad: check smaller groups for that. Throws `INVALID_INPUT` above
 * `MAX_BATCH_SHARES` or `MAX_BATCH_MEMBERS`.
 */
export function verifyEncryptedShares(
  deps: CryptoDeps,
  verificationKey: G2Point,
  shares: readonly MemberShare[],
): boolean {
  const { engine } = deps;
  assertInteger(shares.length, 0, MAX_BATCH_SHARES, 'number of shares');
  const [first] = shares;
  if (first === undefined) return true;
  if (shares.length === 1) return verifyEncryptedShare(engine, { ...first, verificationKey });
  if (engine.g2.isIdentity(verificationKey) || shares.some((s) => hasIdentity(engine, s))) {
    return false;
  }
  return combinationHolds(deps, verificationKey, shares);
}

function hasIdentity({ g1, g2 }: Engine, { ciphertext, partialPublicKey }: MemberShare): boolean {
  const point = 'point' in partialPublicKey ? partialPublicKey.point : partialPublicKey;
  return g1.isIdentity(ciphertext.c1) || g1.isIdentity(ciphertext.c2) || g2.isIdentity(point);
}

function combinationHolds(
  { engine, random = systemRandom }: CryptoDeps,
  verificationKey: G2Point,
  shares: readonly MemberShare[],
): boolean {
  const { g1 } = engine;
  const factors = shares.map(() => randomFactor(random));
  const column = (name: 'c1' | 'c2') =>
    g1.msmPublic(
      shares.map(({ ciphertext }) => ciphertext[name]),
      factors,
    );
  const terms: PairingTerm[] = [
    { g1: g1.neg(column('c2')), g2: preparedGenerator(engine) },
    { g1: column('c1'), g2: verificationKey },
  ];
  for (const [partialPublicKey, group] of byMember(shares, factors)) {
    terms.push({ g1: g1.msmPublic(group.points, group.factors), g2: partialPublicKey });
  }
  return engine.pairingProductIsOne(terms);
}

function byMember(shares: readonly MemberShare[], factors: readonly Uint8Array[]) {
  const groups = new Map<G2Point | PreparedG2, { points: G1Point[]; factors: Uint8Array[] }>();
  for (const [i, { identity, partialPublicKey }] of shares.entries()) {
    let group = groups.get(partialPublicKey);
    if (group === undefined) {
      group = { points: [], factors: [] };
      groups.set(partialPublicKey, group);
    }
    group.points.push(identity.point);
    group.factors.push(factors[i]!);
  }
  if (groups.size > MAX_BATCH_MEMBERS) {
    const text = `expected at most ${MAX_BATCH_MEMBERS} partial public keys, got ${groups.size}`;
    throw new CryptoError('INVALID_INPUT', text);
  }
  return groups;
}
