/** State of a committee as data, and as the lines that people read (seal-protocol.md §6.3.6). */
import { toBase64 } from '@seal-ts/protocol';
import { plain } from '../ceremony/people.ts';
import type { CommitteeView } from '../chain/reading.ts';
import { hex } from '../files/hex.ts';

/** Longest part of a server's URL that is shown. */
const MAX_URL = 256;

export interface MemberReport {
  readonly address: string;
  readonly partyId: number;
  readonly registered: boolean;
  readonly proposed: boolean;
  readonly name: string | undefined;
  readonly url: string | undefined;
  /** Base64 of 96 bytes, as the debug endpoint of a key server shows it. */
  readonly partialPublicKey: string | undefined;
}

export interface CommitteeReport {
  readonly committeeId: string;
  readonly packageId: string;
  readonly oldCommitteeId: string | undefined;
  readonly threshold: number;
  readonly state: 'init' | 'postDkg' | 'finalized';
  readonly members: readonly MemberReport[];
  /** Hash of the message set that was proposed. */
  readonly messagesHash: string | undefined;
  readonly keyServerId: string | undefined;
  readonly committeeVersion: number | undefined;
}

export function report(view: CommitteeView): CommitteeReport {
  const { committee, packageId, keyServer } = view;
  const { state } = committee;
  const infos = new Map(state.kind === 'finalized' ? [] : state.members);
  const approvals = state.kind === 'postDkg' ? state.approvals : [];
  const finalized = state.kind === 'finalized';
  const members = committee.members.map((address, partyId) => {
    const info = infos.get(address);
    const partial = keyServer?.partials[partyId];
    return {
      address,
      partyId,
      registered: finalized || info !== undefined,
      proposed: finalized || approvals.includes(address),
      name: partial?.name ?? info?.name,
      url: partial?.url ?? info?.url,
      partialPublicKey: partial && toBase64(partial.partialPublicKey),
    };
  });
  return {
    committeeId: committee.id,
    packageId,
    oldCommitteeId: committee.oldCommitteeId,
    threshold: committee.threshold,
    state: state.kind,
    members,
    messagesHash: state.kind === 'postDkg' ? hex(state.messagesHash) : undefined,
    keyServerId: keyServer?.objectId,
    committeeVersion: keyServer?.version,
  };
}

/** What people read. Names and URLs are foreign text, and shown as such. */
export function reportLines(found: CommitteeReport): string[] {
  const lines = [
    `Committee ID: ${found.committeeId}`,
    `Members: ${found.members.length}`,
    `Threshold: ${found.threshold}`,
  ];
  if (found.oldCommitteeId !== undefined) lines.push(`Rotates from: ${found.oldCommitteeId}`);
  switch (found.state) {
    case 'init':
      return [...lines, ...initLines(found)];
    case 'postDkg':
      return [...lines, ...proposedLines(found)];
    case 'finalized':
      return [...lines, ...finalizedLines(found)];
  }
}

function initLines({ members }: CommitteeReport): string[] {
  const registered = members.filter((member) => member.registered);
  const missing = members.filter((member) => !member.registered);
  return [
    'State: Init',
    `Registered members (${registered.length}/${members.length}):`,
    ...registered.map(
      ({ address, partyId, name }) => `  ${address} party ${partyId} ${plain(name ?? '')}`,
    ),
    ...(missing.length === 0
      ? ['All members are registered. Phase B (message creation) may start.']
      : [
          `Missing members (${missing.length}):`,
          ...missing.map(({ address, partyId }) => `  ${address} party ${partyId}`),
          'Wait for them before phase B.',
        ]),
  ];
}

function proposedLines({ members, messagesHash }: CommitteeReport): string[] {
  const approved = members.filter((member) => member.proposed);
  const open = members.filter((member) => !member.proposed);
  return [
    'State: PostDKG',
    `Message set hash: ${messagesHash ?? ''}`,
    `Approved (${approved.length}/${members.length}):`,
    ...approved.map(({ address, partyId }) => `  ${address} party ${partyId}`),
    `Not approved yet (${open.length}):`,
    ...open.map(({ address, partyId }) => `  ${address} party ${partyId}`),
  ];
}

function finalizedLines({ members, keyServerId, committeeVersion }: CommitteeReport): string[] {
  return [
    'State: Finalized',
    `KEY_SERVER_OBJ_ID: ${keyServerId ?? ''}`,
    `COMMITTEE_VERSION: ${committeeVersion ?? ''}`,
    'Partial key servers:',
    ...members.flatMap(({ address, partyId, name, url, partialPublicKey }) => [
      `  Party ID: ${partyId}`,
      `    Address: ${address}`,
      `    Name: ${plain(name ?? '')}`,
      `    URL: ${plain(url ?? '', MAX_URL)}`,
      `    Partial public key: ${partialPublicKey ?? ''}`,
    ]),
  ];
}
