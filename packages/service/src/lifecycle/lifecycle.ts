/**
 * A server's life: starting → ready → stopping → stopped. The first SIGTERM or SIGINT makes it
 * not-ready, lets requests in flight finish and exits 0; a second one exits at once. A background
 * task that throws takes the process down with exit code 1 (protocol §4.10), because a server whose
 * gas price or share no longer updates must not look alive.
 */

import type { Logger } from '../logs.ts';

export type LifecycleState = 'starting' | 'ready' | 'stopping' | 'stopped';

/** How long requests in flight may take to finish after the first signal. */
export const DEFAULT_DRAIN_MS = 30_000;
/**
 * A second signal within this time is an echo of the first: a terminal's Ctrl-C reaches the whole
 * process group, and launchers pass it on again.
 */
export const SIGNAL_ECHO_MS = 400;

export interface LifecycleOptions {
  drainMs?: number;
}
export interface LifecycleDeps {
  log: Logger;
  /** Ends the process; in tests, records the code. */
  exit: (code: number) => void;
  monotonicMs?: () => number;
}
export interface SignalSource {
  on(signal: 'SIGTERM' | 'SIGINT', listener: () => void): unknown;
}

type StopHook = () => void | Promise<void>;

export class Lifecycle {
  readonly #drainMs: number;
  readonly #log: Logger;
  readonly #exit: (code: number) => void;
  readonly #monotonicMs: () => number;
  readonly #hooks: { name: string; hook: StopHook }[] = [];
  readonly #abort = new AbortController();
  #state: LifecycleState = 'starting';
  #stopped: Promise<void> | undefined;
  #firstSignalMs: number | undefined;

  constructor({ drainMs = DEFAULT_DRAIN_MS }: LifecycleOptions, deps: LifecycleDeps) {
    this.#drainMs = drainMs;
    this.#log = deps.log;
    this.#exit = deps.exit;
    this.#monotonicMs = deps.monotonicMs ?? (() => performance.now());
  }

  get state(): LifecycleState {
    return this.#state;
  }

  /** Aborts when stopping begins: for background tasks, not for requests in flight. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  markReady(): void {
    if (this.#state === 'starting') this.#state = 'ready';
  }

  /** Hooks run one after another in the reverse of the order in which they were added. */
  onStop(name: string, hook: StopHook): void {
    this.#hooks.push({ name, hook });
  }

  /** Runs `task` until it ends; a rejection stops the process with exit code 1. */
  runCritical(name: string, task: Promise<unknown>): void {
    task.catch((error) => {
      if (this.#abort.signal.aborted) return;
      this.#log.fatal({ task: name, err: error }, 'background task failed');
      void this.stop(1, `background task ${name} failed`);
    });
  }

  handleSignals(source: SignalSource): void {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      source.on(signal, () => this.#onSignal(signal));
    }
  }

  #onSignal(signal: string): void {
    const nowMs = this.#monotonicMs();
    if (this.#firstSignalMs === undefined) {
      this.#firstSignalMs = nowMs;
      void this.stop(0, signal);
    } else if (nowMs - this.#firstSignalMs >= SIGNAL_ECHO_MS) {
      this.#log.warn({ signal }, 'second signal, exiting now');
      this.#exit(1);
    }
  }

  /** Stops once; later calls wait for the first. Resolves after `exit` was called. */
  stop(code: number, reason: string): Promise<void> {
    this.#stopped ??= this.#stop(code, reason);
    return this.#stopped;
  }

  async #stop(code: number, reason: string): Promise<void> {
    this.#state = 'stopping';
    this.#log.info({ reason, drainMs: this.#drainMs }, 'stopping');
    this.#abort.abort(new DOMException('the service is stopping', 'AbortError'));
    let exitCode = code;
    const deadline = this.#monotonicMs() + this.#drainMs;
    for (const { name, hook } of this.#hooks.toReversed()) {
      const outcome = await within(hook, Math.max(1, deadline - this.#monotonicMs()));
      if (outcome === 'done') continue;
      exitCode = 1;
      this.#log.error({ hook: name, ...outcome }, 'stop hook did not finish');
    }
    this.#state = 'stopped';
    this.#log.info({ exitCode }, 'stopped');
    this.#exit(exitCode);
  }
}

async function within(hook: StopHook, ms: number): Promise<'done' | { err: unknown }> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<{ err: unknown }>((resolve) => {
    timer = setTimeout(resolve, ms, {
      err: new DOMException(`took over ${ms} ms`, 'TimeoutError'),
    });
  });
  try {
    const run = async () => {
      await hook();
      return 'done' as const;
    };
    return await Promise.race([run(), late]);
  } catch (err) {
    return { err };
  } finally {
    clearTimeout(timer);
  }
}
