/** Options and results of the client; names and meaning of `@mysten/seal` 1.4.12, plus additions. */
import type { ClientWithCoreApi } from '@mysten/sui/client';
import type { Engine, RandomSource } from '@seal-ts/crypto';
import type { SessionKey } from './session-key.ts';

/** Any official Sui client: gRPC, GraphQL or JSON-RPC. */
export type SealCompatibleClient = ClientWithCoreApi;

export const KemType = { BonehFranklinBLS12381DemCCA: 0 } as const;
export type KemType = (typeof KemType)[keyof typeof KemType];

/** AES for ordinary data; HMAC-CTR only for small data that Move code must decrypt on chain. */
export const DemType = { AesGcm256: 0, Hmac256Ctr: 1 } as const;
export type DemType = (typeof DemType)[keyof typeof DemType];

export interface KeyServerConfig {
  objectId: string;
  /** Shares this server holds in every encryption; at least 1. */
  weight: number;
  /** HTTP header for an API key; goes together with `apiKey`. */
  apiKeyName?: string;
  apiKey?: string;
  /** Needed for committee servers, refused for others. */
  aggregatorUrl?: string;
}

/** Receives warnings that do not stop the operation, e.g. a key that failed verification. */
export interface SealLogger {
  warn(fields: Readonly<Record<string, unknown>>, message: string): void;
}

export interface SealClientOptions {
  suiClient: SealCompatibleClient;
  serverConfigs: KeyServerConfig[];
  /** Ask each independent server to prove that it has its key. Default false. */
  verifyKeyServers?: boolean;
  /** Bound on each request to a key server and each read from the chain, ms. Default 10 000. */
  timeout?: number;
  /** Used for every request to a key server. Default: the global `fetch`. */
  fetch?: typeof fetch;
  /** BLS12-381 implementation. Default: noble; `loadMclEngine()` is faster. */
  engine?: Engine;
  /** Default: the platform's generator. */
  random?: RandomSource;
  logger?: SealLogger;
  /** Most user secret keys kept. Default 10 000. */
  maxCachedKeys?: number;
}

export interface EncryptOptions {
  kemType?: KemType;
  demType?: DemType;
  /** Weight that must answer to decrypt. */
  threshold: number;
  /** First published version of the policy package. */
  packageId: string;
  /** Inner identity, hex with or without `0x`. */
  id: string;
  data: Uint8Array;
  /** Authenticated with the data, not hidden. Default empty. */
  aad?: Uint8Array;
  signal?: AbortSignal;
}

export interface EncryptResult {
  /** BCS of the encrypted object. */
  encryptedObject: Uint8Array<ArrayBuffer>;
  /** The 32-byte data key: whoever has it reads the data without policy or servers. */
  key: Uint8Array<ArrayBuffer>;
}

export interface DecryptOptions {
  data: Uint8Array;
  sessionKey: SessionKey;
  /** Transaction that calls `seal_approve*`, built with `onlyTransactionKind: true`. */
  txBytes: Uint8Array;
  /** Also check that every other sufficient set of keys gives the same result. */
  checkShareConsistency?: boolean;
  /** Accept objects of SDKs before 0.8 that wrote the randomness little-endian. */
  checkLEEncoding?: boolean;
  signal?: AbortSignal;
}

export interface FetchKeysOptions {
  /** Inner identities, hex. */
  ids: string[];
  txBytes: Uint8Array;
  sessionKey: SessionKey;
  threshold: number;
  signal?: AbortSignal;
}

export interface GetDerivedKeysOptions {
  kemType?: KemType;
  /** Inner identity, hex. */
  id: string;
  txBytes: Uint8Array;
  sessionKey: SessionKey;
  threshold: number;
  signal?: AbortSignal;
}

/** A user secret key: G1, 48 bytes. `toString()` is its hex. */
export interface DerivedKey {
  toBytes(): Uint8Array<ArrayBuffer>;
  toString(): string;
}

/** A key server's public key: G2, 96 bytes. `toString()` is its hex. */
export interface PublicKey {
  toBytes(): Uint8Array<ArrayBuffer>;
  toString(): string;
}

/** A key server as the chain and the configuration describe it. */
export interface KeyServer {
  objectId: string;
  name: string;
  /** Where requests go: the server, or the aggregator of a committee. */
  url: string;
  keyType: 0;
  /** G2, 96 bytes. */
  pk: Uint8Array<ArrayBuffer>;
  serverType: 'Independent' | 'Committee';
}
