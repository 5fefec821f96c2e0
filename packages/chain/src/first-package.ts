/**
 * First-package resolution (protocol §4.8): any version of a policy package → the id of its first
 * version, under which all keys are derived. Positive answers are cached; they never change on
 * chain.
 */

import { SealServerError } from '@seal-ts/protocol';
import { LRUCache } from 'lru-cache';
import { isChainError } from './errors.ts';
import type { CallOptions, ServerChain } from './server-chain.ts';

/** Entries and age of the package and MVR caches. */
export const CACHE_ENTRIES = 1000;
export const CACHE_TTL_MS = 3_600_000;

export interface FirstPackagesDeps {
  chain: Pick<ServerChain, 'packageOriginalId'>;
  monotonicMs: () => number;
}

export class FirstPackages {
  readonly #chain: Pick<ServerChain, 'packageOriginalId'>;
  readonly #cache: LRUCache<string, string>;

  constructor({ chain, monotonicMs }: FirstPackagesDeps) {
    this.#chain = chain;
    this.#cache = new LRUCache({
      max: CACHE_ENTRIES,
      ttl: CACHE_TTL_MS,
      perf: { now: monotonicMs },
      // The clock is read on every look-up, so that tests can move it.
      ttlResolution: 0,
    });
  }

  /** @throws {SealServerError} InvalidPackage, Failure */
  async firstId(packageId: string, options: CallOptions = {}): Promise<string> {
    const known = this.#cache.get(packageId);
    if (known !== undefined) return known;
    try {
      const firstId = await this.#chain.packageOriginalId(packageId, options);
      this.#cache.set(packageId, firstId);
      return firstId;
    } catch (cause) {
      throw refusalOf(cause);
    }
  }
}

function refusalOf(cause: unknown): SealServerError {
  if (isChainError(cause) && ['NOT_FOUND', 'NOT_A_PACKAGE', 'MALFORMED'].includes(cause.code)) {
    return new SealServerError('InvalidPackage', '', { cause });
  }
  return new SealServerError('Failure', 'first-package resolution failed', { cause });
}
