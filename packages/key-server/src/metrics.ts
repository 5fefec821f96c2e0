/**
 * Every metric of the key server, declared once (protocol §4.16). Names, labels and buckets are the
 * reference's, so that existing dashboards and alerts work; latencies are in milliseconds.
 */

import {
  commonMetrics,
  declareIn,
  FAST_BUCKETS_MS,
  type MetricsDeps,
  type MetricsOptions,
} from '@seal-ts/service';

const ID_COUNT_BUCKETS = [0, 1, 2, 3, 4, 5];
const GAS_BUCKET_STEP = 5_000_000;
const GAS_BUCKET_COUNT = 101;

export type KeyServerMetrics = ReturnType<typeof createMetrics>;

export function createMetrics(options: MetricsOptions, deps: MetricsDeps = {}) {
  const common = commonMetrics(options, deps);
  const { counter, histogram } = declareIn(common.registry);
  const metrics = {
    ...common,
    serviceRequests: counter('service_requests', 'Service and partial public key requests'),
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
  return metrics;
}
