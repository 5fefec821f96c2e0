/**
 * A task repeated at a fixed interval until a signal aborts. Runs never overlap; ticks missed while
 * one run lasts are skipped. Failures that the task does not handle itself end the loop by
 * rejecting, which `Lifecycle.runCritical` turns into the end of the process.
 */

export interface PeriodicOptions {
  intervalMs: number;
  signal: AbortSignal;
}

export async function runPeriodically(
  { intervalMs, signal }: PeriodicOptions,
  tick: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  while (await pause(intervalMs, signal)) {
    await tick(signal);
  }
}

/** Waits; `false` when the signal aborted instead. Does not keep the process alive. */
export function pause(ms: number, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve(false);
      return;
    }
    const finish = (elapsed: boolean) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      resolve(elapsed);
    };
    const onAbort = () => finish(false);
    const timer = setTimeout(finish, ms, true);
    timer.unref();
    signal.addEventListener('abort', onAbort, { once: true });
  });
}
