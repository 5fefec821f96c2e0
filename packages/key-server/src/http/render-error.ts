/**
 * The one place where a thrown error becomes an answer: named refusals as JSON (protocol §4.4),
 * body rejections as plain text, and anything else as `Failure`, whose cause is logged, never sent.
 */

import { SealServerError } from '@seal-ts/protocol';
import type { Logger } from '@seal-ts/service';
import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { KeyServerMetrics } from '../metrics.ts';
import type { KeyServerEnv } from './env.ts';
import { BodyRejection } from './rejection.ts';

export interface RenderErrorDeps {
  metrics: Pick<KeyServerMetrics, 'errors'>;
  log: Logger;
}

export function renderError({ metrics, log }: RenderErrorDeps) {
  return function render(thrown: Error, c: Context<KeyServerEnv>): Response {
    if (thrown instanceof BodyRejection) return c.text(thrown.message, thrown.status);
    const refusal =
      thrown instanceof SealServerError
        ? thrown
        : new SealServerError('Failure', 'unexpected error', { cause: thrown });
    // Nobody waits for this answer any more: its caller has gone, or was answered when time was up.
    if (c.get('signal')?.aborted) return c.json(refusal.toBody(), 503);
    if (refusal.code === 'Failure') {
      const { detail, cause } = refusal;
      log.warn({ requestId: c.get('requestId'), detail, err: cause }, 'internal failure');
    }
    metrics.errors.inc({ internal_error_type: refusal.code });
    const fields = c.get('requestLog');
    if (fields !== undefined) fields.error = refusal.code;
    return c.json(refusal.toBody(), refusal.status as ContentfulStatusCode);
  };
}
