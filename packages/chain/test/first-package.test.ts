import { describe, expect, it } from 'vitest';
import { CACHE_ENTRIES, CACHE_TTL_MS, ChainError, FirstPackages } from '../src/index.ts';

const id = (n: number) => `0x${n.toString(16).padStart(64, '0')}`;

function create() {
  const clock = { ms: 1000 };
  const asked: string[] = [];
  const state = { error: undefined as Error | undefined };
  const chain = {
    async packageOriginalId(packageId: string) {
      asked.push(packageId);
      if (state.error !== undefined) throw state.error;
      return packageId;
    },
  };
  return {
    packages: new FirstPackages({ chain, monotonicMs: () => clock.ms }),
    clock,
    asked,
    state,
  };
}

describe('first-package resolution', () => {
  it('remembers for an hour, to the millisecond', async () => {
    const { packages, clock, asked } = create();
    await packages.firstId(id(1));
    clock.ms += CACHE_TTL_MS;
    await packages.firstId(id(1));
    expect(asked).toHaveLength(1);
    clock.ms += 1;
    await packages.firstId(id(1));
    expect(asked).toHaveLength(2);
  });

  it('remembers 1000 packages, and forgets the one not used for longest', async () => {
    const { packages, asked } = create();
    for (let i = 0; i < CACHE_ENTRIES; i++) await packages.firstId(id(i));
    await packages.firstId(id(0));
    await packages.firstId(id(CACHE_ENTRIES));
    asked.length = 0;
    await packages.firstId(id(0));
    expect(asked).toEqual([]);
    await packages.firstId(id(1));
    expect(asked).toEqual([id(1)]);
  });

  it.each([
    [new ChainError('NOT_FOUND', 'x'), 'InvalidPackage'],
    [new ChainError('NOT_A_PACKAGE', 'x'), 'InvalidPackage'],
    [new ChainError('MALFORMED', 'x'), 'InvalidPackage'],
    [new ChainError('UNAVAILABLE', 'x'), 'Failure'],
    [new ChainError('INVALID_ARGUMENT', 'x'), 'Failure'],
    [new TypeError('x'), 'Failure'],
  ])('never remembers a failure (%s → %s)', async (error, code) => {
    const { packages, asked, state } = create();
    state.error = error;
    for (let i = 0; i < 2; i++) {
      await expect(packages.firstId(id(1))).rejects.toMatchObject({ code });
    }
    state.error = undefined;
    expect(await packages.firstId(id(1))).toBe(id(1));
    expect(asked).toHaveLength(3);
  });
});
