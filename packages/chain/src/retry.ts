/**
 * Attempts, delays and deadlines of node calls (seal-protocol.md §4.17). Only answers that another
 * attempt can change are retried; local decoding failures never are.
 */
import { GrpcStatusCode, RpcError } from '@mysten/sui/grpc';
import { ChainError, type ChainErrorCode, isChainError } from './errors.ts';

export interface RetryOptions {
  /** Attempts in total, the first included. */
  readonly maxAttempts: number;
  /** Before the second attempt; doubles each time. */
  readonly minDelayMs: number;
  readonly maxDelayMs: number;
  /** Bound on one attempt. */
  readonly timeoutMs: number;
}

export const DEFAULT_RETRY: RetryOptions = {
  maxAttempts: 3,
  minDelayMs: 100,
  maxDelayMs: 10_000,
  timeoutMs: 60_000,
};

/** gRPC statuses worth another attempt. */
export const RETRYABLE_STATUS: ReadonlySet<string> = new Set([
  'UNAVAILABLE',
  'DEADLINE_EXCEEDED',
  'RESOURCE_EXHAUSTED',
  'ABORTED',
]);

/**
 * What a call is for: the `method` label of metrics (seal-protocol.md §4.16). `list_events` and
 * `verify_signature` are ours: the reference does not count those calls.
 */
export type RpcMethod =
  | 'fetch_committee_from_key_server'
  | 'fetch_key_server_by_id'
  | 'fetch_package_original_id'
  | 'fetch_upgrade_proposal'
  | 'get_object'
  | 'get_reference_gas_price'
  | 'list_events'
  | 'object_exists'
  | 'simulate_transaction'
  | 'verify_signature';
/** Outcome of one attempt, for metrics. */
export type AttemptStatus = 'success' | 'retriable_error' | 'error';
export type AttemptObserver = (
  method: RpcMethod,
  status: AttemptStatus,
  durationMs: number,
) => void;

export interface RetryDeps {
  readonly sleep: (ms: number, signal: AbortSignal | undefined) => Promise<void>;
  readonly now: () => number;
  readonly observe: AttemptObserver;
}

export const DEFAULT_RETRY_DEPS: RetryDeps = {
  sleep: abortableSleep,
  now: () => performance.now(),
  observe: () => {},
};

/** Runs `attempt` until it succeeds, fails for good, or attempts run out. Throws ChainError. */
export async function withRetries<T>(
  method: RpcMethod,
  attempt: (signal: AbortSignal) => Promise<T>,
  options: RetryOptions,
  deps: RetryDeps,
  signal?: AbortSignal,
): Promise<T> {
  let delayMs = options.minDelayMs;
  for (let n = 1; ; n++) {
    const startedAt = deps.now();
    try {
      const value = await once(attempt, options.timeoutMs, signal);
      deps.observe(method, 'success', deps.now() - startedAt);
      return value;
    } catch (error) {
      const failure = toChainError(method, error, signal);
      const again = failure.retryable && n < options.maxAttempts;
      deps.observe(method, again ? 'retriable_error' : 'error', deps.now() - startedAt);
      if (!again) throw failure;
    }
    await deps.sleep(delayMs, signal);
    delayMs = Math.min(delayMs * 2, options.maxDelayMs);
  }
}

/** Gives a node's failure its code; errors of this package pass through. */
export function toChainError(method: string, error: unknown, signal?: AbortSignal): ChainError {
  if (isChainError(error)) return error;
  if (signal?.aborted) {
    return new ChainError('CANCELLED', `${method}: cancelled by the caller`, { cause: error });
  }
  if (error instanceof RpcError) {
    const retryable = RETRYABLE_STATUS.has(error.code);
    const text = `${method}: ${error.code}: ${error.message}`;
    return new ChainError(codeOf(error.code), text, {
      cause: error,
      grpcStatus: error.code,
      retryable,
    });
  }
  const text = error instanceof Error ? error.message : String(error);
  return new ChainError('RPC', `${method}: ${text}`, { cause: error });
}

function codeOf(status: string): ChainErrorCode {
  switch (status) {
    case GrpcStatusCode[GrpcStatusCode.NOT_FOUND]:
      return 'NOT_FOUND';
    case GrpcStatusCode[GrpcStatusCode.INVALID_ARGUMENT]:
      return 'INVALID_ARGUMENT';
    case GrpcStatusCode[GrpcStatusCode.ABORTED]:
      return 'ABORTED';
    default:
      return RETRYABLE_STATUS.has(status) ? 'UNAVAILABLE' : 'RPC';
  }
}

async function once<T>(
  attempt: (signal: AbortSignal) => Promise<T>,
  timeoutMs: number,
  signal: AbortSignal | undefined,
): Promise<T> {
  signal?.throwIfAborted();
  const timeout = AbortSignal.timeout(timeoutMs);
  return attempt(signal === undefined ? timeout : AbortSignal.any([signal, timeout]));
}

function abortableSleep(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    signal?.addEventListener('abort', done, { once: true });
    function done(): void {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    }
  });
}
