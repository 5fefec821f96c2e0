/**
 * Committee mode (protocol §1.11): checking one member's encrypted partial user secret key without
 * being able to read it, and combining exactly `threshold` of them into an encryption of the full
 * key.
 */

import { assertInteger } from './bytes.ts';
import type { ElGamalCiphertext } from './elgamal.ts';
import type { Engine, G2Point, PreparedG2 } from './engine.ts';
import { CryptoError } from './errors.ts';
import type { Identity } from './identity.ts';
import { lagrangeAtZero } from './scalar.ts';
import { preparedGenerator } from './user-secret-key.ts';

/** Party ids are 0-based and evaluated at `id + 1`, which must fit 16 bits: 65535 is invalid. */
export const MAX_PARTY_ID = 65_534;
/** Largest committee threshold that is combined here. */
export const MAX_COMMITTEE_THRESHOLD = 1000;

/** What a member's response is checked against. */
export interface EncryptedShareClaim {
  readonly ciphertext: ElGamalCiphertext;
  readonly identity: Identity;
  /** The client's `x·g2`. */
  readonly verificationKey: G2Point;
  /** The member's partial public key `s_p·g2`. */
  readonly partialPublicKey: G2Point | PreparedG2;
}

/**
 * Whether `e(c2, g2) = e(c1, vk) · e(H1(id), ppk)`, and none of c1, c2, vk, ppk is the identity.
 */
export function verifyEncryptedShare(engine: Engine, claim: EncryptedShareClaim): boolean {
  const { g1, g2 } = engine;
  const { c1, c2 } = claim.ciphertext;
  const partial = claim.partialPublicKey;
  const partialPoint = 'point' in partial ? partial.point : partial;
  if (g1.isIdentity(c1) || g1.isIdentity(c2)) return false;
  if (g2.isIdentity(claim.verificationKey) || g2.isIdentity(partialPoint)) return false;
  return engine.pairingProductIsOne([
    { g1: g1.neg(c2), g2: preparedGenerator(engine) },
    { g1: c1, g2: claim.verificationKey },
    { g1: claim.identity.point, g2: partial },
  ]);
}

/** One member's encrypted partial key. */
export interface EncryptedPartialKey {
  /** 0-based position in the committee's member list. */
  readonly partyId: number;
  readonly ciphertext: ElGamalCiphertext;
}

/**
 * Interpolates at zero: the result decrypts to the full user secret key. Needs exactly `threshold`
 * shares with distinct party ids. Throws `NOT_ENOUGH_SHARES`, `INVALID_INPUT`,
 * `INVALID_SHARE_INDEX`.
 */
export function aggregateEncryptedShares(
  engine: Engine,
  shares: readonly EncryptedPartialKey[],
  threshold: number,
): ElGamalCiphertext {
  assertInteger(threshold, 1, MAX_COMMITTEE_THRESHOLD, 'threshold');
  if (shares.length < threshold) {
    throw new CryptoError(
      'NOT_ENOUGH_SHARES',
      `aggregate: ${shares.length} shares, the threshold is ${threshold}`,
    );
  }
  if (shares.length > threshold) {
    throw new CryptoError(
      'INVALID_INPUT',
      `aggregate: expected exactly ${threshold} shares, got ${shares.length}`,
    );
  }
  const ids = shares.map(({ partyId }) => partyId);
  for (const id of ids) {
    if (!Number.isInteger(id) || id < 0 || id > MAX_PARTY_ID) {
      throw new CryptoError('INVALID_SHARE_INDEX', `party id ${id}: expected 0 to ${MAX_PARTY_ID}`);
    }
  }
  if (new Set(ids).size !== ids.length) {
    throw new CryptoError('INVALID_SHARE_INDEX', `aggregate: duplicate party id in ${ids}`);
  }
  const lambdas = lagrangeAtZero(ids.map((id) => id + 1));
  const combineColumn = (column: 'c1' | 'c2') =>
    engine.g1.msmPublic(
      shares.map(({ ciphertext }) => ciphertext[column]),
      lambdas,
    );
  return { c1: combineColumn('c1'), c2: combineColumn('c2') };
}
