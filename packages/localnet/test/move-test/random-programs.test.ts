/** Random programs end the same way on the Sui VM and on ours (localnet.md §6.3). */
import { describe, expect, it } from 'vitest';
import { compareOnBoth } from './programs-on-both.ts';

const SEEDS = [1];
const PROGRAMS = 60;

describe('random programs', { timeout: 120_000 }, () => {
  it.each(SEEDS)('seed %i', async (seed) => {
    const { different, kinds } = await compareOnBoth(seed, PROGRAMS);
    expect(different).toEqual([]);
    expect([...kinds].sort()).toEqual(expect.arrayContaining(['aborted', 'arithmetic', 'vector']));
  });
});
