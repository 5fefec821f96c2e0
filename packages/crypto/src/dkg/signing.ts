/**
 * Signed messages (dkg spec §12): a dealer signs its message together with the proof that it knows
 * the secret it deals, and receivers check both before anything else. Also the hash of all messages
 * that goes on chain (§14).
 */

import { blake2b } from '@noble/hashes/blake2.js';
import { assertLength, concat, utf8 } from '../bytes.ts';
import type { Engine, G1Point, G2Point } from '../engine.ts';
import { CryptoError } from '../errors.ts';
import { systemRandom } from '../random.ts';
import { isZeroScalar } from '../scalar.ts';
import { preparedGenerator } from '../user-secret-key.ts';
import { byteVector, vector } from './bcs.ts';
import type { DkgCeremony, DkgPartyDeps, ProcessedMessage } from './ceremony.ts';
import {
  type DkgSuite,
  encodeDkgMessage,
  encodeSignedMessage,
  type SignedDkgMessage,
} from './message.ts';
import { createDkgMessage, verifyDkgMessage } from './party.ts';
import { samplePolynomial } from './polynomial.ts';
import { encodeDlProof, proveDl, verifyDl } from './proofs.ts';
import { secretProofOracle } from './random-oracle.ts';
import { takeShares } from './shares.ts';

/** Domain of message signatures. */
export const DKG_SIGNATURE_DOMAIN = 'SEAL_DKG_MESSAGE_SIGNATURE_V0';
const COMMITTEE_ID_BYTES = 32;

/** `sk·H(message)`: an ordinary BLS min-sig signature. Throws `INVALID_SCALAR` for a zero key. */
export function blsSign(engine: Engine, secretKey: Uint8Array, message: Uint8Array): G1Point {
  if (isZeroScalar(secretKey)) throw new CryptoError('INVALID_SCALAR', 'signing key: is zero');
  return engine.g1.mul(engine.g1.hash(message), secretKey);
}

/** Whether `signature` is by `publicKey` over `message`; false for the identity as key. */
export function blsVerify(
  engine: Engine,
  publicKey: G2Point,
  message: Uint8Array,
  signature: G1Point,
): boolean {
  if (engine.g2.isIdentity(publicKey)) return false;
  return engine.pairingProductIsOne([
    { g1: engine.g1.neg(signature), g2: preparedGenerator(engine) },
    { g1: engine.g1.hash(message), g2: publicKey },
  ]);
}

/** The signed bytes: domain, committee id, message and proof. */
export function signaturePayload<E>(
  suite: DkgSuite<E>,
  committeeId: Uint8Array,
  signed: Omit<SignedDkgMessage<E>, 'signature'>,
): Uint8Array {
  assertLength(committeeId, COMMITTEE_ID_BYTES, 'committee id');
  return concat(
    byteVector(utf8(DKG_SIGNATURE_DOMAIN)),
    committeeId,
    encodeDkgMessage(suite, signed.message),
    encodeDlProof(suite.engine.g2, signed.secretProof),
  );
}

export interface CreateSignedMessageOptions {
  /** Id of the new committee, 32 bytes. */
  readonly committeeId: Uint8Array;
  /** BLS secret key registered for this party. */
  readonly signingKey: Uint8Array;
  /** In a rotation, the continuing member's old share as it is. */
  readonly oldShare?: Uint8Array;
}

/** Everything a dealer does: polynomial, encrypted shares, proof, signature. */
export async function createSignedMessage<E>(
  ceremony: DkgCeremony<E>,
  deps: DkgPartyDeps,
  options: CreateSignedMessageOptions,
): Promise<SignedDkgMessage<E>> {
  const { suite, threshold, oracle } = ceremony;
  const random = deps.random ?? systemRandom;
  const polynomial = samplePolynomial(random, threshold, options.oldShare);
  try {
    const message = await createDkgMessage(ceremony, { ...deps, random }, polynomial);
    const secretProof = proveDl(
      suite.engine.g2,
      random,
      secretProofOracle(oracle, message.sender),
      polynomial[0]!,
      message.commitment[0]!,
    );
    const payload = signaturePayload(suite, options.committeeId, { message, secretProof });
    const signature = blsSign(suite.engine, options.signingKey, payload);
    return { message, signature, secretProof };
  } finally {
    for (const coefficient of polynomial) coefficient.fill(0);
  }
}

export interface VerifySignedMessageOptions {
  /** Id of the new committee, 32 bytes. */
  readonly committeeId: Uint8Array;
  /** BLS public keys by party id, as registered on chain. */
  readonly signingKeys: ReadonlyMap<number, G2Point>;
  /**
   * In a rotation the partial public key of the sender's *old* party id. A message is refused there
   * when it is absent: its sender was not in the old committee.
   */
  readonly expectedPartialKey?: G2Point;
}

/**
 * Everything about a message that needs no secret (protocol §6.2.7, steps 1 to 4): the sender's
 * signature for this committee, in a rotation the old share that must be dealt, the proof of
 * knowledge, and the message itself. A message that passes can still hold wrong shares for a
 * recipient, which only that recipient sees. Throws `INVALID_SIGNATURE`, `INVALID_PROOF`,
 * `INVALID_DKG_MESSAGE`; `INVALID_INPUT` when the thresholds do not fit the parties.
 */
export function verifySignedMessage<E>(
  ceremony: DkgCeremony<E>,
  signed: SignedDkgMessage<E>,
  options: VerifySignedMessageOptions,
): void {
  const { suite, oracle, oldThreshold } = ceremony;
  const { engine } = suite;
  const { sender, commitment } = signed.message;
  const { expectedPartialKey } = options;
  const party = `DKG message from party ${sender}`;
  const publicKey = options.signingKeys.get(sender);
  const payload = signaturePayload(suite, options.committeeId, signed);
  if (publicKey === undefined || !blsVerify(engine, publicKey, payload, signed.signature)) {
    throw new CryptoError(
      'INVALID_SIGNATURE',
      `${party}: not signed by its registered key for this committee`,
    );
  }
  if (oldThreshold !== undefined && expectedPartialKey === undefined) {
    throw new CryptoError(
      'INVALID_DKG_MESSAGE',
      `${party}: a rotation takes messages of continuing members only, and no expectedPartialKey ` +
        'was given for this one',
    );
  }
  const first = commitment[0];
  if (first === undefined) throw new CryptoError('INVALID_DKG_MESSAGE', `${party}: no commitment`);
  if (expectedPartialKey !== undefined && !engine.g2.equal(first, expectedPartialKey)) {
    throw new CryptoError('INVALID_DKG_MESSAGE', `${party}: does not deal its old share`);
  }
  verifyDl(engine.g2, secretProofOracle(oracle, sender), first, signed.secretProof);
  verifyDkgMessage(ceremony, signed.message);
}

/**
 * `verifySignedMessage`, then takes this party's shares out. Wrong shares are not an error: the
 * result carries a complaint. Throws what `verifySignedMessage` throws, and `INVALID_INPUT` when the
 * encryption key belongs to no party.
 */
export async function processSignedMessage<E>(
  ceremony: DkgCeremony<E>,
  deps: DkgPartyDeps,
  signed: SignedDkgMessage<E>,
  options: VerifySignedMessageOptions,
): Promise<ProcessedMessage<E>> {
  verifySignedMessage(ceremony, signed, options);
  return takeShares(ceremony, deps, signed.message);
}

/**
 * BLAKE2b-256 of the BCS vector of all signed messages, in ascending sender order: what members
 * propose on chain. Throws `INVALID_INPUT` when two messages have the same sender.
 */
export function messagesHash<E>(
  suite: DkgSuite<E>,
  messages: readonly SignedDkgMessage<E>[],
): Uint8Array {
  const sorted = messages.toSorted((a, b) => a.message.sender - b.message.sender);
  for (const [i, { message }] of sorted.entries()) {
    if (sorted[i + 1]?.message.sender === message.sender) {
      throw new CryptoError('INVALID_INPUT', `DKG: two messages from party ${message.sender}`);
    }
  }
  return blake2b(vector(sorted.map((m) => encodeSignedMessage(suite, m))), { dkLen: 32 });
}
