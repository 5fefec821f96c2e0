export { FAST_BUCKETS_MS, type HttpMetricSet, httpMetricSet, NETWORK_BUCKETS_MS } from './http.ts';
export { metricsApp } from './server.ts';
