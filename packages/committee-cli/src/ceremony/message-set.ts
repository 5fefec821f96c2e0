/**
 * The set of messages that a ceremony goes on with. All members have to propose over the same one, and a
 * committee with two different proposals is stuck for good; so the coordinator signs its choice, and
 * nothing between coordinator and members (a chat, a board) can make members differ.
 *
 * The signature is a Sui personal message over the text of `canonicalText`, by the coordinator's address.
 */
import type { Keypair } from '@mysten/sui/cryptography';
import { publicKeyFromRawBytes } from '@mysten/sui/verify';
import { blake2b } from '@noble/hashes/blake2.js';
import type { Engine } from '@seal-ts/crypto';
import { deployedSuite, encodeSignedMessage } from '@seal-ts/crypto/dkg';
import { fromBase64, type NetworkName } from '@seal-ts/protocol';
import { CommitteeError } from '../errors.ts';
import { hex } from '../files/hex.ts';
import type { LoadedMessage, SignedMessage } from '../files/messages.ts';
import { setHash } from './process.ts';

export const SET_DOMAIN = 'Seal committee message set, version 1';

export interface ChosenMessage {
  readonly party: number;
  /** BLAKE2b-256 of the message's bytes, as `0x` and lower-case hex. */
  readonly hash: string;
}

export interface MessageSet {
  readonly network: NetworkName;
  readonly committeeId: string;
  /** What members propose on chain (seal-protocol.md §6.2.7). */
  readonly messagesHash: string;
  /** In ascending party order, each once. */
  readonly messages: readonly ChosenMessage[];
}

export interface SignedMessageSet extends MessageSet {
  /** Base64 of scheme flag, signature and public key. */
  readonly signature: string;
}

export function messageHash(engine: Engine, signed: SignedMessage): string {
  return hex(blake2b(encodeSignedMessage(deployedSuite(engine), signed), { dkLen: 32 }));
}

/** @param messages in ascending sender order, without repetitions */
export function messageSetOf(
  engine: Engine,
  { network, committeeId }: Pick<MessageSet, 'network' | 'committeeId'>,
  messages: readonly LoadedMessage[],
): MessageSet {
  return {
    network,
    committeeId,
    messagesHash: hex(setHash(engine, messages)),
    messages: messages.map(({ signed }) => {
      return { party: signed.message.sender, hash: messageHash(engine, signed) };
    }),
  };
}

/** What is signed: one line for each fact, so that a wallet can show it to a person. */
export function canonicalText(set: MessageSet): string {
  return [
    SET_DOMAIN,
    `network ${set.network}`,
    `committee ${set.committeeId}`,
    `messages-hash ${set.messagesHash}`,
    `messages ${set.messages.length}`,
    ...set.messages.map(({ party, hash }) => `party ${party} ${hash}`),
    '',
  ].join('\n');
}

const canonicalBytes = (set: MessageSet) => new TextEncoder().encode(canonicalText(set));

export async function signMessageSet(set: MessageSet, key: Keypair): Promise<SignedMessageSet> {
  const { signature } = await key.signPersonalMessage(canonicalBytes(set));
  return { ...set, signature };
}

const FLAGS = ['ED25519', 'Secp256k1', 'Secp256r1'] as const;
const SIGNATURE_BYTES = 64;

/** Error: COMMITTEE_MESSAGE_SET unless `coordinator` signed exactly this. */
export async function checkSetSignature(set: SignedMessageSet, coordinator: string): Promise<void> {
  const fault = (text: string) =>
    new CommitteeError('COMMITTEE_MESSAGE_SET', `the signed message set ${text}`);
  const bytes = fromBase64(set.signature);
  const scheme = FLAGS[bytes[0] ?? -1];
  if (scheme === undefined) throw fault('has a signature that is not by the key of a wallet');
  let key: ReturnType<typeof publicKeyFromRawBytes>;
  try {
    key = publicKeyFromRawBytes(scheme, bytes.slice(1 + SIGNATURE_BYTES));
  } catch {
    throw fault('has a signature without a public key');
  }
  const signer = key.toSuiAddress();
  if (signer !== coordinator) {
    throw fault(
      `is signed by ${signer}, but the coordinator of this ceremony is ${coordinator}. Do not use ` +
        'it; ask the coordinator over the trusted channel',
    );
  }
  const valid = await key
    .verifyPersonalMessage(canonicalBytes(set), set.signature)
    .catch(() => false);
  if (!valid) throw fault('was changed after the coordinator signed it. Get it again');
}

/** Error: COMMITTEE_MESSAGE_SET when the set is of another ceremony. */
export function checkSetCeremony(
  set: MessageSet,
  ceremony: Pick<MessageSet, 'network' | 'committeeId'>,
): void {
  for (const [what, signed, here] of [
    ['committee', set.committeeId, ceremony.committeeId],
    ['network', set.network, ceremony.network],
  ]) {
    if (signed === here) continue;
    throw new CommitteeError(
      'COMMITTEE_MESSAGE_SET',
      `the signed message set is of ${what} ${signed}, and this ceremony is of ${here}; get the ` +
        "coordinator's message-set.sig of this ceremony",
    );
  }
}

/** Error: COMMITTEE_MESSAGE_SET, saying which messages are not the chosen ones. */
export function checkSetContent(signed: MessageSet, found: MessageSet): void {
  const differences = setDifferences(signed, found);
  if (differences.length === 0 && signed.messagesHash === found.messagesHash) return;
  throw new CommitteeError(
    'COMMITTEE_MESSAGE_SET',
    `the messages have the hash ${found.messagesHash}; the coordinator signed ` +
      `${signed.messagesHash}: ${differences.join('; ') || 'the hash itself is wrong'}. Nothing was ` +
      'proposed; get the folder of messages from the coordinator again',
  );
}

/** In words; empty when the same messages were chosen. */
export function setDifferences(signed: MessageSet, found: MessageSet): string[] {
  const here = new Map(found.messages.map(({ party, hash }) => [party, hash]));
  const chosen = new Set(signed.messages.map(({ party }) => party));
  return [
    ...signed.messages.flatMap(({ party, hash }) => {
      const other = here.get(party);
      if (other === undefined) return [`the message of party ${party} is missing`];
      return other === hash ? [] : [`the message of party ${party} is another one`];
    }),
    ...found.messages.flatMap(({ party }) =>
      chosen.has(party) ? [] : [`party ${party} was not chosen`],
    ),
  ];
}
