/**
 * Watches the committee version on chain while a rotation is pending, and changes over to the next
 * share when the target is reached (protocol §4.10, §4.12). Whatever should never happen ends the
 * task by throwing, and with it the process: serving keys of a wrong share helps nobody.
 */

import { isChainError } from '@seal-ts/chain';
import type { Engine } from '@seal-ts/crypto';
import { type Logger, pause, ServiceError } from '@seal-ts/service';
import type { CommitteeKeys } from './committee.ts';
import {
  type CommitteeChain,
  type CommitteeMember,
  committeeVersion,
  RegisteredShareError,
  requireRegisteredShare,
} from './committee-chain.ts';

export interface CommitteeMonitorOptions {
  readonly member: CommitteeMember;
  readonly pollMs: number;
}

export interface CommitteeMonitorDeps {
  keys: CommitteeKeys;
  chain: CommitteeChain;
  engine: Engine;
  log: Logger;
}

/** How long the old share is kept for requests that began with it: none takes half as long. */
export const RETIRED_SHARE_MS = 60_000;

/** For how long answers that do not fit together are put down to full nodes that lag behind. */
export const NODE_LAG_MS = 30_000;

/** Ends when no rotation is pending and the old share is wiped, or `signal` aborts. */
export async function watchRotation(
  { member, pollMs }: CommitteeMonitorOptions,
  deps: CommitteeMonitorDeps,
  signal: AbortSignal,
): Promise<void> {
  const { keys, log } = deps;
  if (keys.state.kind !== 'rotation') return;
  // Twice at least, however rarely it looks.
  const maxDoubts = Math.max(1, Math.ceil(NODE_LAG_MS / pollMs) - 1);
  let doubts = 0;
  while (keys.state.kind === 'rotation' && (await pause(pollMs, signal))) {
    try {
      await pollOnce(member, deps, signal);
    } catch (error) {
      // A full node behind a balancer can answer one question before the change and the next after it.
      if (error instanceof RegisteredShareError) doubts++;
      else if (!isChainError(error)) throw error;
      if (doubts > maxDoubts) throw error;
      log.warn({ err: error }, 'cannot follow the committee; looking again');
    }
  }
  if (await pause(RETIRED_SHARE_MS, signal)) keys.wipeRetired();
}

async function pollOnce(
  member: CommitteeMember,
  deps: CommitteeMonitorDeps,
  signal: AbortSignal,
): Promise<void> {
  const { state } = deps.keys;
  if (state.kind !== 'rotation') return;
  const version = await committeeVersion(deps.chain, member.keyServerObjectId, signal);
  if (version === state.target - 1) return;
  if (version !== state.target) {
    throw new ServiceError(
      'OPTION_INVALID',
      `the committee went to version ${version}, not to ${state.target}. ` +
        'Check the rotation, then restart with the right shares.',
    );
  }
  await requireRegisteredShare(state.next, member, deps, signal);
  deps.keys.completeRotation();
  deps.log.info(
    { version },
    'changed over to the next share; restart in Active mode with it alone',
  );
}
