/**
 * One log line for each `/v1` request. The fields are listed here, and nothing else is logged at
 * `info`: no address, no package, no body.
 */

import type { Logger } from '@seal-ts/service';
import type { Context, MiddlewareHandler, Next } from 'hono';
import type { KeyServerEnv } from './env.ts';

export interface RequestLog {
  sdkType?: string;
  sdkVersion?: string;
  targetApiVersion?: string;
  /** Number of identities asked for. */
  ids?: number;
  /** Name of the refusal. */
  error?: string;
}

export function requestLog(deps: {
  log: Logger;
  monotonicMs: () => number;
}): MiddlewareHandler<KeyServerEnv> {
  return async function logRequest(c: Context<KeyServerEnv>, next: Next) {
    const fields: RequestLog = {};
    c.set('requestLog', fields);
    const startedMs = deps.monotonicMs();
    await next();
    const status = c.res.status;
    const line = {
      requestId: c.get('requestId'),
      method: c.req.method,
      route: c.req.path.slice(0, 64),
      status,
      durationMs: Math.round(deps.monotonicMs() - startedMs),
      ...fields,
    };
    if (status >= 500) deps.log.warn(line, 'request');
    else deps.log.info(line, 'request');
  };
}
