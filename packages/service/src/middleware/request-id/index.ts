/**
 * Gives every request an id for the logs: the caller's `Request-Id` when it is short and plain,
 * otherwise a fresh one. The caller's text is never trusted with log structure or size.
 *
 * @example
 * app.use(requestId({ newId: randomUUID }));
 * app.get('/', (c) => c.text(c.get('requestId')));
 */

import type { Context, MiddlewareHandler, Next } from 'hono';
import type { ServiceEnv } from '../env.ts';

export const REQUEST_ID_HEADER = 'request-id';
export const MAX_REQUEST_ID_CHARACTERS = 128;

const ACCEPTED = new RegExp(`^[A-Za-z0-9._:/+=-]{1,${MAX_REQUEST_ID_CHARACTERS}}$`);

export interface RequestIdDeps {
  newId: () => string;
}

export function requestId({ newId }: RequestIdDeps): MiddlewareHandler<ServiceEnv> {
  return async function assignRequestId(c: Context<ServiceEnv>, next: Next) {
    const offered = c.req.header(REQUEST_ID_HEADER);
    c.set('requestId', offered !== undefined && ACCEPTED.test(offered) ? offered : newId());
    await next();
  };
}
