/**
 * Headers that state the server's version on every answer, refusals included (protocol §4.3):
 * clients and aggregators compare the version before they read anything else.
 *
 * @example
 * app.use('/v1/*', versionHeaders({ 'X-KeyServer-Version': '0.6.10' }));
 */

import type { Context, MiddlewareHandler, Next } from 'hono';

/** Values by header name. */
export type VersionHeadersOptions = Readonly<Record<string, string>>;

export function versionHeaders(headers: VersionHeadersOptions): MiddlewareHandler {
  return async function addVersions(c: Context, next: Next) {
    await next();
    for (const [name, value] of Object.entries(headers)) c.res.headers.set(name, value);
  };
}
