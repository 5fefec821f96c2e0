/**
 * The key server as a hono app that needs no socket: `keyServer(options, deps)`. A request passes,
 * from the outside in: CORS (answers preflights) → body limit → request id → and for `/v1` metrics
 * → log line → version headers → bounds on number and time → client gate → handler.
 * Protocol §4.1–4.5.
 */

import { randomUUID } from 'node:crypto';
import { FirstPackages, type ServerChain } from '@seal-ts/chain';
import { type Engine, type RandomSource, systemRandom } from '@seal-ts/crypto';
import {
  asServerError,
  HEADERS,
  KEY_SERVER_VERSION,
  MAX_REQUEST_BYTES,
  PATHS,
  SealServerError,
  type VersionGates,
  versionGates,
} from '@seal-ts/protocol';
import {
  bodyLimit,
  deadline,
  healthRoute,
  httpMetrics,
  inFlight,
  type Logger,
  openCors,
  readyRoute,
  renderError,
  requestId,
  requestLog,
  versionHeaders,
} from '@seal-ts/service';
import { type Context, type Handler, Hono } from 'hono';
import type { FetchKeyDeps } from './fetch-key/fetch-key.ts';
import { SessionKeys } from './fetch-key/session-keys.ts';
import { VerifiedSignatures } from './fetch-key/signatures.ts';
import type { GasPrice } from './gas-price.ts';
import { clientGate } from './http/client-gate.ts';
import type { KeyServerEnv, RequestLog } from './http/env.ts';
import type { MasterKeys } from './keys/master-keys.ts';
import type { KeyServerMetrics } from './metrics.ts';
import { MvrNames, type MvrResolver } from './mvr/names.ts';
import { fetchKeyRoute } from './routes/fetch-key.ts';
import { partialPublicKeyRoute } from './routes/partial-public-key.ts';
import { serviceRoute } from './routes/service.ts';

/** Requests worked on at once; a request waits for its full node most of the time. */
export const MAX_REQUESTS_IN_FLIGHT = 512;
/** After this long without an answer from the full node, the caller gets `Failure`. */
export const REQUEST_TIMEOUT_MS = 30_000;

export interface KeyServerOptions {
  /** Package `seal` on this network: the staleness check is called there. */
  sealPackage: string;
  /** How far the full node's clock may lag behind ours. */
  allowedStalenessMs: number;
  sessionTtlMaxMs: number;
  /** Accepted client versions. */
  gates?: VersionGates;
  /** `X-KeyServer-GitVersion`. */
  gitVersion?: string;
  /** Record the gas of policies for each package; only with a configured list of packages. */
  observeGas?: boolean;
  maxInFlight?: number;
  requestTimeoutMs?: number;
}

export interface KeyServerDeps {
  chain: ServerChain;
  keys: MasterKeys;
  engine: Engine;
  gasPrice: GasPrice;
  resolveMvrName: MvrResolver;
  metrics: KeyServerMetrics;
  log: Logger;
  /** Whether the server should get traffic. */
  ready: () => boolean;
  /** Wall clock, ms since epoch. */
  now: () => number;
  /** A clock that never goes back, ms. */
  monotonicMs?: () => number;
  random?: RandomSource;
  newRequestId?: () => string;
}

type Methods = 'GET' | 'POST';

export function keyServer(options: KeyServerOptions, deps: KeyServerDeps): Hono<KeyServerEnv> {
  const app = new Hono<KeyServerEnv>();
  const render = renderError({
    asRefusal: asServerError,
    internalCode: 'Failure',
    errors: deps.metrics.errors,
    log: deps.log,
  });
  app.onError(render);
  app.notFound((c) => c.body(null, 404));

  app.use(openCors({ exposeHeaders: [HEADERS.keyServerVersion, HEADERS.keyServerGitVersion] }));
  app.use(bodyLimit({ maxBytes: MAX_REQUEST_BYTES }));
  app.use(requestId({ newId: deps.newRequestId ?? randomUUID }));
  useV1(app, options, deps, render);

  const fetchKeyDeps = assemble(deps);
  route(app, 'POST', PATHS.fetchKey, fetchKeyRoute(fetchKeyOptions(options), fetchKeyDeps));
  route(app, 'GET', PATHS.service, serviceRoute(deps));
  route(app, 'GET', PATHS.committeePartialPk, partialPublicKeyRoute(deps));
  route(app, 'GET', PATHS.health, healthRoute({ name: 'key-server', version: KEY_SERVER_VERSION }));
  route(app, 'GET', '/ready', readyRoute(deps));
  return app;
}

function useV1(
  app: Hono<KeyServerEnv>,
  options: KeyServerOptions,
  deps: KeyServerDeps,
  render: ReturnType<typeof renderError>,
): void {
  const monotonicMs = deps.monotonicMs ?? (() => performance.now());
  const refuse = (detail: string) => (c: Context) =>
    render(new SealServerError('Failure', detail), c as Context<KeyServerEnv>);
  const v1 = '/v1/*';
  app.use(
    v1,
    httpMetrics({ routes: Object.values(PATHS) }, { metrics: deps.metrics.http, monotonicMs }),
  );
  app.use(v1, requestLog<RequestLog>({ log: deps.log, monotonicMs }));
  app.use(
    v1,
    versionHeaders({
      [HEADERS.keyServerVersion]: KEY_SERVER_VERSION,
      [HEADERS.keyServerGitVersion]: options.gitVersion ?? 'unknown',
    }),
  );
  app.use(
    v1,
    inFlight({
      max: options.maxInFlight ?? MAX_REQUESTS_IN_FLIGHT,
      onFull: refuse('too many requests in flight'),
    }),
  );
  app.use(
    v1,
    deadline({
      timeoutMs: options.requestTimeoutMs ?? REQUEST_TIMEOUT_MS,
      onTimeout: refuse('the request took too long'),
    }),
  );
  app.use(v1, clientGate({ gates: options.gates ?? versionGates() }, deps));
}

function fetchKeyOptions(options: KeyServerOptions) {
  const { sealPackage, allowedStalenessMs, sessionTtlMaxMs, observeGas = false } = options;
  return { sealPackage, allowedStalenessMs, sessionTtlMaxMs, observeGas };
}

function assemble(deps: KeyServerDeps): FetchKeyDeps {
  const monotonicMs = deps.monotonicMs ?? (() => performance.now());
  return {
    ...deps,
    monotonicMs,
    random: deps.random ?? systemRandom,
    packages: new FirstPackages({ chain: deps.chain, monotonicMs }),
    mvr: new MvrNames({ resolve: deps.resolveMvrName, monotonicMs }),
    verified: new VerifiedSignatures(),
    sessionKeys: new SessionKeys(),
  };
}

/** One method of one path; other methods are answered 405 with an empty body. */
function route(
  app: Hono<KeyServerEnv>,
  method: Methods,
  path: string,
  handler: Handler<KeyServerEnv>,
): void {
  app.on(method, path, handler);
  const allow = method === 'GET' ? 'GET,HEAD' : method;
  app.all(path, (c) => c.body(null, 405, { allow }));
}
