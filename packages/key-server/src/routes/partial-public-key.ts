/**
 * `GET /v1/debug/committee_partial_pk`: only committee members have a partial public key; every
 * other mode answers 400 in plain text (protocol §4.1).
 */

import type { Context } from 'hono';
import type { KeyServerEnv } from '../http/env.ts';
import type { KeyServerMetrics } from '../metrics.ts';

export const UNSUPPORTED_TEXT = 'Unsupported';

export function partialPublicKeyRoute(deps: {
  metrics: Pick<KeyServerMetrics, 'serviceRequests'>;
}) {
  return function handlePartialPublicKey(c: Context<KeyServerEnv>): Response {
    deps.metrics.serviceRequests.inc();
    return c.text(UNSUPPORTED_TEXT, 400);
  };
}
