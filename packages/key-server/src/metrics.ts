/**
 * Every metric of the key server, declared once (protocol §4.16). Names, labels and buckets are the
 * reference's, so that existing dashboards and alerts work; latencies are in milliseconds.
 */

import { FAST_BUCKETS_MS, httpMetricSet, NETWORK_BUCKETS_MS } from '@seal-ts/service';
import { Counter, Histogram, Registry } from 'prom-client';

const ID_COUNT_BUCKETS = [0, 1, 2, 3, 4, 5];
const GAS_BUCKET_STEP = 5_000_000;
const GAS_BUCKET_COUNT = 101;

export type KeyServerMetrics = ReturnType<typeof createMetrics>;

export interface MetricsOptions {
  /** Protocol version, as advertised in `X-KeyServer-Version`. */
  version: string;
  gitVersion: string;
}
export interface MetricsDeps {
  monotonicMs?: () => number;
}

export function createMetrics(options: MetricsOptions, deps: MetricsDeps = {}) {
  const registry = new Registry();
  const registers = [registry];
  const counter = <L extends string>(name: string, help: string, labelNames: L[] = []) =>
    new Counter<L>({ name, help, labelNames, registers });
  const histogram = <L extends string>(
    name: string,
    help: string,
    buckets: number[],
    labelNames: L[] = [],
  ) => new Histogram<L>({ name, help, buckets, labelNames, registers });

  const metrics = {
    registry,
    http: httpMetricSet(registry),
    totalRequests: counter('total_requests', 'fetch_key requests with a readable body'),
    serviceRequests: counter('service_requests', 'Service and partial public key requests'),
    errors: counter('internal_errors', 'Refused requests', ['internal_error_type']),
    gasPriceStatus: counter('get_reference_gas_price_status', 'Gas price updates', ['status']),
    checkPolicyDuration: histogram(
      'check_policy_duration',
      'Policy evaluation in milliseconds',
      FAST_BUCKETS_MS,
    ),
    fetchPackageDuration: histogram(
      'fetch_pkg_ids_duration',
      'First-package resolution in milliseconds',
      FAST_BUCKETS_MS,
    ),
    idsPerRequest: histogram(
      'requests_per_number_of_ids',
      'Identities asked for in one request',
      ID_COUNT_BUCKETS,
    ),
    rpcDuration: histogram(
      'sui_rpc_request_duration_millis',
      'Calls to the full node in milliseconds',
      NETWORK_BUCKETS_MS,
      ['method', 'status'],
    ),
    gasPerPackage: histogram(
      'dry_run_gas_cost_per_package',
      'Computation cost of policy evaluations (permissioned mode)',
      Array.from({ length: GAS_BUCKET_COUNT }, (_, i) => i * GAS_BUCKET_STEP),
      ['package'],
    ),
    stalenessFailures: counter(
      'requests_failed_due_to_staleness',
      'Requests refused because the full node lags behind',
    ),
    clientVersions: counter('client_sdk_version', 'Requests by caller version', [
      'sdk_type',
      'version',
    ]),
    rotationInitiated: counter(
      'committee_mode_rotation_initiated_total',
      'Rotations of the committee seen on chain',
    ),
    upgradeInitiated: counter(
      'committee_mode_package_upgrade_initiated_total',
      'Upgrade proposals of the committee package seen on chain',
    ),
  };
  counter('key_server_version', 'Set to 1 at start', ['version']).inc({
    version: options.version,
  });
  registerUptime(registry, options, deps);
  return metrics;
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

/** Times calls to the full node by method and outcome. */
export function observeCalls({ rpcDuration }: Pick<KeyServerMetrics, 'rpcDuration'>) {
  return (method: string, status: string, durationMs: number): void =>
    rpcDuration.observe({ method, status }, durationMs);
}
