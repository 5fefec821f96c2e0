/** Transactions on `seal_committee` (seal-protocol.md §6.3), and what they create. */
import { bcs } from '@mysten/sui/bcs';
import { Transaction } from '@mysten/sui/transactions';
import type { PublishPayload } from '@seal-ts/move-build';
import { parseStructName } from '@seal-ts/protocol';

const MODULE = 'seal_committee';
const byteVectors = bcs.vector(bcs.vector(bcs.u8()));

/** Whether a type is `…::seal_committee::Committee`. */
export function isCommittee(type: string): boolean {
  if (!type.includes('::')) return false;
  const { module, name } = parseStructName(type);
  return module === MODULE && name === 'Committee';
}

interface Target {
  /** Package that is called. */
  readonly packageId: string;
  readonly committeeId: string;
}

/** The sender keeps the upgrade capability. */
export function publishCall(payload: PublishPayload, sender: string): Transaction {
  const transaction = new Transaction();
  const capability = transaction.publish(commandPayload(payload));
  transaction.transferObjects([capability], sender);
  return transaction;
}

export function initCommitteeCall(options: {
  readonly packageId: string;
  readonly upgradeCapId: string;
  readonly threshold: number;
  readonly members: readonly string[];
}): Transaction {
  const transaction = new Transaction();
  transaction.moveCall({
    target: `${options.packageId}::${MODULE}::init_committee`,
    arguments: [
      transaction.object(options.upgradeCapId),
      transaction.pure.u16(options.threshold),
      transaction.pure.vector('address', [...options.members]),
    ],
  });
  return transaction;
}

export function initRotationCall(
  { packageId, committeeId }: Target,
  threshold: number,
  members: readonly string[],
): Transaction {
  const transaction = new Transaction();
  transaction.moveCall({
    target: `${packageId}::${MODULE}::init_rotation`,
    arguments: [
      transaction.object(committeeId),
      transaction.pure.u16(threshold),
      transaction.pure.vector('address', [...members]),
    ],
  });
  return transaction;
}

export function registerCall(
  { packageId, committeeId }: Target,
  member: {
    readonly encryptionKey: Uint8Array;
    readonly signingKey: Uint8Array;
    readonly url: string;
    readonly name: string;
  },
): Transaction {
  const transaction = new Transaction();
  transaction.moveCall({
    target: `${packageId}::${MODULE}::register`,
    arguments: [
      transaction.object(committeeId),
      transaction.pure.vector('u8', member.encryptionKey),
      transaction.pure.vector('u8', member.signingKey),
      transaction.pure.string(member.url),
      transaction.pure.string(member.name),
    ],
  });
  return transaction;
}

export interface Proposal {
  readonly partialPublicKeys: readonly Uint8Array[];
  readonly publicKey: Uint8Array;
  readonly messagesHash: Uint8Array;
}

/** @param oldCommitteeId in a rotation, the committee that hands over */
export function proposeCall(
  { packageId, committeeId }: Target,
  { partialPublicKeys, publicKey, messagesHash }: Proposal,
  oldCommitteeId: string | undefined,
): Transaction {
  const transaction = new Transaction();
  const committee = transaction.object(committeeId);
  const partials = transaction.pure(
    byteVectors.serialize(partialPublicKeys.map((key) => [...key])),
  );
  const hash = transaction.pure.vector('u8', messagesHash);
  if (oldCommitteeId === undefined) {
    const key = transaction.pure.vector('u8', publicKey);
    transaction.moveCall({
      target: `${packageId}::${MODULE}::propose`,
      arguments: [committee, partials, key, hash],
    });
    return transaction;
  }
  transaction.moveCall({
    target: `${packageId}::${MODULE}::propose_for_rotation`,
    arguments: [committee, partials, hash, transaction.object(oldCommitteeId)],
  });
  return transaction;
}

export function approveUpgradeCall({ packageId, committeeId }: Target, digest: Uint8Array) {
  const transaction = new Transaction();
  transaction.moveCall({
    target: `${packageId}::${MODULE}::approve_digest_for_upgrade`,
    arguments: [transaction.object(committeeId), transaction.pure.vector('u8', digest)],
  });
  return transaction;
}

export function rejectUpgradeCall(target: Target): Transaction {
  return committeeOnly(target, 'reject_digest_for_upgrade');
}

export function resetProposalCall(target: Target): Transaction {
  return committeeOnly(target, 'reset_proposal');
}

/** The sender is the member whose server moved. */
export function updateUrlCall({ packageId, committeeId }: Target, url: string): Transaction {
  const transaction = new Transaction();
  transaction.moveCall({
    target: `${packageId}::${MODULE}::update_member_url`,
    arguments: [transaction.object(committeeId), transaction.pure.string(url)],
  });
  return transaction;
}

/** Ticket, upgrade and receipt in one transaction. */
export function upgradeCall({ packageId, committeeId }: Target, payload: PublishPayload) {
  const transaction = new Transaction();
  const [ticket] = transaction.moveCall({
    target: `${packageId}::${MODULE}::authorize_upgrade`,
    arguments: [transaction.object(committeeId)],
  });
  const receipt = transaction.upgrade({
    ...commandPayload(payload),
    package: packageId,
    ticket: ticket as NonNullable<typeof ticket>,
  });
  transaction.moveCall({
    target: `${packageId}::${MODULE}::commit_upgrade`,
    arguments: [transaction.object(committeeId), receipt],
  });
  return transaction;
}

function committeeOnly({ packageId, committeeId }: Target, name: string): Transaction {
  const transaction = new Transaction();
  transaction.moveCall({
    target: `${packageId}::${MODULE}::${name}`,
    arguments: [transaction.object(committeeId)],
  });
  return transaction;
}

function commandPayload({ modules, dependencies }: PublishPayload) {
  return {
    modules: modules.map((module) => Array.from(module)),
    dependencies: [...dependencies],
  };
}
