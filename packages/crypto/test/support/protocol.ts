/** Ceremonies in full: signed messages as bytes, verified and processed by every member. */

import type { G1Point, G2Point } from '@seal-ts/crypto';
import * as dkg from '@seal-ts/crypto/dkg';
import {
  type Ceremony,
  committeeId,
  encryptionKeyOf,
  type Handover,
  signingKeyOf,
} from './committees.ts';
import { seededRandom } from './helpers.ts';

export type Signed = dkg.SignedDkgMessage<G1Point>;

/** What is on chain about a ceremony. */
export interface OnChain {
  readonly signingKeys: ReadonlyMap<number, G2Point>;
  /** In a rotation: the expected partial key of each dealer, by new id. */
  readonly partialKeys?: ReadonlyMap<number, G2Point>;
}

export function signingKeysOf({ suite, nodes }: Ceremony): Map<number, G2Point> {
  const { g2 } = suite.engine;
  return new Map(nodes.list.map(({ id }) => [id, g2.mul(g2.generator, signingKeyOf(id))]));
}

/** Options of verification for the messages of `sender`. */
export function optionsFor(
  { signingKeys, partialKeys }: OnChain,
  sender: number,
): dkg.VerifySignedMessageOptions {
  const expectedPartialKey = partialKeys?.get(sender);
  return {
    committeeId,
    signingKeys,
    ...(expectedPartialKey === undefined ? {} : { expectedPartialKey }),
  };
}

/** A dealer's message. */
export function dealSigned(
  ceremony: Ceremony,
  seed: string,
  id: number,
  oldShare?: Uint8Array,
): Promise<Signed> {
  return dkg.createSignedMessage(
    ceremony,
    { encryptionKey: encryptionKeyOf(id), random: seededRandom(`${seed} ${id}`) },
    { committeeId, signingKey: signingKeyOf(id), ...(oldShare === undefined ? {} : { oldShare }) },
  );
}

/** Sends the messages as bytes; each of `members` processes them all. Results by position. */
async function exchange(
  ceremony: Ceremony,
  onChain: OnChain,
  messages: readonly Signed[],
  members: readonly number[],
) {
  const { suite } = ceremony;
  const sent = messages.map((message) => dkg.encodeSignedMessage(suite, message));
  const used: dkg.ProcessedMessage<G1Point>[][] = [];
  for (const id of members) {
    const processed: dkg.ProcessedMessage<G1Point>[] = [];
    for (const bytes of sent) {
      const signed = dkg.decodeSignedMessage(suite, bytes);
      const options = optionsFor(onChain, signed.message.sender);
      const deps = { encryptionKey: encryptionKeyOf(id) };
      processed.push(await dkg.processSignedMessage(ceremony, deps, signed, options));
    }
    used.push([...dkg.mergeMessages(ceremony, id, processed).used]);
  }
  return used;
}

/** A fresh key: everybody deals, `members` (all by default) complete. Outputs by position. */
export async function freshInFull(
  ceremony: Ceremony,
  seed: string,
  members: readonly number[] = ceremony.nodes.list.map(({ id }) => id),
): Promise<dkg.DkgOutput[]> {
  const messages: Signed[] = [];
  for (const { id } of ceremony.nodes.list) messages.push(await dealSigned(ceremony, seed, id));
  const onChain = { signingKeys: signingKeysOf(ceremony) };
  const used = await exchange(ceremony, onChain, messages, members);
  return used.map((list) => dkg.completeFresh(ceremony, list));
}

/** A rotation; `oldShares` and `oldPartialKeys` by old id. */
export async function rotateInFull(
  ceremony: Ceremony,
  seed: string,
  { newToOld, dealers }: Handover,
  old: { readonly shares: readonly Uint8Array[]; readonly partialKeys: readonly G2Point[] },
  members: readonly number[] = ceremony.nodes.list.map(({ id }) => id),
): Promise<dkg.DkgOutput[]> {
  const messages: Signed[] = [];
  for (const id of dealers) {
    messages.push(await dealSigned(ceremony, seed, id, old.shares[newToOld.get(id)!]!));
  }
  const partialKeys = new Map([...newToOld].map(([id, from]) => [id, old.partialKeys[from]!]));
  const onChain = { signingKeys: signingKeysOf(ceremony), partialKeys };
  const used = await exchange(ceremony, onChain, messages, members);
  return used.map((list) => dkg.completeRotation(ceremony, list, newToOld));
}
