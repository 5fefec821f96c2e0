/**
 * All randomness of a simulation: one seed, split by name, so that a draw added in one place does
 * not shift the draws of another. sfc32, after Chris Doty-Humphrey's PractRand; not for secrets of
 * the real world.
 */
import type { RandomSource } from '@seal-ts/crypto';

/** Steps after seeding, before output is taken. */
const WARM_UP = 12;

export class Random {
  readonly #state: Uint32Array;
  readonly #name: string;

  constructor(name: string) {
    this.#name = name;
    this.#state = Uint32Array.of(1, 2, 3, 1);
    for (const byte of new TextEncoder().encode(name)) {
      this.#state[0] = Math.imul((this.#state[0] ?? 0) ^ byte, 0x01000193);
      this.#state[1] = (this.#state[1] ?? 0) + byte;
      this.uint32();
    }
    for (let i = 0; i < WARM_UP; i++) this.uint32();
  }

  /** Randomness of its own for a part with this name. */
  fork(name: string): Random {
    return new Random(`${this.#name}/${name}`);
  }

  uint32(): number {
    const s = this.#state as Uint32Array & { 0: number; 1: number; 2: number; 3: number };
    const sum = (s[0] + s[1] + s[3]) >>> 0;
    s[3] += 1;
    s[0] = s[1] ^ (s[1] >>> 9);
    s[1] = s[2] + (s[2] << 3);
    s[2] = ((s[2] << 21) | (s[2] >>> 11)) + sum;
    return sum;
  }

  /** A whole number, both ends included. */
  integer(min: number, max: number): number {
    return min + (this.uint32() % (max - min + 1));
  }

  chance(probability: number): boolean {
    return this.uint32() < probability * 2 ** 32;
  }

  pick<T>(items: readonly T[]): T {
    if (items.length === 0) throw new RangeError('nothing to pick from');
    return items[this.integer(0, items.length - 1)] as T;
  }

  /** `bytes(n)` as the port that SDK and servers take. */
  readonly bytes: RandomSource = (n) => {
    const out = new Uint8Array(n);
    for (let i = 0; i < n; i++) out[i] = this.uint32() >>> 24;
    return out;
  };
}
