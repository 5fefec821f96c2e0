/**
 * From the agreed set of messages to the new key and this member's share (seal-protocol.md §6.2.7,
 * §6.3.5; dkg spec §14). Everything here is a function of its inputs, so a repetition gives the same.
 */
import { type Engine, equalConstantTime, type G1Point, type RandomSource } from '@seal-ts/crypto';
import {
  completeFresh,
  completeRotation,
  createSignedMessage,
  type DkgCeremony,
  deployedSuite,
  encodeComplaint,
  makeNodes,
  mergeMessages,
  messagesHash,
  type ProcessedMessage,
  partialPublicKeys,
  processSignedMessage,
  RandomOracle,
} from '@seal-ts/crypto/dkg';
import { addressToBytes } from '@seal-ts/protocol';
import { CommitteeError, messageOf } from '../errors.ts';
import type { DkgKey } from '../files/dkg-key.ts';
import { hex } from '../files/hex.ts';
import type { LoadedMessage, SignedMessage } from '../files/messages.ts';
import type { CeremonySnapshot } from './snapshot.ts';

export interface Outcome {
  readonly publicKey: Uint8Array;
  readonly partialPublicKeys: readonly Uint8Array[];
  /** Secret. */
  readonly masterShare: Uint8Array;
}

/** Deals this member's message. In a rotation the old share is what it deals. */
export function dealMessage(
  engine: Engine,
  random: RandomSource,
  snapshot: CeremonySnapshot,
  key: DkgKey,
): Promise<SignedMessage> {
  const oldShare = snapshot.rotation?.myOldShare;
  return createSignedMessage(
    ceremonyOf(engine, snapshot),
    { encryptionKey: key.encryptionSecret, random },
    {
      committeeId: addressToBytes(snapshot.committeeId),
      signingKey: key.signingSecret,
      ...(oldShare === undefined ? {} : { oldShare }),
    },
  );
}

/** BLAKE2b-256 over all messages: members compare it before they propose. */
export function setHash(engine: Engine, messages: readonly LoadedMessage[]): Uint8Array {
  return messagesHash(
    deployedSuite(engine),
    messages.map(({ signed }) => signed),
  );
}

/**
 * Who dealt must be who had to. Error: COMMITTEE_MESSAGE_SET.
 * @param messages in ascending sender order, without repetitions
 */
export function checkSenders(
  { encryptionKeys, rotation }: CeremonySnapshot,
  messages: readonly LoadedMessage[],
): void {
  const senders = messages.map(({ signed }) => signed.message.sender);
  const fault = (text: string) => new CommitteeError('COMMITTEE_MESSAGE_SET', text);
  const needed = rotation?.oldThreshold ?? encryptionKeys.length;
  const kind = rotation === undefined ? 'a fresh DKG' : 'a rotation';
  if (senders.length !== needed) {
    throw fault(
      `${kind} requires exactly ${needed} messages, got ${senders.length} ` +
        `(from parties ${senders.join(', ')}); all members must use the coordinator's set`,
    );
  }
  const stranger = senders.find((sender) => sender >= encryptionKeys.length);
  if (stranger !== undefined)
    throw fault(`there is a message from party ${stranger}, unknown here`);
  const joined = senders.find((sender) => rotation && !rotation.newToOld.has(sender));
  if (joined !== undefined) {
    throw fault(`Invalid new party ID ${joined}: it was not in the old committee and cannot deal`);
  }
}

/**
 * Checks every message and computes the outcome.
 * Errors: COMMITTEE_MESSAGE (do not propose; the message of the error says what to send to the
 * coordinator), COMMITTEE_MESSAGE_SET.
 */
export async function processMessages(
  engine: Engine,
  random: RandomSource,
  snapshot: CeremonySnapshot,
  key: DkgKey,
  messages: readonly LoadedMessage[],
): Promise<Outcome> {
  checkSenders(snapshot, messages);
  const ceremony = ceremonyOf(engine, snapshot);
  const processed: ProcessedMessage<G1Point>[] = [];
  for (const message of messages) {
    const one = await processOne(engine, random, snapshot, key, message);
    if (one.complaint !== undefined) throw complaintError(engine, message, one.complaint);
    processed.push(one);
  }
  const { used } = mergeMessages(ceremony, snapshot.myPartyId, processed);
  const { rotation } = snapshot;
  const output =
    rotation === undefined
      ? completeFresh(ceremony, used)
      : completeRotation(ceremony, used, rotation.newToOld);
  const { g2 } = engine;
  const share = output.shares?.[0];
  const [constant] = output.commitment;
  if (share === undefined || constant === undefined) {
    throw new CommitteeError('COMMITTEE_MESSAGE', 'the messages gave this member no share');
  }
  const partials = partialPublicKeys(ceremony, output.commitment).map((key) => g2.toBytes(key));
  const own = g2.toBytes(g2.mul(g2.generator, share.value));
  const listed = partials[snapshot.myPartyId];
  if (listed === undefined || !equalConstantTime(own, listed)) {
    const text = 'the computed share does not belong to this member’s partial public key';
    throw new CommitteeError('COMMITTEE_MESSAGE', `${text}; do not propose`);
  }
  return {
    publicKey: g2.toBytes(constant),
    partialPublicKeys: partials,
    masterShare: share.value,
  };
}

/** Checks one message for this member. Error: COMMITTEE_MESSAGE. */
export async function processOne(
  engine: Engine,
  random: RandomSource,
  snapshot: CeremonySnapshot,
  key: DkgKey,
  { file, signed }: LoadedMessage,
): Promise<ProcessedMessage<G1Point>> {
  const { sender } = signed.message;
  const { rotation } = snapshot;
  const oldId = rotation?.newToOld.get(sender);
  const expected = oldId === undefined ? undefined : rotation?.oldPartialKeys.get(oldId);
  const signingKeys = new Map(
    snapshot.signingKeys.map((bytes, id) => [id, engine.g2.fromBytes(bytes)] as const),
  );
  try {
    return await processSignedMessage(
      ceremonyOf(engine, snapshot),
      { encryptionKey: key.encryptionSecret, random },
      signed,
      {
        committeeId: addressToBytes(snapshot.committeeId),
        signingKeys,
        ...(expected === undefined ? {} : { expectedPartialKey: engine.g2.fromBytes(expected) }),
      },
    );
  } catch (cause) {
    throw new CommitteeError(
      'COMMITTEE_MESSAGE',
      `${file}: ${messageOf(cause)}. Do not propose; tell the coordinator`,
      { cause },
    );
  }
}

function ceremonyOf(engine: Engine, snapshot: CeremonySnapshot): DkgCeremony<G1Point> {
  const suite = deployedSuite(engine);
  const { encryptionKeys, threshold, rotation } = snapshot;
  const list = encryptionKeys.map((bytes, id) => {
    return { id, publicKey: suite.keys.fromBytes(bytes), weight: 1 };
  });
  return {
    suite,
    nodes: makeNodes(suite.keys, list),
    threshold,
    ...(rotation === undefined ? {} : { oldThreshold: rotation.oldThreshold }),
    oracle: RandomOracle.forCommittee(snapshot.committeeId),
  };
}

function complaintError(
  engine: Engine,
  { file, signed }: LoadedMessage,
  complaint: Parameters<typeof encodeComplaint<G1Point>>[1],
): CommitteeError {
  const bytes = encodeComplaint(deployedSuite(engine), complaint);
  return new CommitteeError(
    'COMMITTEE_MESSAGE',
    `${file}: party ${signed.message.sender} dealt this member a wrong share. Do not propose; send ` +
      `this complaint to the coordinator, who has to start over: ${hex(bytes)}`,
  );
}
