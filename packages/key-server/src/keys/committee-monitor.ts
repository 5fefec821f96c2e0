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

/** Ends when no rotation is pending, or `signal` aborts. */
export async function watchRotation(
  { member, pollMs }: CommitteeMonitorOptions,
  deps: CommitteeMonitorDeps,
  signal: AbortSignal,
): Promise<void> {
  while (isPending(deps.keys) && (await pause(pollMs, signal))) {
    try {
      await pollOnce(member, deps, signal);
    } catch (error) {
      if (!isChainError(error)) throw error;
      deps.log.warn({ err: error }, 'cannot read the committee version');
    }
  }
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

function isPending({ state }: CommitteeKeys): boolean {
  return state.kind === 'rotation' && state.onChain !== state.target;
}
