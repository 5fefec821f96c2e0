/**
 * ElGamal encryption of user secret keys to a client (protocol §1.10): the response key lives in G1
 * and comes with the same secret in G2, which lets an aggregator check encrypted partial keys.
 */

import type { Engine, G1Point, G2Point } from './engine.ts';
import type { CryptoDeps } from './envelope.ts';
import { systemRandom } from './random.ts';
import { randomScalar } from './scalar.ts';

/** `(k·g1, k·enc_key + m)`. */
export interface ElGamalCiphertext {
  readonly c1: G1Point;
  readonly c2: G1Point;
}

/** A response key of one session. */
export interface ElGamalKeyPair {
  /**
   * `x`, 32 bytes: secret. Not enumerable, so that logging or serializing the pair leaves it out.
   */
  readonly secretKey: Uint8Array;
  /** `x·g1`, sent as `enc_key`. */
  readonly publicKey: G1Point;
  /** `x·g2`, sent as `enc_verification_key`. */
  readonly verificationKey: G2Point;
}

/** Both public keys of a known secret key. */
export function elgamalKeyPairFromSecret(engine: Engine, secretKey: Uint8Array): ElGamalKeyPair {
  const { g1, g2 } = engine;
  const publicKey = g1.mul(g1.generator, secretKey);
  return keyPair(secretKey, publicKey, g2.mul(g2.generator, secretKey));
}

/**
 * A fresh key pair. Its public keys are computed without blinding: that happens once in the life of
 * the secret, so there are no repeated measurements to average.
 */
export function generateElGamalKeyPair(deps: CryptoDeps): ElGamalKeyPair {
  const { g1, g2 } = deps.engine;
  const secretKey = randomScalar(deps.random ?? systemRandom);
  const publicKey = g1.mulOnce(g1.generator, secretKey);
  return keyPair(secretKey, publicKey, g2.mulOnce(g2.generator, secretKey));
}

function keyPair(
  secretKey: Uint8Array,
  publicKey: G1Point,
  verificationKey: G2Point,
): ElGamalKeyPair {
  const pair = { secretKey, publicKey, verificationKey };
  return Object.defineProperty(pair, 'secretKey', { enumerable: false });
}

/** Encrypts a G1 point to `publicKey`. */
export function elgamalEncrypt(
  deps: CryptoDeps,
  publicKey: G1Point,
  message: G1Point,
): ElGamalCiphertext {
  const { g1 } = deps.engine;
  const k = randomScalar(deps.random ?? systemRandom);
  const c1 = g1.mulOnce(g1.generator, k);
  const c2 = g1.add(g1.mulOnce(publicKey, k), message);
  k.fill(0);
  return { c1, c2 };
}

/** `c2 − x·c1`. A wrong secret gives a wrong point: verify the result against the public key. */
export function elgamalDecrypt(
  engine: Engine,
  secretKey: Uint8Array,
  ciphertext: ElGamalCiphertext,
): G1Point {
  return engine.g1.sub(ciphertext.c2, engine.g1.mul(ciphertext.c1, secretKey));
}
