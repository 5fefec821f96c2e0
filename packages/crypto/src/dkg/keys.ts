/**
 * The two key pairs of a committee member (protocol §6.2.1): one to receive shares, one to sign
 * messages.
 */

import type { G2Point } from '../engine.ts';
import { CryptoError } from '../errors.ts';
import { type RandomSource, systemRandom } from '../random.ts';
import { isZeroScalar, randomScalar } from '../scalar.ts';
import type { DkgSuite } from './message.ts';

/** Draws of zero (probability 2^-255 each) before the random source is declared broken. */
const MAX_DRAWS = 3;

export interface DkgKeys<E> {
  /** ECIES secret key. Not enumerable, like `signingKey`, so that logs leave them out. */
  readonly encryptionKey: Uint8Array;
  /** `enc_pk`, registered on chain. */
  readonly encryptionPublicKey: E;
  /** BLS secret key. */
  readonly signingKey: Uint8Array;
  /** `signing_pk`, registered on chain. */
  readonly signingPublicKey: G2Point;
}

function nonZeroScalar(random: RandomSource): Uint8Array {
  for (let draw = 1; ; draw++) {
    const scalar = randomScalar(random);
    if (!isZeroScalar(scalar)) return scalar;
    if (draw === MAX_DRAWS) {
      throw new CryptoError('RANDOM_SOURCE_FAILED', 'random source: returns nothing but zeros');
    }
  }
}

/** Fresh keys of one member. Throws `RANDOM_SOURCE_FAILED` when the source returns only zeros. */
export function generateDkgKeys<E>(
  { engine, keys: group }: DkgSuite<E>,
  random: RandomSource = systemRandom,
): DkgKeys<E> {
  const encryptionKey = nonZeroScalar(random);
  const signingKey = nonZeroScalar(random);
  const keys = {
    encryptionKey,
    encryptionPublicKey: group.mul(group.generator, encryptionKey),
    signingKey,
    signingPublicKey: engine.g2.mul(engine.g2.generator, signingKey),
  };
  const hidden = { enumerable: false };
  return Object.defineProperties(keys, { encryptionKey: hidden, signingKey: hidden });
}
