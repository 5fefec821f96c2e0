/**
 * Root of the SDK's errors. The classes carry the names of `@mysten/seal`, so `instanceof` checks
 * written for it keep working; what is added is a stable `code` and, when servers were asked, one
 * entry for each of them (seal-protocol.md §9.3).
 */
import type { MoveAbortInfo } from './move-abort.ts';

/** Codes of refusals and failures of a server. */
export type ServerErrorCode =
  | 'SEAL_ACCESS_DENIED'
  | 'SEAL_DEPRECATED_SDK_VERSION'
  | 'SEAL_INVALID_MVR_NAME'
  | 'SEAL_INVALID_PACKAGE'
  | 'SEAL_INVALID_PARAMETER'
  | 'SEAL_INVALID_PTB'
  | 'SEAL_INVALID_RESPONSE'
  | 'SEAL_INVALID_SDK_TYPE'
  | 'SEAL_INVALID_SDK_VERSION'
  | 'SEAL_INVALID_SERVER_ID'
  | 'SEAL_INVALID_SESSION_SIGNATURE'
  | 'SEAL_INVALID_SHARE'
  | 'SEAL_INVALID_USER_SIGNATURE'
  | 'SEAL_NETWORK'
  | 'SEAL_SERVER_ERROR'
  | 'SEAL_SERVER_FAILURE'
  | 'SEAL_SESSION_EXPIRED'
  | 'SEAL_TIMEOUT'
  | 'SEAL_UNSUPPORTED_PACKAGE';

/** Codes of mistakes in a call, an option, a ciphertext or an object on chain. */
export type UserErrorCode =
  | 'SEAL_DECRYPTION_FAILED'
  | 'SEAL_INCONSISTENT_KEY_SERVERS'
  | 'SEAL_INVALID_ARGUMENT'
  | 'SEAL_INVALID_CIPHERTEXT'
  | 'SEAL_INVALID_CLIENT_OPTIONS'
  | 'SEAL_INVALID_KEY_SERVER'
  | 'SEAL_INVALID_KEY_SERVER_VERSION'
  | 'SEAL_INVALID_PERSONAL_MESSAGE_SIGNATURE'
  | 'SEAL_INVALID_THRESHOLD'
  | 'SEAL_OBJECT_UNREADABLE'
  | 'SEAL_PACKAGE_MISMATCH'
  | 'SEAL_THRESHOLD_UNREACHABLE'
  | 'SEAL_UNSUPPORTED_FEATURE'
  | 'SEAL_UNSUPPORTED_NETWORK';

export type SealErrorCode = ServerErrorCode | UserErrorCode;

/** What became of the request to one key server. */
export interface ShareOutcome {
  /** Object id of the key server. */
  readonly server: string;
  readonly name: string;
  readonly url: string;
  /** `gave`: its keys are good; `cancelled`: its answer could not help any more. */
  readonly outcome: 'gave' | 'failed' | 'cancelled';
  /** Of the failure; undefined unless the server failed. */
  readonly code: SealErrorCode | undefined;
  readonly message: string;
  /** HTTP status; undefined when there was no answer. */
  readonly status: number | undefined;
  readonly requestId: string | undefined;
  /** The same request may succeed later. */
  readonly retryable: boolean;
  /** The policy's abort, when the server passed it on. */
  readonly abort: MoveAbortInfo | undefined;
}

export class SealError extends Error {
  readonly code: SealErrorCode;
  /** One entry for each server that was asked; empty when none was. */
  shares: readonly ShareOutcome[] = [];

  constructor(code: SealErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'SealError';
    this.code = code;
  }
}

/** True for every error this package throws on purpose, also from a duplicate install. */
export function hasSealCode(error: unknown): error is SealError {
  return (
    error instanceof Error &&
    'code' in error &&
    typeof error.code === 'string' &&
    error.code.startsWith('SEAL_')
  );
}
