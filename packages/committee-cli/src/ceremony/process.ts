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
  type VerifySignedMessageOptions,
  verifySignedMessage,
} from '@seal-ts/crypto/dkg';
import { addressToBytes } from '@seal-ts/protocol';
import { CommitteeError, messageOf } from '../errors.ts';
import type { DkgKey } from '../files/dkg-key.ts';
import { hex } from '../files/hex.ts';
import { type LoadedMessage, messageFileName, type SignedMessage } from '../files/messages.ts';
import { partyOnly, type SenderName } from './people.ts';
import type { CeremonySnapshot, PublicSnapshot } from './snapshot.ts';

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
  { encryptionKeys, rotation }: PublicSnapshot,
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
  if (stranger !== undefined) {
    throw fault(
      `there is a message from party ${stranger}, and the committee has the parties 0 to ` +
        `${encryptionKeys.length - 1}; ask the coordinator for it again`,
    );
  }
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
  nameOf: SenderName = partyOnly,
): Promise<Outcome> {
  checkSenders(snapshot, messages);
  const check = new MessageCheck(engine, snapshot, nameOf);
  const processed: ProcessedMessage<G1Point>[] = [];
  for (const message of messages) {
    const one = await check.process({ key, random }, message);
    if (one.complaint !== undefined) {
      const accuser = snapshot.myPartyId;
      throw complaintError(engine, { message, accuser, nameOf }, one.complaint);
    }
    processed.push(one);
  }
  const { ceremony } = check;
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
export function processOne(
  engine: Engine,
  random: RandomSource,
  snapshot: CeremonySnapshot,
  key: DkgKey,
  message: LoadedMessage,
): Promise<ProcessedMessage<G1Point>> {
  return new MessageCheck(engine, snapshot).process({ key, random }, message);
}

/** Checks messages of one ceremony; what they have in common is decoded once. */
export class MessageCheck {
  readonly ceremony: DkgCeremony<G1Point>;
  readonly #engine: Engine;
  readonly #snapshot: PublicSnapshot;
  readonly #nameOf: SenderName;
  readonly #signingKeys: VerifySignedMessageOptions['signingKeys'];

  constructor(engine: Engine, snapshot: PublicSnapshot, nameOf: SenderName = partyOnly) {
    this.#engine = engine;
    this.#snapshot = snapshot;
    this.#nameOf = nameOf;
    this.ceremony = ceremonyOf(engine, snapshot);
    this.#signingKeys = new Map(
      snapshot.signingKeys.map((bytes, id) => [id, engine.g2.fromBytes(bytes)] as const),
    );
  }

  /** With public data only (seal-protocol.md §6.2.7, 1 to 4). Error: COMMITTEE_MESSAGE. */
  verify(message: LoadedMessage): void {
    try {
      verifySignedMessage(this.ceremony, message.signed, this.#options(message));
    } catch (cause) {
      throw this.#invalid(message, cause);
    }
  }

  /** As `verify`, and takes this member's share. Error: COMMITTEE_MESSAGE. */
  async process(
    { key, random }: { readonly key: DkgKey; readonly random: RandomSource },
    message: LoadedMessage,
  ): Promise<ProcessedMessage<G1Point>> {
    const party = { encryptionKey: key.encryptionSecret, random };
    try {
      const options = this.#options(message);
      return await processSignedMessage(this.ceremony, party, message.signed, options);
    } catch (cause) {
      throw this.#invalid(message, cause);
    }
  }

  #options({ signed }: LoadedMessage): VerifySignedMessageOptions {
    const { committeeId, rotation } = this.#snapshot;
    const oldId = rotation?.newToOld.get(signed.message.sender);
    const expected = oldId === undefined ? undefined : rotation?.oldPartialKeys.get(oldId);
    if (rotation !== undefined && expected === undefined) {
      const text = 'its sender was not in the old committee and cannot deal';
      throw new CommitteeError('COMMITTEE_MESSAGE', text);
    }
    return {
      committeeId: addressToBytes(committeeId),
      signingKeys: this.#signingKeys,
      ...(expected === undefined
        ? {}
        : { expectedPartialKey: this.#engine.g2.fromBytes(expected) }),
    };
  }

  #invalid({ file, signed }: LoadedMessage, cause: unknown): CommitteeError {
    const who = this.#nameOf(signed.message.sender);
    return new CommitteeError(
      'COMMITTEE_MESSAGE',
      `${file}, from ${who}: ${messageOf(cause)}. Do not propose; tell the coordinator, who has to ` +
        'get this message from that member again and, if the member has no valid one, to start ' +
        'over without it',
      { cause },
    );
  }
}

function ceremonyOf(engine: Engine, snapshot: PublicSnapshot): DkgCeremony<G1Point> {
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
  of: {
    readonly message: LoadedMessage;
    readonly accuser: number;
    readonly nameOf: SenderName;
  },
  complaint: Parameters<typeof encodeComplaint<G1Point>>[1],
): CommitteeError {
  const { message, accuser, nameOf } = of;
  const { file, signed } = message;
  const bytes = encodeComplaint(deployedSuite(engine), complaint);
  // The line is for a shell, and others chose the name of the file.
  const name = messageFileName(signed.message.sender);
  return new CommitteeError(
    'COMMITTEE_MESSAGE',
    `${file}: ${nameOf(signed.message.sender)} dealt this member a wrong share. Do not propose; send ` +
      'the coordinator this line, which proves it to everybody: ' +
      `check-complaint --accuser ${accuser} --message ${name} --complaint ${hex(bytes)}`,
  );
}
