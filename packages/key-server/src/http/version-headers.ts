/**
 * `X-KeyServer-Version` and `X-KeyServer-GitVersion` on every `/v1` answer, refusals included
 * (protocol §4.3): clients and aggregators compare the first before they read anything else.
 */

import { HEADERS } from '@seal-ts/protocol';
import type { Context, MiddlewareHandler, Next } from 'hono';

export interface VersionHeadersOptions {
  version: string;
  gitVersion: string;
}

export function versionHeaders(options: VersionHeadersOptions): MiddlewareHandler {
  return async function addVersions(c: Context, next: Next) {
    await next();
    c.res.headers.set(HEADERS.keyServerVersion, options.version);
    c.res.headers.set(HEADERS.keyServerGitVersion, options.gitVersion);
  };
}
