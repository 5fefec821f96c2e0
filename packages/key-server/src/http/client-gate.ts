/**
 * The gate in front of every `/v1` route (protocol §4.2): the caller must state its version, and
 * known client types must be recent enough. Runs before any body is read.
 */

import { checkClientVersion, clientHeaders, type VersionGates } from '@seal-ts/protocol';
import type { Context, MiddlewareHandler, Next } from 'hono';
import type { KeyServerMetrics } from '../metrics.ts';
import type { KeyServerEnv } from './env.ts';

export interface ClientGateOptions {
  gates: VersionGates;
}
export interface ClientGateDeps {
  metrics: Pick<KeyServerMetrics, 'clientVersions'>;
}

export function clientGate(
  { gates }: ClientGateOptions,
  { metrics }: ClientGateDeps,
): MiddlewareHandler<KeyServerEnv> {
  return async function checkClient(c: Context<KeyServerEnv>, next: Next) {
    const { type, version, logged, labels } = clientHeaders((name) => c.req.header(name));
    Object.assign(c.get('requestLog'), logged);
    if (labels !== undefined) metrics.clientVersions.inc(labels);
    checkClientVersion(version, type, gates);
    await next();
  };
}
