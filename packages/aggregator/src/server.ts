/**
 * Starts a whole aggregator from its settings: full node, committee, background tasks, the metrics
 * listener and the public listener, tied to one lifecycle. Protocol §5.
 */

import { hostname } from 'node:os';
import { connectFullNode } from '@seal-ts/chain';
import { KEY_SERVER_VERSION } from '@seal-ts/protocol';
import {
  type Lifecycle,
  type Logger,
  listen,
  metricsApp,
  observeCalls,
  runMetricsPush,
} from '@seal-ts/service';
import { collectDefaultMetrics } from 'prom-client';
import { aggregator } from './app.ts';
import { Committees } from './committee/committees.ts';
import type { Settings } from './config/settings.ts';
import { loadEngine } from './engine.ts';
import { AddressPolicy } from './members/address-policy.ts';
import { Credentials } from './members/credentials.ts';
import { createTransport } from './members/transport.ts';
import { type AggregatorMetrics, createMetrics } from './metrics.ts';

export interface StartDeps {
  log: Logger;
  lifecycle: Lifecycle;
  /** `X-KeyServer-GitVersion`. */
  gitVersion: string;
  /** Interface of both listeners. */
  hostname?: string;
  now?: () => number;
  fetch?: typeof fetch;
}

export interface RunningServer {
  port: number;
  metricsPort: number;
}

/**
 * Resolves once requests are answered, or with `undefined` when it was stopped before that.
 * Everything it started ends with `lifecycle.stop`.
 * @throws {ServiceError} LISTEN_FAILED, OPTION_INVALID; {ChainError} when the committee cannot be
 *   read
 */
export async function startAggregator(
  settings: Settings,
  deps: StartDeps,
): Promise<RunningServer | undefined> {
  const { log, lifecycle, gitVersion } = deps;
  const engine = await loadEngine(settings.engine);
  const metrics = createMetrics({ version: KEY_SERVER_VERSION, gitVersion });
  // Memory, garbage collection and event-loop delay of the process.
  collectDefaultMetrics({ register: metrics.registry });
  const chain = connectFullNode(
    { network: settings.network, url: settings.nodeUrl, retry: settings.rpc },
    { observe: observeCalls(metrics) },
  );
  const credentials = new Credentials(settings.credentials);
  const { keyServerObjectId, refreshIntervalMs } = settings;
  const committees = new Committees(
    { keyServerObjectId, refreshIntervalMs },
    { chain, engine, log, metrics, monotonicMs: () => performance.now(), credentials },
  );
  await committees.start(lifecycle.signal);

  const interfaceName = deps.hostname === undefined ? {} : { hostname: deps.hostname };
  const metricsServer = await listen(metricsApp(metrics.registry), {
    port: settings.metricsPort,
    ...interfaceName,
  });
  lifecycle.onStop('metrics server', () => metricsServer.close());
  lifecycle.runCritical('committee', committees.run(lifecycle.signal));
  pushMetrics(settings, deps, metrics);
  if (lifecycle.signal.aborted) return undefined;

  const policy = new AddressPolicy(settings);
  const transport = createTransport({ policy });
  lifecycle.onStop('connections to members', () => transport.close());
  const ready = () => lifecycle.state === 'ready';
  const app = aggregator(
    { ...settings, gitVersion },
    { chain, committees, credentials, send: transport.send, engine, metrics, log, ready },
  );
  const server = await listen(app, { port: settings.port, ...interfaceName });
  lifecycle.onStop('server', () => server.close());
  lifecycle.markReady();
  return { port: server.port, metricsPort: metricsServer.port };
}

function pushMetrics(
  { push, keyServerObjectId }: Settings,
  { log, lifecycle, now = Date.now, fetch = globalThis.fetch }: StartDeps,
  { registry }: AggregatorMetrics,
): void {
  if (push === undefined) return;
  const labels = { ...push.labels, hostname: hostname(), key_server_object_id: keyServerObjectId };
  const { push_url: url, bearer_token: bearerToken, push_interval_secs } = push;
  const options = { url, bearerToken, intervalMs: push_interval_secs * 1000, labels };
  const pushing = runMetricsPush(options, { registry, log, fetch, now }, lifecycle.signal);
  lifecycle.runCritical('metrics push', pushing);
}
