/**
 * The metrics listener: Prometheus text at `/metrics`, and at `/` because published runbooks ask
 * there (protocol §4.1). It has its own port so that it is never reachable through the public one.
 */

import { Hono } from 'hono';
import type { Registry } from 'prom-client';

export function metricsApp(registry: Registry): Hono {
  const app = new Hono();
  for (const path of ['/', '/metrics']) {
    app.get(path, async (c) =>
      c.body(await registry.metrics(), 200, { 'content-type': registry.contentType }),
    );
  }
  return app;
}
