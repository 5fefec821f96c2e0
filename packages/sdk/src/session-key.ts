/**
 * Session keys (seal-protocol.md §3, §9.2): an ephemeral Ed25519 key that the user approves once by
 * signing a personal message, and that then signs each key request.
 */
import type { Signer } from '@mysten/sui/cryptography';
import { Ed25519Keypair } from '@mysten/sui/keypairs/ed25519';
import { verifyPersonalMessageSignature } from '@mysten/sui/verify';
import { coreReader, isChainError } from '@seal-ts/chain';
import {
  type CryptoDeps,
  generateElGamalKeyPair,
  type RandomSource,
  randomBytes,
  systemRandom,
} from '@seal-ts/crypto';
import { nobleEngine } from '@seal-ts/crypto/noble';
import {
  type CertificateJson,
  isMvrName,
  MAX_SESSION_TTL_MIN,
  MIN_SESSION_TTL_MIN,
  normalizeAddress,
  personalMessage,
  signedRequestBytes,
  toBase64,
} from '@seal-ts/protocol';
import { withDeadline } from './abort.ts';
import { ExpiredSessionKeyError, InvalidPackageError } from './errors/api.ts';
import {
  InvalidGetObjectError,
  InvalidPersonalMessageSignatureError,
  UserError,
} from './errors/user.ts';
import type { SealCompatibleClient } from './types.ts';

/** A key is treated as expired this early, so that a request does not expire on its way. */
export const EXPIRY_MARGIN_MS = 10_000;

/** Default bound on a request to a key server or a read from the chain, ms. */
export const DEFAULT_TIMEOUT_MS = 10_000;

const ED25519_SECRET_BYTES = 32;

/** Plain data; keep it in IndexedDB. Turning it into JSON throws, since it holds a secret. */
export type ExportedSessionKey = {
  address: string;
  packageId: string;
  mvrName?: string;
  creationTimeMs: number;
  ttlMin: number;
  personalMessageSignature?: string;
  /** Ed25519 secret, `suiprivkey…`. */
  sessionKey: string;
};

export interface CreateSessionKeyOptions {
  /** The user's account. */
  address: string;
  /** First published version of the policy package. */
  packageId: string;
  /** Shown to the user instead of the package id; servers check that it names the package. */
  mvrName?: string;
  /** Lifetime in minutes, 1 to 30. */
  ttlMin: number;
  /** Signs the personal message on demand; otherwise call `setPersonalMessageSignature`. */
  signer?: Signer;
  suiClient: SealCompatibleClient;
  /** ms since epoch. Default `Date.now`. */
  now?: () => number;
  /** Source of the session secret. Default: the platform's generator. */
  random?: RandomSource;
  /** Bound on reading the package, ms. Default 10 000. */
  timeout?: number;
  signal?: AbortSignal;
}

export interface RequestParams {
  /** ElGamal secret the answers are encrypted to, 32 bytes. */
  encKey: Uint8Array<ArrayBuffer>;
  /** G1, 48 bytes. */
  encKeyPk: Uint8Array<ArrayBuffer>;
  /** G2, 96 bytes. */
  encVerificationKey: Uint8Array<ArrayBuffer>;
  /** Base64. */
  requestSignature: string;
}

interface Parts {
  readonly address: string;
  readonly packageId: string;
  readonly mvrName: string | undefined;
  readonly creationTimeMs: number;
  readonly ttlMin: number;
  readonly keypair: Ed25519Keypair;
  readonly signer: Signer | undefined;
  readonly suiClient: SealCompatibleClient;
  readonly now: () => number;
}

export class SessionKey {
  readonly #parts: Parts;
  #signature: string | undefined;
  #signing: Promise<string> | undefined;

  private constructor(parts: Parts, signature: string | undefined) {
    this.#parts = parts;
    this.#signature = signature;
  }

  /** Throws InvalidPackageError, InvalidGetObjectError or UserError. */
  static async create(options: CreateSessionKeyOptions): Promise<SessionKey> {
    const now = options.now ?? Date.now;
    const parts = checkedParts({
      ...options,
      mvrName: options.mvrName,
      signer: options.signer,
      creationTimeMs: now(),
      keypair: Ed25519Keypair.fromSecretKey(
        randomBytes(options.random ?? systemRandom, ED25519_SECRET_BYTES),
      ),
      now,
    });
    const { suiClient, signal, timeout } = options;
    await requireFirstVersion(suiClient, parts.packageId, signal, timeout);
    return new SessionKey(parts, undefined);
  }

  /** Restores an exported key. Throws ExpiredSessionKeyError or UserError. */
  static import(
    data: ExportedSessionKey,
    suiClient: SealCompatibleClient,
    signer?: Signer,
    now: () => number = Date.now,
  ): SessionKey {
    const keypair = importKeypair(data.sessionKey);
    const { mvrName, creationTimeMs } = data;
    if (!Number.isSafeInteger(creationTimeMs) || creationTimeMs < 0) {
      throw new UserError(`Invalid creation time ${creationTimeMs}`);
    }
    const parts = checkedParts({
      ...data,
      mvrName,
      creationTimeMs,
      keypair,
      signer,
      suiClient,
      now,
    });
    const session = new SessionKey(parts, data.personalMessageSignature);
    session.#assertLive();
    return session;
  }

  /** True from 10 s before the end. */
  isExpired(): boolean {
    return this.#expiresAt() - EXPIRY_MARGIN_MS < this.#parts.now();
  }

  #expiresAt(): number {
    return this.#parts.creationTimeMs + this.#parts.ttlMin * 60_000;
  }

  #assertLive(): void {
    if (!this.isExpired()) return;
    throw new ExpiredSessionKeyError(undefined, { expiredAt: this.#expiresAt() });
  }

  getAddress(): string {
    return this.#parts.address;
  }

  /** The MVR name if there is one, else the package id. */
  getPackageName(): string {
    return this.#parts.mvrName ?? this.#parts.packageId;
  }

  getPackageId(): string {
    return this.#parts.packageId;
  }

  /** UTF-8 text for the wallet to sign. */
  getPersonalMessage(): Uint8Array<ArrayBuffer> {
    const { ttlMin, creationTimeMs, keypair } = this.#parts;
    const sessionKey = keypair.getPublicKey().toRawBytes();
    return personalMessage({
      packageName: this.getPackageName(),
      ttlMin,
      creationTimeMs,
      sessionKey,
    });
  }

  /** Verifies and keeps the wallet's signature; ignored once there is one. */
  async setPersonalMessageSignature(personalMessageSignature: string): Promise<void> {
    if (this.#signature !== undefined) return;
    const { address, suiClient } = this.#parts;
    try {
      await verifyPersonalMessageSignature(this.getPersonalMessage(), personalMessageSignature, {
        address,
        client: suiClient,
      });
    } catch (cause) {
      const text = `The signature over the personal message is not valid for ${address}`;
      throw new InvalidPersonalMessageSignatureError(text, { cause });
    }
    this.#signature = personalMessageSignature;
  }

  /** Signs on demand if a signer was given; concurrent callers share one prompt. */
  async getCertificate(): Promise<Certificate> {
    const { address, keypair, creationTimeMs, ttlMin, mvrName } = this.#parts;
    const signature = await this.#personalMessageSignature();
    return {
      user: address,
      session_vk: toBase64(keypair.getPublicKey().toRawBytes()),
      creation_time: creationTimeMs,
      ttl_min: ttlMin,
      signature,
      ...(mvrName === undefined ? {} : { mvr_name: mvrName }),
    };
  }

  /**
   * A fresh response key and the signature over the request. `txBytes` starts with the kind byte.
   * Throws ExpiredSessionKeyError.
   */
  async createRequestParams(
    txBytes: Uint8Array,
    deps: Partial<CryptoDeps> = {},
  ): Promise<RequestParams> {
    this.#assertLive();
    const { engine = nobleEngine } = deps;
    const pair = generateElGamalKeyPair({ ...deps, engine });
    const encKeyPk = Uint8Array.from(engine.g1.toBytes(pair.publicKey));
    const encVerificationKey = Uint8Array.from(engine.g2.toBytes(pair.verificationKey));
    const message = signedRequestBytes(txBytes.subarray(1), encKeyPk, encVerificationKey);
    const requestSignature = toBase64(await this.#parts.keypair.sign(message));
    const encKey = Uint8Array.from(pair.secretKey);
    return { encKey, encKeyPk, encVerificationKey, requestSignature };
  }

  export(): ExportedSessionKey {
    const { address, packageId, mvrName, creationTimeMs, ttlMin, keypair } = this.#parts;
    const data: ExportedSessionKey = {
      address,
      packageId,
      ...(mvrName === undefined ? {} : { mvrName }),
      creationTimeMs,
      ttlMin,
      ...(this.#signature === undefined ? {} : { personalMessageSignature: this.#signature }),
      sessionKey: keypair.getSecretKey(),
    };
    Object.defineProperty(data, 'toJSON', {
      enumerable: false,
      value: () => {
        throw new UserError('A session key holds a secret; keep it in IndexedDB, not as JSON');
      },
    });
    return data;
  }

  async #personalMessageSignature(): Promise<string> {
    if (this.#signature !== undefined) return this.#signature;
    const { signer } = this.#parts;
    if (signer === undefined) {
      throw new InvalidPersonalMessageSignatureError(
        'Personal message signature is not set: have the wallet sign getPersonalMessage() and ' +
          'pass the result to setPersonalMessageSignature()',
      );
    }
    this.#signing ??= signer
      .signPersonalMessage(this.getPersonalMessage())
      .then(({ signature }) => {
        this.#signature ??= signature;
        return this.#signature;
      })
      .finally(() => {
        this.#signing = undefined;
      });
    return this.#signing;
  }
}

/** As sent to servers; `mvr_name` is left out when there is none. */
export type Certificate = Omit<CertificateJson, 'mvr_name'> & { readonly mvr_name?: string };

/** Throws InvalidPackageError unless the object is the first version of a package. */
export async function requireFirstVersion(
  suiClient: SealCompatibleClient,
  packageId: string,
  signal: AbortSignal | undefined,
  timeoutMs: number = DEFAULT_TIMEOUT_MS,
): Promise<void> {
  let version: bigint;
  try {
    version = await withDeadline(
      timeoutMs,
      signal,
      (either) => coreReader(suiClient).packageVersion(packageId, { signal: either }),
      (cause) => {
        const text = `Package ${packageId} could not be read within ${timeoutMs} ms`;
        return new InvalidGetObjectError(text, { cause });
      },
    );
  } catch (cause) {
    signal?.throwIfAborted();
    if (!isChainError(cause)) throw cause;
    const text = `Package ${packageId} could not be read: ${cause.message}`;
    throw new InvalidGetObjectError(text, { cause });
  }
  if (version !== 1n) {
    throw new InvalidPackageError(undefined, {
      message:
        `Package ${packageId} is not the first version (it is version ${version}); ` +
        'use the id under which the package was first published',
    });
  }
}

function checkedParts(parts: Parts): Parts {
  const { mvrName, ttlMin, signer } = parts;
  if (mvrName !== undefined && !isMvrName(mvrName)) {
    throw new UserError(`Invalid package name ${mvrName}: expected @org/app or org.sui/app`);
  }
  if (!(ttlMin >= MIN_SESSION_TTL_MIN && ttlMin <= MAX_SESSION_TTL_MIN)) {
    throw new UserError(`Invalid TTL ${ttlMin}, must be between 1 and 30`);
  }
  if (!Number.isInteger(ttlMin)) {
    throw new UserError(`Invalid TTL ${ttlMin}, must be a whole number of minutes`);
  }
  const packageId = addressOf(parts.packageId, 'package ID');
  const address = addressOf(parts.address, 'address');
  if (signer !== undefined && signer.getPublicKey().toSuiAddress() !== address) {
    throw new UserError(
      'Signer address does not match session key address: pass the signer of that account',
    );
  }
  return { ...parts, packageId, address };
}

function addressOf(text: string, what: string): string {
  try {
    return normalizeAddress(text);
  } catch (cause) {
    const rule = 'expected 0x and 1 to 64 hex digits';
    throw new UserError(`Invalid ${what} ${JSON.stringify(text)}: ${rule}`, { cause });
  }
}

/** The reason is left out of the error: it could quote the secret. */
function importKeypair(secret: string): Ed25519Keypair {
  try {
    return Ed25519Keypair.fromSecretKey(secret);
  } catch {
    throw new UserError(
      'The exported session key holds no valid Ed25519 secret; create a new session key',
    );
  }
}
