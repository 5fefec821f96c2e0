/**
 * Counts, times and gauges requests by route and status (protocol §4.16). The route label is one of
 * a fixed list or `unknown`: a caller must not be able to create time series.
 *
 * @example
 * app.use('/v1/*', httpMetrics({ routes: ['/v1/service'] }, { metrics: httpMetricSet(registry) }));
 */

import type { Context, MiddlewareHandler, Next } from 'hono';
import type { HttpMetricSet } from '../../metrics/http.ts';

export const UNKNOWN_ROUTE = 'unknown';

export interface HttpMetricsOptions {
  /** Paths that get a label of their own; exact match. */
  routes: readonly string[];
}
export interface HttpMetricsDeps {
  metrics: HttpMetricSet;
  /** Milliseconds from a clock that never goes back. */
  monotonicMs?: () => number;
}

/** The label of a path. */
export function routeLabel(path: string, routes: readonly string[]): string {
  return routes.includes(path) ? path : UNKNOWN_ROUTE;
}

export function httpMetrics(options: HttpMetricsOptions, deps: HttpMetricsDeps): MiddlewareHandler {
  const { metrics, monotonicMs = () => performance.now() } = deps;

  return async function measure(c: Context, next: Next) {
    const route = routeLabel(c.req.path, options.routes);
    const startedMs = monotonicMs();
    metrics.inFlight.inc({ route });
    try {
      await next();
    } finally {
      metrics.inFlight.dec({ route });
      const status = String(c.res.status);
      metrics.requests.inc({ route, status });
      metrics.durationMs.observe({ route, status }, monotonicMs() - startedMs);
    }
  };
}
