/**
 * Key generation by a committee. No package on npm does the same, so that the engines stand beside
 * each other: ours is mcl, the reference noble.
 */
import { loadMclEngine } from '@seal-ts/crypto/mcl';
import { nobleEngine } from '@seal-ts/crypto/noble';
import { type DkgSize, type DkgWork, DkgWorld } from './dkg-world.ts';
import { type Measurement, measurement } from './report.ts';
import { compare, type Rounds } from './sampling.ts';
import type { Plan } from './suite.ts';

const OPERATIONS = ['create', 'verify', 'process', 'complete', 'ceremony'] as const;
type Operation = (typeof OPERATIONS)[number];

/** Members, and how often one message and a whole ceremony are done. */
const SIZES: readonly { n: number; rounds: Rounds; ceremonies: Rounds }[] = [
  { n: 3, rounds: { warmUp: 4, counted: 16 }, ceremonies: { warmUp: 2, counted: 8 } },
  { n: 10, rounds: { warmUp: 2, counted: 10 }, ceremonies: { warmUp: 1, counted: 4 } },
  { n: 20, rounds: { warmUp: 1, counted: 6 }, ceremonies: { warmUp: 0, counted: 3 } },
  { n: 50, rounds: { warmUp: 1, counted: 4 }, ceremonies: { warmUp: 0, counted: 1 } },
];
/** With `--quick`: these sizes, and as many rounds. */
const QUICK_MAX_N = 10;
const QUICK: Rounds = { warmUp: 1, counted: 3 };
const QUICK_CEREMONIES: Rounds = { warmUp: 0, counted: 1 };

export async function* dkgSuite({ quick, wants, progress }: Plan): AsyncGenerator<Measurement> {
  const sizes = quick ? SIZES.filter(({ n }) => n <= QUICK_MAX_N) : SIZES;
  for (const { n, rounds, ceremonies } of sizes) {
    const size: DkgSize = { n, t: Math.ceil((2 * n) / 3) };
    const nameOf = (operation: Operation) => `dkg/${operation}/${size.t}of${n}`;
    const operations = OPERATIONS.filter((operation) => wants(nameOf(operation)));
    if (operations.length === 0) continue;
    progress(`messages of ${n} members`);
    const mcl = await loadMclEngine();
    const world = await DkgWorld.create(mcl, size);
    const works = { mcl: world.workOn(mcl), noble: world.workOn(nobleEngine) };
    for (const operation of operations) {
      const once = quick ? QUICK_CEREMONIES : ceremonies;
      const often = quick ? QUICK : rounds;
      const medians = await sideBySide(works, operation, operation === 'ceremony' ? once : often);
      yield measurement(nameOf(operation), 'ms', medians.mcl, medians.noble);
    }
  }
}

async function sideBySide(
  works: { readonly mcl: DkgWork; readonly noble: DkgWork },
  operation: Operation,
  rounds: Rounds,
): Promise<{ mcl: number; noble: number }> {
  const contestants = (['mcl', 'noble'] as const).map((name) => {
    return { name, run: () => works[name][operation]() };
  });
  const medians = await compare(contestants, rounds);
  return { mcl: medians.get('mcl') ?? Number.NaN, noble: medians.get('noble') ?? Number.NaN };
}
