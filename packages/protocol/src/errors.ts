/**
 * Errors of the protocol layer. Each has a stable `code`; servers turn them into the answers of
 * seal-protocol.md §4.4, clients show them as they are.
 */

export type ProtocolErrorCode =
  | 'INVALID_ADDRESS'
  | 'INVALID_BASE64'
  | 'INVALID_BCS'
  | 'INVALID_CERTIFICATE'
  | 'INVALID_ENCRYPTED_OBJECT'
  | 'INVALID_HEX'
  | 'INVALID_LENGTH'
  | 'INVALID_MVR_NAME'
  | 'INVALID_PTB'
  | 'INVALID_REQUIREMENT'
  | 'INVALID_SHAPE'
  | 'INVALID_TYPE_TAG'
  | 'INVALID_VERSION'
  | 'OUT_OF_RANGE'
  | 'UNKNOWN_NETWORK';

/** A value that breaks a rule of the protocol. `message` says which value and which rule. */
export class ProtocolError extends Error {
  readonly code: ProtocolErrorCode;

  constructor(code: ProtocolErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ProtocolError';
    this.code = code;
  }
}

/** True for errors made by this package, also across realms and duplicate installs. */
export function isProtocolError(error: unknown): error is ProtocolError {
  return error instanceof Error && error.name === 'ProtocolError' && 'code' in error;
}
