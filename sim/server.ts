/** One operator: the real key server app, its restarts, its full node, and whether it is honest. */
import { type Engine, publicKeyFromMasterKey } from '@seal-ts/crypto';
import { createMetrics, GasPrice, keyServer, MasterKey, openMasterKeys } from '@seal-ts/key-server';
import { KEY_SERVER_VERSION } from '@seal-ts/protocol';
import { createLogger, type Logger } from '@seal-ts/service';
import { currentPlan, type OnChain, POLICY_PACKAGE, SEAL_PACKAGE, SimChain } from './chain.ts';
import { type CommitteeSpec, isSound, MAX_CHANGE_OVER_MS, SimCommittee } from './committee.ts';
import { type Answer, type Lie, lie } from './lies.ts';
import type { Plan } from './plan.ts';
import type { Random } from './random.ts';
import type { VirtualTime } from './time.ts';
import { during, type Lag, type Policy, type Span } from './timeline.ts';

export const ALLOWED_STALENESS_MS = 120_000;
const LIMITS = { allowedStalenessMs: ALLOWED_STALENESS_MS, sessionTtlMaxMs: 30 * 60_000 };
/** Times the full node may refuse to tell the gas price while a server starts. */
export const MAX_GAS_PRICE_FAILURES = 3;
/** A start takes no longer: one pause of a second for each failure, and the calls. */
export const BOOT_MS = (MAX_GAS_PRICE_FAILURES + 1) * 1_100;

/** An aggregator waits once before it reads its committee again. */
const REFRESH_TIMERS = 1;

export interface ServerSpec {
  readonly index: number;
  readonly weight: number;
  /** Undefined: honest. */
  readonly lie: Lie | undefined;
  /** Hands keys to everybody: its full node approves whatever it is asked. */
  readonly complicit: boolean;
  /** Its clock minus the true time, ms. */
  readonly skewMs: number;
  readonly lags: readonly Lag[];
  readonly downs: readonly Span[];
  /** Chance that something goes wrong with a request to it. */
  readonly hostility: number;
  /** A committee behind an aggregator in the place of one server. */
  readonly committee: CommitteeSpec | undefined;
}

export interface ServerDeps {
  readonly engine: Engine;
  readonly time: VirtualTime;
  readonly random: Random;
  readonly policy: Policy;
  readonly log: (line: string) => void;
}

/** A request as it arrives. */
export interface Arrival {
  readonly path: string;
  readonly method: string;
  readonly headers: Headers;
  readonly body: string;
  readonly plan: Plan;
  readonly signal: AbortSignal;
}

type App = { request(url: string, init: RequestInit): Response | Promise<Response> };

export class SimServer implements OnChain {
  readonly spec: ServerSpec;
  readonly objectId: string;
  readonly url: string;
  /** The key whose public key is on chain. */
  readonly masterKey: Uint8Array;
  readonly publicKey: Uint8Array;
  /** Grows with every stop; answers of a process that stopped are lost. */
  life = 0;
  /** Requests the real server is working on. */
  working = 0;
  readonly committee: SimCommittee | undefined;
  readonly #log: Logger;
  readonly #deps: ServerDeps;
  #app: App | undefined;
  /** Starts under way, which wait between two readings of the gas price. */
  #booting = 0;
  #stop = new AbortController();

  constructor(spec: ServerSpec, deps: ServerDeps) {
    this.spec = spec;
    this.#deps = deps;
    this.objectId = `0x${(spec.index + 1).toString(16).padStart(64, '0')}`;
    this.url = `https://server-${spec.index}.example`;
    this.masterKey = scalarFrom(deps.random);
    this.#log = createLogger({ name: 'sim', level: 'trace', destination: { write: deps.log } });
    this.committee =
      spec.committee &&
      new SimCommittee(this.objectId, this.masterKey, spec.committee, {
        ...deps,
        log: this.#log,
        serverOptions: LIMITS,
      });
    const { g2 } = deps.engine;
    this.publicKey = g2.toBytes(publicKeyFromMasterKey(deps.engine, this.masterKey));
  }

  get truthful(): boolean {
    return this.spec.lie === undefined;
  }

  get clockMs(): number {
    return this.#deps.time.nowMs + this.spec.skewMs;
  }

  /** Starts, and plans the stops and starts to come. */
  async start(): Promise<void> {
    const { time } = this.#deps;
    for (const { fromMs, toMs } of this.spec.downs) {
      time.after(fromMs - time.nowMs, () => this.#crash());
      time.after(
        toMs - time.nowMs,
        () => void this.#boot(this.#deps.random.integer(0, MAX_GAS_PRICE_FAILURES)),
      );
    }
    await this.#boot(0);
  }

  /** Up, and not about to stop, for the whole time. */
  isUpThroughout(fromMs: number, toMs: number): boolean {
    const spans = this.spec.downs.map((down) => ({ ...down, toMs: down.toMs + BOOT_MS }));
    return !during(spans, fromMs, toMs);
  }

  /** One server, or a committee that has enough honest members of one version. */
  isSoundThroughout(fromMs: number, toMs: number): boolean {
    const { committee } = this.spec;
    if (committee === undefined) return true;
    const { rotationMs } = committee;
    if (!isSound(committee)) return false;
    return (
      rotationMs === undefined || toMs < rotationMs || fromMs > rotationMs + MAX_CHANGE_OVER_MS
    );
  }

  get listening(): boolean {
    return this.#app !== undefined;
  }

  /** Timers it may have running: a deadline for each request, here and at each member. */
  get timersAllowed(): number {
    const { committee } = this.spec;
    return committee === undefined
      ? this.working + this.#booting
      : this.working * (1 + committee.members.length) + REFRESH_TIMERS;
  }

  /** The answer of the real server, then what a liar makes of it; undefined for silence. */
  async handle(arrival: Arrival): Promise<{ real: Answer; sent: Answer | undefined }> {
    const app = this.#app;
    if (app === undefined) throw new TypeError('handle() while the server is down');
    const { path, method, headers, body, plan, signal } = arrival;
    const init = { method, headers, signal, ...(method === 'GET' ? {} : { body }) };
    this.working++;
    const response = await currentPlan.run({ plan, calls: 0 }, async () =>
      app.request(`${this.url}${path}`, init),
    );
    this.working--;
    const real = {
      status: response.status,
      headers: response.headers,
      body: await response.text(),
    };
    if (this.spec.lie === undefined || method === 'GET') return { real, sent: real };
    const { engine, random } = this.#deps;
    const deps = { engine, random, masterKey: this.masterKey };
    return { real, sent: lie(this.spec.lie, real, body, deps) };
  }

  async #boot(gasPriceFailures: number): Promise<void> {
    const { engine, time, random, policy } = this.#deps;
    const log = this.#log;
    const stop = new AbortController();
    this.#stop = stop;
    if (this.committee !== undefined) {
      this.#app = await this.committee.start(stop.signal);
      return;
    }
    const { lags, complicit } = this.spec;
    const chain = new SimChain({ lags, complicit, gasPriceFailures }, policy, time);
    const metrics = createMetrics({ version: KEY_SERVER_VERSION, gitVersion: 'sim' });
    const gasPrice = new GasPrice({ updateIntervalMs: 60_000 }, { chain, metrics, log });
    this.#booting++;
    await gasPrice.start(stop.signal);
    this.#booting--;
    if (stop.signal.aborted) return;
    const key = this.spec.lie === 'wrongKey' ? scalarFrom(random) : Uint8Array.from(this.masterKey);
    this.#app = keyServer(
      { sealPackage: SEAL_PACKAGE, ...LIMITS },
      {
        chain,
        engine,
        keys: openMasterKeys(this.objectId, new MasterKey(key)),
        gasPrice,
        metrics,
        log,
        resolveMvrName: async () => POLICY_PACKAGE,
        ready: () => true,
        now: () => this.clockMs,
        monotonicMs: () => time.nowMs,
        random: random.bytes,
        newRequestId: () => 'none',
      },
    );
  }

  #crash(): void {
    this.life++;
    this.#stop.abort();
    this.#app = undefined;
  }
}

/** 32 bytes below the group order, not zero. */
function scalarFrom(random: Random): Uint8Array {
  const bytes = random.bytes(32);
  bytes[0] = (bytes[0] ?? 0) & 0x3f;
  bytes[31] = (bytes[31] ?? 0) | 1;
  return bytes;
}
