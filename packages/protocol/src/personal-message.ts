/** The text a user signs to open a session (seal-protocol.md §3.2). */
import { ED25519_PUBLIC_KEY_BYTES } from './constants.ts';
import { toBase64 } from './encoding.ts';
import { ProtocolError } from './errors.ts';

export interface SessionTerms {
  /** MVR name if the certificate has one, otherwise the first package id in 66 characters. */
  readonly packageName: string;
  readonly ttlMin: number;
  /** ms since epoch; shown floored to seconds, UTC. */
  readonly creationTimeMs: number;
  /** Ed25519 public key, 32 bytes. */
  readonly sessionKey: Uint8Array;
}

/** Latest time a calendar date can be written for, ms since epoch (ECMAScript's limit). */
export const MAX_TIME_MS = 8_640_000_000_000_000;

/** One line of UTF-8 text, exactly as servers rebuild it. Error: OUT_OF_RANGE, INVALID_LENGTH. */
export function personalMessageText(terms: SessionTerms): string {
  const { packageName, ttlMin, creationTimeMs, sessionKey } = terms;
  if (sessionKey.length !== ED25519_PUBLIC_KEY_BYTES) {
    throw new ProtocolError('INVALID_LENGTH', `session key: 32 bytes, got ${sessionKey.length}`);
  }
  return (
    `Accessing keys of package ${packageName} for ${ttlMin} mins from ` +
    `${utcText(creationTimeMs)} UTC, session key ${toBase64(sessionKey)}`
  );
}

export function personalMessage(terms: SessionTerms): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(personalMessageText(terms));
}

function utcText(timeMs: number): string {
  if (!Number.isSafeInteger(timeMs) || timeMs < 0 || timeMs > MAX_TIME_MS) {
    throw new ProtocolError('OUT_OF_RANGE', `creation time ${timeMs} is not a date`);
  }
  const iso = new Date(timeMs).toISOString();
  const end = iso.indexOf('.');
  return iso.slice(0, end).replace('T', ' ');
}
