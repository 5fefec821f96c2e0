/**
 * The encryption procedure of protocol §1.9 on the structured envelope.
 */

import { assertInteger, wipe, xor } from './bytes.ts';
import type { Payload } from './ciphertext.ts';
import { encapsulate } from './dem.ts';
import type { G2Point, PreparedG2 } from './engine.ts';
import {
  type CryptoDeps,
  ENVELOPE_VERSION,
  MAX_ENCRYPT_SERVICES,
  type SealedEnvelope,
} from './envelope.ts';
import { encryptShares } from './ibe.ts';
import { fullIdentity, hashIdentity } from './identity.ts';
import { derivePurposeKey, KEY_BYTES } from './kdf.ts';
import { randomBytes, systemRandom } from './random.ts';
import { split } from './shamir.ts';

/** A key server to encrypt to. List a server several times to give it several shares. */
export interface EncryptionServer {
  /** Key server object id, 32 bytes. */
  readonly objectId: Uint8Array;
  /** From `publicKeyFromBytes`; keep it between encryptions. */
  readonly publicKey: G2Point | PreparedG2;
}

/** Whom to encrypt to, and how many of them must agree. */
export interface PrepareOptions {
  /** First published version of the policy package, 32 bytes. */
  readonly packageId: Uint8Array;
  /** Inner identity. */
  readonly id: Uint8Array;
  /** 1 to `MAX_ENCRYPT_SERVICES` servers. */
  readonly servers: readonly EncryptionServer[];
  /** Shares needed to decrypt: 1 to the number of servers. */
  readonly threshold: number;
}

export interface EncryptOptions extends PrepareOptions {
  readonly payload: Payload;
}

export interface EncryptResult {
  readonly envelope: SealedEnvelope;
  /** The 32-byte data key, for backup: whoever has it reads the data. */
  readonly key: Uint8Array;
}

/** Everything of an envelope but its payload, and the key to encrypt the payload under. */
export interface PreparedEnvelope {
  readonly header: Omit<SealedEnvelope, 'ciphertext'>;
  /** The 32-byte data key, for exactly one payload. */
  readonly key: Uint8Array;
}

/**
 * Makes the key encapsulation of an envelope. Together with `encapsulateInto` (or
 * `AesGcmEncryptor`) it lets a caller lay out the final message before encrypting big data into it;
 * `encryptEnvelope` does both for ordinary data. Throws `INVALID_INPUT` or `INVALID_LENGTH` for
 * arguments outside the rules.
 */
export function prepareEnvelope(deps: CryptoDeps, options: PrepareOptions): PreparedEnvelope {
  const { packageId, id, servers, threshold } = options;
  assertInteger(servers.length, 1, MAX_ENCRYPT_SERVICES, 'number of servers');
  assertInteger(threshold, 1, servers.length, 'threshold');
  const random = deps.random ?? systemRandom;
  const identity = hashIdentity(deps.engine, fullIdentity(packageId, id));
  const baseKey = randomBytes(random, KEY_BYTES);
  const shares = split(random, baseKey, threshold, servers.length);
  const services = servers.map(({ objectId }, i) => ({ objectId, index: shares[i]!.index }));
  const { nonce, encryptedShares, randomness } = encryptShares(
    { engine: deps.engine, random },
    identity,
    services.map((service, i) => ({ ...service, publicKey: servers[i]!.publicKey })),
    shares.map((share) => share.bytes),
  );
  const objectIds = servers.map((server) => server.objectId);
  const context = { threshold, encryptedShares, objectIds };
  const randomnessKey = derivePurposeKey('encryptedRandomness', baseKey, context);
  const encryptedRandomness = xor(randomness, randomnessKey);
  const key = derivePurposeKey('dem', baseKey, context);
  wipe(baseKey, randomness, randomnessKey, ...shares.map((share) => share.bytes));
  const version = ENVELOPE_VERSION;
  const sealed = { nonce, encryptedShares, encryptedRandomness };
  return { header: { version, packageId, id, services, threshold, ...sealed }, key };
}

/** Encrypts a payload. Errors as `prepareEnvelope`. */
export async function encryptEnvelope(
  deps: CryptoDeps,
  options: EncryptOptions,
): Promise<EncryptResult> {
  const { header, key } = prepareEnvelope(deps, options);
  const ciphertext = await encapsulate(key, options.payload);
  return { envelope: { ...header, ciphertext }, key };
}
