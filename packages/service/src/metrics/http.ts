/** The HTTP metrics of every Seal server; names, labels and buckets are of protocol §4.16. */

import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/** Buckets for anything that crosses a network, in milliseconds. */
export const NETWORK_BUCKETS_MS = [25, 50, 100, 200, 500, 1000, 2000, 5000, 8000];
/** Buckets for local work, in milliseconds. */
export const FAST_BUCKETS_MS = [10, 20, 30, 40, 50, 60, 70, 80, 90, 100];

export interface HttpMetricSet {
  durationMs: Histogram<'route' | 'status'>;
  requests: Counter<'route' | 'status'>;
  inFlight: Gauge<'route'>;
}

export function httpMetricSet(registry: Registry): HttpMetricSet {
  const registers = [registry];
  return {
    durationMs: new Histogram({
      name: 'http_request_duration_millis',
      help: 'Duration of HTTP requests in milliseconds',
      labelNames: ['route', 'status'],
      buckets: NETWORK_BUCKETS_MS,
      registers,
    }),
    requests: new Counter({
      name: 'http_requests_total',
      help: 'HTTP requests answered',
      labelNames: ['route', 'status'],
      registers,
    }),
    inFlight: new Gauge({
      name: 'http_request_in_flight',
      help: 'HTTP requests being worked on',
      labelNames: ['route'],
      registers,
    }),
  };
}
