/** Tells the demo's story: one line for each step, with its duration. */

import { duration } from '../cli/output.ts';
import { DevError, messageOf } from '../errors.ts';

/** Tells what happens inside a step while it happens. */
export type Tell = (text: string) => void;

export class Script {
  #write: (text: string) => void;
  readonly #started = performance.now();
  #number = 0;
  /** Whether the last line is a title that still waits for its outcome. */
  #titleIsOpen = false;

  constructor(write: (text: string) => void) {
    this.#write = write;
  }

  /** Runs one step; its lines follow the title. */
  async step<T>(title: string, work: (tell: Tell) => Promise<T>): Promise<T> {
    this.#number++;
    const started = performance.now();
    // The title stands there while the step runs; its outcome ends the line.
    this.#write(`\n${String(this.#number).padStart(2)}. ${title}`);
    this.#titleIsOpen = true;
    try {
      const result = await work((text) => this.detail(text));
      this.#outcome(`(${duration(performance.now() - started)})`);
      return result;
    } catch (error) {
      this.#outcome('FAILED');
      throw error;
    }
  }

  /** A step that must be refused; answers what was thrown. */
  async refused<E>(
    title: string,
    work: () => Promise<unknown>,
    expected: (error: unknown) => error is E,
  ): Promise<E> {
    return this.step(title, async () => {
      let outcome: unknown;
      try {
        await work();
      } catch (error) {
        if (expected(error)) return error;
        outcome = error;
      }
      const what = outcome === undefined ? 'it was let in' : messageOf(outcome);
      throw new DevError('DEV_DEMO_FAILED', `a refusal was expected, but ${what}`, {
        cause: outcome,
      });
    });
  }

  /** From now on nothing is told: everything is being stopped, and steps fail for no other reason. */
  silence(): void {
    this.#write = () => {};
  }

  detail(text: string): void {
    if (this.#titleIsOpen) this.#write('\n');
    this.#titleIsOpen = false;
    this.#write(`    ${text.replaceAll('\n', '\n    ')}\n`);
  }

  end(text: string): void {
    this.#write(`\n${text}  (${duration(performance.now() - this.#started)} in all)\n`);
  }

  #outcome(text: string): void {
    this.#write(this.#titleIsOpen ? `  ${text}\n` : `    ${text}\n`);
    this.#titleIsOpen = false;
  }
}

/** Ends the demo with a reason unless `condition` holds. */
export function mustHold(condition: boolean, reason: string): asserts condition {
  if (!condition) throw new DevError('DEV_DEMO_FAILED', reason);
}
