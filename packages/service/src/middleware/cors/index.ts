/**
 * CORS for public services (protocol §4.3): any origin, any method, any header, every response
 * header readable; a preflight is answered 200 here, before authentication, limits and metrics.
 *
 * @example
 * app.use(openCors({ exposeHeaders: ['x-keyserver-version'] }));
 */

import type { Context, MiddlewareHandler, Next } from 'hono';

/** How long browsers may remember a preflight; the longest that all of them accept. */
export const PREFLIGHT_MAX_AGE_SECONDS = 7200;

export interface OpenCorsOptions {
  /** Named besides `*`, for callers that send credentials, to whom `*` is a literal name. */
  exposeHeaders?: readonly string[];
}

export function openCors({ exposeHeaders = [] }: OpenCorsOptions = {}): MiddlewareHandler {
  const exposed = ['*', ...exposeHeaders].join(', ');

  return async function cors(c: Context, next: Next): Promise<Response | undefined> {
    if (c.req.method === 'OPTIONS') {
      return c.body(null, 200, {
        'access-control-allow-origin': '*',
        'access-control-allow-methods': '*',
        'access-control-allow-headers': '*',
        'access-control-max-age': String(PREFLIGHT_MAX_AGE_SECONDS),
        vary: 'origin, access-control-request-method, access-control-request-headers',
      });
    }
    await next();
    c.res.headers.set('access-control-allow-origin', '*');
    c.res.headers.set('access-control-expose-headers', exposed);
    c.res.headers.append('vary', 'origin, access-control-request-method');
    c.res.headers.append('vary', 'access-control-request-headers');
    return undefined;
  };
}
