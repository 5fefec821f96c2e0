/** The Seal client (seal-protocol.md §9.1). */
import { coreReader } from '@seal-ts/chain';
import {
  blobLength,
  type CryptoDeps,
  decryptEnvelope,
  type Engine,
  encapsulateInto,
  type G1Point,
  isCryptoError,
  type Payload,
  type PreparedEnvelope,
  type PreparedG2,
  prepareEnvelope,
  type SealedEnvelope,
  systemRandom,
} from '@seal-ts/crypto';
import { nobleEngine } from '@seal-ts/crypto/noble';
import {
  addressFromBytes,
  addressToBytes,
  checkEncryptedObject,
  decodeEncryptedObject,
  fromHex,
  isProtocolError,
  layOutEncryptedObject,
  MAX_SHARES,
  toHex,
} from '@seal-ts/protocol';
import { BoundedMap } from './bounded-map.ts';
import { KeyServerDirectory, objectIdOf } from './directory.ts';
import {
  DecryptionError,
  InconsistentKeyServersError,
  InvalidCiphertextError,
  InvalidThresholdError,
  UnsupportedFeatureError,
  UserError,
} from './errors/user.ts';
import type { Transport } from './http.ts';
import { KeyRing } from './key-ring.ts';
import { decryptLittleEndian } from './legacy-nonce.ts';
import { uuid } from './request-id.ts';
import { DEFAULT_TIMEOUT_MS, requireFirstVersion } from './session-key.ts';
import {
  type DecryptOptions,
  DemType,
  type DerivedKey,
  type EncryptOptions,
  type EncryptResult,
  type FetchKeysOptions,
  type GetDerivedKeysOptions,
  KemType,
  type KeyServer,
  type PublicKey,
  type SealClientOptions,
  type SealCompatibleClient,
} from './types.ts';

/** Default bound on cached user secret keys. */
export const DEFAULT_MAX_CACHED_KEYS = 10_000;
/** Bound on packages remembered to be a first version. */
export const MAX_CACHED_PACKAGES = 1_000;

const NO_AAD = new Uint8Array();

export class SealClient {
  readonly #suiClient: SealCompatibleClient;
  readonly #directory: KeyServerDirectory;
  readonly #crypto: CryptoDeps;
  readonly #transport: Transport;
  readonly #keys: KeyRing;
  readonly #firstVersions = new BoundedMap<string, true>(MAX_CACHED_PACKAGES);

  /** Throws InvalidClientOptionsError. Nothing is read or asked yet. */
  constructor(options: SealClientOptions) {
    const { suiClient, engine = nobleEngine, timeout = DEFAULT_TIMEOUT_MS } = options;
    this.#suiClient = suiClient;
    this.#crypto = { engine, ...(options.random === undefined ? {} : { random: options.random }) };
    // Called as a plain function, so that a browser's fetch keeps its receiver.
    const fetchFn = options.fetch ?? ((input, init) => globalThis.fetch(input, init));
    const random = options.random ?? systemRandom;
    this.#transport = { fetch: fetchFn, timeoutMs: timeout, requestId: () => uuid(random) };
    this.#directory = new KeyServerDirectory(
      options.serverConfigs,
      options.verifyKeyServers ?? false,
      { reader: coreReader(suiClient), engine, transport: this.#transport },
    );
    this.#keys = new KeyRing(
      { maxKeys: options.maxCachedKeys ?? DEFAULT_MAX_CACHED_KEYS },
      {
        directory: this.#directory,
        crypto: this.#crypto,
        transport: this.#transport,
        logger: options.logger,
      },
    );
  }

  /**
   * Encrypts to all configured servers; `threshold` of their total weight opens it.
   * Throws InvalidPackageError, UserError, UnsupportedFeatureError or an error of the key servers.
   */
  async encrypt(options: EncryptOptions): Promise<EncryptResult> {
    const { threshold, signal } = options;
    requireKem(options.kemType);
    const payload = payloadOf(options);
    const packageId = objectIdOf(options.packageId);
    const id = innerId(options.id);
    const { totalWeight } = this.#directory;
    if (!isByteSized(threshold) || threshold > totalWeight || !isByteSized(totalWeight)) {
      throw new UserError(
        `Invalid key servers or threshold ${threshold} for ${totalWeight} key servers for ` +
          `package ${packageId}: both must be from 1 to ${MAX_SHARES}, the threshold not larger`,
      );
    }
    await this.#requireFirstVersion(packageId, signal);
    const servers = await this.#weightedServers(signal);
    const { header, key } = prepareEnvelope(this.#crypto, {
      packageId: addressToBytes(packageId),
      id,
      servers,
      threshold,
    });
    return { encryptedObject: await sealInPlace(header, key, payload), key: owned(key) };
  }

  /**
   * Decrypts, fetching the keys that are not cached. Throws InvalidCiphertextError, DecryptionError,
   * InconsistentKeyServersError, InvalidThresholdError, or the servers' error.
   */
  async decrypt(options: DecryptOptions): Promise<Uint8Array<ArrayBuffer>> {
    const { sessionKey, txBytes, signal } = options;
    const envelope = openEnvelope(options.data);
    const { threshold } = envelope;
    const packageId = addressFromBytes(envelope.packageId);
    if (packageId !== sessionKey.getPackageId()) {
      throw new DecryptionError(
        `The object belongs to package ${packageId}, the session key to ` +
          `${sessionKey.getPackageId()}; create a session key for the object's package`,
        undefined,
        'SEAL_PACKAGE_MISMATCH',
      );
    }
    const services = envelope.services.map(({ objectId }) => addressFromBytes(objectId));
    this.#checkServices(services, threshold);
    const fullId = toHex(envelope.packageId) + toHex(envelope.id);
    const query = { fullIds: [fullId], txBytes, sessionKey, threshold };
    const keys = await this.#keys.collect(query, signal);
    const userSecretKeys = keys.get(fullId) ?? new Map<string, G1Point>();
    if (options.checkShareConsistency) {
      const publicKeys = await this.#directory.publicKeys(services, signal);
      return this.#open(envelope, userSecretKeys, false, publicKeys);
    }
    return this.#open(envelope, userSecretKeys, options.checkLEEncoding ?? false);
  }

  /**
   * Fetches keys for several identities in one request for each server, so that later `decrypt`
   * calls need none. Throws InvalidThresholdError or the servers' error.
   */
  async fetchKeys(options: FetchKeysOptions): Promise<void> {
    const { ids, signal } = options;
    const prefix = options.sessionKey.getPackageId().slice(2);
    const fullIds = [...new Set(ids.map((id) => prefix + toHex(innerId(id))))];
    await this.#keys.collect({ ...options, fullIds }, signal);
  }

  /** User secret keys by server object id: as many servers as it takes to reach the threshold. */
  async getDerivedKeys(options: GetDerivedKeysOptions): Promise<Map<string, DerivedKey>> {
    requireKem(options.kemType);
    const prefix = options.sessionKey.getPackageId().slice(2);
    const fullId = prefix + toHex(innerId(options.id));
    const keys = await this.#keys.collect({ ...options, fullIds: [fullId] }, options.signal);
    const found = keys.get(fullId);
    const derived = new Map<string, DerivedKey>();
    let weight = 0;
    for (const objectId of this.#directory.configs.keys()) {
      const key = found?.get(objectId);
      if (key === undefined) continue;
      derived.set(objectId, derivedKey(this.#crypto.engine, key));
      weight += this.#directory.weight(objectId);
      if (weight >= options.threshold) break;
    }
    return derived;
  }

  /** The configured servers as the chain describes them. Loaded once. */
  async getKeyServers(options: { signal?: AbortSignal } = {}): Promise<Map<string, KeyServer>> {
    const loaded = await this.#directory.servers(options.signal);
    return new Map([...loaded].map(([id, { server }]) => [id, server]));
  }

  /** Public keys of any key servers, in the given order. */
  async getPublicKeys(
    services: string[],
    options: { signal?: AbortSignal } = {},
  ): Promise<PublicKey[]> {
    const keys = await this.#directory.publicKeys(services, options.signal);
    return keys.map(({ point }) => derivedBytes(this.#crypto.engine.g2.toBytes(point)));
  }

  /** Forgets all user secret keys, e.g. when the user signs out. */
  clearKeys(): void {
    this.#keys.clear();
  }

  async #requireFirstVersion(packageId: string, signal: AbortSignal | undefined): Promise<void> {
    if (this.#firstVersions.get(packageId)) return;
    await requireFirstVersion(this.#suiClient, packageId, signal, this.#transport.timeoutMs);
    this.#firstVersions.set(packageId, true);
  }

  async #weightedServers(
    signal: AbortSignal | undefined,
  ): Promise<{ objectId: Uint8Array; publicKey: PreparedG2 }[]> {
    const servers = await this.#directory.servers(signal);
    return [...servers].flatMap(([id, { publicKey }]) => {
      const entry = { objectId: addressToBytes(id), publicKey };
      return Array.from({ length: this.#directory.weight(id) }, () => entry);
    });
  }

  #checkServices(services: readonly string[], threshold: number): void {
    const directory = this.#directory;
    for (const objectId of new Set(services)) {
      const weight = directory.weight(objectId);
      const shares = services.filter((service) => service === objectId).length;
      if (weight > 0 && weight !== shares) {
        throw new InconsistentKeyServersError(
          "Client's key servers must be a subset of the encrypted object's key servers: " +
            `${objectId} holds ${shares} shares of the object but has weight ${weight} here`,
        );
      }
    }
    if (threshold > directory.totalWeight) {
      throw new InvalidThresholdError(
        `Invalid threshold ${threshold} for ${directory.totalWeight} servers: the object needs more ` +
          'weight than `serverConfigs` has; list more of its key servers',
      );
    }
  }

  async #open(
    envelope: SealedEnvelope,
    userSecretKeys: ReadonlyMap<string, G1Point>,
    littleEndian: boolean,
    publicKeys?: readonly PreparedG2[],
  ): Promise<Uint8Array<ArrayBuffer>> {
    const { engine } = this.#crypto;
    try {
      const input = { envelope, userSecretKeys };
      const options = publicKeys === undefined ? input : { ...input, publicKeys };
      return owned(await decryptEnvelope(this.#crypto, options));
    } catch (cause) {
      if (!isCryptoError(cause)) throw cause;
      if (littleEndian && cause.code === 'DECRYPTION_FAILED') {
        return owned(await decryptLittleEndian(engine, envelope, userSecretKeys));
      }
      throw decryptionError(cause);
    }
  }
}

function decryptionError(cause: { code: string; message: string }): UserError {
  switch (cause.code) {
    case 'INCONSISTENT_SHARES':
      return new InvalidCiphertextError(`Invalid shares: ${cause.message}`, { cause });
    case 'NOT_ENOUGH_SHARES':
      return new DecryptionError(
        `Not enough shares: ${cause.message}. The client's key servers hold too few of them`,
        { cause },
      );
    case 'DECRYPTION_FAILED':
      return new DecryptionError(cause.message, { cause });
    default:
      return new InvalidCiphertextError(cause.message, { cause });
  }
}

/** Strict parse, the rules of every decryptor, and the kinds of ciphertext an SDK opens (§1.7.3). */
function openEnvelope(data: Uint8Array): SealedEnvelope {
  let envelope: SealedEnvelope;
  try {
    envelope = decodeEncryptedObject(data);
    checkEncryptedObject(envelope);
  } catch (cause) {
    if (!isProtocolError(cause)) throw cause;
    throw new InvalidCiphertextError(cause.message, { cause });
  }
  if (envelope.ciphertext.kind === 'plain') {
    throw new InvalidCiphertextError('Invalid ciphertext type: the object holds a key, no data');
  }
  return envelope;
}

/** The encrypted object, with the payload encrypted straight into its place: no copy of big data. */
async function sealInPlace(
  header: PreparedEnvelope['header'],
  key: Uint8Array,
  payload: Payload,
): Promise<Uint8Array<ArrayBuffer>> {
  const shape =
    payload.kind === 'plain'
      ? payload
      : { kind: payload.kind, blobLength: blobLength(payload), aad: payload.aad };
  const { bytes, blob, mac } = layOutEncryptedObject(header, shape);
  const sealed = await encapsulateInto(key, payload, blob);
  if (sealed.kind === 'hmac256ctr') mac.set(sealed.mac);
  return bytes;
}

function payloadOf({ demType = DemType.AesGcm256, data, aad = NO_AAD }: EncryptOptions): Payload {
  switch (demType) {
    case DemType.AesGcm256:
      return { kind: 'aes256gcm', plaintext: data, aad };
    case DemType.Hmac256Ctr:
      return { kind: 'hmac256ctr', plaintext: data, aad };
    default:
      throw new UnsupportedFeatureError(`Unknown demType ${String(demType)}`);
  }
}

function requireKem(kemType: KemType = KemType.BonehFranklinBLS12381DemCCA): void {
  if (kemType !== KemType.BonehFranklinBLS12381DemCCA) {
    throw new UnsupportedFeatureError(`Unknown kemType ${String(kemType)}`);
  }
}

function isByteSized(value: number): boolean {
  return Number.isInteger(value) && value >= 1 && value <= MAX_SHARES;
}

function innerId(text: string): Uint8Array {
  try {
    return fromHex(text);
  } catch (cause) {
    throw new UserError(`Invalid identity ${JSON.stringify(text)}: expected hex`, { cause });
  }
}

/** The bytes as callers of the platform's APIs need them; large results are not copied. */
function owned(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes.buffer instanceof ArrayBuffer
    ? (bytes as Uint8Array<ArrayBuffer>)
    : new Uint8Array(bytes);
}

function derivedKey(engine: Engine, key: G1Point): DerivedKey {
  return derivedBytes(engine.g1.toBytes(key));
}

function derivedBytes(bytes: Uint8Array): DerivedKey {
  return { toBytes: () => Uint8Array.from(bytes), toString: () => toHex(bytes) };
}
