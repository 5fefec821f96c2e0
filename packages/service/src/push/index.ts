export {
  type MetricsPushDeps,
  MetricsPushError,
  type MetricsPushOptions,
  PUSH_TIMEOUT_MS,
  pushMetrics,
  runMetricsPush,
} from './push.ts';
