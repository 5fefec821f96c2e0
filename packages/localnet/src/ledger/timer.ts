/**
 * When checkpoints are made: soon after a transaction, and now and then without any.
 *
 * The heartbeat keeps the Clock fresh for clients that compare it with their own time. When nobody
 * has asked anything for a while it slows down, so that an idle ledger does not fill its memory.
 */
import type { TimerPort } from './api.ts';

/** A ledger is idle when nothing has been asked for this long, milliseconds. */
export const IDLE_AFTER_MS = 60_000;
/** How much slower the heartbeat of an idle ledger is. */
export const IDLE_SLOWDOWN = 30;

interface TimerOptions {
  readonly checkpointMs: number;
  readonly heartbeatMs: number;
}

interface TimerDeps {
  /** Undefined: checkpoints are made by hand. */
  readonly timers: TimerPort | undefined;
  /** Milliseconds of any clock that does not go back. */
  readonly clock: () => number;
  readonly seal: () => void;
}

export class CheckpointTimer {
  readonly #options: TimerOptions;
  readonly #deps: TimerDeps;
  #cancelCheckpoint: (() => void) | undefined;
  #cancelHeartbeat: (() => void) | undefined;
  #askedAt: number;
  #slow = false;

  constructor(options: TimerOptions, deps: TimerDeps) {
    this.#options = options;
    this.#deps = deps;
    this.#askedAt = deps.clock();
    this.#beat();
  }

  /** Somebody uses the ledger: after an idle time the Clock is brought up to date at once. */
  touch(): void {
    this.#askedAt = this.#deps.clock();
    if (!this.#slow) return;
    this.#slow = false;
    this.#deps.seal();
  }

  /** A transaction waits for its checkpoint. */
  schedule(): void {
    this.#cancelCheckpoint ??= this.#deps.timers?.after(this.#options.checkpointMs, () => {
      this.#cancelCheckpoint = undefined;
      this.#deps.seal();
    });
  }

  /** A checkpoint is being made: both waits begin anew. */
  sealed(): void {
    this.stop();
    this.#beat();
  }

  /** Ends all waiting. */
  stop(): void {
    this.#cancelCheckpoint?.();
    this.#cancelCheckpoint = undefined;
    this.#cancelHeartbeat?.();
    this.#cancelHeartbeat = undefined;
  }

  #beat(): void {
    const { heartbeatMs } = this.#options;
    if (heartbeatMs === 0) return;
    this.#slow = this.#deps.clock() - this.#askedAt >= IDLE_AFTER_MS;
    const wait = this.#slow ? heartbeatMs * IDLE_SLOWDOWN : heartbeatMs;
    // `seal` calls `sealed`, which starts the next wait.
    this.#cancelHeartbeat = this.#deps.timers?.after(wait, () => this.#deps.seal());
  }
}
