/** Which way of changing over never leaves requests without a version that enough members hold. */
import { describe, expect, it } from 'vitest';
import { chooseWay, type Standing, type Way } from '../src/committee/change-over.ts';

/** `2of3`, `3of4`, and how many members go on; all servers run. */
function standing(from: string, to: string, continuing: number): Standing {
  const [oldThreshold, oldMembers] = from.split('of').map(Number) as [number, number];
  const [newThreshold, newMembers] = to.split('of').map(Number) as [number, number];
  const [leaving, joining] = [oldMembers - continuing, newMembers - continuing];
  return { oldThreshold, newThreshold, continuing, leaving, joining };
}

describe('chooseWay', () => {
  it.each<[from: string, to: string, continuing: number, way: Way]>([
    ['2of3', '3of4', 2, 'restart'],
    ['2of3', '3of4', 3, 'wait'],
    ['3of4', '2of3', 3, 'wait'],
    ['2of3', '2of3', 3, 'wait'],
    ['2of3', '2of3', 2, 'restart'],
    ['2of5', '3of5', 5, 'restart'],
    ['2of2', '2of2', 2, 'interrupted'],
    ['2of2', '3of3', 2, 'interrupted'],
    ['3of3', '3of3', 3, 'interrupted'],
  ])('%s to %s, %i go on: %s', (from, to, continuing, way) => {
    expect(chooseWay(standing(from, to, continuing))).toBe(way);
  });

  it('counts servers that run, not members', () => {
    const all = standing('2of3', '3of4', 2);
    expect(chooseWay({ ...all, leaving: 0 })).toBe('wait');
    expect(chooseWay({ ...all, joining: 1 })).toBe('interrupted');
  });

  it('has nothing to do when nobody goes on', () => {
    expect(chooseWay(standing('2of3', '2of3', 0))).toBe('restart');
  });

  it('always keeps a version alive, played through for every small committee', () => {
    let [restarts, waits] = [0, 0];
    for (const { from, to, continuing } of rotations(6)) {
      const facts = standing(from, to, continuing);
      const way = chooseWay(facts);
      if (way === 'restart') {
        restarts++;
        expect(gaps(facts, 1)).toBe(0);
      }
      if (way === 'wait') {
        waits++;
        expect(gaps(facts, 0)).toBe(0);
      }
    }
    expect(restarts).toBeGreaterThan(100);
    expect(waits).toBeGreaterThan(20);
  });
});

/** Plays one change-over: how often neither version has its threshold. `away`: members restarting. */
function gaps(facts: Standing, away: number): number {
  const oldShares = new Set(Array.from({ length: facts.leaving }, (_, i) => `leaving ${i}`));
  const newShares = new Set(Array.from({ length: facts.joining }, (_, i) => `joining ${i}`));
  const members = Array.from({ length: facts.continuing }, (_, i) => `continuing ${i}`);
  for (const member of members) oldShares.add(member);
  const isGap = (missing: number) =>
    oldShares.size - missing < facts.oldThreshold && newShares.size < facts.newThreshold;
  let count = 0;
  for (const member of members) {
    if (isGap(away)) count++;
    oldShares.delete(member);
    newShares.add(member);
    if (isGap(0)) count++;
  }
  return count;
}

function* rotations(most: number) {
  const sizes: [number, number][] = [];
  for (let n = 2; n <= most; n++) for (let t = 2; t <= n; t++) sizes.push([t, n]);
  for (const [t, n] of sizes) {
    for (const [nextT, nextN] of sizes) {
      for (let continuing = t; continuing <= Math.min(n, nextN); continuing++) {
        yield { from: `${t}of${n}`, to: `${nextT}of${nextN}`, continuing };
      }
    }
  }
}
