import { describe, expect, it } from 'vitest';
import { BoundedMap } from '../src/bounded-map.ts';

function filled(max: number, keys: string): BoundedMap<string, number> {
  const map = new BoundedMap<string, number>(max);
  for (const [i, key] of [...keys].entries()) map.set(key, i);
  return map;
}
const held = (map: BoundedMap<string, number>): string =>
  [...'abcd'].filter((key) => map.get(key) !== undefined).join('');

describe('a bounded map', () => {
  it.each([
    [0, 'ab', ''],
    [1, 'ab', 'b'],
    [2, 'ab', 'ab'],
    [2, 'abc', 'bc'],
    [3, 'abcd', 'bcd'],
    [2, 'aba', 'ab'],
    [2, 'abac', 'ac'],
  ])('of %i entries filled with %s holds %s', (max, keys, expected) => {
    expect(held(filled(max, keys))).toBe(expected);
  });

  it('forgets what was not asked for the longest', () => {
    const map = filled(2, 'ab');
    expect(map.get('a')).toBe(0);
    map.set('c', 9);
    expect(held(map)).toBe('ac');
  });

  it('keeps the latest value', () => {
    const map = filled(2, 'aba');
    expect(map.get('a')).toBe(2);
  });

  it('can be emptied', () => {
    const map = filled(2, 'ab');
    map.clear();
    expect(held(map)).toBe('');
  });
});
