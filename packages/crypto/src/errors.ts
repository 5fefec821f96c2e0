/**
 * The one error class of this package. Every failure carries a stable `code`, so that a `switch`
 * narrows, and a message that says what failed and with which public values. Secret values, and
 * which check on a secret failed, never appear.
 */

export const CRYPTO_ERROR_CODES = [
  /** An argument is outside its documented range or shape. */
  'INVALID_INPUT',
  /** A byte string has the wrong length. */
  'INVALID_LENGTH',
  /** 32 bytes that are not a big-endian integer below the group order. */
  'INVALID_SCALAR',
  /** Bytes that are not the canonical encoding of an element of the prime-order group. */
  'INVALID_POINT',
  /** Bytes that are not an element of the target field. */
  'INVALID_TARGET_ELEMENT',
  /** A handle made by one engine was given to another. */
  'ENGINE_MISMATCH',
  /** The WebAssembly engine could not be started here. */
  'ENGINE_UNAVAILABLE',
  /** The random source returned the wrong number of bytes. */
  'RANDOM_SOURCE_FAILED',
  /** Fewer shares (or keys) than the threshold. */
  'NOT_ENOUGH_SHARES',
  /** A share index is 0, out of range, or appears twice. */
  'INVALID_SHARE_INDEX',
  /** A user secret key does not belong to this identity and public key. */
  'INVALID_USER_SECRET_KEY',
  /** A proof (of possession, of knowledge, of equality) does not verify. */
  'INVALID_PROOF',
  /** The envelope has an unknown version or inconsistent parts. */
  'INVALID_ENVELOPE',
  /** The shares of an envelope do not lie on one polynomial: not every key set would decrypt it. */
  'INCONSISTENT_SHARES',
  /** Wrong key, wrong associated data, or damaged ciphertext. Deliberately says no more. */
  'DECRYPTION_FAILED',
  /** A message of distributed key generation breaks a rule of the protocol. */
  'INVALID_DKG_MESSAGE',
  /** A signature does not verify. */
  'INVALID_SIGNATURE',
  /** Too few messages (or confirmations) to complete distributed key generation. */
  'NOT_ENOUGH_MESSAGES',
] as const;

export type CryptoErrorCode = (typeof CRYPTO_ERROR_CODES)[number];

/** Everything this package throws. */
export class CryptoError extends Error {
  override readonly name = 'CryptoError';
  readonly code: CryptoErrorCode;

  constructor(code: CryptoErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}

/** Whether `error` was thrown by this package. */
export function isCryptoError(error: unknown): error is CryptoError {
  return error instanceof CryptoError;
}
