/**
 * From the chain to a member's snapshot, with every check that comes before making a message
 * (seal-protocol.md §6.3.4).
 */
import type { Engine } from '@seal-ts/crypto';
import type { CommitteeMemberInfo } from '@seal-ts/protocol';
import type { CommitteeView } from '../chain/reading.ts';
import { CommitteeError } from '../errors.ts';
import type { CeremonyFile } from '../files/ceremony-file.ts';
import type { DkgKey } from '../files/dkg-key.ts';
import { hex } from '../files/hex.ts';
import type { CeremonySnapshot, PublicSnapshot, RotationSnapshot } from './snapshot.ts';

export interface MemberInputs {
  readonly address: string;
  readonly key: DkgKey;
  /** Secret; the master share of the committee that hands over. */
  readonly oldShare: Uint8Array | undefined;
}

/** Errors: COMMITTEE_CHAIN, COMMITTEE_STATE, COMMITTEE_BAD_OPTION. */
export function prepare(
  engine: Engine,
  view: CommitteeView,
  { address, key, oldShare }: MemberInputs,
): CeremonySnapshot {
  const { committee } = view;
  const myPartyId = partyIdOf(view, address);
  const infos = registeredMembers(view);
  const mine = infos[myPartyId] as CommitteeMemberInfo;
  if (
    hex(mine.encryptionKey) !== hex(key.encryptionKey) ||
    hex(mine.signingKey) !== hex(key.signingKey)
  ) {
    throw new CommitteeError(
      'COMMITTEE_STATE',
      `dkg.key does not hold the keys that ${address} registered in committee ${committee.id} ` +
        `(registered ${hex(mine.encryptionKey)}, dkg.key has ${hex(key.encryptionKey)}); ` +
        'restore the right dkg.key, or ask the coordinator to start over',
    );
  }
  return {
    committeeId: committee.id,
    threshold: committee.threshold,
    myPartyId,
    encryptionKeys: infos.map((info) => info.encryptionKey),
    signingKeys: infos.map((info) => info.signingKey),
    rotation: rotationSnapshot(engine, view, address, oldShare),
  };
}

/** What messages are checked against by those who receive no share. Error: COMMITTEE_CHAIN. */
export function publicSnapshot(view: CommitteeView): PublicSnapshot {
  const infos = registeredMembers(view);
  return {
    committeeId: view.committee.id,
    threshold: view.committee.threshold,
    encryptionKeys: infos.map((info) => info.encryptionKey),
    signingKeys: infos.map((info) => info.signingKey),
    rotation: publicRotation(view)?.snapshot,
  };
}

/** Error: COMMITTEE_CHAIN when the address is no member. */
export function partyIdOf({ committee }: CommitteeView, address: string): number {
  const index = committee.members.indexOf(address);
  if (index >= 0) return index;
  throw new CommitteeError(
    'COMMITTEE_CHAIN',
    `${address} is not a member of committee ${committee.id}; its members are ` +
      `${committee.members.join(', ')}. Use --active-address to act as one of them`,
  );
}

/** Keys of all members in party order. Error: COMMITTEE_CHAIN, naming who has not registered. */
function registeredMembers({ committee }: CommitteeView): CommitteeMemberInfo[] {
  const { state } = committee;
  if (state.kind === 'finalized') {
    throw new CommitteeError(
      'COMMITTEE_CHAIN',
      `committee ${committee.id} is finalized already; there are no messages to make`,
    );
  }
  const known = new Map(state.members);
  const missing = committee.members.filter((member) => !known.has(member));
  if (missing.length > 0) {
    throw new CommitteeError(
      'COMMITTEE_CHAIN',
      `committee ${committee.id}: not registered yet: ${missing.join(', ')}. ` +
        'Wait until the coordinator announces phase B',
    );
  }
  return committee.members.map((member) => known.get(member) as CommitteeMemberInfo);
}

/**
 * What the coordinator's file says must be what is on chain: a member deals its share to whoever the
 * committee lists, and in a rotation that share is of a key in use.
 * Error: COMMITTEE_MISMATCH.
 */
export function checkAgreement(file: CeremonyFile, view: CommitteeView): void {
  const { committee, packageId, old } = view;
  const fault = (what: string, says: unknown, is: unknown) =>
    new CommitteeError(
      'COMMITTEE_MISMATCH',
      `${what}: dkg.yaml says ${says}, committee ${committee.id} has ${is}. Do not go on; ask the ` +
        'coordinator over the trusted channel',
    );
  const members = file.members.join(', ');
  const onChain = committee.members.join(', ');
  if (members !== onChain) throw fault('MEMBERS', members, onChain);
  if (file.threshold !== committee.threshold) {
    throw fault('THRESHOLD', file.threshold, committee.threshold);
  }
  const listed = file.publication.packageId;
  if (listed !== packageId) throw fault('COMMITTEE_PKG', listed ?? 'nothing', packageId);
  if (committee.state.kind === 'finalized') return;
  const keyServer = old?.keyServer?.objectId;
  if (file.keyServerId !== keyServer) {
    throw fault('KEY_SERVER_OBJ_ID', file.keyServerId ?? 'nothing', keyServer ?? 'none');
  }
}

function rotationSnapshot(
  engine: Engine,
  view: CommitteeView,
  address: string,
  oldShare: Uint8Array | undefined,
): RotationSnapshot | undefined {
  const found = publicRotation(view);
  if (found === undefined) {
    if (oldShare === undefined) return undefined;
    throw new CommitteeError(
      'COMMITTEE_BAD_OPTION',
      `committee ${view.committee.id} makes a first key: leave out --old-share`,
    );
  }
  const { snapshot, version, oldMembers } = found;
  const { oldPartialKeys } = snapshot;
  const oldId = oldMembers.indexOf(address);
  checkOldShare(engine, { oldShare, oldId, address, version, oldPartialKeys });
  return { ...snapshot, myOldShare: oldShare };
}

interface PublicRotation {
  readonly snapshot: RotationSnapshot;
  /** Of the key that is handed over. */
  readonly version: number;
  readonly oldMembers: readonly string[];
}

/** Undefined for a first key. Error: COMMITTEE_CHAIN. */
function publicRotation({ committee, packageId, old }: CommitteeView): PublicRotation | undefined {
  if (old === undefined) return undefined;
  const { keyServer } = old;
  if (keyServer === undefined) {
    const text = `committee ${old.committee.id} holds no key server to take over`;
    throw new CommitteeError('COMMITTEE_CHAIN', text);
  }
  // Only the old committee's own package enforces who may start a rotation and who has to go on. An
  // object of another package could name any members, and collect shares of the key for them.
  if (packageId !== old.packageId) {
    throw new CommitteeError(
      'COMMITTEE_CHAIN',
      `committee ${committee.id} is of package ${packageId}, but the committee that it claims to ` +
        `take over from is of ${old.packageId}. Do not go on: it was not made by init-rotation`,
    );
  }
  const oldThreshold = old.committee.threshold;
  const newToOld = new Map(
    committee.members.flatMap((member, id) => {
      const oldId = old.committee.members.indexOf(member);
      return oldId < 0 ? [] : [[id, oldId] as const];
    }),
  );
  if (newToOld.size < oldThreshold) {
    throw new CommitteeError(
      'COMMITTEE_CHAIN',
      `only ${newToOld.size} members of committee ${old.committee.id} go on, and its threshold is ` +
        `${oldThreshold}; the key cannot be handed over`,
    );
  }
  const oldPartialKeys = new Map(
    keyServer.partials.map((partial) => [partial.partyId, partial.partialPublicKey]),
  );
  return {
    snapshot: { oldThreshold, newToOld, oldPartialKeys, myOldShare: undefined },
    version: keyServer.version,
    oldMembers: old.committee.members,
  };
}

function checkOldShare(
  { g2 }: Engine,
  old: {
    readonly oldShare: Uint8Array | undefined;
    readonly oldId: number;
    readonly address: string;
    readonly version: number;
    readonly oldPartialKeys: ReadonlyMap<number, Uint8Array>;
  },
): void {
  const { oldShare, oldId, address, version, oldPartialKeys } = old;
  const name = `MASTER_SHARE_V${version}`;
  if (oldShare === undefined) {
    if (oldId < 0) return;
    throw new CommitteeError(
      'COMMITTEE_BAD_OPTION',
      `${address} was in the old committee: run create-message with --old-share and its ${name}`,
    );
  }
  if (oldId < 0) {
    throw new CommitteeError(
      'COMMITTEE_BAD_OPTION',
      `${address} was not in the old committee: run init-state, without --old-share`,
    );
  }
  const expected = oldPartialKeys.get(oldId);
  const found = hex(g2.toBytes(g2.mul(g2.generator, oldShare)));
  if (expected === undefined || hex(expected) !== found) {
    throw new CommitteeError(
      'COMMITTEE_BAD_OPTION',
      `the old share is not ${name} of ${address}: its public key is ${found}, on chain there is ` +
        `${expected === undefined ? 'none' : hex(expected)}`,
    );
  }
}
