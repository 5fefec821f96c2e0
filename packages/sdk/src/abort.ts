/** Cancellation helpers: one place that makes deadlines hold even if a `fetch` ignores signals. */

/** Settles as `work` does, or rejects with the signal's reason when it aborts first. */
export function abortable<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  if (signal.aborted) {
    work.catch(() => {});
    return Promise.reject(signal.reason);
  }
  return new Promise<T>((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}

/**
 * Runs `work` with a signal that aborts with the caller's or after `timeoutMs`; rejects with
 * `onTimeout()` in the second case, even if `work` ignores signals.
 */
export async function withDeadline<T>(
  timeoutMs: number,
  signal: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
  onTimeout: (cause: unknown) => Error,
): Promise<T> {
  signal?.throwIfAborted();
  const timeout = AbortSignal.timeout(timeoutMs);
  const either = anySignal(signal, timeout);
  try {
    return await abortable(work(either), either);
  } catch (error) {
    signal?.throwIfAborted();
    throw timeout.aborted ? onTimeout(error) : error;
  }
}

/** A signal that aborts with the first of the given ones. */
function anySignal(...signals: (AbortSignal | undefined)[]): AbortSignal {
  return AbortSignal.any(signals.filter((signal) => signal !== undefined));
}
