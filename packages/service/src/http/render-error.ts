/**
 * The one place where a thrown error becomes an answer: named refusals as JSON (protocol §4.4),
 * body rejections as plain text. What is not a refusal becomes one through `asRefusal`; the cause of
 * an internal failure is logged, never sent.
 */

import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { Logger } from '../logs.ts';
import { BodyRejection } from './rejection.ts';

/** A refusal with a name that callers compare. */
export interface Refusal extends Error {
  readonly code: string;
  readonly status: number;
  /** For the log. */
  readonly detail: string;
  toBody(): object;
}

export interface RenderErrorDeps {
  /** A thrown error as a refusal; unexpected ones get the name of an internal failure. */
  asRefusal: (thrown: Error) => Refusal;
  /** Name of the refusal whose detail and cause are logged. */
  internalCode: string;
  errors: { inc(labels: { internal_error_type: string }): void };
  log: Logger;
}

interface RenderVariables {
  signal?: AbortSignal;
  requestId?: string;
  requestLog?: { error?: string };
}

export function renderError({ asRefusal, internalCode, errors, log }: RenderErrorDeps) {
  return function render(thrown: Error, c: Context): Response {
    if (thrown instanceof BodyRejection) return c.text(thrown.message, thrown.status);
    const refusal = asRefusal(thrown);
    const variables = c.var as RenderVariables;
    // Nobody waits for this answer any more: its caller has gone, or was answered when time was up.
    if (variables.signal?.aborted) return c.json(refusal.toBody(), 503);
    if (refusal.code === internalCode) {
      const { detail, cause } = refusal;
      log.warn({ requestId: variables.requestId, detail, err: cause }, 'internal failure');
    }
    errors.inc({ internal_error_type: refusal.code });
    if (variables.requestLog !== undefined) variables.requestLog.error = refusal.code;
    return c.json(refusal.toBody(), refusal.status as ContentfulStatusCode);
  };
}
