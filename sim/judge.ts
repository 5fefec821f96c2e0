/**
 * The properties (docs/simulation.md), judged from outside: from the scenario, from what went over
 * the network, and from what callers got.
 */
import {
  type FetchKeyRequest,
  parseFetchKeyRequest,
  toHex,
  validatePtbBase64,
} from '@seal-ts/protocol';
import { isSealError, type SealError, type SealErrorCode } from '@seal-ts/sdk';
import type { Answer } from './lies.ts';
import type { Attempt, Network } from './network.ts';
import { isFaultless, longestMs } from './plan.ts';
import type { ClientSpec, ObjectSpec } from './scenario.ts';
import { ALLOWED_STALENESS_MS, type SimServer } from './server.ts';
import { largestLag, type Policy, smallestLag } from './timeline.ts';

/** A read of a key server's object, its proof, the round, and a public key read. */
export const PHASES = 4;
/** The SDK's own margin: sessions end this much earlier for the client. */
const EXPIRY_MARGIN_MS = 10_000;
/** Doubt left around the deadline of the staleness check, ms. */
const STALENESS_DOUBT_MS = 2_000;

/** Codes that well-formed objects and verified keys must never lead to. */
const IMPOSSIBLE: ReadonlySet<SealErrorCode> = new Set<SealErrorCode>([
  'SEAL_DECRYPTION_FAILED',
  'SEAL_INCONSISTENT_KEY_SERVERS',
  'SEAL_INVALID_ARGUMENT',
  'SEAL_INVALID_CIPHERTEXT',
  'SEAL_INVALID_CLIENT_OPTIONS',
  'SEAL_INVALID_PERSONAL_MESSAGE_SIGNATURE',
  'SEAL_INVALID_THRESHOLD',
  'SEAL_PACKAGE_MISMATCH',
  'SEAL_UNSUPPORTED_FEATURE',
  'SEAL_UNSUPPORTED_NETWORK',
]);

/** One call of a client, over. */
export interface Outcome {
  readonly label: string;
  readonly client: ClientSpec;
  readonly objects: readonly ObjectSpec[];
  /** Base64, as it goes to servers. */
  readonly ptb: string;
  /** Public key, hex. */
  readonly sessionKey: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly cancelReason: unknown;
  /** A read from the client's full node failed meanwhile. */
  readonly readFailed: boolean;
  /** Undefined: success. */
  readonly error: unknown;
  readonly rightResult: boolean;
}

export interface Answered {
  readonly server: SimServer;
  /** The request as it arrived. */
  readonly body: string;
  readonly arrivedMs: number;
  readonly nowMs: number;
  readonly answer: Answer;
}

export interface JudgeDeps {
  readonly network: Network;
  readonly servers: readonly SimServer[];
  readonly policy: Policy;
  /** Clock error of the session's device, ms, by session key in hex. */
  readonly skewOf: (sessionKey: string) => number;
}

export class Judge {
  readonly violations: string[] = [];
  readonly counts = { decrypted: 0, refused: 0, granted: 0, forged: 0, fromCache: 0 };
  readonly #deps: JudgeDeps;
  readonly #requests = new Map<string, FetchKeyRequest>();
  /** Thresholds up to which a client has keys in its cache, by client and identity. */
  readonly #cached = new Map<string, { threshold: number; sinceMs: number }>();
  readonly #clearedMs = new Map<string, number>();
  /** Keys that truthful servers gave, by client and identity. */
  readonly #given = new Map<string, Set<SimServer>>();

  constructor(deps: JudgeDeps) {
    this.#deps = deps;
  }

  /** A real server answered a key request, changed on its way or forged or neither. */
  serverAnswered({ server, body, arrivedMs, nowMs, answer }: Answered): void {
    const asked = this.#deps.network.attempts.filter((attempt) => attempt.body === body);
    if (answer.status !== 200) {
      const certain = asked.find(
        (attempt) => attempt.server === server && !attempt.abandoned && this.isCertain(attempt),
      );
      if (certain !== undefined && arrivedMs === certain.sentMs + certain.plan.requestMs) {
        this.#violation(`server ${server.spec.index} refused what it had to grant: ${answer.body}`);
      }
      return;
    }
    this.counts.granted++;
    const request = parseFetchKeyRequest(JSON.parse(body));
    const original = this.#deps.network.attempts.find(({ body: sent }) =>
      isSame(request, this.#requestOf(sent)),
    );
    if (original === undefined) {
      this.#violation(`server ${server.spec.index} granted what nobody asked for: ${body}`);
      return;
    }
    this.#checkGrant(server, request, arrivedMs, nowMs);
    if (!server.truthful) return;
    for (const id of idsOf(request)) {
      this.#givenTo(original.client, id).add(server);
    }
  }

  #checkGrant(server: SimServer, request: FetchKeyRequest, arrivedMs: number, nowMs: number): void {
    const { user, creationTimeMs, ttlMin } = request.certificate;
    const { skewMs, lags, complicit, index } = server.spec;
    if (arrivedMs + skewMs > creationTimeMs + ttlMin * 60_000) {
      this.#violation(`server ${index} served a session after its end`);
    }
    if (nowMs + skewMs < creationTimeMs) {
      this.#violation(`server ${index} served a session before its creation`);
    }
    if (smallestLag(lags, arrivedMs, nowMs) > staleLimit(server)) {
      this.#violation(`server ${index} believed a node that lags too far behind`);
    }
    if (complicit) return;
    const oldest = arrivedMs - Math.min(largestLag(lags, arrivedMs, nowMs), staleLimit(server));
    for (const id of idsOf(request)) {
      if (!this.#deps.policy.allowsSometime(user, id, oldest, nowMs)) {
        this.#violation(`server ${index} gave a key of ${id} to ${user}, whom the policy refuses`);
      }
    }
  }

  /** Nothing stands in the way of this request: it must be granted and its answer must count. */
  isCertain(attempt: Attempt): boolean {
    const { server, plan, sentMs, client } = attempt;
    const { skewMs, lags } = server.spec;
    const lastMs = sentMs + longestMs(plan);
    if (!server.truthful || !isFaultless(plan)) return false;
    if (!server.isUpThroughout(sentMs, lastMs)) return false;
    if (!server.isSoundThroughout(sentMs, lastMs)) return false;
    if (this.#deps.network.isPartitioned(client, server, sentMs, lastMs)) return false;
    const lagMs = largestLag(lags, sentMs, lastMs);
    if (lagMs > staleLimit(server) - STALENESS_DOUBT_MS) return false;
    const request = this.#requestOf(attempt.body);
    const { user, creationTimeMs, ttlMin } = request.certificate;
    if (sentMs + skewMs < creationTimeMs) return false;
    if (lastMs + skewMs > creationTimeMs + ttlMin * 60_000) return false;
    return idsOf(request).every(
      (id) =>
        server.spec.complicit ||
        this.#deps.policy.allowsThroughout(user, id, sentMs - lagMs, lastMs),
    );
  }

  callEnded(outcome: Outcome): void {
    const { client, startMs, endMs, error, label } = outcome;
    if (endMs - startMs > PHASES * client.timeoutMs) {
      this.#violation(`${label} took ${endMs - startMs} ms, timeout ${client.timeoutMs}`);
    }
    const isCached = this.#isCached(outcome);
    if (isCached) this.counts.fromCache++;
    if (error === undefined) this.#checkSuccess(outcome);
    else this.#checkFailure(outcome);
    if (isCached && error !== undefined && outcome.cancelReason === undefined) {
      this.#violation(`${label} had all keys in its cache and failed`);
    }
  }

  /** The client forgot its keys. */
  cleared(client: string, atMs: number): void {
    this.#clearedMs.set(client, atMs);
    for (const key of this.#cached.keys()) {
      if (key.startsWith(`${client} `)) this.#cached.delete(key);
    }
  }

  /** Keys stay usable when the policy changes, the session ends, or servers are gone. */
  #isCached({ client, objects, startMs }: Outcome): boolean {
    const [object, ...more] = objects;
    if (object === undefined || more.length > 0) return false;
    const cached = this.#cached.get(`${client.name} ${object.id}`);
    return (
      cached !== undefined && cached.sinceMs <= startMs && object.threshold <= cached.threshold
    );
  }

  #remember(outcome: Outcome, threshold: number): void {
    const { client, objects, startMs, endMs } = outcome;
    if ((this.#clearedMs.get(client.name) ?? 0) >= startMs) return;
    for (const { id } of objects) {
      const key = `${client.name} ${id}`;
      const cached = this.#cached.get(key);
      if (cached !== undefined && cached.threshold >= threshold) continue;
      this.#cached.set(key, { threshold, sinceMs: endMs });
    }
  }

  #checkSuccess(outcome: Outcome): void {
    this.counts.decrypted++;
    if (!outcome.rightResult) this.#violation(`${outcome.label} gave a wrong result`);
    const threshold = thresholdOf(outcome);
    this.#remember(outcome, threshold);
    for (const { id } of outcome.objects) {
      const given = [...this.#givenTo(outcome.client.name, id)];
      if (weightOf(given) < threshold) {
        this.#violation(`${outcome.label} succeeded with ${weightOf(given)} of ${threshold}`);
      }
    }
  }

  #checkFailure(outcome: Outcome): void {
    const { error, label, cancelReason } = outcome;
    if (cancelReason !== undefined && error === cancelReason) return;
    this.counts.refused++;
    if (!isSealError(error)) {
      this.#violation(`${label} failed with ${String(error)}, which has no code of ours`);
      return;
    }
    if (IMPOSSIBLE.has(error.code)) {
      this.#violation(`${label} failed with ${error.code}: ${error.message}`);
    }
    const rounds = this.#roundsOf(outcome);
    if (error.shares.length > 0) this.#checkShares(outcome, error.shares, rounds);
    else if (rounds.length > 0 && !outcome.readFailed && error.code !== 'SEAL_SESSION_EXPIRED') {
      this.#violation(`${label} asked servers and named none: ${error.message}`);
    }
    const sure = rounds.map((round) => this.#sureWeight(outcome, round));
    if (sure.length === 0 || outcome.readFailed || cancelReason !== undefined) return;
    if (Math.min(...sure) >= thresholdOf(outcome)) {
      this.#violation(`${label} had to succeed and failed with ${error.code}: ${error.message}`);
    }
  }

  /** Every server is named once, and without those that failed the threshold was out of reach. */
  #checkShares(outcome: Outcome, shares: SealError['shares'], rounds: readonly Attempt[][]): void {
    const all = new Set(shares.map(({ server }) => server));
    if (all.size !== shares.length) this.#violation(`${outcome.label} named a server twice`);
    const failed = shares.filter((share) => share.outcome === 'failed');
    const named = new Set(failed.map(({ server }) => server));
    const rest = outcome.client.servers
      .map((index) => this.#deps.servers[index] as SimServer)
      .filter(({ objectId }) => !named.has(objectId));
    if (weightOf(rest) >= thresholdOf(outcome)) {
      this.#violation(`${outcome.label} gave up while ${rest.length} servers could still answer`);
    }
    const ids = new Set(rounds.flat().map(({ requestId }) => requestId));
    if (shares.some(({ requestId }) => requestId !== undefined && !ids.has(requestId))) {
      this.#violation(`${outcome.label} named a request that was not made for it`);
    }
  }

  /** Rounds that may have been this call's: same client, session and transaction, same time. */
  #roundsOf(outcome: Outcome): Attempt[][] {
    const { client, startMs, endMs, ptb, sessionKey } = outcome;
    const rounds = new Map<string, Attempt[]>();
    for (const attempt of this.#deps.network.attempts) {
      if (attempt.client !== client.name || attempt.sentMs > endMs) continue;
      if (attempt.sentMs < startMs - client.timeoutMs) continue;
      const request = this.#requestOf(attempt.body);
      if (request.ptb !== ptb) continue;
      if (toHex(request.certificate.sessionKey) !== sessionKey) continue;
      rounds.set(attempt.body, [...(rounds.get(attempt.body) ?? []), attempt]);
    }
    return [...rounds.values()];
  }

  /** Weight that must have been there: certain requests, and servers whose keys were cached. */
  #sureWeight(outcome: Outcome, round: readonly Attempt[]): number {
    const asked = new Set(round.map(({ server }) => server));
    const cached = outcome.client.servers
      .map((index) => this.#deps.servers[index] as SimServer)
      .filter((server) => !asked.has(server));
    const certain = round.filter(
      (attempt) => longestMs(attempt.plan) < outcome.client.timeoutMs && this.isCertain(attempt),
    );
    return weightOf(cached) + weightOf(certain.map(({ server }) => server));
  }

  /** When everything is over: bounds, and what clients sent on expired sessions. */
  finish(calls: number): void {
    const { attempts } = this.#deps.network;
    const perRound = new Set<string>();
    for (const attempt of attempts) {
      const key = `${attempt.server.spec.index} ${attempt.body}`;
      if (perRound.has(key)) this.#violation('a client asked a server twice in one round');
      perRound.add(key);
      const { certificate } = this.#requestOf(attempt.body);
      const deviceMs = attempt.sentMs + this.#deps.skewOf(toHex(certificate.sessionKey));
      const endMs = certificate.creationTimeMs + certificate.ttlMin * 60_000;
      if (deviceMs > endMs - EXPIRY_MARGIN_MS) {
        this.#violation('a client used a session after its end');
      }
    }
    const most = calls * this.#deps.servers.length;
    if (attempts.length > most) this.#violation(`${attempts.length} requests, more than ${most}`);
  }

  add(violation: string): void {
    this.#violation(violation);
  }

  /** A client's own request, parsed once. */
  #requestOf(body: string): FetchKeyRequest {
    let request = this.#requests.get(body);
    if (request === undefined) {
      request = parseFetchKeyRequest(JSON.parse(body));
      this.#requests.set(body, request);
    }
    return request;
  }

  #givenTo(client: string, id: string): Set<SimServer> {
    const key = `${client} ${id}`;
    const given = this.#given.get(key) ?? new Set();
    this.#given.set(key, given);
    return given;
  }

  #violation(text: string): void {
    this.violations.push(text);
  }
}

function thresholdOf({ objects }: Outcome): number {
  return Math.max(...objects.map(({ threshold }) => threshold));
}

/** Largest lag of its node that a server accepts. */
function staleLimit({ spec }: SimServer): number {
  return ALLOWED_STALENESS_MS - spec.skewMs;
}

function weightOf(servers: readonly SimServer[]): number {
  return servers.reduce((sum, { spec }) => sum + spec.weight, 0);
}

function idsOf(request: FetchKeyRequest): string[] {
  return validatePtbBase64(request.ptb).innerIds.map(toHex);
}

/** The same terms: transaction, response key and certificate. */
function isSame(request: FetchKeyRequest, own: FetchKeyRequest): boolean {
  const terms = (r: FetchKeyRequest): string =>
    [
      r.ptb,
      toHex(r.encKey),
      toHex(r.encVerificationKey),
      r.certificate.user,
      toHex(r.certificate.sessionKey),
      r.certificate.creationTimeMs,
      r.certificate.ttlMin,
      r.certificate.mvrName ?? '',
    ].join();
  return terms(request) === terms(own);
}
