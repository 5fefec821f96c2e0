/**
 * The gate in front of key requests (protocol §5.4): unlike at a key server, the caller must state
 * its type, and only the known types of client are served. Runs before any body is read.
 */

import {
  type AggregatorClientType,
  checkAggregatorClient,
  clientHeaders,
  type VersionRequirement,
} from '@seal-ts/protocol';
import type { Context, MiddlewareHandler, Next } from 'hono';
import type { AggregatorMetrics } from '../metrics.ts';
import type { AggregatorEnv } from './env.ts';

export interface ClientGateOptions {
  gates: Readonly<Record<AggregatorClientType, VersionRequirement>>;
}
export interface ClientGateDeps {
  metrics: Pick<AggregatorMetrics, 'clientVersions'>;
}

export function clientGate(
  { gates }: ClientGateOptions,
  { metrics }: ClientGateDeps,
): MiddlewareHandler<AggregatorEnv> {
  return async function checkClient(c: Context<AggregatorEnv>, next: Next) {
    const { type, version, logged, labels } = clientHeaders((name) => c.req.header(name));
    Object.assign(c.get('requestLog'), logged);
    if (labels !== undefined) metrics.clientVersions.inc(labels);
    checkAggregatorClient(text(version), text(type, 'type'), gates);
    await next();
  };
}

/** A header that is not ASCII is no text (§5.4): not a type at all, and not a version. */
function text(value: string | undefined, kind: 'type' | 'version' = 'version') {
  if (value === undefined || /^[\x20-\x7e\t]*$/.test(value)) return value;
  return kind === 'type' ? undefined : '';
}
