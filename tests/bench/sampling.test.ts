/** How the bench takes its samples. */
import { describe, expect, it } from 'vitest';
import { compare, cpuMs, median } from '../../bench/sampling.ts';

describe('median', () => {
  it.each([
    [[3], 3],
    [[1, 100, 2], 2],
    [[4, 1, 3, 2], 2.5],
  ])('of %j is %d', (values, expected) => expect(median(values)).toBe(expected));

  it('does not sort what it is given', () => {
    const values = [3, 1, 2];
    median(values);
    expect(values).toEqual([3, 1, 2]);
  });

  it('needs a value', () => expect(() => median([])).toThrow(RangeError));
});

describe('compare', () => {
  it('lets everyone take every place in turn', async () => {
    const log: string[] = [];
    const contestants = ['a', 'b', 'c'].map((name) => ({
      name,
      run: async (round: number) => void log.push(`${round}${name}`),
    }));
    const medians = await compare(contestants, { warmUp: 1, counted: 2 });
    expect(log.join(' ')).toBe('0a 0b 0c 1b 1c 1a 2c 2a 2b');
    expect([...medians.keys()]).toEqual(['a', 'b', 'c']);
  });

  it('counts work, not waiting, and leaves out the warm-up', async () => {
    const wait = () => new Promise<void>((resolve) => setTimeout(resolve, 60));
    const work = async (round: number) => {
      const end = performance.now() + (round === 0 ? 200 : 0);
      while (performance.now() < end);
      await wait();
    };
    const medians = await compare([{ name: 'a', run: work }], { warmUp: 1, counted: 3 });
    expect(medians.get('a')).toBeLessThan(50);
  });

  it('sees the work that there is', async () => {
    const ms = await cpuMs(async () => {
      let sum = 0;
      for (let i = 0; i < 2e7; i++) sum += Math.sqrt(i);
      expect(sum).toBeGreaterThan(0);
    });
    expect(ms).toBeGreaterThan(1);
  });
});
