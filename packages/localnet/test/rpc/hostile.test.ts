/** localnet §6.3, briefly; hostile.fuzz.test.ts does the same for long. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commandLists, HostileWorld, mutations } from './support/hostile.ts';

/** Fixed, so that what must occur among random ends always does. */
const SEED = 0x5ea1;

let world: HostileWorld;
beforeAll(async () => {
  world = await HostileWorld.create();
});
afterAll(() => world.close());

describe('strangers with an account', () => {
  it('publish mutated modules', async () => {
    expect(await world.publishMutated([])).toMatchObject({ kind: 'success' });
    const property = fc.asyncProperty(mutations, async (changes) => {
      await world.publishMutated(changes);
    });
    await fc.assert(property, { numRuns: 150, seed: SEED });
  });

  it('execute transactions of any shape', async () => {
    const ends = new Set<string>();
    const property = fc.asyncProperty(commandLists, async (commands) => {
      ends.add((await world.execute(commands)).kind);
    });
    await fc.assert(property, { numRuns: 300, seed: SEED });
    expect([...ends].sort()).toEqual(['failure', 'refused', 'success']);
  });
});
