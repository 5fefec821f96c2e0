/** Which of several servers' errors to throw (seal-protocol.md §9.3). */
import { isSealError, SealError, type ServerFailure } from './base.ts';
import { TooManyFailedFetchKeyRequestsError } from './user.ts';

/**
 * The most frequent error by class; the first class to reach that count wins, with its latest
 * instance. Without any error there is still one to throw.
 */
export function toMajorityError(errors: readonly Error[]): Error {
  const counts = new Map<string, number>();
  let most = 0;
  let majority: Error | undefined;
  for (const error of errors) {
    const count = (counts.get(error.name) ?? 0) + 1;
    counts.set(error.name, count);
    if (count > most) {
      most = count;
      majority = error;
    }
  }
  return majority ?? new TooManyFailedFetchKeyRequestsError('No key server gave a usable answer');
}

/** The majority error with the list of what every server did. */
export function majorityWithServers(
  errors: readonly SealError[],
  servers: readonly ServerFailure[],
): SealError {
  const error = toMajorityError(errors);
  const thrown = isSealError(error) ? error : new SealError('SEAL_SERVER_ERROR', error.message);
  thrown.servers = servers;
  return thrown;
}
