/**
 * What becomes of a damaged message. A change is *rejected* when decoding or public verification
 * fails (for everybody alike), *accused* when a member complains and the others agree, and
 * *harmless* when the member gets out of the message what it gets out of the original.
 */

import { concat, type G1Point, isCryptoError, toHex } from '@seal-ts/crypto';
import * as dkg from '@seal-ts/crypto/dkg';
import { expect } from 'vitest';
import { type Ceremony, committeeId, encryptionKeyOf, signingKeyOf } from './committees.ts';
import { type OnChain, optionsFor, type Signed } from './protocol.ts';

export type Outcome = 'rejected' | 'accused' | 'harmless';
const DECODING_CODES = ['INVALID_DKG_MESSAGE'];
const VERIFYING_CODES = ['INVALID_SIGNATURE', 'INVALID_PROOF', 'INVALID_DKG_MESSAGE'];
/** At the end of a signed message: signature, then the proof of knowledge. */
const SIGNATURE_BYTES = 48;
const PROOF_BYTES = 128;

/** The bits of each byte to flip. */
export type BitsOf = (position: number) => readonly number[];
export const allBits: BitsOf = () => [0, 1, 2, 3, 4, 5, 6, 7];
/** One bit of each byte, another one each time. */
export const oneBit: BitsOf = (position) => [position % 8];

/** Every damaged copy of `bytes`, with its position. */
export function* damagedCopies(bytes: Uint8Array, bitsOf: BitsOf, stride = 1) {
  for (let position = 0; position < bytes.length; position += stride) {
    for (const bit of bitsOf(position)) {
      const copy = bytes.slice();
      copy[position]! ^= 1 << bit;
      yield { position, copy };
    }
  }
}

/** Undefined when `check` fails with one of `codes`; other failures fail the test. */
export function unlessRefused<T>(codes: readonly string[], check: () => T): T | undefined {
  try {
    return check();
  } catch (error) {
    if (!isCryptoError(error)) throw error;
    expect(codes).toContain(error.code);
    return undefined;
  }
}

const decoded = ({ suite }: Ceremony, bytes: Uint8Array): Signed | undefined =>
  unlessRefused(DECODING_CODES, () => dkg.decodeSignedMessage(suite, bytes));

const passes = (ceremony: Ceremony, onChain: OnChain, signed: Signed): boolean =>
  unlessRefused(VERIFYING_CODES, () => {
    dkg.verifySignedMessage(ceremony, signed, optionsFor(onChain, signed.message.sender));
    return true;
  }) ?? false;

/** Whether a damaged message, as somebody on the way could make it, gets past verification. */
export function passesVerification(
  ceremony: Ceremony,
  onChain: OnChain,
  bytes: Uint8Array,
): boolean {
  const signed = decoded(ceremony, bytes);
  return signed !== undefined && passes(ceremony, onChain, signed);
}

/** The same damage, but by the dealer, who signs what it sends. */
function resigned(ceremony: Ceremony, dealer: number, bytes: Uint8Array): Signed | undefined {
  const signed = decoded(ceremony, bytes);
  if (signed === undefined) return undefined;
  const payload = dkg.signaturePayload(ceremony.suite, committeeId, signed);
  const signature = dkg.blsSign(ceremony.suite.engine, signingKeyOf(dealer), payload);
  return { ...signed, signature };
}

/** The parts of a message that its dealer may damage and sign: all but the signature. */
export function withoutSignature(bytes: Uint8Array): {
  readonly body: Uint8Array;
  readonly withSignature: (body: Uint8Array) => Uint8Array;
} {
  const at = bytes.length - PROOF_BYTES - SIGNATURE_BYTES;
  const signature = bytes.slice(at, at + SIGNATURE_BYTES);
  return {
    body: concat(bytes.slice(0, at), bytes.slice(at + SIGNATURE_BYTES)),
    withSignature: (body) => concat(body.slice(0, at), signature, body.slice(at)),
  };
}

/** What member `id` takes out of a message: nothing but its shares and the commitment. */
function essence({ suite }: Ceremony, { message, shares }: dkg.ProcessedMessage<G1Point>): string {
  const points = message.commitment.map((point) => toHex(suite.engine.g2.toBytes(point)));
  return [message.sender, ...points, ...shares.map(({ value }) => toHex(value))].join();
}

/** What each member takes out of an intact message. */
export async function essencesOf(ceremony: Ceremony, { message }: Signed): Promise<string[]> {
  const essences: string[] = [];
  for (const { id } of ceremony.nodes.list) {
    const deps = { encryptionKey: encryptionKeyOf(id) };
    essences.push(essence(ceremony, await dkg.processDkgMessage(ceremony, deps, message)));
  }
  return essences;
}

/**
 * The outcome for each member of damage that the dealer signed. Fails the test when members differ
 * about rejecting it, when a complaint does not convince the others, or when a member takes
 * anything else out of it than out of the intact message (`intact`: from `essencesOf`).
 */
export async function outcomesOfSignedDamage(
  ceremony: Ceremony,
  onChain: OnChain,
  { dealer, intact, bytes }: { dealer: number; intact: readonly string[]; bytes: Uint8Array },
): Promise<Outcome[]> {
  const members = ceremony.nodes.list.map(({ id }) => id);
  const signed = resigned(ceremony, dealer, bytes);
  if (signed === undefined || !passes(ceremony, onChain, signed)) {
    return members.map(() => 'rejected');
  }
  const outcomes: Outcome[] = [];
  for (const id of members) {
    const deps = { encryptionKey: encryptionKeyOf(id) };
    const processed = await dkg.processDkgMessage(ceremony, deps, signed.message);
    const { complaint } = processed;
    if (complaint === undefined) {
      expect(essence(ceremony, processed)).toBe(intact[id]);
      outcomes.push('harmless');
    } else {
      expect(await dkg.isComplaintValid(ceremony, id, complaint, signed.message)).toBe(true);
      outcomes.push('accused');
    }
  }
  return outcomes;
}
