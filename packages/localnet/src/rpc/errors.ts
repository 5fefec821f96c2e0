/**
 * What the ledger throws, as gRPC statuses (spec sui-ledger §8.5, §14).
 *
 * The execution service words rejected transactions itself, because the text differs between
 * executing and simulating; here is what holds for every method.
 */
import { LedgerError, type LedgerErrorCode, RejectedTransaction } from '../ledger/errors.ts';
import { type GrpcStatusName, invalidField, RpcError } from './transport/status.ts';

const LEDGER_STATUS: Readonly<Record<LedgerErrorCode, GrpcStatusName>> = {
  LEDGER_INVALID_ARGUMENT: 'INVALID_ARGUMENT',
  LEDGER_INVALID_CURSOR: 'INVALID_ARGUMENT',
  LEDGER_CLOCK_BACKWARDS: 'FAILED_PRECONDITION',
  LEDGER_CLOCK_TOO_LATE: 'INVALID_ARGUMENT',
  LEDGER_CLOSED: 'UNAVAILABLE',
  LEDGER_BCS: 'INVALID_ARGUMENT',
  LEDGER_STORE_FORMAT: 'FAILED_PRECONDITION',
  LEDGER_STORE_IN_USE: 'FAILED_PRECONDITION',
  LEDGER_INVARIANT: 'INTERNAL',
};

/** The status of an expected error, or undefined when it is a fault of ours. */
export function toRpcError(error: unknown): RpcError | undefined {
  if (error instanceof RpcError) return error;
  if (error instanceof RejectedTransaction) {
    return new RpcError('INVALID_ARGUMENT', error.message, { cause: error });
  }
  if (error instanceof LedgerError && error.code !== 'LEDGER_INVARIANT') {
    return new RpcError(LEDGER_STATUS[error.code], error.message, { cause: error });
  }
  return undefined;
}

/**
 * The status for a rejected transaction.
 * @param during decides the prefix of input errors
 */
export function rejectionStatus(
  error: RejectedTransaction,
  during: 'execute' | 'simulate',
): RpcError {
  if (error.rejectionClass === 'signature') {
    if (error.signatureIndex !== undefined) {
      return invalidField(`signatures[${error.signatureIndex}]`, error.message);
    }
    return new RpcError('INVALID_ARGUMENT', withPrefix('Invalid user signature: ', error.message));
  }
  if (error.rejectionClass === 'request') return new RpcError('INVALID_ARGUMENT', error.message);
  if (during === 'simulate') {
    return new RpcError(
      'INVALID_ARGUMENT',
      withPrefix('Error checking transaction input objects: ', error.message),
    );
  }
  return new RpcError('INVALID_ARGUMENT', `${EXECUTE_PREFIX}${error.message}.`);
}

const EXECUTE_PREFIX =
  'Transaction execution failed due to issues with transaction inputs, ' +
  'please review the errors and try again: ';

function withPrefix(prefix: string, message: string): string {
  return message.startsWith(prefix) ? message : prefix + message;
}
