/**
 * The effective configuration for the start-up log: what may be seen. URLs lose their user, path
 * and query, where providers put API keys; of credentials only the names of members are listed.
 */

import type { Settings } from './settings.ts';

export function settingsSummary(settings: Settings): Record<string, unknown> {
  const { credentials, push, allowedRanges } = settings;
  const unpinned = [...credentials].filter(([, { url }]) => url === undefined);
  return {
    network: settings.network,
    node: new URL(settings.nodeUrl).origin,
    keyServerObjectId: settings.keyServerObjectId,
    engine: settings.engine,
    port: settings.port,
    metricsPort: settings.metricsPort,
    memberTimeoutMs: settings.memberTimeoutMs,
    refreshIntervalMs: settings.refreshIntervalMs,
    credentials: [...credentials.keys()].join(', '),
    credentialsWithoutUrl: unpinned.map(([name]) => name).join(', ') || undefined,
    allowHttp: settings.allowHttp || undefined,
    allowAddresses: allowedRanges.length === 0 ? undefined : allowedRanges.join(', '),
    metricsPush: push === undefined ? undefined : new URL(push.push_url).origin,
  };
}
