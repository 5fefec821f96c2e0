/**
 * The gate in front of every `/v1` route (protocol §4.2): the caller must state its version, and
 * known client types must be recent enough. Runs before any body is read.
 */

import {
  checkClientVersion,
  HEADERS,
  isGatedType,
  type VersionGates,
  versionLabel,
} from '@seal-ts/protocol';
import type { Context, MiddlewareHandler, Next } from 'hono';
import type { KeyServerMetrics } from '../metrics.ts';
import type { KeyServerEnv } from './env.ts';

/** Longest piece of a caller's header that is logged. */
export const MAX_LOGGED_HEADER_CHARACTERS = 32;

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
    checkClientVersion(version, type, gates);
    await next();
  };
}

function printable(text: string): string {
  return text.slice(0, MAX_LOGGED_HEADER_CHARACTERS).replace(/[^\x20-\x7e]/g, '?');
}
