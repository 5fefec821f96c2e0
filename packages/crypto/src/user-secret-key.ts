/**
 * Verification of user secret keys, `e(usk, g2) = e(H1(id), mpk)` (protocol §1.4), one by one and
 * as a batch.
 *
 * The batch draws a random odd 128-bit factor ρ for each key and checks
 * `e(Σ ρ_i·usk_i, g2) · Π_pk e(−Σ_{i: pk_i = pk} ρ_i·H1(id_i), pk) = 1`:
 * one final exponentiation and one Miller loop for each distinct public key. A false key passes
 * with probability at most 2^-127 (Bellare, Garay, Rabin, "Fast Batch Verification", EUROCRYPT
 * 1998; all points are in prime-order subgroups, which the argument needs). When the batch fails,
 * the keys are checked one by one to name the bad ones.
 */

import { assertInteger, equalConstantTime } from './bytes.ts';
import type { Engine, G1Point, G2Point, PairingTerm, PreparedG2 } from './engine.ts';
import { MAX_PAIRING_TERMS, SCALAR_BYTES } from './engine.ts';
import type { CryptoDeps } from './envelope.ts';
import type { Identity } from './identity.ts';
import { randomBytes, systemRandom } from './random.ts';

/** Bytes of one random factor of a batch. */
export const BATCH_FACTOR_BYTES = 16;
/** Most keys of one batch. */
export const MAX_BATCH_KEYS = MAX_PAIRING_TERMS - 1;

/** A user secret key with what it is claimed to be. */
export interface UserSecretKeyClaim {
  readonly userSecretKey: G1Point;
  readonly identity: Identity;
  readonly publicKey: G2Point | PreparedG2;
}

/** Whether one user secret key belongs to its identity and public key. */
export function verifyUserSecretKey(engine: Engine, claim: UserSecretKeyClaim): boolean {
  const holds = engine.pairingProductIsOne([
    { g1: claim.userSecretKey, g2: preparedGenerator(engine) },
    { g1: engine.g1.neg(claim.identity.point), g2: claim.publicKey },
  ]);
  if (holds) verified.set(claim.userSecretKey, claim);
  return holds;
}

/**
 * Verifies many claims at once. Returns the positions of the false ones: an empty array means that
 * all are good. Throws `INVALID_INPUT` above `MAX_BATCH_KEYS`.
 */
export function verifyUserSecretKeys(
  deps: CryptoDeps,
  claims: readonly UserSecretKeyClaim[],
): number[] {
  assertInteger(claims.length, 0, MAX_BATCH_KEYS, 'number of keys');
  if (claims.length > 1 && batchHolds(deps, claims)) {
    for (const claim of claims) verified.set(claim.userSecretKey, claim);
    return [];
  }
  const bad: number[] = [];
  for (const [i, claim] of claims.entries()) {
    if (!verifyUserSecretKey(deps.engine, claim)) bad.push(i);
  }
  return bad;
}

/**
 * Claims that verified, by key handle. Handles are immutable, so the memory holds for as long as
 * the handle lives; decryption uses it to leave out work that a fetch already did.
 */
const verified = new WeakMap<G1Point, UserSecretKeyClaim>();

/** Whether this very handle was verified before for this identity and public key handle. */
export function isVerifiedUserSecretKey(claim: UserSecretKeyClaim): boolean {
  const known = verified.get(claim.userSecretKey);
  if (known === undefined || known.publicKey !== claim.publicKey) return false;
  return equalConstantTime(known.identity.bytes, claim.identity.bytes);
}

/**
 * The hash of `fullId`, if this very handle was verified for it before: fetching keys and decrypting
 * with them hash an identity once.
 */
export function verifiedIdentity(userSecretKey: G1Point, fullId: Uint8Array): Identity | undefined {
  const identity = verified.get(userSecretKey)?.identity;
  if (identity === undefined || !equalConstantTime(identity.fullId, fullId)) return undefined;
  return identity;
}

function batchHolds(deps: CryptoDeps, claims: readonly UserSecretKeyClaim[]): boolean {
  const { engine, random = systemRandom } = deps;
  const { g1 } = engine;
  const factors = claims.map(() => randomFactor(random));
  const sum = g1.msmPublic(
    claims.map((claim) => claim.userSecretKey),
    factors,
  );
  const byPublicKey = new Map<G2Point | PreparedG2, { points: G1Point[]; factors: Uint8Array[] }>();
  for (const [i, claim] of claims.entries()) {
    let group = byPublicKey.get(claim.publicKey);
    if (group === undefined) {
      group = { points: [], factors: [] };
      byPublicKey.set(claim.publicKey, group);
    }
    group.points.push(claim.identity.point);
    group.factors.push(factors[i]!);
  }
  const terms: PairingTerm[] = [{ g1: sum, g2: preparedGenerator(engine) }];
  for (const [publicKey, group] of byPublicKey) {
    terms.push({ g1: g1.neg(g1.msmPublic(group.points, group.factors)), g2: publicKey });
  }
  return engine.pairingProductIsOne(terms);
}

/** An odd, hence non-zero, 128-bit factor: zero would let one key through unchecked. */
export function randomFactor(random: (n: number) => Uint8Array): Uint8Array {
  const factor = new Uint8Array(SCALAR_BYTES);
  factor.set(randomBytes(random, BATCH_FACTOR_BYTES), SCALAR_BYTES - BATCH_FACTOR_BYTES);
  factor[SCALAR_BYTES - 1]! |= 1;
  return factor;
}

const generators = new WeakMap<Engine, PreparedG2>();

/** The line coefficients of g2, computed once for each engine. */
export function preparedGenerator(engine: Engine): PreparedG2 {
  let prepared = generators.get(engine);
  if (prepared === undefined) {
    prepared = engine.prepareG2(engine.g2.generator);
    generators.set(engine, prepared);
  }
  return prepared;
}
