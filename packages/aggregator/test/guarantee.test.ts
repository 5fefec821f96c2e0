/**
 * The guarantee of docs/aggregator.md, for members in any mixture: a request succeeds exactly when
 * enough of them hold one version and say so, whatever the others do and in whatever order they
 * answer. Version 0 is 2 of A, B, C; version 1 is 3 of B, A, D, E.
 */

import { describe, expect, it } from 'vitest';
import { type Behaviour, liar, refuse, unreachable } from './support/member.ts';
import { fetchKeys } from './support/outcome.ts';
import { createWorld, type Name, shareOf } from './support/world.ts';

const NAMES: Name[] = ['A', 'B', 'C', 'D', 'E'];
const ROLES = ['holds 0', 'holds 1', 'lies', 'refuses', 'is down'] as const;
type Role = (typeof ROLES)[number];
const COMMITTEES = [
  { of: ['A', 'B', 'C'], threshold: 2, role: 'holds 0' },
  { of: ['B', 'A', 'D', 'E'], threshold: 3, role: 'holds 1' },
] as const;
const BEHAVIOURS: Record<Role, Behaviour> = {
  'holds 0': (honest) => honest(),
  'holds 1': (honest) => honest(),
  lies: liar,
  refuses: refuse('NoAccess', 'x'),
  'is down': unreachable,
};
/** All mixtures are 5^5; this step walks through them so that both outcomes are frequent. */
const MIXTURES = 5 ** 5;
const STEP = 1376;
const CASES = 30;
/** Members answer this far apart at most, in an order that differs from case to case. */
const SPREAD_MS = 8;

function mixture(index: number): Role[] {
  return NAMES.map((_name, i) => ROLES[Math.floor(index / 5 ** i) % 5]!);
}

async function run(index: number, knowsBoth: boolean) {
  const roles = mixture(index);
  const world = await createWorld({ minRefreshIntervalMs: 5 });
  world.chain.version = 1;
  if (knowsBoth) await world.committees.refresh();
  for (const [i, name] of NAMES.entries()) {
    const member = world.member(name);
    const role = roles[i]!;
    member.share = shareOf(name, role === 'holds 1' ? 1 : 0);
    const delayMs = ((index + 1) * (i + 3) * 7) % SPREAD_MS;
    member.behave = async (...args) => {
      await new Promise((resolve) => setTimeout(resolve, delayMs));
      return BEHAVIOURS[role](...args);
    };
  }
  const expected = COMMITTEES.some(
    ({ of, threshold, role }) =>
      of.filter((name) => roles[NAMES.indexOf(name)] === role).length >= threshold,
  );
  const outcome = await fetchKeys(world);
  const succeeded = outcome.status === 200 && 'valid' in outcome && outcome.valid;
  return { roles, knowsBoth, expected, succeeded };
}

describe('a request succeeds exactly when enough members hold one version', () => {
  it.each([
    ['both versions are known', true],
    ['only the older one is', false],
  ])(
    'when %s',
    async (_name, knowsBoth) => {
      const indices = Array.from({ length: CASES }, (_, i) => (i * STEP) % MIXTURES);
      const outcomes: Awaited<ReturnType<typeof run>>[] = [];
      for (let at = 0; at < CASES; at += 8) {
        const batch = indices.slice(at, at + 8).map((index) => run(index, knowsBoth));
        outcomes.push(...(await Promise.all(batch)));
      }
      expect(outcomes.filter(({ expected, succeeded }) => expected !== succeeded)).toEqual([]);
      // Both outcomes occur, or the test would say nothing.
      expect(outcomes.filter(({ expected }) => expected).length).toBeGreaterThan(3);
      expect(outcomes.filter(({ expected }) => !expected).length).toBeGreaterThan(3);
    },
    20_000,
  );
});
