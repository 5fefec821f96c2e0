/** Opens the same file again and again in the background, and keeps count. */
import { duration } from '../cli/output.ts';
import { messageOf } from '../errors.ts';

/** Between two attempts, so that the machine has time for what goes on meanwhile. */
const PAUSE_MS = 50;

export class Opening {
  #opened = 0;
  #slowestMs = 0;
  readonly #failures: string[] = [];
  #running = true;
  readonly #ended: Promise<void>;

  /** Begins at once. `open` rejects when the file could not be opened. */
  constructor(open: () => Promise<void>) {
    this.#ended = this.#run(open);
  }

  get opened(): number {
    return this.#opened;
  }

  /** Reasons of the attempts that failed. */
  get failures(): readonly string[] {
    return this.#failures;
  }

  /** Such as `opened 42 times, 0 failures, 0.5 s at the most`. */
  get summary(): string {
    const slowest = duration(this.#slowestMs);
    return `opened ${this.#opened} times, ${this.#failures.length} failures, ${slowest} at the most`;
  }

  /** Ends after the attempt under way, which still counts. */
  async stop(): Promise<void> {
    this.#running = false;
    await this.#ended;
  }

  async #run(open: () => Promise<void>): Promise<void> {
    while (this.#running) {
      const started = performance.now();
      try {
        await open();
        this.#opened++;
      } catch (error) {
        this.#failures.push(messageOf(error));
      }
      this.#slowestMs = Math.max(this.#slowestMs, performance.now() - started);
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
}
