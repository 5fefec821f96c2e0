/** Which committees a stack has: `--committee 2of3`, and the ports that they take. */
import { DevError } from '../errors.ts';

/** Limits of a development committee; the protocol allows more. */
export const MIN_COMMITTEE_THRESHOLD = 2;
export const MAX_COMMITTEE_MEMBERS = 10;
export const MAX_COMMITTEES = 4;

export interface CommitteePlan {
  readonly name: string;
  readonly threshold: number;
  readonly members: number;
}

/** Reads `2of3`, `3of5`, … Errors: DEV_BAD_OPTION. */
export function parseCommittees(specs: readonly string[]): CommitteePlan[] {
  if (specs.length > MAX_COMMITTEES) {
    throw new DevError('DEV_BAD_OPTION', `a stack has at most ${MAX_COMMITTEES} committees`);
  }
  return specs.map((spec, i) => {
    const match = /^(\d{1,2})of(\d{1,2})$/.exec(spec);
    const [threshold, members] = [Number(match?.[1]), Number(match?.[2])];
    const valid =
      match &&
      threshold >= MIN_COMMITTEE_THRESHOLD &&
      threshold <= members &&
      members <= MAX_COMMITTEE_MEMBERS;
    if (!valid) {
      throw new DevError(
        'DEV_BAD_OPTION',
        `--committee ${spec}: write t and n as in 2of3, with ${MIN_COMMITTEE_THRESHOLD} ≤ t ≤ n ` +
          `≤ ${MAX_COMMITTEE_MEMBERS}`,
      );
    }
    return { name: `committee-${i + 1}`, threshold, members };
  });
}

/** HTTP and metrics ports of the members and of the aggregator. */
export function serversOf(plans: readonly CommitteePlan[]): number {
  return plans.reduce((sum, plan) => sum + plan.members + 1, 0);
}
