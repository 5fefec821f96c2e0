/**
 * What the Move package `seal_committee` means when it refuses a call: nodes answer with a number only
 * (constants of move/committee/sources/seal_committee.move).
 */

const MEANINGS: readonly (readonly [name: string, text: string])[] = [
  ['ENotMember', 'the sender is no member of the committee; act as one with --active-address'],
  ['EInvalidMembers', 'a member is listed twice, or there are too many'],
  ['EInvalidThreshold', 'the threshold must be 2 to the number of members'],
  ['EInsufficientOldMembers', 'too few members of the old committee go on to reach its threshold'],
  ['EAlreadyRegistered', 'this member has registered already; see check-committee'],
  ['ENotRegistered', 'not all members have registered yet; see check-committee'],
  ['EAlreadyProposed', 'this member has proposed already; see check-committee'],
  ['EInvalidProposal', 'others proposed another result; compare message sets with the coordinator'],
  ['EInvalidState', 'the committee is in another phase by now; see check-committee'],
  ['ENameAlreadyTaken', 'another member has this server name; choose another --server-name'],
  [
    'ENotAuthorized',
    'only members of the current committee vote; act as one with --active-address',
  ],
  ['EInvalidPackageDigest', 'a digest has 32 bytes'],
  ['ENoProposalForDigest', 'no such upgrade is proposed; see check-key-server-status'],
  ['ENotEnoughVotes', 'too few members have voted so; see check-key-server-status'],
  ['EWrongVersion', 'the proposal is for another version; reject and reset it'],
  ['EWrongUpgradeCap', 'the upgrade capability is of another package'],
];

const ABORT = /abort code: (\d+), in '0x[0-9a-f]+::seal_committee::/;

/** The meaning of an abort in an error's message, or undefined when there is none. */
export function abortMeaning(message: string): string | undefined {
  const code = ABORT.exec(message)?.[1];
  const known = code === undefined ? undefined : MEANINGS[Number(code)];
  return known && `${known[0]}: ${known[1]}`;
}
