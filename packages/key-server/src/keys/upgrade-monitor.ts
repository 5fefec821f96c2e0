/**
 * Counts proposals to upgrade the committee's Move package, so that an operator's alert asks for a
 * vote (protocol §4.10). Only a metric: failures are logged and the next poll tries again.
 */

import { committeeOfKeyServer, moveContents, type ServerChain } from '@seal-ts/chain';
import { decodeUpgradeManager, decodeWrapperField, upgradeManagerFieldId } from '@seal-ts/protocol';
import { type Logger, runPeriodically } from '@seal-ts/service';
import type { KeyServerMetrics } from '../metrics.ts';
import type { ChainWatchOptions } from './rotation-events.ts';

/** The key of the wrapper field is an empty struct: one byte. */
const KEY_BYTES = 1;
/** These reads in the metric of node calls. */
const METHOD = 'fetch_upgrade_proposal';

export interface UpgradeMonitorDeps {
  chain: Pick<ServerChain, 'object'>;
  metrics: Pick<KeyServerMetrics, 'upgradeInitiated'>;
  log: Logger;
}

/** Polls until `signal` aborts. */
export function watchUpgrades(
  { keyServerObjectId, pollMs: intervalMs }: ChainWatchOptions,
  { chain, metrics, log }: UpgradeMonitorDeps,
  signal: AbortSignal,
): Promise<void> {
  let lastSeen = 0n;
  return runPeriodically({ intervalMs, signal }, async () => {
    try {
      const version = await proposedVersion(keyServerObjectId, chain, signal);
      if (version === undefined || version === lastSeen) return;
      lastSeen = version;
      metrics.upgradeInitiated.inc();
      log.info({ version: String(version) }, 'an upgrade of the committee package is proposed');
    } catch (err) {
      if (!signal.aborted) log.warn({ err }, 'cannot read the upgrade proposal');
    }
  });
}

async function proposedVersion(
  keyServerObjectId: string,
  chain: Pick<ServerChain, 'object'>,
  signal: AbortSignal,
): Promise<bigint | undefined> {
  const { committee, packageId } = await committeeOfKeyServer(chain, keyServerObjectId, {
    method: METHOD,
    signal,
  });
  const fieldId = upgradeManagerFieldId(committee.id, packageId);
  const field = await contents(chain, fieldId, signal);
  const { childId } = decodeWrapperField(field, KEY_BYTES);
  return decodeUpgradeManager(await contents(chain, childId, signal)).proposal?.version;
}

async function contents(
  chain: Pick<ServerChain, 'object'>,
  objectId: string,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const { bcs } = await chain.object(objectId, { method: METHOD, signal, mask: ['bcs'] });
  return moveContents(bcs ?? new Uint8Array(), objectId);
}
