/**
 * The messages of key generation and their BCS encodings (dkg spec §9). Only signed messages travel
 * between members; complaints are shown to operators.
 */

import { concat } from '../bytes.ts';
import { type Engine, type G1Point, G2_BYTES, type G2Point, type Group } from '../engine.ts';
import { CryptoError } from '../errors.ts';
import { BcsReader, u16le, vector } from './bcs.ts';
import {
  encodeMultiRecipient,
  encodeRecoveryPackage,
  type MultiRecipientCiphertext,
  type RecoveryPackage,
  readMultiRecipient,
  readRecoveryPackage,
} from './ecies.ts';
import { type DlProof, encodeDlProof, readDlProof } from './proofs.ts';

/** Longest encoding of a message that is looked at (the reference's sanity cap). */
export const MAX_DKG_MESSAGE_BYTES = 400_000;

/** The engine and the group of the encryption keys. */
export interface DkgSuite<E> {
  readonly engine: Engine;
  readonly keys: Group<E>;
}

/** The deployed instantiation: commitments in G2, encryption keys in G1. */
export function deployedSuite(engine: Engine): DkgSuite<G1Point> {
  return { engine, keys: engine.g1 };
}

/** What a dealer publishes. */
export interface DkgMessage<E> {
  /** Party id of the dealer. */
  readonly sender: number;
  /** `a_k·g2`, constant term first. */
  readonly commitment: readonly G2Point[];
  /** One ciphertext for each party, in id order. */
  readonly encryptedShares: MultiRecipientCiphertext<E>;
}

/** The accusation that a dealer's ciphertext does not hold the right shares. */
export interface Complaint<E> {
  readonly accused: number;
  readonly recovery: RecoveryPackage<E>;
}

/** All complaints of one party; used by completion with confirmations only. */
export interface Confirmation<E> {
  readonly sender: number;
  readonly complaints: readonly Complaint<E>[];
}

/** A share of the new key. */
export interface KeyShare {
  /** Evaluation point, from 1. */
  readonly index: number;
  /** Secret scalar. */
  readonly value: Uint8Array;
}

/** What members exchange. */
export interface SignedDkgMessage<E> {
  readonly message: DkgMessage<E>;
  /** BLS min-sig over the payload of §12. */
  readonly signature: G1Point;
  /** Proof that the dealer knows the secret behind `commitment[0]`. */
  readonly secretProof: DlProof<G2Point>;
}

function assertSize(bytes: Uint8Array): void {
  if (bytes.length > MAX_DKG_MESSAGE_BYTES) {
    throw new CryptoError(
      'INVALID_DKG_MESSAGE',
      `DKG encoding: ${bytes.length} bytes, more than ${MAX_DKG_MESSAGE_BYTES}`,
    );
  }
}

/** Decodes with every fault, also of points and scalars inside, as `INVALID_DKG_MESSAGE`. */
function decode<T>(bytes: Uint8Array, read: (reader: BcsReader) => T): T {
  assertSize(bytes);
  try {
    return BcsReader.readAll(bytes, read);
  } catch (cause) {
    if (cause instanceof CryptoError && cause.code !== 'INVALID_DKG_MESSAGE') {
      throw new CryptoError('INVALID_DKG_MESSAGE', `DKG encoding: ${cause.message}`, { cause });
    }
    throw cause;
  }
}

export function encodeDkgMessage<E>(suite: DkgSuite<E>, message: DkgMessage<E>): Uint8Array {
  return concat(
    u16le(message.sender),
    vector(message.commitment.map((point) => suite.engine.g2.toBytes(point))),
    encodeMultiRecipient(suite.keys, message.encryptedShares),
  );
}

function readMessage<E>(reader: BcsReader, { engine, keys }: DkgSuite<E>): DkgMessage<E> {
  const sender = reader.u16('sender');
  const commitment = reader.list(G2_BYTES, 'vss_pk', () => reader.point(engine.g2, 'vss_pk'));
  return { sender, commitment, encryptedShares: readMultiRecipient(reader, keys) };
}

/** Strict; throws `INVALID_DKG_MESSAGE`. */
export function decodeDkgMessage<E>(suite: DkgSuite<E>, bytes: Uint8Array): DkgMessage<E> {
  return decode(bytes, (reader) => readMessage(reader, suite));
}

export function encodeComplaint<E>(
  { keys }: DkgSuite<E>,
  { accused, recovery }: Complaint<E>,
): Uint8Array {
  return concat(u16le(accused), encodeRecoveryPackage(keys, recovery));
}

function readComplaint<E>(reader: BcsReader, { keys }: DkgSuite<E>): Complaint<E> {
  const accused = reader.u16('accused sender');
  return { accused, recovery: readRecoveryPackage(reader, keys) };
}

/** Strict; throws `INVALID_DKG_MESSAGE`. */
export function decodeComplaint<E>(suite: DkgSuite<E>, bytes: Uint8Array): Complaint<E> {
  return decode(bytes, (reader) => readComplaint(reader, suite));
}

export function encodeConfirmation<E>(
  suite: DkgSuite<E>,
  { sender, complaints }: Confirmation<E>,
): Uint8Array {
  return concat(u16le(sender), vector(complaints.map((c) => encodeComplaint(suite, c))));
}

/** Strict; throws `INVALID_DKG_MESSAGE`. */
export function decodeConfirmation<E>(suite: DkgSuite<E>, bytes: Uint8Array): Confirmation<E> {
  return decode(bytes, (reader) => {
    const sender = reader.u16('sender');
    const complaints = reader.list(2, 'complaints', () => readComplaint(reader, suite));
    return { sender, complaints };
  });
}

export function encodeSignedMessage<E>(
  suite: DkgSuite<E>,
  { message, signature, secretProof }: SignedDkgMessage<E>,
): Uint8Array {
  const { g1, g2 } = suite.engine;
  return concat(
    encodeDkgMessage(suite, message),
    g1.toBytes(signature),
    encodeDlProof(g2, secretProof),
  );
}

/** Strict; throws `INVALID_DKG_MESSAGE`. */
export function decodeSignedMessage<E>(suite: DkgSuite<E>, bytes: Uint8Array): SignedDkgMessage<E> {
  const { g1, g2 } = suite.engine;
  return decode(bytes, (reader) => ({
    message: readMessage(reader, suite),
    signature: reader.point(g1, 'signature'),
    secretProof: readDlProof(reader, g2),
  }));
}
