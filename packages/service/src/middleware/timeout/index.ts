/**
 * Bounds the time of a request. When it is up, the handler's `signal` aborts and the caller gets
 * the answer of `onTimeout`, whether or not the handler has noticed.
 *
 * @example
 * app.use(deadline({ timeoutMs: 30_000, onTimeout: (c) => c.text('busy', 503) }));
 * app.get('/', async (c) => c.json(await read({ signal: c.get('signal') })));
 */

import type { Context, MiddlewareHandler, Next } from 'hono';
import type { ServiceEnv } from '../env.ts';

export interface DeadlineOptions {
  timeoutMs: number;
  onTimeout: (c: Context<ServiceEnv>) => Response;
}

export function deadline(options: DeadlineOptions): MiddlewareHandler<ServiceEnv> {
  const { timeoutMs, onTimeout } = options;

  return async function boundTime(c: Context<ServiceEnv>, next: Next) {
    const controller = new AbortController();
    const { signal: caller } = c.req.raw;
    // The HTTP layer's reason is a text, which nobody could catch as an error.
    const onGone = () => controller.abort(new DOMException('the caller has gone', 'AbortError'));
    if (caller.aborted) onGone();
    else caller.addEventListener('abort', onGone, { once: true });
    c.set('signal', controller.signal);
    let timer: NodeJS.Timeout | undefined;
    const timedOut = new Promise<'late'>((resolve) => {
      timer = setTimeout(resolve, timeoutMs, 'late');
    });
    const handled = next();
    try {
      if ((await Promise.race([handled, timedOut])) !== 'late') return undefined;
    } finally {
      clearTimeout(timer);
      caller.removeEventListener('abort', onGone);
    }
    const answer = onTimeout(c);
    controller.abort(new DOMException(`no answer within ${timeoutMs} ms`, 'TimeoutError'));
    // The abandoned handler may still fail; its caller has an answer already.
    handled.catch(() => undefined);
    return answer;
  };
}
