/**
 * What a caller is told when too few members gave a share (protocol §5.5, step 5): the refusal that
 * most members agree on. Members that gave no refusal of their own (unreachable, lying, without
 * credential) have no vote unless nobody else does; why each failed stands in the log.
 */

import { SealServerError, type ServerErrorBody, statusOfServerError } from '@seal-ts/protocol';
import type { Refusal } from '@seal-ts/service';
import type { MemberFailure } from '../members/failure.ts';

/** A member's refusal, passed on. */
export class RelayedRefusal extends Error implements Refusal {
  override readonly name = 'RelayedRefusal';
  readonly code: string;
  readonly status: number;
  readonly detail = 'relayed from members';

  constructor({ error, message }: ServerErrorBody) {
    super(message);
    this.code = error;
    this.status = statusOfServerError(error);
  }

  toBody(): ServerErrorBody {
    return { error: this.code, message: this.message };
  }
}

/** `failures` in the order in which they came. */
export function majorityRefusal(failures: Iterable<MemberFailure>): Refusal {
  const votes = new Map<string, { count: number; first: ServerErrorBody }>();
  for (const { refusal } of failures) {
    if (refusal === undefined) continue;
    const vote = votes.get(refusal.error) ?? { count: 0, first: refusal };
    vote.count += 1;
    votes.set(refusal.error, vote);
  }
  const [winner] = [...votes.values()].sort((a, b) => b.count - a.count);
  if (winner === undefined || winner.first.error === 'Failure') {
    return new SealServerError('Failure', 'too few members gave a share');
  }
  return new RelayedRefusal(winner.first);
}
