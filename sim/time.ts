/**
 * Virtual time. While a simulation runs, timers and clocks of the platform are replaced by a queue
 * of events in one process: nothing waits, and the order of everything follows from the seed.
 *
 * Three things would still leave the order to the machine, and are taken in hand: timers
 * (`setTimeout`, `AbortSignal.timeout`, `setImmediate`) become events; Web Crypto, which works on
 * threads, gives its results in the order of the calls; everything else is promises, which run to
 * the end between two events.
 */
import { syncBuiltinESMExports } from 'node:module';
import timersPromises from 'node:timers/promises';

/** Start of every simulation, ms since epoch. */
export const T0 = 1_700_000_000_000;
/** Events of one simulation; more means that something never ends. */
export const MAX_EVENTS = 100_000;

interface Event {
  readonly atMs: number;
  readonly order: number;
  readonly run: () => void;
}

/** What `setTimeout` returns here: enough of Node's for the code under test. */
class TimerHandle {
  readonly event: Event;
  constructor(event: Event) {
    this.event = event;
  }
  ref(): this {
    return this;
  }
  unref(): this {
    return this;
  }
}

const platform = {
  setTimeout: globalThis.setTimeout,
  clearTimeout: globalThis.clearTimeout,
  setImmediate: globalThis.setImmediate,
  dateNow: Date.now,
  signalTimeout: AbortSignal.timeout,
  promisedImmediate: timersPromises.setImmediate,
};

const SUBTLE = [
  'decrypt',
  'deriveBits',
  'digest',
  'encrypt',
  'importKey',
  'sign',
  'verify',
] as const;

/** The code under test waits for something that no event will bring. */
export class StuckError extends Error {}

export class VirtualTime {
  nowMs = T0;
  /** Largest number of events that waited at once. */
  peak = 0;
  /** Timers of the code under test that are neither over nor cleared. */
  readonly timers = new Set<TimerHandle>();
  #queue: Event[] = [];
  #order = 0;
  #native: { done: Promise<unknown>; release: () => void }[] = [];

  /** Runs `run` after `delayMs` of virtual time. */
  after(delayMs: number, run: () => void): Event {
    const atMs = this.nowMs + Math.max(0, delayMs);
    const event = { atMs, order: this.#order++, run };
    let low = 0;
    let high = this.#queue.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#queue[middle] as Event).atMs <= atMs) low = middle + 1;
      else high = middle;
    }
    this.#queue.splice(low, 0, event);
    this.peak = Math.max(this.peak, this.#queue.length);
    return event;
  }

  cancel(event: Event): void {
    this.#queue = this.#queue.filter((other) => other !== event);
  }

  sleep(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      this.after(delayMs, resolve);
    });
  }

  /** Runs `main` and then whatever is still in the queue. Rejects as `main` does. */
  async run<T>(main: () => Promise<T>): Promise<T> {
    const uninstall = this.#install();
    try {
      let settled = false;
      const result = main().finally(() => {
        settled = true;
      });
      result.catch(() => {});
      for (let events = 0; ; events++) {
        await this.#settle();
        const next = this.#queue.shift();
        if (next === undefined) {
          if (settled) return await result;
          throw new StuckError('nothing is left to happen, and the scenario has not ended');
        }
        if (events >= MAX_EVENTS) throw new StuckError(`more than ${MAX_EVENTS} events`);
        this.nowMs = Math.max(this.nowMs, next.atMs);
        next.run();
      }
    } finally {
      uninstall();
    }
  }

  /** Until no promise has anything left to do. */
  async #settle(): Promise<void> {
    for (;;) {
      await new Promise<void>((resolve) => {
        platform.setImmediate(resolve);
      });
      const first = this.#native.shift();
      if (first === undefined) return;
      await first.done;
      first.release();
    }
  }

  #install(): () => void {
    const setTimer = (
      run: (...args: unknown[]) => void,
      ms = 0,
      ...args: unknown[]
    ): TimerHandle => {
      const event = this.after(ms, () => {
        this.timers.delete(handle);
        run(...args);
      });
      const handle = new TimerHandle(event);
      this.timers.add(handle);
      return handle;
    };
    const clearTimer = (handle: unknown): void => {
      if (!(handle instanceof TimerHandle)) return;
      this.timers.delete(handle);
      this.cancel(handle.event);
    };
    const immediate = (run: (...args: unknown[]) => void, ...args: unknown[]) =>
      setTimer(run, 0, ...args);
    const signalTimeout = (ms: number): AbortSignal => {
      const controller = new AbortController();
      const reason = new DOMException('The operation was aborted due to timeout', 'TimeoutError');
      this.after(ms, () => controller.abort(reason));
      return controller.signal;
    };
    Object.assign(globalThis, {
      setTimeout: setTimer,
      clearTimeout: clearTimer,
      setImmediate: immediate,
    });
    Date.now = () => this.nowMs;
    AbortSignal.timeout = signalTimeout;
    Object.assign(timersPromises, { setImmediate: () => this.sleep(0) });
    syncBuiltinESMExports();
    const restoreSubtle = this.#orderWebCrypto();
    return () => {
      restoreSubtle();
      const { setTimeout, clearTimeout, setImmediate } = platform;
      Object.assign(globalThis, { setTimeout, clearTimeout, setImmediate });
      Date.now = platform.dateNow;
      AbortSignal.timeout = platform.signalTimeout;
      Object.assign(timersPromises, { setImmediate: platform.promisedImmediate });
      syncBuiltinESMExports();
    };
  }

  /** Results of Web Crypto come when all promises rest, in the order of the calls. */
  #orderWebCrypto(): () => void {
    const prototype = SubtleCrypto.prototype as unknown as Record<string, unknown>;
    const native = this.#native;
    const originals = SUBTLE.map((name) => [name, prototype[name]] as const);
    for (const [name, original] of originals) {
      prototype[name] = function ordered(this: SubtleCrypto, ...args: unknown[]) {
        const work = (original as (...a: unknown[]) => Promise<unknown>).apply(this, args);
        return new Promise((resolve, reject) => {
          let release = (): void => {};
          const done = work.then(
            (value) => {
              release = () => resolve(value);
            },
            (error: unknown) => {
              release = () => reject(error);
            },
          );
          native.push({ done, release: () => release() });
        });
      };
    }
    return () => {
      for (const [name, original] of originals) prototype[name] = original;
    };
  }
}
