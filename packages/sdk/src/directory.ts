/**
 * The client's key servers by object id: configuration, lazily loaded chain data, prepared public
 * keys. Loading is shared by concurrent callers and repeated after a failure.
 */
import type { PreparedG2 } from '@seal-ts/crypto';
import { normalizeAddress } from '@seal-ts/protocol';
import { BoundedMap } from './bounded-map.ts';
import { InvalidClientOptionsError, InvalidKeyServerError, UserError } from './errors/user.ts';
import { Flights } from './flights.ts';
import {
  type KeyServerDeps,
  type LoadedServer,
  loadKeyServer,
  loadPublicKey,
  proveKeyServer,
} from './key-servers.ts';
import type { KeyServerConfig } from './types.ts';

/** Bound on cached public keys of servers the client is not configured for. */
export const MAX_CACHED_PUBLIC_KEYS = 1_000;

const OBJECT_ID_RULE = 'expected 0x and 1 to 64 hex digits';

export type LoadedServers = ReadonlyMap<string, LoadedServer>;

export class KeyServerDirectory {
  readonly configs: ReadonlyMap<string, KeyServerConfig>;
  readonly totalWeight: number;
  readonly #verify: boolean;
  readonly #deps: KeyServerDeps;
  readonly #loading = new Flights<LoadedServers>();
  readonly #others = new BoundedMap<string, PreparedG2>(MAX_CACHED_PUBLIC_KEYS);
  #loaded: LoadedServers | undefined;

  constructor(configs: readonly KeyServerConfig[], verify: boolean, deps: KeyServerDeps) {
    this.configs = checkConfigs(configs);
    this.totalWeight = configs.reduce((sum, { weight }) => sum + weight, 0);
    this.#verify = verify;
    this.#deps = deps;
  }

  weight(objectId: string): number {
    return this.configs.get(objectId)?.weight ?? 0;
  }

  /** All configured servers, in the order of the configuration. */
  async servers(signal: AbortSignal | undefined): Promise<LoadedServers> {
    if (this.#loaded !== undefined) return this.#loaded;
    return this.#loading.run('all', (shared) => this.#load(shared), signal);
  }

  /** Prepared public keys of any servers, in the given order. */
  async publicKeys(
    services: readonly string[],
    signal: AbortSignal | undefined,
  ): Promise<PreparedG2[]> {
    const servers = await this.servers(signal);
    const distinct = [...new Set(services.map(objectIdOf))];
    const keys = new Map(
      await Promise.all(
        distinct.map(async (id) => [id, await this.#publicKey(id, servers, signal)] as const),
      ),
    );
    return services.map((service) => keys.get(objectIdOf(service)) as PreparedG2);
  }

  async #publicKey(
    objectId: string,
    servers: LoadedServers,
    signal: AbortSignal | undefined,
  ): Promise<PreparedG2> {
    const known = servers.get(objectId)?.publicKey ?? this.#others.get(objectId);
    if (known !== undefined) return known;
    const key = await loadPublicKey(this.#deps, objectId, signal);
    this.#others.set(objectId, key);
    return key;
  }

  async #load(signal: AbortSignal): Promise<LoadedServers> {
    if (this.configs.size === 0) {
      throw new InvalidKeyServerError('No key servers found: list at least one in `serverConfigs`');
    }
    const entries = await Promise.all(
      [...this.configs].map(async ([objectId, config]) => {
        const loaded = await loadKeyServer(this.#deps, objectId, config, signal);
        if (this.#verify) await proveKeyServer(this.#deps, loaded, config, signal);
        return [objectId, loaded] as const;
      }),
    );
    this.#loaded = new Map(entries);
    return this.#loaded;
  }
}

/** 66-character form of an object id. Throws UserError. */
export function objectIdOf(text: string): string {
  try {
    return normalizeAddress(text);
  } catch (cause) {
    throw new UserError(`Invalid object ID ${JSON.stringify(text)}: ${OBJECT_ID_RULE}`, { cause });
  }
}

function checkConfigs(configs: readonly KeyServerConfig[]): Map<string, KeyServerConfig> {
  const checked = new Map<string, KeyServerConfig>();
  for (const config of configs) {
    const objectId = optionObjectId(config.objectId);
    if (checked.has(objectId)) {
      throw new InvalidClientOptionsError(
        `Duplicate object IDs: ${objectId}; give the server a higher weight instead`,
      );
    }
    if (Boolean(config.apiKeyName) !== Boolean(config.apiKey)) {
      throw new InvalidClientOptionsError(
        'Both apiKeyName and apiKey must be provided or not provided for all key servers ' +
          `(${objectId} has only one)`,
      );
    }
    if (!Number.isInteger(config.weight) || config.weight < 0) {
      throw new InvalidClientOptionsError(
        `Weight of ${objectId} must be a whole number of at least 0, got ${config.weight}`,
      );
    }
    checked.set(objectId, { ...config, objectId });
  }
  return checked;
}

function optionObjectId(text: string): string {
  try {
    return normalizeAddress(text);
  } catch (cause) {
    throw new InvalidClientOptionsError(
      `Invalid object ID ${JSON.stringify(text)}: ${OBJECT_ID_RULE}`,
      { cause },
    );
  }
}
