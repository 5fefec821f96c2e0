/**
 * User secret keys of a client: a bounded cache of verified keys, and the fetching of those that are
 * missing, shared by callers who ask for the same at the same time (seal-protocol.md §9.1).
 */
import type { CryptoDeps, G1Point } from '@seal-ts/crypto';
import { toBase64 } from '@seal-ts/protocol';
import { BoundedMap } from './bounded-map.ts';
import type { KeyServerDirectory } from './directory.ts';
import { InvalidThresholdError } from './errors/user.ts';
import { fetchRound } from './fetch-keys.ts';
import { Flights } from './flights.ts';
import type { Transport } from './http.ts';
import type { SessionKey } from './session-key.ts';
import type { SealLogger } from './types.ts';

/** Verified user secret keys: full id (hex) → server object id → key. */
export type Keys = Map<string, Map<string, G1Point>>;

export interface KeyQuery {
  /** Full ids as hex, without duplicates. */
  readonly fullIds: readonly string[];
  readonly txBytes: Uint8Array;
  readonly sessionKey: SessionKey;
  readonly threshold: number;
}

export interface KeyRingDeps {
  readonly directory: KeyServerDirectory;
  readonly crypto: CryptoDeps;
  readonly transport: Transport;
  readonly logger: SealLogger | undefined;
}

export class KeyRing {
  readonly #deps: KeyRingDeps;
  readonly #cache: BoundedMap<string, G1Point>;
  readonly #fetches = new WeakMap<SessionKey, Flights<Keys>>();

  constructor(options: { readonly maxKeys: number }, deps: KeyRingDeps) {
    this.#cache = new BoundedMap(options.maxKeys);
    this.#deps = deps;
  }

  clear(): void {
    this.#cache.clear();
  }

  /**
   * Keys of at least `threshold` weight for every identity. Throws InvalidThresholdError, the
   * servers' error, or the signal's reason.
   */
  async collect(query: KeyQuery, signal: AbortSignal | undefined): Promise<Keys> {
    const { sessionKey, fullIds, txBytes, threshold } = query;
    const { totalWeight } = this.#deps.directory;
    if (!Number.isInteger(threshold) || threshold < 1 || threshold > totalWeight) {
      throw new InvalidThresholdError(
        `Invalid threshold ${threshold} for servers with total weight ${totalWeight}: ` +
          'it must be a whole number from 1 to that weight',
      );
    }
    const cached = this.#cachedKeys(fullIds);
    if (this.#completeWeight(cached, fullIds) >= threshold) return cached;
    let flights = this.#fetches.get(sessionKey);
    if (flights === undefined) {
      flights = new Flights();
      this.#fetches.set(sessionKey, flights);
    }
    const name = `${threshold}:${fullIds.join()}:${toBase64(txBytes)}`;
    return flights.run(name, (shared) => this.#fetchMissing(query, cached, shared), signal);
  }

  async #fetchMissing(query: KeyQuery, keys: Keys, signal: AbortSignal): Promise<Keys> {
    const { sessionKey, fullIds, txBytes, threshold } = query;
    const { transport, logger } = this.#deps;
    const loaded = await this.#deps.directory.servers(signal);
    const certificate = await sessionKey.getCertificate();
    const params = await sessionKey.createRequestParams(txBytes, this.#deps.crypto);
    const body = JSON.stringify({
      ptb: toBase64(txBytes.subarray(1)),
      enc_key: toBase64(params.encKeyPk),
      enc_verification_key: toBase64(params.encVerificationKey),
      request_signature: params.requestSignature,
      certificate,
    });
    const servers = [...loaded].flatMap(([objectId, server]) => {
      const config = this.#deps.directory.configs.get(objectId);
      if (config === undefined || config.weight === 0) return [];
      return hasAll(keys, fullIds, objectId) ? [] : [{ ...server, config }];
    });
    const round = {
      servers,
      fullIds,
      missingWeight: threshold - this.#completeWeight(keys, fullIds),
      request: { body, responseSecret: params.encKey },
    };
    const store = (server: string, fullId: string, key: G1Point): void => {
      this.#cache.set(`${fullId}:${server}`, key);
      mapAt(keys, fullId).set(server, key);
    };
    try {
      await fetchRound(round, { ...this.#deps.crypto, transport, logger, store }, signal);
    } finally {
      params.encKey.fill(0);
    }
    return keys;
  }

  #cachedKeys(fullIds: readonly string[]): Keys {
    const keys: Keys = new Map();
    for (const fullId of fullIds) {
      const found = mapAt(keys, fullId);
      for (const server of this.#deps.directory.configs.keys()) {
        const key = this.#cache.get(`${fullId}:${server}`);
        if (key !== undefined) found.set(server, key);
      }
    }
    return keys;
  }

  /** Weight of the servers that gave a key for every identity. */
  #completeWeight(keys: Keys, fullIds: readonly string[]): number {
    let weight = 0;
    for (const [objectId, config] of this.#deps.directory.configs) {
      if (hasAll(keys, fullIds, objectId)) weight += config.weight;
    }
    return weight;
  }
}

function hasAll(keys: Keys, fullIds: readonly string[], server: string): boolean {
  return fullIds.every((fullId) => keys.get(fullId)?.has(server));
}

function mapAt(keys: Keys, fullId: string): Map<string, G1Point> {
  let map = keys.get(fullId);
  if (map === undefined) {
    map = new Map();
    keys.set(fullId, map);
  }
  return map;
}
