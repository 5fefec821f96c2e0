/**
 * One log line for each request. Handlers add fields to `requestLog`, whose type is a list that the
 * server fixes; nothing else is logged at `info`: no address, no package, no body.
 *
 * @example
 * app.use('/v1/*', requestLog<{ ids?: number }>({ log, monotonicMs: () => performance.now() }));
 * app.get('/v1/x', (c) => { c.get('requestLog').ids = 1; return c.text('') });
 */

import type { Context, MiddlewareHandler, Next } from 'hono';
import type { Logger } from '../../logs.ts';
import type { ServiceVariables } from '../env.ts';

/** What this middleware leaves in a request's context. */
export interface RequestLogVariables<F extends object> extends ServiceVariables {
  /** Fields of the one line that is logged when the request ends. */
  requestLog: F;
}

export function requestLog<F extends object>(deps: {
  log: Logger;
  monotonicMs: () => number;
}): MiddlewareHandler<{ Variables: RequestLogVariables<F> }> {
  return async function logRequest(c: Context<{ Variables: RequestLogVariables<F> }>, next: Next) {
    const fields = {} as F;
    c.set('requestLog', fields);
    const startedMs = deps.monotonicMs();
    await next();
    const status = c.res.status;
    const line: Record<string, unknown> = {
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
