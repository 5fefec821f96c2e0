/** As random-programs.test.ts, for many seeds; `FUZZ_SEED` picks the first one. */
import { describe, expect, it } from 'vitest';
import { compareOnBoth } from './programs-on-both.ts';

const FIRST = Number(process.env['FUZZ_SEED'] ?? Date.now() % 1_000_000);
const SEEDS = Array.from({ length: 12 }, (_, i) => FIRST + i);
const PROGRAMS = 200;

describe('random programs', { timeout: 120_000 }, () => {
  it.each(SEEDS)('seed %i', async (seed) => {
    expect((await compareOnBoth(seed, PROGRAMS)).different).toEqual([]);
  });
});
