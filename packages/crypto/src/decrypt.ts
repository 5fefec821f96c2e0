/**
 * The decryption procedure of protocol §1.9 on the structured envelope.
 *
 * All shares whose key is given are combined, also beyond the threshold, so that one corrupted
 * share makes decryption fail rather than depend on the choice of keys. The randomness is always
 * recovered and checked against the nonce. With all public keys, the consistency check further
 * promises that every other sufficient set of keys gives the same result.
 */

import { equalConstantTime, toHex, wipe } from './bytes.ts';
import { decapsulate } from './dem.ts';
import type { Engine, G1Point, G2Point, PreparedG2 } from './engine.ts';
import { type CryptoDeps, ENVELOPE_VERSION, type SealedEnvelope } from './envelope.ts';
import { CryptoError } from './errors.ts';
import { decryptShare, decryptShareWithRandomness, recoverRandomness } from './ibe.ts';
import { fullIdentity, hashIdentity, type Identity } from './identity.ts';
import { derivePurposeKey } from './kdf.ts';
import { combine, interpolate, type Share } from './shamir.ts';
import {
  isVerifiedUserSecretKey,
  verifiedIdentity,
  verifyUserSecretKeys,
} from './user-secret-key.ts';

/** User secret keys for the envelope's identity, by key server object id (`0x` + 64 hex digits). */
export type UserSecretKeys = ReadonlyMap<string, G1Point>;

export interface DecryptOptions {
  readonly envelope: SealedEnvelope;
  readonly userSecretKeys: UserSecretKeys;
  /**
   * Public keys of **all** services, in services order: turns on the consistency check. The user
   * secret keys need not have been verified.
   */
  readonly publicKeys?: readonly (G2Point | PreparedG2)[];
}

/** Rules that hold before any cryptography. Throws `INVALID_ENVELOPE`. */
function assertEnvelope(envelope: SealedEnvelope): void {
  const { version, services, encryptedShares, threshold } = envelope;
  if (version !== ENVELOPE_VERSION) {
    throw new CryptoError('INVALID_ENVELOPE', `envelope: unsupported version ${version}`);
  }
  if (services.length !== encryptedShares.length) {
    throw new CryptoError(
      'INVALID_ENVELOPE',
      `envelope: ${encryptedShares.length} encrypted shares for ${services.length} services`,
    );
  }
  if (!Number.isInteger(threshold) || threshold < 1 || threshold > services.length) {
    throw new CryptoError(
      'INVALID_ENVELOPE',
      `envelope: threshold ${threshold} with ${services.length} services`,
    );
  }
}

interface Opened {
  readonly identity: Identity;
  readonly nonce: PreparedG2;
  /** Positions in `services` whose key was given, with the decrypted shares. */
  readonly positions: readonly number[];
  readonly shares: readonly Share[];
}

function openShares(engine: Engine, { envelope, userSecretKeys }: DecryptOptions): Opened {
  const { services, threshold } = envelope;
  const keys = services.map(({ objectId }) => userSecretKeys.get(`0x${toHex(objectId)}`));
  const used = keys.flatMap((key, i) => (key === undefined ? [] : [i]));
  if (used.length < threshold) {
    throw new CryptoError(
      'NOT_ENOUGH_SHARES',
      `decrypt: the given keys open ${used.length} shares, the threshold is ${threshold}`,
    );
  }
  const fullId = fullIdentity(envelope.packageId, envelope.id);
  const identity = verifiedIdentity(keys[used[0]!]!, fullId) ?? hashIdentity(engine, fullId);
  // No subgroup check here: nothing is released unless the nonce equals r·g2, which implies it.
  const nonce = engine.prepareG2(engine.g2.fromTrustedBytes(envelope.nonce));
  const shares = used.map((i) => {
    const position = { identity, nonce: envelope.nonce, ...services[i]! };
    const bytes = decryptShare(engine, keys[i]!, nonce, position, envelope.encryptedShares[i]!);
    return { index: services[i]!.index, bytes };
  });
  return { identity, nonce, positions: used, shares };
}

/**
 * Decrypts an envelope; for the plain mode the result is the data key. Throws `INVALID_ENVELOPE`,
 * `INVALID_POINT`, `NOT_ENOUGH_SHARES`, `INVALID_SHARE_INDEX`, `INCONSISTENT_SHARES` or
 * `DECRYPTION_FAILED`.
 */
export async function decryptEnvelope(
  deps: CryptoDeps,
  options: DecryptOptions,
): Promise<Uint8Array> {
  const key = recoverDataKey(deps, options);
  try {
    return await decapsulate(key, options.envelope.ciphertext);
  } finally {
    wipe(key);
  }
}

/** Steps 1 to 5 of decryption: the 32-byte data key, without opening the payload. */
export function recoverDataKey(deps: CryptoDeps, options: DecryptOptions): Uint8Array {
  const { envelope, publicKeys } = options;
  const { engine } = deps;
  assertEnvelope(envelope);
  const opened = openShares(engine, options);
  const baseKey = combine(opened.shares);
  const context = {
    threshold: envelope.threshold,
    encryptedShares: envelope.encryptedShares,
    objectIds: envelope.services.map(({ objectId }) => objectId),
  };
  const randomnessKey = derivePurposeKey('encryptedRandomness', baseKey, context);
  let randomness: Uint8Array | undefined;
  try {
    const { encryptedRandomness } = envelope;
    randomness = recoverRandomness(engine, encryptedRandomness, randomnessKey, opened.nonce.point);
    if (publicKeys !== undefined) {
      assertConsistent(deps, options, publicKeys, opened, randomness);
    }
    return derivePurposeKey('dem', baseKey, context);
  } finally {
    wipe(baseKey, randomnessKey, randomness, ...opened.shares.map((share) => share.bytes));
  }
}

/**
 * Requires every share, decrypted from the randomness, to lie on the polynomials through the shares
 * that the user secret keys opened. A verified user secret key opens exactly what the randomness
 * opens (`e(msk·H, r·g2) = e(r·H, msk·g2)`), so those shares need no second pairing; if the keys do
 * not all verify, every share is recomputed.
 */
function assertConsistent(
  deps: CryptoDeps,
  { envelope, userSecretKeys }: DecryptOptions,
  publicKeys: readonly (G2Point | PreparedG2)[],
  opened: Opened,
  randomness: Uint8Array,
): void {
  const { engine } = deps;
  const { services, encryptedShares, nonce } = envelope;
  if (publicKeys.length !== services.length) {
    throw new CryptoError(
      'INVALID_INPUT',
      `decrypt: ${publicKeys.length} public keys for ${services.length} services`,
    );
  }
  const { identity, positions } = opened;
  const claims = positions.map((i) => ({
    userSecretKey: userSecretKeys.get(`0x${toHex(services[i]!.objectId)}`)!,
    identity,
    publicKey: publicKeys[i]!,
  }));
  const unknown = claims.filter((claim) => !isVerifiedUserSecretKey(claim));
  const settled = new Set(verifyUserSecretKeys(deps, unknown).length === 0 ? positions : []);
  if (settled.size === services.length) return;
  const polynomials = interpolate(opened.shares);
  const sender = engine.g1.mulOnce(identity.point, randomness);
  for (const [i, service] of services.entries()) {
    if (settled.has(i)) continue;
    const position = { identity, nonce, ...service };
    const share = decryptShareWithRandomness(
      engine,
      sender,
      publicKeys[i]!,
      position,
      encryptedShares[i]!,
    );
    const consistent = equalConstantTime(polynomials(service.index), share);
    wipe(share);
    if (!consistent) {
      throw new CryptoError(
        'INCONSISTENT_SHARES',
        'decrypt: the encrypted shares are inconsistent; other key sets would fail or differ',
      );
    }
  }
}
