/**
 * A committee behind one key server object: the real aggregator, and real key servers that hold
 * shares of the master key. Once in a scenario the shares may rotate: the chain changes over at one
 * moment, and each member when it notices.
 */
import {
  aggregator,
  Committees,
  Credentials,
  createMetrics as createAggregatorMetrics,
  type MemberRequest,
  type MemberResponse,
} from '@seal-ts/aggregator';
import { type Engine, publicKeyFromMasterKey } from '@seal-ts/crypto';
import { evaluatePolynomial, samplePolynomial } from '@seal-ts/crypto/dkg';
import { createMetrics, GasPrice, keyServer, MasterKey } from '@seal-ts/key-server';
import { KEY_SERVER_VERSION, parseRequirement, type ServerType } from '@seal-ts/protocol';
import type { Logger } from '@seal-ts/service';
import { POLICY_PACKAGE, SEAL_PACKAGE, SimChain } from './chain.ts';
import type { Random } from './random.ts';
import type { VirtualTime } from './time.ts';
import type { Policy } from './timeline.ts';

/** What a member of a committee does wrong. */
export const MEMBER_FAULTS = ['wrongShare', 'silent', 'garbage', 'down', 'approvesAll'] as const;
export type MemberFault = (typeof MEMBER_FAULTS)[number];

export interface MemberSpec {
  readonly fault: MemberFault | undefined;
  /** Between aggregator and member, ms, one way. */
  readonly delayMs: number;
  /** How long after the chain it changes over to its new share. */
  readonly changeOverMs: number;
}

export interface CommitteeSpec {
  readonly threshold: number;
  readonly members: readonly MemberSpec[];
  /** When the chain changes over to the second version; undefined: never. */
  readonly rotationMs: number | undefined;
}

export interface CommitteeDeps {
  readonly engine: Engine;
  readonly time: VirtualTime;
  readonly random: Random;
  readonly policy: Policy;
  readonly log: Logger;
  readonly serverOptions: { allowedStalenessMs: number; sessionTtlMaxMs: number };
}

/** Longest way to a member and back, ms. */
export const MAX_MEMBER_DELAY_MS = 200;
/** The last member has changed over this long after the chain. */
export const MAX_CHANGE_OVER_MS = 20_000;
const MEMBER_TIMEOUT_MS = 4_000;

type App = { request(url: string, init: RequestInit): Response | Promise<Response> };

interface Member {
  readonly spec: MemberSpec;
  readonly name: string;
  readonly url: string;
  /** By version. */
  readonly shares: readonly [Uint8Array, Uint8Array];
  readonly publicKeys: readonly [Uint8Array, Uint8Array];
  app: App | undefined;
}

export class SimCommittee {
  readonly #spec: CommitteeSpec;
  readonly #deps: CommitteeDeps;
  readonly #objectId: string;
  readonly #groupKey: Uint8Array;
  readonly #members: Member[];

  constructor(objectId: string, masterKey: Uint8Array, spec: CommitteeSpec, deps: CommitteeDeps) {
    this.#spec = spec;
    this.#deps = deps;
    this.#objectId = objectId;
    this.#groupKey = publicKeyOf(deps.engine, masterKey);
    const [old, next] = [0, 1].map(() =>
      samplePolynomial(deps.random.bytes, spec.threshold, masterKey),
    ) as [Uint8Array[], Uint8Array[]];
    this.#members = spec.members.map((member, party) => {
      const shares = [
        evaluatePolynomial(old, party + 1),
        evaluatePolynomial(next, party + 1),
      ] as const;
      return {
        spec: member,
        name: `member ${party}`,
        url: `https://member-${party}.${objectId.slice(-2)}.example`,
        shares,
        publicKeys: [publicKeyOf(deps.engine, shares[0]), publicKeyOf(deps.engine, shares[1])],
        app: undefined,
      };
    });
  }

  get secrets(): Uint8Array[] {
    return this.#members.flatMap(({ shares }) => shares);
  }

  /** The committee on chain, as the key server object has it. */
  serverType(): ServerType {
    const version = this.#version(0);
    const members = this.#members.map(({ name, url, publicKeys }, partyId) => ({
      name,
      url,
      partialPublicKey: publicKeys[version],
      partyId,
    }));
    return { kind: 'committee', version, threshold: this.#spec.threshold, members };
  }

  /** Starts members and aggregator; the app that clients talk to. */
  async start(signal: AbortSignal): Promise<App> {
    for (const member of this.#members) member.app = await this.#startMember(member, signal);
    const { engine, time, random, log } = this.#deps;
    const chain = {
      packageOriginalId: this.#chain(false).packageOriginalId.bind(this.#chain(false)),
      keyServer: async () => ({
        objectId: this.#objectId,
        version: 2 as const,
        name: 'committee',
        keyType: 0,
        publicKey: this.#groupKey,
        serverType: this.serverType(),
      }),
    };
    const metrics = createAggregatorMetrics({ version: KEY_SERVER_VERSION, gitVersion: 'sim' });
    const credentials = new Credentials(new Map(this.#members.map(({ name }) => [name, {}])));
    const monotonicMs = (): number => time.nowMs;
    const committees = new Committees(
      { keyServerObjectId: this.#objectId },
      { chain, engine, log, metrics, monotonicMs, credentials },
    );
    await committees.start(signal);
    const any = parseRequirement('>=0.0.0');
    return aggregator(
      {
        gates: { typescript: any, rust: any, python: any },
        memberRequirement: parseRequirement('>=0.6.2'),
        memberTimeoutMs: MEMBER_TIMEOUT_MS,
      },
      {
        chain,
        committees,
        credentials,
        send: (request) => this.#send(request),
        engine,
        metrics,
        log,
        ready: () => true,
        monotonicMs,
        random: random.bytes,
        newRequestId: () => 'none',
      },
    );
  }

  /** 0 before the rotation, 1 after it; members notice later than the chain. */
  #version(delayMs: number): 0 | 1 {
    const { rotationMs } = this.#spec;
    return rotationMs !== undefined && this.#deps.time.nowMs >= rotationMs + delayMs ? 1 : 0;
  }

  #chain(complicit: boolean): SimChain {
    const { policy, time } = this.#deps;
    return new SimChain({ lags: [], complicit, gasPriceFailures: 0 }, policy, time);
  }

  async #startMember({ spec, shares }: Member, signal: AbortSignal): Promise<App> {
    const { engine, time, random, log, serverOptions } = this.#deps;
    const chain = this.#chain(spec.fault === 'approvesAll');
    const metrics = createMetrics({ version: KEY_SERVER_VERSION, gitVersion: 'sim' });
    const gasPrice = new GasPrice({ updateIntervalMs: 60_000 }, { chain, metrics, log });
    await gasPrice.start(signal);
    const wrong = new MasterKey(Uint8Array.of(...new Uint8Array(31), 7));
    const right = shares.map((share) => new MasterKey(Uint8Array.from(share)));
    const share = (): MasterKey =>
      spec.fault === 'wrongShare' ? wrong : (right[this.#version(spec.changeOverMs)] ?? wrong);
    return keyServer(
      { sealPackage: SEAL_PACKAGE, ...serverOptions },
      {
        chain,
        engine,
        keys: { forPackage: share, services: new Map(), share, wipe: () => {} },
        gasPrice,
        metrics,
        log,
        resolveMvrName: async () => POLICY_PACKAGE,
        ready: () => true,
        now: () => time.nowMs,
        monotonicMs: () => time.nowMs,
        random: random.bytes,
        newRequestId: () => 'none',
      },
    );
  }

  /** The way from the aggregator to a member and back. */
  async #send({ url, headers, body, signal }: MemberRequest): Promise<MemberResponse> {
    const member = this.#members.find((candidate) => url.href.startsWith(`${candidate.url}/`));
    if (member?.app === undefined || member.spec.fault === 'down') {
      throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    }
    const { fault, delayMs } = member.spec;
    await this.#wait(delayMs, signal);
    if (fault === 'silent') await this.#wait(Number.MAX_SAFE_INTEGER, signal);
    const sent = Uint8Array.from(body);
    const response = await member.app.request(url.href, {
      method: 'POST',
      headers,
      body: sent,
      signal,
    });
    const text = fault === 'garbage' ? '{"decryption_keys":[{}]}' : await response.text();
    await this.#wait(delayMs, signal);
    return {
      status: response.status,
      header: (name) => response.headers.get(name) ?? undefined,
      body: new TextEncoder().encode(text),
    };
  }

  #wait(ms: number, signal: AbortSignal): Promise<void> {
    const { time } = this.#deps;
    return new Promise((resolve, reject) => {
      if (signal.aborted) {
        reject(signal.reason);
        return;
      }
      const event = ms > MEMBER_TIMEOUT_MS ? undefined : time.after(ms, resolve);
      const onAbort = (): void => {
        if (event !== undefined) time.cancel(event);
        reject(signal.reason);
      };
      signal.addEventListener('abort', onAbort, { once: true });
    });
  }
}

/** Enough members do what they should, at any time but during a rotation. */
export function isSound({ members, threshold }: CommitteeSpec): boolean {
  const good = members.filter(({ fault }) => fault === undefined || fault === 'approvesAll');
  return good.length >= threshold;
}

function publicKeyOf(engine: Engine, secret: Uint8Array): Uint8Array {
  return engine.g2.toBytes(publicKeyFromMasterKey(engine, secret));
}
