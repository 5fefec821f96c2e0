/**
 * Every metric of the aggregator, declared once (protocol §5.7). Names, labels and buckets of the
 * first group are the reference's; `member_failures_total` and `committee_version` are ours.
 */

import {
  commonMetrics,
  declareIn,
  type MetricsDeps,
  type MetricsOptions,
  NETWORK_BUCKETS_MS,
} from '@seal-ts/service';
import { Gauge } from 'prom-client';

const KEY_ID_BUCKETS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
/** Longest member name in a label. */
export const MAX_NAME_LABEL_CHARACTERS = 64;

export type AggregatorMetrics = ReturnType<typeof createMetrics>;

export function createMetrics(options: MetricsOptions, deps: MetricsDeps = {}) {
  const common = commonMetrics(options, deps);
  const { counter, histogram } = declareIn(common.registry);
  return {
    ...common,
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
      registers: [common.registry],
    }),
  };
}

/** A member's name as a label: the chain decides what it is, so it is cut. */
export function nameLabel(name: string): string {
  return name.slice(0, MAX_NAME_LABEL_CHARACTERS);
}
