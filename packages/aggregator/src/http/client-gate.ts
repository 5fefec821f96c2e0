/**
 * The gate in front of key requests (protocol §5.4): unlike at a key server, the caller must state
 * its type, and only the known types of client are served. Runs before any body is read.
 */

import {
  type AggregatorClientType,
  checkAggregatorClient,
  HEADERS,
  isGatedType,
  type VersionRequirement,
  versionLabel,
} from '@seal-ts/protocol';
import type { Context, MiddlewareHandler, Next } from 'hono';
import type { AggregatorMetrics } from '../metrics.ts';
import type { AggregatorEnv } from './env.ts';

/** Longest piece of a caller's header that is logged. */
export const MAX_LOGGED_HEADER_CHARACTERS = 32;

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
    const version = c.req.header(HEADERS.clientSdkVersion);
    const type = c.req.header(HEADERS.clientSdkType);
    const sdkType = isGatedType(type) ? type : 'other';
    const log = c.get('requestLog');
    log.sdkType = sdkType;
    const target = c.req.header(HEADERS.clientTargetApiVersion);
    if (target !== undefined) log.targetApiVersion = printable(target);
    if (version !== undefined) {
      log.sdkVersion = printable(version);
      metrics.clientVersions.inc({ sdk_type: sdkType, version: versionLabel(version) });
    }
    checkAggregatorClient(text(version), text(type, 'type'), gates);
    await next();
  };
}

/** A header that is not ASCII is no text (§5.4): not a type at all, and not a version. */
function text(value: string | undefined, kind: 'type' | 'version' = 'version') {
  if (value === undefined || /^[\x20-\x7e\t]*$/.test(value)) return value;
  return kind === 'type' ? undefined : '';
}

function printable(value: string): string {
  return value.slice(0, MAX_LOGGED_HEADER_CHARACTERS).replace(/[^\x20-\x7e]/g, '?');
}
