/** The last few results of work that is the same whenever its inputs are. */
export class RecentResults<T> {
  readonly #max: number;
  /** Least recently used first. */
  readonly #results = new Map<string, Promise<T>>();

  constructor(max: number) {
    this.#max = max;
  }

  /** The result for `key`, computed unless it is known. A failure is not kept. */
  get(key: string, compute: () => Promise<T>): Promise<T> {
    const result = this.#results.get(key) ?? compute();
    this.#results.delete(key);
    this.#results.set(key, result);
    const [oldest] = this.#results.keys();
    if (this.#results.size > this.#max && oldest !== undefined) this.#results.delete(oldest);
    result.catch(() => {
      if (this.#results.get(key) === result) this.#results.delete(key);
    });
    return result;
  }
}
