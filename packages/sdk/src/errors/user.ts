/** Errors that the caller, a ciphertext or an object on chain caused (seal-protocol.md §9.3). */
import { SealError, type UserErrorCode } from './base.ts';

export class UserError extends SealError {
  constructor(
    message: string,
    options?: ErrorOptions,
    code: UserErrorCode = 'SEAL_INVALID_ARGUMENT',
  ) {
    super(code, message, options);
    this.name = 'UserError';
  }
}

/** Classes differ in data only; each keeps its own identity for `instanceof`. */
function define<const Code extends UserErrorCode>(name: string, ...codes: [Code, ...Code[]]) {
  return class extends UserError {
    declare readonly code: Code;

    constructor(message = name, options?: ErrorOptions, code: Code = codes[0]) {
      super(message, options, code);
      this.name = name;
    }
  };
}

export class InvalidPersonalMessageSignatureError extends define(
  'InvalidPersonalMessageSignatureError',
  'SEAL_INVALID_PERSONAL_MESSAGE_SIGNATURE',
) {}
/** An object could not be read from the chain. */
export class InvalidGetObjectError extends define(
  'InvalidGetObjectError',
  'SEAL_OBJECT_UNREADABLE',
) {}
export class UnsupportedFeatureError extends define(
  'UnsupportedFeatureError',
  'SEAL_UNSUPPORTED_FEATURE',
) {}
export class UnsupportedNetworkError extends define(
  'UnsupportedNetworkError',
  'SEAL_UNSUPPORTED_NETWORK',
) {}
export class InvalidKeyServerError extends define(
  'InvalidKeyServerError',
  'SEAL_INVALID_KEY_SERVER',
) {}
export class InvalidKeyServerVersionError extends define(
  'InvalidKeyServerVersionError',
  'SEAL_INVALID_KEY_SERVER_VERSION',
) {}
export class InvalidCiphertextError extends define(
  'InvalidCiphertextError',
  'SEAL_INVALID_CIPHERTEXT',
) {}
export class InvalidThresholdError extends define(
  'InvalidThresholdError',
  'SEAL_INVALID_THRESHOLD',
) {}
export class InconsistentKeyServersError extends define(
  'InconsistentKeyServersError',
  'SEAL_INCONSISTENT_KEY_SERVERS',
) {}
export class DecryptionError extends define(
  'DecryptionError',
  'SEAL_DECRYPTION_FAILED',
  'SEAL_PACKAGE_MISMATCH',
) {}
export class InvalidClientOptionsError extends define(
  'InvalidClientOptionsError',
  'SEAL_INVALID_CLIENT_OPTIONS',
) {}
/** Too few servers can still answer; `servers` lists what the others did. */
export class TooManyFailedFetchKeyRequestsError extends define(
  'TooManyFailedFetchKeyRequestsError',
  'SEAL_THRESHOLD_UNREACHABLE',
) {}
