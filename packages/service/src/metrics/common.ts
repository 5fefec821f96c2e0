/** What every Seal server measures, and how metrics are declared in a registry of their own (protocol §4.16). */
import { Counter, Histogram, Registry } from 'prom-client';
import { httpMetricSet, NETWORK_BUCKETS_MS } from './http.ts';

export interface MetricsOptions {
  /** Protocol version, as advertised in `X-KeyServer-Version`. */
  version: string;
  gitVersion: string;
}

export interface MetricsDeps {
  /** A clock that never goes back, ms. Default: `performance.now`. */
  monotonicMs?: () => number;
}

/** Declares counters and histograms of one registry. */
export function declareIn(registry: Registry) {
  const registers = [registry];
  return {
    counter: <L extends string>(name: string, help: string, labelNames: L[] = []) =>
      new Counter<L>({ name, help, labelNames, registers }),
    histogram: <L extends string>(
      name: string,
      help: string,
      buckets: number[],
      labelNames: L[] = [],
    ) => new Histogram<L>({ name, help, buckets, labelNames, registers }),
  };
}

/** A fresh registry with the metrics that key server and aggregator share. */
export function commonMetrics(options: MetricsOptions, deps: MetricsDeps = {}) {
  const registry = new Registry();
  const { counter, histogram } = declareIn(registry);
  registerUptime(registry, options, deps);
  return {
    registry,
    http: httpMetricSet(registry),
    totalRequests: counter('total_requests', 'fetch_key requests with a readable body'),
    errors: counter('internal_errors', 'Refused requests', ['internal_error_type']),
    clientVersions: counter('client_sdk_version', 'Requests by caller version', [
      'sdk_type',
      'version',
    ]),
    rpcDuration: histogram(
      'sui_rpc_request_duration_millis',
      'Calls to the full node in milliseconds',
      NETWORK_BUCKETS_MS,
      ['method', 'status'],
    ),
  };
}

/** Times calls to the full node by method and outcome. */
export function observeCalls({
  rpcDuration,
}: Pick<ReturnType<typeof commonMetrics>, 'rpcDuration'>) {
  return (method: string, status: string, durationMs: number): void =>
    rpcDuration.observe({ method, status }, durationMs);
}

function registerUptime(registry: Registry, options: MetricsOptions, deps: MetricsDeps): void {
  const { monotonicMs = () => performance.now() } = deps;
  const startedMs = monotonicMs();
  const version = `${options.version}-${options.gitVersion}`;
  new Counter({
    name: 'uptime',
    help: 'Seconds since start',
    labelNames: ['version'],
    registers: [registry],
    collect() {
      this.reset();
      this.inc({ version }, Math.floor((monotonicMs() - startedMs) / 1000));
    },
  });
}
