/**
 * Ledger time: the wall clock, shifted or held by an administrator; it never goes back.
 */
import { LedgerError } from './errors.ts';

/**
 * Latest time the clock can be set to, the end of the year 9000: from there it can go on for long
 * without leaving what protobuf timestamps (to the year 9999) and u64 milliseconds can say.
 */
export const MAX_CLOCK_MS = 221_876_927_999_999n;

export class LedgerClock {
  readonly #wall: () => number;
  #offset = 0n;
  #frozenAt: bigint | undefined;
  #latest: bigint;

  /** @param start earliest time to answer, milliseconds */
  constructor(wall: () => number, start: bigint) {
    this.#wall = wall;
    this.#latest = start;
  }

  /** Milliseconds; never less than a time answered before. */
  now(): bigint {
    const time = this.#frozenAt ?? BigInt(Math.floor(this.#wall())) + this.#offset;
    if (time > this.#latest) this.#latest = time;
    return this.#latest;
  }

  /** @throws LedgerError `LEDGER_CLOCK_BACKWARDS`, `LEDGER_CLOCK_TOO_LATE` */
  set(timestampMs: bigint): void {
    const now = this.now();
    if (timestampMs > MAX_CLOCK_MS) {
      throw new LedgerError(
        'LEDGER_CLOCK_TOO_LATE',
        `clock: ${timestampMs} is after the year 9000, milliseconds ${MAX_CLOCK_MS}`,
      );
    }
    if (timestampMs < now) {
      throw new LedgerError(
        'LEDGER_CLOCK_BACKWARDS',
        `clock: cannot go back from ${now} to ${timestampMs}; give a later time`,
      );
    }
    if (this.#frozenAt !== undefined) this.#frozenAt = timestampMs;
    else this.#offset += timestampMs - now;
    this.#latest = timestampMs;
  }

  freeze(frozen: boolean): void {
    const now = this.now();
    if (frozen) {
      this.#frozenAt = now;
    } else if (this.#frozenAt !== undefined) {
      // Time goes on from where it stood.
      this.#frozenAt = undefined;
      this.#offset = now - BigInt(Math.floor(this.#wall()));
    }
  }
}
