/**
 * The randomness port. Every function that needs randomness takes one, so that tests are
 * reproducible; production code uses the default.
 */

import { CryptoError } from './errors.ts';

/** Returns `n` fresh uniformly random bytes. */
export type RandomSource = (n: number) => Uint8Array;

/** Upper bound of one `crypto.getRandomValues` call (Web Crypto specification). */
const WEB_CRYPTO_QUOTA = 65_536;

/** The platform's cryptographic generator (`crypto.getRandomValues`). */
export const systemRandom: RandomSource = (n) => {
  const out = new Uint8Array(n);
  for (let offset = 0; offset < n; offset += WEB_CRYPTO_QUOTA) {
    crypto.getRandomValues(out.subarray(offset, Math.min(n, offset + WEB_CRYPTO_QUOTA)));
  }
  return out;
};

/** Draws `n` bytes and checks that the source kept its promise about the length. */
export function randomBytes(random: RandomSource, n: number): Uint8Array {
  const bytes = random(n);
  if (!(bytes instanceof Uint8Array) || bytes.length !== n) {
    throw new CryptoError('RANDOM_SOURCE_FAILED', `random source: expected ${n} bytes`);
  }
  return bytes;
}
