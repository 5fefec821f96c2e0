/**
 * The effective configuration for the start-up log. The reference logs the metrics token here; we
 * list what may be seen. URLs lose their user, path and query, where providers put API keys.
 */

import { formatDuration } from '@seal-ts/service';
import type { Settings } from './settings.ts';

export function settingsSummary(settings: Settings): Record<string, unknown> {
  const { mode, push } = settings;
  const isCommittee = mode.tag === 'Committee';
  return {
    network: settings.network,
    sealPackage: settings.sealPackage,
    node: new URL(settings.nodeUrl).origin,
    nodeHeader: settings.nodeHeader?.name,
    mode: mode.tag,
    clients: mode.tag === 'Permissioned' ? mode.client_configs.length : undefined,
    engine: settings.engine,
    port: settings.port,
    metricsPort: settings.metricsPort,
    gasPriceInterval: formatDuration(settings.gasPriceIntervalMs),
    allowedStaleness: formatDuration(settings.allowedStalenessMs),
    sessionTtlMax: formatDuration(settings.sessionTtlMaxMs),
    committeePollInterval: isCommittee ? formatDuration(settings.committeePollMs) : undefined,
    eventPollInterval:
      isCommittee && settings.eventMonitoring ? formatDuration(settings.eventPollMs) : undefined,
    metricsPush: push === undefined ? undefined : new URL(push.push_url).origin,
  };
}
