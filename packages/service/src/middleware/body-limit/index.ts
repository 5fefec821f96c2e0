/**
 * Refuses request bodies above a limit with 413 and a plain body: at once when Content-Length says
 * so, otherwise while reading. Counting is hono's; the answer is ours.
 *
 * @example
 * app.use(bodyLimit({ maxBytes: 180 * 1024 }));
 */

import type { MiddlewareHandler } from 'hono';
import { bodyLimit as honoBodyLimit } from 'hono/body-limit';

export interface BodyLimitOptions {
  /** The largest accepted body, in bytes. */
  maxBytes: number;
}

export const BODY_LIMIT_TEXT = 'length limit exceeded';

export function bodyLimit({ maxBytes }: BodyLimitOptions): MiddlewareHandler {
  return honoBodyLimit({
    maxSize: maxBytes,
    onError: (c) => c.text(BODY_LIMIT_TEXT, 413),
  });
}
