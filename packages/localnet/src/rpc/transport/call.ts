/**
 * One call, whatever carries it: deadline, cancellation, place in the gate, and the translation of
 * whatever a handler throws into a status.
 */
import type { Route } from '../dispatcher.ts';
import { toRpcError } from '../errors.ts';
import { parseTimeout } from './deadline.ts';
import { type GrpcStatusName, RpcError } from './status.ts';

/** Notes what a caller cannot be told in full: unexpected failures. */
export type CallLogger = (entry: { method: string; error: unknown }) => void;

/** Lifetime of a call: its signal, and why it was aborted. */
export class CallScope {
  readonly #controller = new AbortController();
  readonly #timer: NodeJS.Timeout | undefined;
  readonly #stop: AbortSignal;
  readonly #onStop = () => this.abort('UNAVAILABLE', 'the ledger is stopping');

  /**
   * @param timeout value of the `grpc-timeout` header
   * @param stop aborted when the server stops
   */
  constructor(timeout: string | undefined, stop: AbortSignal) {
    const timeoutMs = parseTimeout(timeout);
    this.#stop = stop;
    stop.addEventListener('abort', this.#onStop, { once: true });
    if (timeoutMs === undefined) return;
    this.#timer = setTimeout(
      () => this.abort('DEADLINE_EXCEEDED', `the deadline of ${timeoutMs} ms has passed`),
      timeoutMs,
    );
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  abort(code: GrpcStatusName, message: string): void {
    this.#controller.abort(new RpcError(code, message));
  }

  /** Settles as `work` does, or fails with the reason of the abort, whichever is first. */
  race<T>(work: Promise<T>): Promise<T> {
    const { signal } = this;
    if (signal.aborted) {
      work.catch(() => undefined);
      return Promise.reject(signal.reason);
    }
    return new Promise((resolve, reject) => {
      const onAbort = () => reject(signal.reason);
      signal.addEventListener('abort', onAbort, { once: true });
      work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
    });
  }

  /** Frees timer and listener; the call is over. */
  end(): void {
    clearTimeout(this.#timer);
    this.#stop.removeEventListener('abort', this.#onStop);
  }
}

/** The status for anything thrown while serving `method`; unexpected failures are logged. */
export function describeFailure(method: string, error: unknown, log: CallLogger): RpcError {
  const known = toRpcError(error);
  if (known !== undefined) return known;
  log({ method, error });
  const text = error instanceof Error ? error.message : String(error);
  return new RpcError('INTERNAL', `internal error in ${method}: ${text}`, { cause: error });
}

/** Runs a unary route under a scope. */
export function runUnary(
  route: Extract<Route, { kind: 'unary' }>,
  message: Uint8Array,
  scope: CallScope,
): Promise<Uint8Array> {
  return scope.race(route.call(message, { signal: scope.signal }));
}
