export {
  commonMetrics,
  declareIn,
  type MetricsDeps,
  type MetricsOptions,
  observeCalls,
} from './common.ts';
export { FAST_BUCKETS_MS, type HttpMetricSet, httpMetricSet, NETWORK_BUCKETS_MS } from './http.ts';
export { metricsApp } from './server.ts';
