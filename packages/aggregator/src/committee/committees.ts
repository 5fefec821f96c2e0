/**
 * The versions of one committee that may answer now (protocol §5.6). Members change over to a new
 * version at different moments, and the chain is ahead of or behind any of them, so older versions
 * stay known for a while: a request succeeds when enough shares fit any one of them.
 */

import type { ServerChain } from '@seal-ts/chain';
import type { Engine } from '@seal-ts/crypto';
import { clip } from '@seal-ts/protocol';
import { type Logger, pause, runPeriodically, ServiceError } from '@seal-ts/service';
import type { Credentials } from '../members/credentials.ts';
import type { AggregatorMetrics } from '../metrics.ts';
import { type Committee, readCommittee } from './snapshot.ts';

/** How often the committee is read again. */
export const REFRESH_INTERVAL_MS = 30_000;
/** Least time between two readings, however many requests ask for one. */
export const MIN_REFRESH_INTERVAL_MS = 1000;
/** Versions kept, the newest included. */
export const MAX_KNOWN_VERSIONS = 3;
/** How long a version is kept after a newer one was seen. */
export const RETENTION_MS = 24 * 3_600_000;

export interface CommitteesOptions {
  keyServerObjectId: string;
  refreshIntervalMs?: number;
  minRefreshIntervalMs?: number;
}
export interface CommitteesDeps {
  chain: Pick<ServerChain, 'keyServer'>;
  engine: Engine;
  log: Logger;
  metrics: Pick<AggregatorMetrics, 'committeeVersion'>;
  monotonicMs: () => number;
  credentials: Pick<Credentials, 'learn'>;
}

interface Known {
  committee: Committee;
  /** When a newer version was first seen. */
  supersededMs: number | undefined;
}

export class Committees {
  readonly #options: Required<CommitteesOptions>;
  readonly #deps: CommitteesDeps;
  readonly #stop = new AbortController();
  /** Newest first. */
  #known: Known[] = [];
  #refreshing: Promise<void> | undefined;
  #lastReadMs = Number.NEGATIVE_INFINITY;

  constructor(options: CommitteesOptions, deps: CommitteesDeps) {
    this.#options = {
      refreshIntervalMs: REFRESH_INTERVAL_MS,
      minRefreshIntervalMs: MIN_REFRESH_INTERVAL_MS,
      ...options,
    };
    this.#deps = deps;
  }

  /** Versions that may answer, newest first; empty before the first reading. */
  known(): readonly Committee[] {
    const nowMs = this.#deps.monotonicMs();
    this.#known = this.#known.filter(
      ({ supersededMs }) => supersededMs === undefined || nowMs - supersededMs < RETENTION_MS,
    );
    return this.#known.map(({ committee }) => committee);
  }

  /**
   * The first reading.
   * @throws {ChainError} {ServiceError} when there is no committee to serve
   */
  async start(signal: AbortSignal): Promise<void> {
    await this.#read(signal);
  }

  /** Keeps the committee fresh until `signal` aborts. */
  async run(signal: AbortSignal): Promise<void> {
    signal.addEventListener('abort', () => this.#stop.abort(), { once: true });
    const { refreshIntervalMs: intervalMs } = this.#options;
    await runPeriodically({ intervalMs, signal }, () => this.refresh());
  }

  /**
   * Reads the committee again, once for all who ask meanwhile, and not more often than the least
   * interval: whoever asks earlier waits for the rest of it. Never rejects; a failed reading keeps
   * what is known.
   */
  refresh(): Promise<void> {
    this.#refreshing ??= this.#refreshSoon().finally(() => {
      this.#refreshing = undefined;
    });
    return this.#refreshing;
  }

  async #refreshSoon(): Promise<void> {
    const { minRefreshIntervalMs } = this.#options;
    const waitMs = this.#lastReadMs + minRefreshIntervalMs - this.#deps.monotonicMs();
    if (waitMs > 0 && !(await pause(waitMs, this.#stop.signal))) return;
    try {
      await this.#read(this.#stop.signal);
    } catch (err) {
      if (this.#stop.signal.aborted) return;
      this.#deps.log.warn({ err }, 'cannot refresh the committee; the last one stays');
    }
  }

  async #read(signal: AbortSignal): Promise<void> {
    const { chain, engine, monotonicMs } = this.#deps;
    this.#lastReadMs = monotonicMs();
    const info = await chain.keyServer(this.#options.keyServerObjectId, { signal });
    this.#accept(readCommittee(info, engine));
  }

  #accept(committee: Committee): void {
    const { log, metrics, monotonicMs, credentials } = this.#deps;
    const current = this.#known[0]?.committee;
    if (current?.fingerprint === committee.fingerprint) return;
    const { version, threshold } = committee;
    if (current !== undefined && version < current.version) {
      log.warn({ version, known: current.version }, 'the full node is behind; committee ignored');
      return;
    }
    if (current !== undefined && current.publicKey !== committee.publicKey) {
      throw new ServiceError('OPTION_INVALID', 'the public key of the committee has changed.');
    }
    const older = this.#known.filter((known) => known.committee.version !== version);
    for (const known of older) known.supersededMs ??= monotonicMs();
    this.#known = [{ committee, supersededMs: undefined }, ...older].slice(0, MAX_KNOWN_VERSIONS);
    metrics.committeeVersion.set(version);
    const members = committee.members.map(({ name }) => name);
    log.info({ version, threshold, members }, 'committee');
    if (committee.unusable.length > 0) {
      log.warn({ version, members: committee.unusable }, 'partial public keys are not valid');
    }
    for (const { name, url, reason } of credentials.learn(committee.members)) {
      log.warn({ member: name, url: clip(url), reason }, 'member gets no requests');
    }
  }
}
