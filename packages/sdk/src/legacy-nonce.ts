/**
 * Objects written by SDKs before 0.8 on some library versions hold the randomness little-endian
 * (seal-protocol.md §1.4.3). Only `checkLEEncoding` leads here, and only after the normal procedure
 * has refused the object.
 */
import {
  combine,
  decapsulate,
  decryptShare,
  derivePurposeKey,
  type Engine,
  fullIdentity,
  type G1Point,
  hashIdentity,
  isCryptoError,
  type SealedEnvelope,
  toHex,
  wipe,
  xor,
} from '@seal-ts/crypto';
import { DecryptionError } from './errors/user.ts';

/** Decrypts when the byte-reversed randomness made the nonce. Throws DecryptionError. */
export async function decryptLittleEndian(
  engine: Engine,
  envelope: SealedEnvelope,
  userSecretKeys: ReadonlyMap<string, G1Point>,
): Promise<Uint8Array> {
  const { services, encryptedShares, threshold } = envelope;
  const context = { threshold, encryptedShares, objectIds: services.map((s) => s.objectId) };
  const baseKey = combine(openShares(engine, envelope, userSecretKeys));
  const randomnessKey = derivePurposeKey('encryptedRandomness', baseKey, context);
  const randomness = xor(envelope.encryptedRandomness, randomnessKey).reverse();
  const key = derivePurposeKey('dem', baseKey, context);
  try {
    if (!madeNonce(engine, randomness, envelope.nonce)) {
      throw new DecryptionError('Decryption failed: the object matches no known nonce encoding');
    }
    return await decapsulate(key, envelope.ciphertext);
  } finally {
    wipe(baseKey, randomnessKey, randomness, key);
  }
}

function openShares(
  engine: Engine,
  envelope: SealedEnvelope,
  userSecretKeys: ReadonlyMap<string, G1Point>,
): { index: number; bytes: Uint8Array }[] {
  const identity = hashIdentity(engine, fullIdentity(envelope.packageId, envelope.id));
  const nonce = engine.prepareG2(engine.g2.fromBytes(envelope.nonce));
  return envelope.services.flatMap(({ objectId, index }, i) => {
    const key = userSecretKeys.get(`0x${toHex(objectId)}`);
    const share = envelope.encryptedShares[i];
    if (key === undefined || share === undefined) return [];
    const position = { identity, nonce: envelope.nonce, objectId, index };
    return [{ index, bytes: decryptShare(engine, key, nonce, position, share) }];
  });
}

function madeNonce(engine: Engine, randomness: Uint8Array, nonce: Uint8Array): boolean {
  try {
    const { g2 } = engine;
    return g2.equal(g2.mul(g2.generator, randomness), g2.fromBytes(nonce));
  } catch (error) {
    if (isCryptoError(error)) return false;
    throw error;
  }
}
