/** Runs the programs of one seed on both machines. */
import { formatOutcome, memoryReader } from '@seal-ts/move-build';
import { runMoveTestsFrom } from '../../src/move-test/index.ts';
import { randomModule } from './programs.ts';

export async function compareOnBoth(seed: number, programs: number) {
  const files = {
    'Move.toml': '[package]\nname = "fuzz"\nedition = "2024"\n[addresses]\nfuzz = "0x0"\n',
    'sources/fuzz.move': randomModule(seed, programs),
  };
  const report = await runMoveTestsFrom(memoryReader({ fuzz: files }), 'fuzz');
  const different = report.tests
    .filter((test) => !test.equal || test.oracle === undefined)
    .map(({ name, ours, oracle }) => ({
      name,
      ours: formatOutcome(ours),
      oracle: oracle && formatOutcome(oracle),
    }));
  return { different, kinds: new Set(report.tests.map((test) => test.ours.kind)) };
}
