/**
 * Ledger time: the wall clock, shifted or held by an administrator; it never goes back.
 */
import { LedgerError } from './errors.ts';

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

  /** @throws LedgerError `LEDGER_CLOCK_BACKWARDS` */
  set(timestampMs: bigint): void {
    const now = this.now();
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
