/**
 * Counts initiated rotations of the committee, so that an operator's alert asks for the next share
 * (protocol §4.10). Only a metric: failures are logged and the next poll tries again.
 */

import {
  type ChainEvents,
  committeeOfKeyServer,
  isChainError,
  type ServerChain,
} from '@seal-ts/chain';
import { decodeRotationInitiated } from '@seal-ts/protocol';
import { type Logger, pause } from '@seal-ts/service';
import type { KeyServerMetrics } from '../metrics.ts';

export interface ChainWatchOptions {
  readonly keyServerObjectId: string;
  readonly pollMs: number;
}

type Chain = Pick<ServerChain, 'object'> & ChainEvents;

export interface RotationEventsDeps {
  chain: Chain;
  metrics: Pick<KeyServerMetrics, 'rotationInitiated'>;
  log: Logger;
}

/** Polls until `signal` aborts, or the node turns out to have no event list. */
export async function watchRotationEvents(
  { keyServerObjectId, pollMs }: ChainWatchOptions,
  deps: RotationEventsDeps,
  signal: AbortSignal,
): Promise<void> {
  let place: Place | undefined;
  while (await pause(pollMs, signal)) {
    try {
      place = await (place === undefined
        ? latest(keyServerObjectId, deps.chain, signal)
        : countNew(place, keyServerObjectId, deps, signal));
    } catch (err) {
      if (signal.aborted) return;
      if (isChainError(err) && err.grpcStatus === 'UNIMPLEMENTED') {
        const text = 'rotation events are not watched: the full node has no event list';
        deps.log.warn({ err }, text);
        return;
      }
      deps.log.warn({ err }, 'cannot read rotation events');
    }
  }
}

/** How far the events of one type are counted. */
interface Place {
  eventType: string;
  cursor: Uint8Array | undefined;
}

/** What happened before the start is not counted: the first poll only takes the place. */
async function latest(
  keyServerObjectId: string,
  chain: Chain,
  signal: AbortSignal,
): Promise<Place> {
  const { packageId } = await committeeOfKeyServer(chain, keyServerObjectId, { signal });
  const eventType = `${packageId}::seal_committee::CommitteeRotationInitiated`;
  const { cursor } = await chain.events({ eventType, page: 'latest' }, { signal });
  return { eventType, cursor };
}

/** Reads all that it needs before it counts, so that nothing is counted twice. */
async function countNew(
  place: Place,
  keyServerObjectId: string,
  { chain, metrics, log }: RotationEventsDeps,
  signal: AbortSignal,
): Promise<Place> {
  const { contents, cursor } = await chain.events({ ...place, page: 'next' }, { signal });
  if (contents.length === 0) return { ...place, cursor };
  const { committee } = await committeeOfKeyServer(chain, keyServerObjectId, { signal });
  const rotations = contents.map(decodeRotationInitiated);
  for (const { committeeId, oldCommitteeId } of rotations) {
    metrics.rotationInitiated.inc();
    if (committee.id === oldCommitteeId) {
      log.info({ committeeId }, 'a rotation of the committee is initiated');
    } else {
      const fields = { committeeId, oldCommitteeId, ours: committee.id };
      log.warn(fields, 'a rotation of another committee is initiated');
    }
  }
  return { ...place, cursor };
}
