/** Which of several servers' errors to throw (seal-protocol.md §9.3). */
import { hasSealCode, type SealError, type SealErrorCode, type ShareOutcome } from './base.ts';
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

/** Failures that are no server's own word: nothing usable came back. */
const SILENT: ReadonlySet<SealErrorCode> = new Set<SealErrorCode>([
  'SEAL_INVALID_RESPONSE',
  'SEAL_INVALID_SHARE',
  'SEAL_NETWORK',
  'SEAL_TIMEOUT',
]);

/**
 * What a round that missed its threshold throws, with the list of what every server did: the
 * majority error when it is a server's own answer, else that too few servers answered.
 */
export function roundError(
  errors: readonly SealError[],
  shares: readonly ShareOutcome[],
  missingWeight: number,
): SealError {
  const majority = toMajorityError(errors);
  const thrown =
    hasSealCode(majority) && errors.length > 0 && !SILENT.has(majority.code)
      ? majority
      : unreachable(majority, shares, missingWeight);
  thrown.shares = shares;
  return thrown;
}

function unreachable(
  cause: Error,
  shares: readonly ShareOutcome[],
  missingWeight: number,
): SealError {
  const list = shares
    .filter(({ outcome }) => outcome === 'failed')
    .map(({ name, url, message }) => `${name} (${url}): ${message}`)
    .join('; ');
  return new TooManyFailedFetchKeyRequestsError(
    `Too few key servers gave a usable answer, weight ${missingWeight} is missing` +
      (list === '' ? '' : `: ${list}`),
    { cause },
  );
}
