/**
 * Turning checked messages into the new key (dkg spec §11.1 to §11.4).
 */

import type { G2Point } from '../engine.ts';
import { CryptoError } from '../errors.ts';
import { lagrangeAtZero, scalarAdd, scalarMul } from '../scalar.ts';
import type { DkgCeremony, ProcessedMessage } from './ceremony.ts';
import type { Confirmation, KeyShare } from './message.ts';
import { MAX_NODES } from './nodes.ts';
import { isComplaintValid } from './party.ts';
import { evaluateCommitmentUpTo } from './polynomial.ts';

/** What a ceremony yields to one party. */
export interface DkgOutput {
  /** Commitment of the joint polynomial; its first element is the public key. */
  readonly commitment: readonly G2Point[];
  /** This party's shares, by index; undefined when it has none or holds a complaint. Secret. */
  readonly shares: readonly KeyShare[] | undefined;
}

/** The messages that count, and this party's verdict on them. */
export interface MergedMessages<E> {
  readonly confirmation: Confirmation<E>;
  readonly used: readonly ProcessedMessage<E>[];
}

function notEnough(reason: string): CryptoError {
  return new CryptoError('NOT_ENOUGH_MESSAGES', `DKG: ${reason}`);
}

/**
 * Drops repeated senders (the first counts) and checks that enough weight dealt. Throws
 * `NOT_ENOUGH_MESSAGES`, or `INVALID_DKG_MESSAGE` when every message drew a complaint.
 */
export function mergeMessages<E>(
  ceremony: DkgCeremony<E>,
  me: number,
  processed: readonly ProcessedMessage<E>[],
): MergedMessages<E> {
  const { nodes, threshold, oldThreshold } = ceremony;
  const seen = new Set<number>();
  const used = processed.filter(({ message: { sender } }) => {
    if (seen.has(sender)) return false;
    seen.add(sender);
    return true;
  });
  const weight = used.reduce(
    (sum, { message }) => sum + (nodes.get(message.sender)?.weight ?? 0),
    0,
  );
  const needed = oldThreshold ?? threshold;
  if (weight < needed) throw notEnough(`messages of weight ${weight}, ${needed} needed`);
  const complaints = used.flatMap(({ complaint }) => (complaint === undefined ? [] : [complaint]));
  if (complaints.length === used.length) {
    throw new CryptoError('INVALID_DKG_MESSAGE', 'DKG: every message drew a complaint');
  }
  return { confirmation: { sender: me, complaints }, used };
}

/**
 * Sums the dealt polynomials (fresh key generation, §11.2). Throws `NOT_ENOUGH_MESSAGES` for no
 * message, `INVALID_INPUT` for a repeated sender.
 */
export function completeFresh<E>(
  { suite, threshold }: DkgCeremony<E>,
  used: readonly ProcessedMessage<E>[],
): DkgOutput {
  if (used.length === 0) throw notEnough('no message left');
  assertDistinctSenders(used);
  const { g2 } = suite.engine;
  const commitment = Array.from({ length: threshold }, (_, k) =>
    used.map(({ message }) => message.commitment[k]!).reduce((a, b) => g2.add(a, b)),
  );
  return { commitment, shares: combineShares(used, (values) => values.reduce(scalarAdd)) };
}

/** Applies `combine` to the values of each index over all messages. */
function combineShares<E>(
  used: readonly ProcessedMessage<E>[],
  combine: (values: readonly Uint8Array[]) => Uint8Array,
): KeyShare[] | undefined {
  if (used.some(({ complaint }) => complaint !== undefined)) return undefined;
  const first = used[0]!.shares;
  if (first.length === 0) return undefined;
  return first.map(({ index }, i) => ({
    index,
    value: combine(used.map(({ shares }) => shares[i]!.value)),
  }));
}

/** Completion counts every message once; `mergeMessages` makes its input so. */
function assertDistinctSenders<E>(used: readonly ProcessedMessage<E>[]): void {
  const senders = new Set(used.map(({ message }) => message.sender));
  if (senders.size !== used.length) {
    throw new CryptoError('INVALID_INPUT', 'DKG: two messages from one party; merge them first');
  }
}

/** Checks the inputs of a rotation and returns the old evaluation point of each message. */
function oldIndices<E>(
  { nodes, oldThreshold }: DkgCeremony<E>,
  used: readonly ProcessedMessage<E>[],
  newToOld: ReadonlyMap<number, number>,
): number[] {
  const fail = (reason: string) => new CryptoError('INVALID_INPUT', `DKG rotation: ${reason}`);
  if (nodes.list.some(({ weight }) => weight !== 1)) throw fail('all weights must be 1');
  if (new Set(newToOld.values()).size !== newToOld.size) {
    throw fail('two new parties map to one old party');
  }
  for (const [id, old] of newToOld) {
    if (nodes.get(id) === undefined) throw fail(`no new party ${id}`);
    // Old party −1 would be evaluation point 0, where its share alone decides the key.
    if (!Number.isInteger(old) || old < 0 || old >= MAX_NODES) throw fail(`no old party ${old}`);
  }
  if (oldThreshold === undefined) throw fail('the old threshold is missing');
  if (used.length !== oldThreshold) {
    throw fail(`expected exactly ${oldThreshold} messages, got ${used.length}`);
  }
  assertDistinctSenders(used);
  return used.map(({ message: { sender } }) => {
    const old = newToOld.get(sender);
    if (old === undefined) throw fail(`party ${sender} was not in the old committee`);
    return old + 1;
  });
}

/**
 * Interpolates the dealt old shares at zero (§11.3): the same key, new shares. `newToOld` maps the
 * new ids of continuing members to their old ids. Compare `commitment[0]` with the old public key.
 * Throws `INVALID_INPUT` for weights other than 1, another number of messages than the old
 * threshold, a repeated or foreign sender, or ids that do not exist.
 */
export function completeRotation<E>(
  ceremony: DkgCeremony<E>,
  used: readonly ProcessedMessage<E>[],
  newToOld: ReadonlyMap<number, number>,
): DkgOutput {
  const lambdas = lagrangeAtZero(oldIndices(ceremony, used, newToOld));
  const { suite, threshold } = ceremony;
  const commitment = Array.from({ length: threshold }, (_, k) =>
    suite.engine.g2.msmPublic(
      used.map(({ message }) => message.commitment[k]!),
      lambdas,
    ),
  );
  const weighted = (values: readonly Uint8Array[]) =>
    values.map((value, i) => scalarMul(lambdas[i]!, value)).reduce(scalarAdd);
  return { commitment, shares: combineShares(used, weighted) };
}

/**
 * Completion with confirmations (§11.4): judges every complaint, leaves out the guilty (accused or
 * false accusers), and sums the rest. Needs confirmations of total weight 2t − 1.
 */
export async function completeWithConfirmations<E>(
  ceremony: DkgCeremony<E>,
  used: readonly ProcessedMessage<E>[],
  confirmations: readonly Confirmation<E>[],
): Promise<DkgOutput> {
  const { nodes, threshold } = ceremony;
  const bySender = new Map<number, Confirmation<E>>();
  for (const confirmation of confirmations) {
    const weight = nodes.get(confirmation.sender)?.weight ?? 0;
    if (weight > 0 && !bySender.has(confirmation.sender)) {
      bySender.set(confirmation.sender, confirmation);
    }
  }
  const weight = [...bySender.keys()].reduce((sum, id) => sum + nodes.get(id)!.weight, 0);
  if (weight < 2 * threshold - 1) {
    throw notEnough(`confirmations of weight ${weight}, ${2 * threshold - 1} needed`);
  }
  const guilty = new Set<number>();
  for (const { sender, complaints } of bySender.values()) {
    for (const complaint of complaints) {
      const accused = used.find(({ message }) => message.sender === complaint.accused);
      const justified =
        accused !== undefined &&
        (await isComplaintValid(ceremony, sender, complaint, accused.message));
      guilty.add(justified ? complaint.accused : sender);
      if (!justified) break;
    }
  }
  return completeFresh(
    ceremony,
    used.filter(({ message }) => !guilty.has(message.sender)),
  );
}

/** The partial public key `f(p + 1)·g2` of every party of a weight-1 committee, in party order. */
export function partialPublicKeys<E>(
  { suite, nodes }: DkgCeremony<E>,
  commitment: readonly G2Point[],
): G2Point[] {
  return evaluateCommitmentUpTo(suite.engine, commitment, nodes.list.length);
}
