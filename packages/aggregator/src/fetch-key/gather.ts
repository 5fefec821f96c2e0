/**
 * Collects shares for one request (protocol §5.5, §5.6). A round asks members side by side and ends
 * as soon as a committee version is complete, or none can be any more. Then the committee may have
 * changed: it is read again, and whoever may hold a share of another version now is asked once
 * more. A request fails only while no version has enough members that hold it.
 */

import type { RandomSource } from '@seal-ts/crypto';
import { type Logger, pause } from '@seal-ts/service';
import type { Committees } from '../committee/committees.ts';
import {
  type AskDeps,
  type AskOptions,
  askMember,
  type Endpoint,
  type MemberKeys,
  type RelayedRequest,
} from '../members/ask-member.ts';
import { MemberFailure } from '../members/failure.ts';
import { type AggregatorMetrics, nameLabel } from '../metrics.ts';
import { majorityRefusal } from './refusal.ts';
import { type Combined, endpointKey, Tally, type TallyOptions } from './tally.ts';

/** Rounds of asking; the first usually is the only one. */
export const MAX_ROUNDS = 4;
/** A full node that answers later than this does not hold up the next round. */
export const MAX_REFRESH_WAIT_MS = 3000;

export interface GatherDeps extends AskDeps {
  committees: Pick<Committees, 'known' | 'refresh'>;
  random: RandomSource;
  metrics: Pick<AggregatorMetrics, 'upstreamErrors' | 'fetchDuration' | 'memberFailures'>;
  log: Logger;
  monotonicMs: () => number;
}
/** What became of the members that gave no share, for the log line of the request. */
export interface FailureNote {
  readonly member: string;
  readonly reason: string;
  /** Name of the member's own refusal. */
  readonly error?: string;
  readonly detail?: string;
}
export interface GatherRequest extends RelayedRequest {
  readonly verificationKey: TallyOptions['verificationKey'];
  readonly signal: AbortSignal;
  /** Called once, at the end, also when no key was combined. */
  readonly report: (failures: readonly FailureNote[]) => void;
}

/** @throws {Refusal} when too few members gave a share */
export async function gather(
  request: GatherRequest,
  options: AskOptions,
  deps: GatherDeps,
): Promise<Combined> {
  const gathering = new Gathering(request, options, deps);
  try {
    return await gathering.run();
  } finally {
    request.report(gathering.notes());
  }
}

class Gathering {
  readonly #request: GatherRequest;
  readonly #options: AskOptions;
  readonly #deps: GatherDeps;
  readonly #tally: Tally;
  /** The last failure of each endpoint. */
  readonly #failures = new Map<string, { endpoint: Endpoint; failure: MemberFailure }>();

  constructor(request: GatherRequest, options: AskOptions, deps: GatherDeps) {
    this.#request = request;
    this.#options = options;
    this.#deps = deps;
    this.#tally = new Tally(request, deps);
  }

  async run(): Promise<Combined> {
    const asked = new Set<string>();
    for (let round = 1; round <= MAX_ROUNDS; round++) {
      const newest = this.#committees()[0];
      const endpoints = this.#toAsk(asked);
      if (endpoints.length === 0) break;
      for (const endpoint of endpoints) asked.add(endpointKey(endpoint));
      const combined = (await this.#round(endpoints)) ?? (await this.#readAgain());
      if (combined !== undefined) {
        // A share that fits nothing may be of a version that this aggregator does not know yet.
        if (this.#noteMismatches() > 0) void this.#deps.committees.refresh();
        return combined;
      }
      if (this.#isRefused()) break;
      if (this.#committees()[0] === newest && !this.#isChanging()) break;
    }
    throw this.#refusal();
  }

  notes(): FailureNote[] {
    return [...this.#failures.values()].map(({ endpoint, failure }) => ({
      member: nameLabel(endpoint.name),
      reason: failure.reason,
      ...(failure.refusal === undefined ? {} : { error: failure.refusal.error }),
      ...(failure.message === '' ? {} : { detail: failure.message }),
    }));
  }

  #committees() {
    return this.#deps.committees.known();
  }

  /**
   * Everybody at first; later whoever has no share of the newest version yet and may give one. A
   * member of an older version keeps the share it gave.
   */
  #toAsk(asked: ReadonlySet<string>): Endpoint[] {
    const [newest] = this.#committees();
    const endpoints = new Map<string, Endpoint>();
    for (const { members } of this.#committees()) {
      for (const { name, url } of members) endpoints.set(endpointKey({ name, url }), { name, url });
    }
    return [...endpoints].flatMap(([key, endpoint]) => {
      if (!asked.has(key)) return [endpoint];
      const failure = this.#failures.get(key)?.failure;
      if (failure !== undefined && !failure.isRetryable) return [];
      if (newest !== undefined && this.#tally.isVerified(newest, endpoint)) return [];
      return [endpoint];
    });
  }

  /** Asks `endpoints` side by side; stops the rest when the outcome is clear. */
  async #round(endpoints: readonly Endpoint[]): Promise<Combined | undefined> {
    const { signal } = this.#request;
    const enough = new AbortController();
    const any = AbortSignal.any([signal, enough.signal]);
    const pending = new Set(endpoints.map(endpointKey));
    const outcome = new Promise<Combined | undefined>((resolve, reject) => {
      const settle = (endpoint: Endpoint, keys: MemberKeys | undefined) => {
        if (any.aborted) return;
        pending.delete(endpointKey(endpoint));
        const combined = keys && this.#received(endpoint, keys);
        if (combined !== undefined) resolve(combined);
        else if (pending.size === 0 || !this.#isReachable(pending)) resolve(undefined);
      };
      for (const endpoint of endpoints) {
        this.#ask(endpoint, any)
          .then((keys) => settle(endpoint, keys))
          .catch(reject);
      }
    });
    try {
      return await unlessAborted(outcome, signal);
    } finally {
      enough.abort(new DOMException('enough members have answered', 'AbortError'));
    }
  }

  #received(endpoint: Endpoint, keys: MemberKeys): Combined | undefined {
    this.#failures.delete(endpointKey(endpoint));
    this.#tally.add(endpoint, keys);
    return this.#tally.combine(this.#committees());
  }

  /** `undefined` after a failure, which is noted. */
  async #ask(endpoint: Endpoint, signal: AbortSignal): Promise<MemberKeys | undefined> {
    const { metrics, monotonicMs } = this.#deps;
    const label = { key_server_name: nameLabel(endpoint.name) };
    const startedMs = monotonicMs();
    try {
      const keys = await askMember(endpoint, this.#request, this.#options, this.#deps, signal);
      metrics.fetchDuration.observe(label, monotonicMs() - startedMs);
      return keys;
    } catch (failure) {
      if (signal.aborted) return undefined;
      if (!(failure instanceof MemberFailure)) throw failure;
      this.#fail(endpoint, failure);
      return undefined;
    }
  }

  #fail(endpoint: Endpoint, failure: MemberFailure): void {
    const { metrics } = this.#deps;
    const key_server_name = nameLabel(endpoint.name);
    this.#failures.set(endpointKey(endpoint), { endpoint, failure });
    metrics.memberFailures.inc({ key_server_name, reason: failure.reason });
    if (failure.reason.startsWith('credential_')) return;
    metrics.upstreamErrors.inc({ key_server_name, error_type: failure.errorType });
  }

  #isReachable(pending: ReadonlySet<string>): boolean {
    return this.#committees().some((committee) => this.#tally.isReachable(committee, pending));
  }

  /** What the shares that are here give under the committee as the chain has it now. */
  async #readAgain(): Promise<Combined | undefined> {
    if (this.#isRefused()) return undefined;
    const read = atMost(this.#deps.committees.refresh(), MAX_REFRESH_WAIT_MS);
    await unlessAborted(read, this.#request.signal);
    this.#tally.verifyAll(this.#committees());
    return this.#tally.combine(this.#committees());
  }

  /**
   * Whether members refused the request itself, and what is left of the others (without those that
   * get no requests) completes no version: then reading the chain again would change nothing.
   */
  #isRefused(): boolean {
    if (![...this.#failures.values()].some(({ failure }) => failure.isFinal)) return false;
    return this.#committees().every(({ members, threshold }) => {
      const open = members.filter((member) => {
        const failure = this.#failures.get(endpointKey(member))?.failure;
        return failure === undefined || failure.isRetryable;
      });
      return open.length < threshold;
    });
  }

  /** Signs of a rotation: shares of several versions, or of one that is not known here. */
  #isChanging(): boolean {
    const [, ...older] = this.#committees();
    const mismatches = this.#noteMismatches();
    const usesOlder = older.some((committee) =>
      committee.members.some((member) => this.#tally.isVerified(committee, member)),
    );
    return mismatches > 0 || usesOlder;
  }

  /** Names the members whose share was found to fit no known version. */
  #noteMismatches(): number {
    const committees = this.#committees();
    const mismatched = this.#tally.mismatched(committees);
    const endpoints = new Map(
      committees.flatMap(({ members }) => members.map((m) => [endpointKey(m), m] as const)),
    );
    for (const key of mismatched) {
      const endpoint = endpoints.get(key);
      if (endpoint === undefined || this.#failures.has(key)) continue;
      const detail = 'fits no known version of the committee';
      this.#fail(endpoint, new MemberFailure('invalid_share', detail));
    }
    return mismatched.size;
  }

  #refusal() {
    const current = new Set(this.#committees()[0]?.members.map(endpointKey));
    const failures = [...this.#failures].filter(([key]) => current.has(key));
    return majorityRefusal(failures.map(([, { failure }]) => failure));
  }
}

/** Ends with `work`, or after that time. */
async function atMost(work: Promise<void>, ms: number): Promise<void> {
  const stop = new AbortController();
  try {
    await Promise.race([work, pause(ms, stop.signal)]);
  } finally {
    stop.abort();
  }
}

/** The outcome of `work`, or the signal's reason as soon as it aborts. */
async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return await new Promise<T>((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
