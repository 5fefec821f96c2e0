export { BODY_LIMIT_TEXT, type BodyLimitOptions, bodyLimit } from './body-limit/index.ts';
export { type OpenCorsOptions, openCors, PREFLIGHT_MAX_AGE_SECONDS } from './cors/index.ts';
export type { ServiceEnv, ServiceVariables } from './env.ts';
export {
  type HttpMetricsDeps,
  type HttpMetricsOptions,
  httpMetrics,
  routeLabel,
  UNKNOWN_ROUTE,
} from './http-metrics/index.ts';
export { type InFlightOptions, inFlight } from './in-flight/index.ts';
export {
  MAX_REQUEST_ID_CHARACTERS,
  REQUEST_ID_HEADER,
  type RequestIdDeps,
  requestId,
} from './request-id/index.ts';
export { type RequestLogVariables, requestLog } from './request-log/index.ts';
export { type DeadlineOptions, deadline } from './timeout/index.ts';
export { type VersionHeadersOptions, versionHeaders } from './version-headers/index.ts';
