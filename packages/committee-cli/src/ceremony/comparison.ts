/**
 * What decides whether a member takes part in a committee, and how it differs from what the member
 * expected, in words. The chain guarantees none of it: anybody can make a committee of any members.
 */
import type { NetworkName } from '@seal-ts/protocol';
import type { CommitteeView } from '../chain/reading.ts';
import type { TrustedList } from '../files/trusted-list.ts';

/** What never changes in the life of a committee. */
export interface CommitteeFacts {
  readonly network: NetworkName;
  readonly committeeId: string;
  readonly packageId: string;
  readonly threshold: number;
  /** In party order. */
  readonly members: readonly string[];
  readonly oldCommitteeId: string | undefined;
  /** In a rotation, the key server that is handed over. */
  readonly keyServerId: string | undefined;
  /** As dkg.yaml has it; the chain does not know. */
  readonly coordinator: string | undefined;
}

export function factsOf(
  view: CommitteeView,
  { network, coordinator }: Pick<CommitteeFacts, 'network' | 'coordinator'>,
): CommitteeFacts {
  const { committee, packageId } = view;
  return {
    network,
    committeeId: committee.id,
    packageId,
    threshold: committee.threshold,
    members: committee.members,
    oldCommitteeId: committee.oldCommitteeId,
    keyServerId: handedOver(view),
    coordinator,
  };
}

/** The key server that a rotation hands over, before and after it is completed. */
export function handedOver({ committee, old, keyServer }: CommitteeView): string | undefined {
  if (committee.oldCommitteeId === undefined) return undefined;
  return (old?.keyServer ?? keyServer)?.objectId;
}

export interface Compared {
  /** What was compared. */
  readonly name: string;
  /** What both say; or, with `differs`, what is wrong. */
  readonly text: string;
  readonly differs: boolean;
}

/** A member's own list against the chain. */
export function compareWithList(list: TrustedList, facts: CommitteeFacts): Compared[] {
  const { network, coordinator, packageId } = list;
  return [
    ...(network === undefined ? [] : [plain('network', network, facts.network)]),
    { name: 'members', ...membersCompared(list.members, facts.members) },
    plain('threshold', String(list.threshold), String(facts.threshold)),
    keyServerCompared(list, facts),
    ...(packageId === undefined ? [] : [plain('package', packageId, facts.packageId)]),
    ...(coordinator === undefined
      ? []
      : [plain('coordinator', coordinator, facts.coordinator ?? 'nobody', 'dkg.yaml names')]),
  ];
}

/** What was recorded against the chain, as words; empty when nothing differs. */
export function changedSince(record: CommitteeFacts, facts: CommitteeFacts): string[] {
  const members = membersCompared(record.members, facts.members);
  const pairs: [string, string | undefined, string | undefined][] = [
    ['network', record.network, facts.network],
    ['committee', record.committeeId, facts.committeeId],
    ['package', record.packageId, facts.packageId],
    ['threshold', String(record.threshold), String(facts.threshold)],
    ['old committee', record.oldCommitteeId, facts.oldCommitteeId],
    ['key server', record.keyServerId, facts.keyServerId],
    ['coordinator', record.coordinator, facts.coordinator],
  ];
  return [
    ...pairs
      .filter(([, was, is]) => was !== is)
      .map(([name, was, is]) => `${name}: verified ${was ?? 'none'}, now ${is ?? 'none'}`),
    ...(members.differs ? [`members: ${members.text}`] : []),
  ];
}

function plain(name: string, wanted: string, found: string, says = 'the chain has'): Compared {
  if (wanted === found) return { name, text: found, differs: false };
  return { name, text: `your list has ${wanted}, ${says} ${found}`, differs: true };
}

function keyServerCompared(list: TrustedList, facts: CommitteeFacts): Compared {
  const name = 'key server';
  const { keyServerId: found, oldCommitteeId } = facts;
  if (list.keyServerId === undefined && oldCommitteeId === undefined) {
    return { name, text: 'none yet; this committee makes a first key', differs: false };
  }
  if (oldCommitteeId === undefined) {
    const text =
      `your list has ${list.keyServerId}, but this committee makes a first key; it takes nothing ` +
      'over. Is this the right ceremony?';
    return { name, text, differs: true };
  }
  if (list.keyServerId === undefined) {
    const text =
      `this committee takes over the key server ${found ?? 'of another committee'}, and your list ` +
      'has no KEY_SERVER_OBJ_ID. Add the key_server_obj_id of your own key server configuration';
    return { name, text, differs: true };
  }
  return plain(name, list.keyServerId, found ?? 'none');
}

function membersCompared(
  wanted: readonly string[],
  found: readonly string[],
): Omit<Compared, 'name'> {
  const missing = wanted.filter((member) => !found.includes(member));
  const strangers = found.filter((member) => !wanted.includes(member));
  const at = (member: string) => `${member} (party ${found.indexOf(member)})`;
  const parts: string[] = [];
  if (missing.length > 0) parts.push(`missing on chain: ${missing.join(', ')}`);
  if (strangers.length > 0) parts.push(`not in your list: ${strangers.map(at).join(', ')}`);
  if (parts.length > 0) return { text: parts.join('; '), differs: true };
  const moved = wanted.findIndex((member, index) => found[index] !== member);
  if (moved >= 0) {
    const text =
      `the same members in another order: party ${moved} is ${found[moved]} on chain and ` +
      `${wanted[moved]} in your list. The position is the party id; ask the coordinator which holds`;
    return { text, differs: true };
  }
  return { text: `the ${found.length} of your list, in its order`, differs: false };
}
