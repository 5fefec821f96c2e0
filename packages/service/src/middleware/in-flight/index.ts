/**
 * Bounds how many requests are worked on at once. Above the bound a request is answered immediately
 * by `onFull`: refusing early keeps the accepted ones fast, and memory bounded.
 *
 * @example
 * app.use('/v1/*', inFlight({ max: 512, onFull: (c) => c.text('busy', 503) }));
 */

import type { Context, MiddlewareHandler, Next } from 'hono';

export interface InFlightOptions {
  max: number;
  onFull: (c: Context) => Response;
}

export function inFlight({ max, onFull }: InFlightOptions): MiddlewareHandler {
  let current = 0;

  return async function boundInFlight(c: Context, next: Next) {
    if (current >= max) return onFull(c);
    current += 1;
    try {
      await next();
    } finally {
      current -= 1;
    }
    return undefined;
  };
}
