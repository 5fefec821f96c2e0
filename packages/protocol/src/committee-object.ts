/** Objects and events of `seal_committee` (seal-protocol.md §2.4). */
import { type BcsReader, decodeBcs } from './bcs/reader.ts';
import { type BcsWriter, encodeBcs } from './bcs/writer.ts';

export interface CommitteeMemberInfo {
  /** G1, 48 bytes when valid. */
  readonly encryptionKey: Uint8Array;
  /** G2, 96 bytes when valid. */
  readonly signingKey: Uint8Array;
  readonly url: string;
  readonly name: string;
}

/** `VecMap<address, MemberInfo>` in insertion order. */
export type MembersInfo = readonly (readonly [address: string, info: CommitteeMemberInfo])[];

export type CommitteeState =
  | { readonly kind: 'init'; readonly members: MembersInfo }
  | {
      readonly kind: 'postDkg';
      readonly members: MembersInfo;
      readonly partialPublicKeys: readonly Uint8Array[];
      readonly publicKey: Uint8Array;
      readonly messagesHash: Uint8Array;
      readonly approvals: readonly string[];
    }
  | { readonly kind: 'finalized' };

export interface Committee {
  readonly id: string;
  readonly threshold: number;
  /** The party id of a member is its position. */
  readonly members: readonly string[];
  readonly state: CommitteeState;
  readonly oldCommitteeId: string | undefined;
}

/** Contents of a `Committee`. Error: INVALID_BCS. */
export function decodeCommittee(bytes: Uint8Array): Committee {
  return decodeBcs(bytes, (r) => ({
    id: r.address(),
    threshold: r.u16(),
    members: r.vector(address),
    state: readState(r),
    oldCommitteeId: r.option(address),
  }));
}

export function encodeCommittee(value: Committee): Uint8Array<ArrayBuffer> {
  return encodeBcs((w) => {
    w.address(value.id).u16(value.threshold);
    w.vector(value.members, (v, member) => v.address(member));
    writeState(w, value.state);
    w.option(value.oldCommitteeId, (v, id) => v.address(id));
  });
}

export type UpgradeVote = 'approve' | 'reject';

export interface UpgradeProposal {
  /** Package digest, 32 bytes. */
  readonly digest: Uint8Array;
  readonly version: bigint;
  readonly votes: readonly (readonly [address: string, vote: UpgradeVote])[];
}

export interface UpgradeManager {
  readonly id: string;
  readonly cap: {
    readonly id: string;
    readonly package: string;
    readonly version: bigint;
    readonly policy: number;
  };
  readonly proposal: UpgradeProposal | undefined;
}

/** Contents of an `UpgradeManager`. Error: INVALID_BCS. */
export function decodeUpgradeManager(bytes: Uint8Array): UpgradeManager {
  return decodeBcs(bytes, (r) => ({
    id: r.address(),
    cap: { id: r.address(), package: r.address(), version: r.u64(), policy: r.u8() },
    proposal: r.option((v) => ({
      digest: v.byteVector(),
      version: v.u64(),
      votes: v.vector((e) => [e.address(), readVote(e)] as const),
    })),
  }));
}

/** `Field<Wrapper<K>, ID>`: `id ‖ name ‖ child id`; `nameBytes` is 32 for committee key servers. */
export function decodeWrapperField(
  bytes: Uint8Array,
  nameBytes: number,
): { id: string; name: Uint8Array; childId: string } {
  return decodeBcs(bytes, (r) => ({
    id: r.address(),
    name: r.bytes(nameBytes),
    childId: r.address(),
  }));
}

/** Event `CommitteeRotationInitiated`. Error: INVALID_BCS. */
export function decodeRotationInitiated(bytes: Uint8Array): {
  committeeId: string;
  oldCommitteeId: string;
} {
  return decodeBcs(bytes, (r) => ({ committeeId: r.address(), oldCommitteeId: r.address() }));
}

const address = (r: BcsReader): string => r.address();
const blob = (r: BcsReader): Uint8Array => r.byteVector();

function readVote(r: BcsReader): UpgradeVote {
  return r.variant('Vote', 2) === 0 ? 'approve' : 'reject';
}

function readState(r: BcsReader): CommitteeState {
  switch (r.variant('State', 3)) {
    case 0:
      return { kind: 'init', members: readMembers(r) };
    case 1:
      return {
        kind: 'postDkg',
        members: readMembers(r),
        partialPublicKeys: r.vector(blob),
        publicKey: r.byteVector(),
        messagesHash: r.byteVector(),
        approvals: r.vector(address),
      };
    default:
      return { kind: 'finalized' };
  }
}

function readMembers(r: BcsReader): MembersInfo {
  return r.vector((v) => {
    const member = v.address();
    const encryptionKey = v.byteVector();
    const signingKey = v.byteVector();
    return [member, { encryptionKey, signingKey, url: v.string(), name: v.string() }] as const;
  });
}

function writeState(w: BcsWriter, state: CommitteeState): void {
  if (state.kind === 'finalized') {
    w.uleb(2);
    return;
  }
  w.uleb(state.kind === 'init' ? 0 : 1).vector(state.members, (v, [member, info]) => {
    v.address(member).byteVector(info.encryptionKey).byteVector(info.signingKey);
    v.string(info.url).string(info.name);
  });
  if (state.kind === 'init') return;
  w.vector(state.partialPublicKeys, (v, key) => v.byteVector(key));
  w.byteVector(state.publicKey).byteVector(state.messagesHash);
  w.vector(state.approvals, (v, member) => v.address(member));
}
