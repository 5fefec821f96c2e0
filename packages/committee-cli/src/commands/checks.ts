/** Lines of `verify`: one for each check, and the outcome of all. */
import type { CliDeps } from '../deps.ts';
import { CommitteeError, messageOf } from '../errors.ts';

export interface Checked<T> {
  readonly value: T;
  readonly note: string;
}

export class Checks {
  readonly #deps: CliDeps;
  #failed: string[] = [];

  constructor(deps: CliDeps) {
    this.#deps = deps;
  }

  get passed(): boolean {
    return this.#failed.length === 0;
  }

  ok(name: string, text: string): void {
    this.#deps.out(`ok    ${name}: ${text}`);
  }

  fail(name: string, text: string): void {
    this.#failed.push(name);
    this.#deps.out(`FAIL  ${name}: ${text}`);
  }

  /** Something to know that is no fault. */
  note(name: string, text: string): void {
    this.#deps.out(`NOTE  ${name}: ${text}`);
  }

  /** Answers undefined when the check failed. */
  async run<T>(name: string, check: () => Promise<Checked<T>>): Promise<T | undefined> {
    try {
      const { value, note } = await check();
      this.ok(name, note);
      return value;
    } catch (error) {
      this.fail(name, messageOf(error));
      return undefined;
    }
  }

  /** Error: COMMITTEE_VERIFY when a check failed. */
  end(): void {
    if (this.passed) return;
    throw new CommitteeError(
      'COMMITTEE_VERIFY',
      `failed: ${[...new Set(this.#failed)].join(', ')}`,
    );
  }
}
