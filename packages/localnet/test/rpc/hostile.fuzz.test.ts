/** As hostile.test.ts, for long: `FUZZ_RUNS` times; `FUZZ_SEED` runs one seed again. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { commandLists, HostileWorld, mutations } from './support/hostile.ts';

const RUNS = Number(process.env['FUZZ_RUNS'] ?? 3000);
const SEED = process.env['FUZZ_SEED'];
const PARAMETERS = { numRuns: RUNS, ...(SEED === undefined ? {} : { seed: Number(SEED) }) };

let world: HostileWorld;
beforeAll(async () => {
  world = await HostileWorld.create();
});
afterAll(() => world.close());

describe('strangers with an account', () => {
  it('publish mutated modules', async () => {
    const property = fc.asyncProperty(mutations, async (changes) => {
      await world.publishMutated(changes);
    });
    await fc.assert(property, PARAMETERS);
  });

  it('execute transactions of any shape', async () => {
    const property = fc.asyncProperty(commandLists, async (commands) => {
      await world.execute(commands);
    });
    await fc.assert(property, PARAMETERS);
  });
});
