/**
 * MVR names in certificates (protocol §4.9): a request that states a name is answered only if the
 * name resolves to the first version of the request's package. Which registry is read, and how, is
 * the resolver's business; results are cached for an hour, failures never.
 */

import { CACHE_ENTRIES, CACHE_TTL_MS, type CallOptions } from '@seal-ts/chain';
import { SealServerError } from '@seal-ts/protocol';
import { LRUCache } from 'lru-cache';

/** Longest name looked at: sub-domains, organisation and application together. */
export const MAX_MVR_NAME_CHARACTERS = 300;

/**
 * Package id of a name on the server's network.
 * @throws {SealServerError} InvalidMVRName, Failure
 */
export type MvrResolver = (name: string, options: CallOptions) => Promise<string>;

export interface MvrNamesDeps {
  resolve: MvrResolver;
  monotonicMs: () => number;
}

export class MvrNames {
  readonly #resolve: MvrResolver;
  readonly #cache: LRUCache<string, string>;

  constructor({ resolve, monotonicMs }: MvrNamesDeps) {
    this.#resolve = resolve;
    this.#cache = new LRUCache({
      max: CACHE_ENTRIES,
      ttl: CACHE_TTL_MS,
      perf: { now: monotonicMs },
      ttlResolution: 0,
    });
  }

  /** @throws {SealServerError} InvalidMVRName when `name` is not `firstPackageId`; Failure */
  async requirePackage(
    name: string,
    firstPackageId: string,
    options: CallOptions = {},
  ): Promise<void> {
    if (name.length > MAX_MVR_NAME_CHARACTERS) throw new SealServerError('InvalidMVRName');
    let resolved = this.#cache.get(name);
    if (resolved === undefined) {
      resolved = await this.#resolve(name, options);
      this.#cache.set(name, resolved);
    }
    if (resolved !== firstPackageId) throw new SealServerError('InvalidMVRName');
  }
}
