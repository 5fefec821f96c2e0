/**
 * Every metric of the aggregator, declared once (protocol §5.7). Names, labels and buckets of the
 * first group are the reference's; `member_failures_total` and `committee_version` are ours.
 */

import { httpMetricSet, NETWORK_BUCKETS_MS } from '@seal-ts/service';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';

const KEY_ID_BUCKETS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
/** Longest member name in a label. */
export const MAX_NAME_LABEL_CHARACTERS = 64;

export type AggregatorMetrics = ReturnType<typeof createMetrics>;

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
    upstreamErrors: counter('upstream_key_server_errors', 'Refusals and failures of members', [
      'key_server_name',
      'error_type',
    ]),
    fetchDuration: histogram(
      'key_server_fetch_duration_millis',
      'Answers of members in milliseconds',
      NETWORK_BUCKETS_MS,
      ['key_server_name'],
    ),
    keyIdsPerRequest: histogram(
      'expected_key_ids_per_request',
      'Distinct identities asked for in one request',
      KEY_ID_BUCKETS,
    ),
    memberFailures: counter('member_failures_total', 'Why answers of members did not count', [
      'key_server_name',
      'reason',
    ]),
    committeeVersion: new Gauge({
      name: 'committee_version',
      help: 'Version of the committee last read from the chain',
      registers,
    }),
  };
}

/** A member's name as a label: the chain decides what it is, so it is cut. */
export function nameLabel(name: string): string {
  return name.slice(0, MAX_NAME_LABEL_CHARACTERS);
}

/** Times calls to the full node by method and outcome. */
export function observeCalls({ rpcDuration }: Pick<AggregatorMetrics, 'rpcDuration'>) {
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
