/** The network between clients and servers: each request goes the way of its plan. */
import { CLIENT_SDK_TYPE, CLIENT_SDK_VERSION, HEADERS, PATHS } from '@seal-ts/protocol';
import type { Answer } from './lies.ts';
import { damage, drawPlan, type Plan, pieceGapMs } from './plan.ts';
import type { Random } from './random.ts';
import type { SimServer } from './server.ts';
import type { VirtualTime } from './time.ts';
import { during, type Span } from './timeline.ts';
import { fingerprint, type Trace } from './trace.ts';

/** One request of a client, with all that is known about it from outside. */
export interface Attempt {
  readonly client: string;
  readonly server: SimServer;
  readonly path: string;
  readonly requestId: string;
  readonly body: string;
  readonly plan: Plan;
  readonly sentMs: number;
  /** The client closed the connection. */
  abandoned: boolean;
}

export interface Partition extends Span {
  readonly client: string;
  readonly server: number;
}

export interface NetworkDeps {
  readonly time: VirtualTime;
  readonly random: Random;
  readonly trace: Trace;
  readonly servers: readonly SimServer[];
  readonly partitions: readonly Partition[];
  /** Told of every answer of a real server to a key request, whoever asked. */
  readonly onAnswer: (server: SimServer, body: string, arrivedMs: number, answer: Answer) => void;
}

export class Network {
  readonly attempts: Attempt[] = [];
  readonly #deps: NetworkDeps;
  /** Last answer that each server sent, for replays. */
  readonly #earlier = new Map<SimServer, string>();

  constructor(deps: NetworkDeps) {
    this.#deps = deps;
  }

  isPartitioned(client: string, server: SimServer, fromMs: number, toMs = fromMs): boolean {
    const between = this.#deps.partitions.filter(
      (partition) => partition.client === client && partition.server === server.spec.index,
    );
    return during(between, fromMs, toMs);
  }

  /** `fetch` as one client sees it. */
  fetchOf(client: string): typeof fetch {
    return (input, init = {}) => this.#fetch(client, new URL(String(input)), init);
  }

  /** A request by nobody's client, straight to a server. */
  async inject(server: SimServer, body: string, plan: Plan): Promise<void> {
    const { time, trace, onAnswer } = this.#deps;
    const arrivedMs = time.nowMs;
    const headers = new Headers({
      'content-type': 'application/json',
      [HEADERS.clientSdkType]: CLIENT_SDK_TYPE,
      [HEADERS.clientSdkVersion]: CLIENT_SDK_VERSION,
    });
    const { signal } = new AbortController();
    const arrival = { path: PATHS.fetchKey, method: 'POST', headers, body, plan, signal };
    const { real } = await server.handle(arrival);
    trace.add(time.nowMs, `forged ← ${server.spec.index} ${real.status}`, real.body);
    onAnswer(server, body, arrivedMs, real);
  }

  #fetch(client: string, url: URL, init: RequestInit): Promise<Response> {
    const { time, random, trace, servers } = this.#deps;
    const server = servers.find((candidate) => candidate.url === url.origin);
    if (server === undefined) return Promise.reject(new TypeError(`no route to ${url.origin}`));
    const headers = new Headers(init.headers);
    const attempt: Attempt = {
      client,
      server,
      path: url.pathname + url.search,
      requestId: headers.get(HEADERS.requestId) ?? '',
      body: String(init.body ?? ''),
      plan: drawPlan(random, server.spec.hostility),
      sentMs: time.nowMs,
      abandoned: false,
    };
    if (url.pathname === PATHS.fetchKey) this.attempts.push(attempt);
    trace.add(time.nowMs, `${client} → ${server.spec.index} ${url.pathname}`, attempt.body);
    return new Promise((resolve, reject) => {
      const given = init.signal ?? undefined;
      if (given?.aborted) return reject(given.reason);
      const signal = attempt.plan.deaf ? undefined : given;
      const leave = (): void => {
        attempt.abandoned = true;
        reject(signal?.reason);
      };
      signal?.addEventListener('abort', leave, { once: true });
      const method = init.method ?? 'GET';
      time.after(attempt.plan.requestMs, () => {
        if (signal?.aborted) return;
        const connection = signal ?? new AbortController().signal;
        this.#deliver(attempt, { method, headers, signal: connection }, resolve, reject);
      });
    });
  }

  #deliver(
    attempt: Attempt,
    request: { method: string; headers: Headers; signal: AbortSignal },
    resolve: (response: Response) => void,
    reject: (error: unknown) => void,
  ): void {
    const { client, server, plan } = attempt;
    const { time } = this.#deps;
    if (plan.requestFault === 'lost' || this.isPartitioned(client, server, time.nowMs)) return;
    if (plan.requestFault === 'refused' || !server.listening) {
      reject(networkError('ECONNREFUSED'));
      return;
    }
    const fault = plan.requestFault;
    const body = fault === undefined ? attempt.body : damage(attempt.body, plan, fault);
    const life = server.life;
    const done = (answer: Answer | undefined): void => {
      if (answer === undefined) return;
      time.after(plan.answerMs, () => {
        if (server.life !== life) {
          reject(networkError('ECONNRESET'));
          return;
        }
        if (plan.answerFault === 'lost') return;
        if (this.isPartitioned(client, server, time.nowMs)) return;
        const response = this.#response(attempt, answer, request.signal);
        if (response === undefined) reject(networkError('ECONNRESET'));
        else resolve(response);
      });
    };
    void this.#handle(attempt, { ...request, body }).then(done, reject);
    if (plan.duplicated) {
      time.after(1, () => {
        if (server.listening) void this.#handle(attempt, { ...request, body }).catch(reject);
      });
    }
  }

  async #handle(
    attempt: Attempt,
    request: { method: string; headers: Headers; signal: AbortSignal; body: string },
  ): Promise<Answer | undefined> {
    const { server, plan, path } = attempt;
    const { time, trace } = this.#deps;
    const arrivedMs = time.nowMs;
    const { real, sent } = await server.handle({ ...request, path, plan });
    const name = `${attempt.client} ← ${server.spec.index} ${real.status}`;
    trace.add(time.nowMs, `${name} ${fingerprint(real.body)}`, real.body);
    if (path === PATHS.fetchKey) this.#deps.onAnswer(server, request.body, arrivedMs, real);
    return sent;
  }

  /** Undefined: the connection breaks before the headers. */
  #response(attempt: Attempt, answer: Answer, signal: AbortSignal): Response | undefined {
    const { server, plan } = attempt;
    const { answerFault: fault } = plan;
    const earlier = this.#earlier.get(server) ?? '';
    this.#earlier.set(server, answer.body);
    if (fault === 'reset' && plan.position < 0.5) return undefined;
    const text =
      fault === 'replayed'
        ? earlier
        : fault === 'corrupted' || fault === 'truncated'
          ? damage(answer.body, plan, fault)
          : answer.body;
    const { status, headers } = answer;
    const stream = this.#stream(new TextEncoder().encode(text), plan, signal);
    return new Response(stream, { status, headers });
  }

  #stream(bytes: Uint8Array, plan: Plan, signal: AbortSignal): ReadableStream<Uint8Array> {
    const { time } = this.#deps;
    const size = Math.max(1, Math.ceil(bytes.length / plan.pieces));
    const cut = plan.answerFault === 'reset' || plan.answerFault === 'stalled';
    const end = cut ? Math.floor(bytes.length * plan.position) : bytes.length;
    let closed = false;
    return new ReadableStream({
      start(controller) {
        const fail = (reason: unknown): void => {
          if (!closed) controller.error(reason);
          closed = true;
        };
        signal.addEventListener('abort', () => fail(signal.reason), { once: true });
        const send = (from: number): void => {
          if (closed) return;
          if (from < end) {
            controller.enqueue(bytes.subarray(from, Math.min(end, from + size)));
            time.after(pieceGapMs(plan), () => send(from + size));
          } else if (plan.answerFault === 'reset') {
            fail(networkError('ECONNRESET'));
          } else if (plan.answerFault !== 'stalled') {
            closed = true;
            controller.close();
          }
        };
        send(0);
      },
      cancel() {
        closed = true;
      },
    });
  }
}

function networkError(code: string): TypeError {
  return new TypeError('fetch failed', { cause: new Error(`connect ${code}`) });
}
