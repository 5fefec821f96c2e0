/** `/health` says that the process lives (protocol §4.1); `/ready` that it should get traffic. */

import type { Context } from 'hono';

export interface HealthOptions {
  name: string;
  version: string;
}

export function healthRoute({ name, version }: HealthOptions) {
  return function handleHealth(c: Context): Response {
    return c.json({ name, version, status: 'up' });
  };
}

/** 200 while `ready`, 503 before the start is complete and once stopping has begun. */
export function readyRoute({ ready }: { ready: () => boolean }) {
  return function handleReady(c: Context): Response {
    return ready() ? c.json({ status: 'ready' }) : c.json({ status: 'not ready' }, 503);
  };
}
