/** Errors of reading from and running on a Sui node. */

export type ChainErrorCode =
  | 'ABORTED'
  | 'CANCELLED'
  | 'INVALID_ARGUMENT'
  | 'MALFORMED'
  | 'NOT_A_PACKAGE'
  | 'NOT_FOUND'
  | 'RPC'
  | 'UNAVAILABLE'
  | 'UNSUPPORTED_VERSION';

export interface ChainErrorOptions extends ErrorOptions {
  /** gRPC status name, e.g. `UNAVAILABLE`, when the node answered with one. */
  readonly grpcStatus?: string | undefined;
  /** Another attempt may succeed (seal-protocol.md §4.17). */
  readonly retryable?: boolean;
}

export class ChainError extends Error {
  readonly code: ChainErrorCode;
  readonly grpcStatus: string | undefined;
  readonly retryable: boolean;

  constructor(code: ChainErrorCode, message: string, options: ChainErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'ChainError';
    this.code = code;
    this.grpcStatus = options.grpcStatus;
    this.retryable = options.retryable ?? false;
  }
}

export function isChainError(error: unknown): error is ChainError {
  return error instanceof Error && error.name === 'ChainError' && 'code' in error;
}
