/**
 * Boneh–Franklin identity-based encryption of shares (protocol §1.4, §1.9), with one randomness and
 * one hashed identity for all recipients.
 *
 * Reference: Boneh, Franklin, "Identity-Based Encryption from the Weil Pairing" (BasicIdent); Seal
 * adds the CCA layer by encrypting the randomness under the shared key and checking it on
 * decryption.
 */

import { assertLength, wipe, xor } from './bytes.ts';
import type { Engine, G1Point, G2Point, PreparedG2 } from './engine.ts';
import type { CryptoDeps } from './envelope.ts';
import { CryptoError } from './errors.ts';
import type { Identity } from './identity.ts';
import { KEY_BYTES, shareMask } from './kdf.ts';
import { systemRandom } from './random.ts';
import { randomScalar, scalarToBigint } from './scalar.ts';

/** `msk · g2`. The master key is a 32-byte canonical scalar. */
export function publicKeyFromMasterKey(engine: Engine, masterKey: Uint8Array): G2Point {
  return engine.g2.mul(engine.g2.generator, masterKey);
}

/**
 * Decodes a key server's public key and prepares it for pairings. Keep the result: a client that
 * encrypts many times to the same servers saves the preparation. Throws `INVALID_POINT`; the
 * identity is refused, since its "encryptions" are readable by everybody.
 */
export function publicKeyFromBytes(engine: Engine, bytes: Uint8Array): PreparedG2 {
  const point = engine.g2.fromBytes(bytes);
  if (engine.g2.isIdentity(point)) {
    throw new CryptoError('INVALID_POINT', 'public key: is the identity');
  }
  return engine.prepareG2(point);
}

/** The user secret key `msk · H1(full id)`. */
export function extract(engine: Engine, masterKey: Uint8Array, identity: Identity): G1Point {
  return engine.g1.mul(identity.point, masterKey);
}

/** Who gets one encrypted share. */
export interface ShareRecipient {
  /** Key server object id, 32 bytes. */
  readonly objectId: Uint8Array;
  /** Share index, 1 to 255. */
  readonly index: number;
  readonly publicKey: G2Point | PreparedG2;
}

/** Where one encrypted share stands: enough to compute its mask. */
export interface SharePosition {
  readonly identity: Identity;
  /** The nonce as it travels, 96 bytes. */
  readonly nonce: Uint8Array;
  readonly objectId: Uint8Array;
  readonly index: number;
}

/** XORs one share with the mask of `e(p, q)`: encryption and decryption are the same operation. */
function applyShareMask(
  engine: Engine,
  pair: { readonly g1: G1Point; readonly g2: G2Point | PreparedG2 },
  position: SharePosition,
  share: Uint8Array,
): Uint8Array {
  assertLength(share, KEY_BYTES, 'share');
  const target = engine.gt.toBytes(engine.pairing(pair.g1, pair.g2));
  const mask = shareMask({
    target,
    nonce: position.nonce,
    identity: position.identity.bytes,
    objectId: position.objectId,
    index: position.index,
  });
  const out = xor(share, mask);
  wipe(target, mask);
  return out;
}

/** Result of `encryptShares`. */
export interface EncryptedShares {
  /** `r·g2`, 96 bytes. */
  readonly nonce: Uint8Array;
  /** 32 bytes each, in the order of the recipients. */
  readonly encryptedShares: Uint8Array[];
  /** `r`: secret, to be encrypted under the shared key and then wiped. */
  readonly randomness: Uint8Array;
}

/**
 * Encrypts `shares[i]` to `recipients[i]` with one randomness. The same server may appear several
 * times with different indices. Throws `INVALID_INPUT` when the counts differ or are zero.
 */
export function encryptShares(
  deps: CryptoDeps,
  identity: Identity,
  recipients: readonly ShareRecipient[],
  shares: readonly Uint8Array[],
): EncryptedShares {
  if (recipients.length === 0 || recipients.length !== shares.length) {
    throw new CryptoError(
      'INVALID_INPUT',
      `encrypt shares: ${recipients.length} recipients for ${shares.length} shares`,
    );
  }
  const { engine } = deps;
  const randomness = randomScalar(deps.random ?? systemRandom);
  const nonce = engine.g2.toBytes(engine.g2.mulOnce(engine.g2.generator, randomness));
  const sender = engine.g1.mulOnce(identity.point, randomness);
  const encryptedShares = recipients.map(({ objectId, index, publicKey }, i) =>
    applyShareMask(
      engine,
      { g1: sender, g2: publicKey },
      { identity, nonce, objectId, index },
      shares[i]!,
    ),
  );
  return { nonce, encryptedShares, randomness };
}

/**
 * Decrypts one share with a user secret key. `nonce` is the decoded nonce, prepared once for all
 * shares of an envelope. A wrong key gives a wrong share, not an error.
 */
export function decryptShare(
  engine: Engine,
  userSecretKey: G1Point,
  nonce: PreparedG2,
  position: SharePosition,
  encryptedShare: Uint8Array,
): Uint8Array {
  return applyShareMask(engine, { g1: userSecretKey, g2: nonce }, position, encryptedShare);
}

/**
 * Decrypts one share from the encryption randomness, as the sender could. `sender` is
 * `r · H1(full id)`, computed once for all shares.
 */
export function decryptShareWithRandomness(
  engine: Engine,
  sender: G1Point,
  publicKey: G2Point | PreparedG2,
  position: SharePosition,
  encryptedShare: Uint8Array,
): Uint8Array {
  return applyShareMask(engine, { g1: sender, g2: publicKey }, position, encryptedShare);
}

/**
 * Recovers the encryption randomness (protocol §1.4.3) and checks that it made the nonce.
 * Throws `DECRYPTION_FAILED`, without saying which of the two failed.
 */
export function recoverRandomness(
  engine: Engine,
  encryptedRandomness: Uint8Array,
  randomnessKey: Uint8Array,
  nonce: G2Point,
): Uint8Array {
  assertLength(encryptedRandomness, KEY_BYTES, 'encryptedRandomness');
  const randomness = xor(encryptedRandomness, randomnessKey);
  if (!madeNonce(engine, randomness, nonce)) {
    wipe(randomness);
    throw new CryptoError(
      'DECRYPTION_FAILED',
      'decryption failed: the recovered randomness does not match the nonce ' +
        '(wrong keys, or a malformed envelope)',
    );
  }
  return randomness;
}

function madeNonce(engine: Engine, randomness: Uint8Array, nonce: G2Point): boolean {
  try {
    scalarToBigint(randomness);
  } catch {
    return false;
  }
  return engine.g2.equal(engine.g2.mulOnce(engine.g2.generator, randomness), nonce);
}
