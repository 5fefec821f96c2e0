/** Every bound of the message board, for the server and for its clients. Neither trusts the other. */
import { MAX_SET_BYTES, MAX_SET_MESSAGES } from '../files/message-set-file.ts';
import { MAX_MESSAGE_FILE_BYTES } from '../files/messages.ts';

export const DEFAULT_BOARD_PORT = 8645;

export const BOARD_LIMITS = {
  /** Requests worked on at once; more are refused at once. */
  maxRequests: 32,
  /** For a whole request at the server, its body included. */
  serverTimeoutMs: 20_000,
  /** Requests under way may take this long to finish after the first signal. */
  drainMs: 5_000,
  /** For a whole answer at the client, its body included. */
  clientTimeoutMs: 30_000,
  /** Tries of one request, when the board cannot be reached or is busy. */
  attempts: 3,
  /** Before the second try; twice as long before each further one. */
  pauseMs: 500,
  /** The public part of dkg.yaml: a line for each of 1000 members, and the rest. */
  maxCeremonyBytes: 256 * 1024,
  /** The list of messages: a line for each of 1000 members, and the rest. */
  maxListBytes: MAX_SET_MESSAGES * 128 + 1024,
  maxSetBytes: MAX_SET_BYTES,
  /** Of a board's own words that are shown. */
  maxReasonCharacters: 300,
} as const;

const G1 = 48;
const G2 = 96;
const SCALAR = 32;
/** A count and one scalar, encrypted byte for byte. */
const ENCRYPTED_SHARE = 1 + SCALAR;
/** Room for JSON around the hex. */
const JSON_CHARACTERS = 64;

/**
 * Longest file of a well-formed message to `parties` members (dkg spec §9): commitments, one ciphertext
 * each, and the fixed parts.
 */
export function maxMessageBytes(parties: number, threshold: number): number {
  const count = (items: number) => (items < 128 ? 1 : items < 16_384 ? 2 : 3);
  const commitment = count(threshold) + threshold * G2;
  const encryptions = count(parties) + parties * (1 + ENCRYPTED_SHARE);
  const proofs = 2 * G1 + SCALAR + G2 + SCALAR;
  const bytes = 2 + commitment + 2 * G1 + encryptions + proofs + G1;
  return Math.min(2 * bytes + JSON_CHARACTERS, MAX_MESSAGE_FILE_BYTES);
}

/** For clients, who do not know yet how large the ceremony is. */
export const MAX_ANY_MESSAGE_BYTES = MAX_MESSAGE_FILE_BYTES;
