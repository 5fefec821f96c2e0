/**
 * Proof of possession of a master key (protocol §1.4.4): a BLS min-sig signature over the public
 * key and a message; for `/v1/service` the message is the 32-byte key server object id.
 */

import { concat } from './bytes.ts';
import { POP_TAG } from './domains.ts';
import type { Engine, G1Point, G2Point } from './engine.ts';
import { publicKeyFromMasterKey } from './ibe.ts';
import { preparedGenerator } from './user-secret-key.ts';

function hashed(engine: Engine, publicKey: G2Point, message: Uint8Array): G1Point {
  return engine.g1.hash(concat(POP_TAG, engine.g2.toBytes(publicKey), message));
}

/** `msk · H(tag || mpk || message)`, to be sent as 48 bytes. */
export function proofOfPossession(
  engine: Engine,
  masterKey: Uint8Array,
  message: Uint8Array,
): G1Point {
  const publicKey = publicKeyFromMasterKey(engine, masterKey);
  return engine.g1.mul(hashed(engine, publicKey, message), masterKey);
}

/**
 * Whether `proof` shows that its maker knew the master key of `publicKey`. False for the identity.
 */
export function verifyProofOfPossession(
  engine: Engine,
  proof: G1Point,
  publicKey: G2Point,
  message: Uint8Array,
): boolean {
  if (engine.g2.isIdentity(publicKey)) return false;
  return engine.pairingProductIsOne([
    { g1: proof, g2: preparedGenerator(engine) },
    { g1: engine.g1.neg(hashed(engine, publicKey, message)), g2: publicKey },
  ]);
}
