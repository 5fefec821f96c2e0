/**
 * The aggregator as a hono app that needs no socket: `aggregator(options, deps)`. A request passes,
 * from the outside in: CORS (answers preflights) → metrics → body limit → request id → and for `/v1`
 * log line → version headers → bounds on number and time → client gate → handler. Protocol §5.2–5.5.
 */

import { randomUUID } from 'node:crypto';
import { FirstPackages, type ServerChain } from '@seal-ts/chain';
import { type Engine, type RandomSource, systemRandom } from '@seal-ts/crypto';
import {
  type AggregatorClientType,
  asServerError,
  HEADERS,
  isServerErrorName,
  KEY_SERVER_VERSION,
  PATHS,
  SealServerError,
  type VersionRequirement,
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
import type { Committees } from './committee/committees.ts';
import { RelayedRefusal } from './fetch-key/refusal.ts';
import { clientGate } from './http/client-gate.ts';
import type { AggregatorEnv, RequestLog } from './http/env.ts';
import type { Credentials } from './members/credentials.ts';
import type { MemberTransport } from './members/transport.ts';
import type { AggregatorMetrics } from './metrics.ts';
import { fetchKeyRoute } from './routes/fetch-key.ts';

/** Largest request body, in bytes; what is relayed must fit the members' smaller limit. */
export const MAX_BODY_BYTES = 2 * 1024 * 1024;
/** Requests worked on at once; a request waits for members most of the time. */
export const MAX_REQUESTS_IN_FLIGHT = 256;
/** Time for reading the chain and for computing, besides two rounds of asking members. */
export const REQUEST_SLACK_MS = 5000;
/** Answer of `/v1/service`: a committee has no proof of possession (§5.2). */
export const UNSUPPORTED_TEXT = 'Unsupported';

export interface AggregatorOptions {
  /** Accepted client versions. */
  gates: Readonly<Record<AggregatorClientType, VersionRequirement>>;
  /** For `X-KeyServer-Version` of members. */
  memberRequirement: VersionRequirement;
  memberTimeoutMs: number;
  /** `X-KeyServer-GitVersion`. */
  gitVersion?: string;
  maxInFlight?: number;
  requestTimeoutMs?: number;
}

export interface AggregatorDeps {
  chain: Pick<ServerChain, 'packageOriginalId'>;
  committees: Pick<Committees, 'known' | 'refresh'>;
  credentials: Credentials;
  send: MemberTransport;
  engine: Engine;
  metrics: AggregatorMetrics;
  log: Logger;
  /** Whether the server should get traffic. */
  ready: () => boolean;
  /** A clock that never goes back, ms. */
  monotonicMs?: () => number;
  random?: RandomSource;
  newRequestId?: () => string;
}

export function aggregator(options: AggregatorOptions, deps: AggregatorDeps): Hono<AggregatorEnv> {
  const monotonicMs = deps.monotonicMs ?? (() => performance.now());
  const app = new Hono<AggregatorEnv>();
  const render = renderError({
    asRefusal: (thrown) => (thrown instanceof RelayedRefusal ? thrown : asServerError(thrown)),
    internalCode: 'Failure',
    errors: {
      // Names that members relay are theirs to choose: not as labels.
      inc: ({ internal_error_type: name }) =>
        deps.metrics.errors.inc({ internal_error_type: isServerErrorName(name) ? name : 'other' }),
    },
    log: deps.log,
  });
  app.onError(render);
  app.notFound((c) => c.body(null, 404));

  app.use(openCors({ exposeHeaders: [HEADERS.keyServerVersion, HEADERS.keyServerGitVersion] }));
  const routes = [PATHS.fetchKey, PATHS.service, PATHS.health];
  app.use(httpMetrics({ routes }, { metrics: deps.metrics.http, monotonicMs }));
  app.use(bodyLimit({ maxBytes: MAX_BODY_BYTES }));
  app.use(requestId({ newId: deps.newRequestId ?? randomUUID }));
  app.use('/v1/*', requestLog<RequestLog>({ log: deps.log, monotonicMs }));
  const { gitVersion = 'unknown' } = options;
  app.use(
    '/v1/*',
    versionHeaders({
      [HEADERS.keyServerVersion]: KEY_SERVER_VERSION,
      [HEADERS.keyServerGitVersion]: gitVersion,
    }),
  );
  useFetchKey(app, options, { ...deps, monotonicMs }, render);
  route(app, 'GET', PATHS.service, (c) => c.text(UNSUPPORTED_TEXT, 400));
  route(app, 'GET', PATHS.health, healthRoute({ name: 'key-server', version: KEY_SERVER_VERSION }));
  route(app, 'GET', '/ready', readyRoute(deps));
  return app;
}

function useFetchKey(
  app: Hono<AggregatorEnv>,
  options: AggregatorOptions,
  deps: AggregatorDeps & { monotonicMs: () => number },
  render: ReturnType<typeof renderError>,
): void {
  const { gates, memberRequirement: requirement, memberTimeoutMs: timeoutMs } = options;
  const refuse = (detail: string) => (c: Context) =>
    render(new SealServerError('Failure', detail), c);
  app.use(
    PATHS.fetchKey,
    inFlight({
      max: options.maxInFlight ?? MAX_REQUESTS_IN_FLIGHT,
      onFull: refuse('too many requests in flight'),
    }),
  );
  app.use(
    PATHS.fetchKey,
    deadline({
      timeoutMs: options.requestTimeoutMs ?? 2 * timeoutMs + REQUEST_SLACK_MS,
      onTimeout: refuse('the request took too long'),
    }),
  );
  app.on('POST', PATHS.fetchKey, clientGate({ gates }, deps));
  const { chain, monotonicMs, random = systemRandom } = deps;
  const packages = new FirstPackages({ chain, monotonicMs });
  route(
    app,
    'POST',
    PATHS.fetchKey,
    fetchKeyRoute({ requirement, timeoutMs }, { ...deps, random, packages }),
  );
}

/** One method of one path; other methods are answered 405 with an empty body. */
function route(
  app: Hono<AggregatorEnv>,
  method: 'GET' | 'POST',
  path: string,
  handler: Handler<AggregatorEnv>,
): void {
  app.on(method, path, handler);
  const allow = method === 'GET' ? 'GET,HEAD' : method;
  app.all(path, (c) => c.body(null, 405, { allow }));
}
