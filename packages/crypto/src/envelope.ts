/**
 * The sealed envelope as a plain structured object (protocol §1.8). Its BCS form lives in
 * @seal-ts/protocol; encryption and decryption work on this shape.
 */

import type { Ciphertext } from './ciphertext.ts';
import type { Engine } from './engine.ts';
import type { RandomSource } from './random.ts';

/** The only envelope version there is. */
export const ENVELOPE_VERSION = 0;
/**
 * Most services of one new envelope, and largest threshold: the official SDK requires both to be
 * below 255 when it encrypts. Decryption accepts up to 255 (one byte of index).
 */
export const MAX_ENCRYPT_SERVICES = 254;

/** One share holder: a key server object and the share index it got. */
export interface EnvelopeService {
  /** Key server object id, 32 bytes. */
  readonly objectId: Uint8Array;
  /** Share index, 1 to 255. */
  readonly index: number;
}

/** What `EncryptedObject` holds. All byte arrays are public. */
export interface SealedEnvelope {
  readonly version: number;
  /** First published version of the policy package, 32 bytes. */
  readonly packageId: Uint8Array;
  /** Inner identity, any length. */
  readonly id: Uint8Array;
  readonly services: readonly EnvelopeService[];
  readonly threshold: number;
  /** `r·g2`, 96 bytes compressed. */
  readonly nonce: Uint8Array;
  /** 32 bytes each, in services order. */
  readonly encryptedShares: readonly Uint8Array[];
  /** 32 bytes. */
  readonly encryptedRandomness: Uint8Array;
  readonly ciphertext: Ciphertext;
}

/** What every high-level operation needs from outside. */
export interface CryptoDeps {
  readonly engine: Engine;
  /** Defaults to the platform's generator. */
  readonly random?: RandomSource;
}
