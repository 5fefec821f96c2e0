/**
 * Work in flight, shared: callers who ask for the same thing at the same time wait for one request.
 * A caller who gives up leaves the others alone; the work stops when the last one leaves.
 */
import { abortable } from './abort.ts';

interface Flight<T> {
  readonly result: Promise<T>;
  readonly controller: AbortController;
  waiting: number;
}

export class Flights<T> {
  readonly #flights = new Map<string, Flight<T>>();

  /** Number of pieces of work in flight. */
  get size(): number {
    return this.#flights.size;
  }

  async run(
    key: string,
    work: (signal: AbortSignal) => Promise<T>,
    signal?: AbortSignal,
  ): Promise<T> {
    signal?.throwIfAborted();
    const flight = this.#flights.get(key) ?? this.#start(key, work);
    flight.waiting++;
    try {
      return await abortable(flight.result, signal);
    } finally {
      flight.waiting--;
      if (flight.waiting === 0) this.#land(key, flight);
    }
  }

  #start(key: string, work: (signal: AbortSignal) => Promise<T>): Flight<T> {
    const controller = new AbortController();
    const result = work(controller.signal);
    const flight: Flight<T> = { result, controller, waiting: 0 };
    this.#flights.set(key, flight);
    const landed = (): void => {
      if (this.#flights.get(key) === flight) this.#flights.delete(key);
    };
    result.then(landed, landed);
    return flight;
  }

  /** Everybody left: later callers start afresh, and unfinished work is told to stop. */
  #land(key: string, flight: Flight<T>): void {
    if (this.#flights.get(key) === flight) {
      this.#flights.delete(key);
      flight.controller.abort(new DOMException('Nobody waits for this any more', 'AbortError'));
    }
  }
}
