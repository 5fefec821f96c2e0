/** Which committees a stack has: `--committee 2of3`, and what they can be rotated to. */
import { DevError } from '../errors.ts';

/** Limits of a development committee; the protocol allows more. */
export const MIN_COMMITTEE_THRESHOLD = 2;
export const MAX_COMMITTEE_MEMBERS = 10;
export const MAX_COMMITTEES = 4;

export interface CommitteeSize {
  readonly threshold: number;
  readonly members: number;
}

export interface CommitteePlan extends CommitteeSize {
  readonly name: string;
}

/** Reads `2of3`, `3of5`, …; `where` names the option in errors. Errors: DEV_BAD_OPTION. */
export function parseSize(spec: string, where: string): CommitteeSize {
  const match = /^(\d{1,2})of(\d{1,2})$/.exec(spec);
  const [threshold, members] = [Number(match?.[1]), Number(match?.[2])];
  const valid =
    match &&
    threshold >= MIN_COMMITTEE_THRESHOLD &&
    threshold <= members &&
    members <= MAX_COMMITTEE_MEMBERS;
  if (valid) return { threshold, members };
  throw new DevError(
    'DEV_BAD_OPTION',
    `${where} ${spec}: write t and n as in 2of3, with ${MIN_COMMITTEE_THRESHOLD} ≤ t ≤ n ` +
      `≤ ${MAX_COMMITTEE_MEMBERS}`,
  );
}

/** The committees of `--committee` options, in their order. Errors: DEV_BAD_OPTION. */
export function parseCommittees(specs: readonly string[]): CommitteePlan[] {
  if (specs.length > MAX_COMMITTEES) {
    throw new DevError('DEV_BAD_OPTION', `a stack has at most ${MAX_COMMITTEES} committees`);
  }
  return specs.map((spec, i) => ({
    name: `committee-${i + 1}`,
    ...parseSize(spec, '--committee'),
  }));
}

/** How many members of `old` go on into `next`: `wanted`, or as many as can. Errors: DEV_BAD_OPTION. */
export function continuingMembers(
  old: CommitteeSize,
  next: CommitteeSize,
  wanted: number | undefined,
): number {
  const most = Math.min(old.members, next.members);
  if (most < old.threshold) {
    throw new DevError(
      'DEV_BAD_OPTION',
      `${sizeText(next)}: only ${most} of the ${old.members} members could go on, and ` +
        `${old.threshold} of them, the current threshold, must hand the key over`,
    );
  }
  const continuing = wanted ?? most;
  if (Number.isInteger(continuing) && continuing >= old.threshold && continuing <= most) {
    return continuing;
  }
  throw new DevError(
    'DEV_BAD_OPTION',
    `--continuing ${continuing}: from ${sizeText(old)} to ${sizeText(next)}, ${old.threshold} to ` +
      `${most} members can go on`,
  );
}

export const sizeText = ({ threshold, members }: CommitteeSize): string =>
  `${threshold}of${members}`;
