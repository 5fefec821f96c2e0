/** Entry of `npm run bench`. */
import { clientSuite } from './client.ts';
import { dkgSuite } from './dkg.ts';
import { keyServerSuite } from './key-server.ts';
import { localnetSuite } from './localnet.ts';
import { memorySuite } from './memory.ts';
import { BenchOptionError, type BenchOptions, HELP, parseOptions, selects } from './options.ts';
import { jsonLine, type Measurement, regressions, summary, tableHead, tableRow } from './report.ts';
import type { Plan, Suite } from './suite.ts';
import { FAIL_FACTOR } from './targets.ts';

const SUITES: readonly Suite[] = [
  clientSuite,
  dkgSuite,
  memorySuite,
  keyServerSuite,
  localnetSuite,
];

const out = (line: string) => void process.stdout.write(`${line}\n`);
const note = (line: string) => void process.stderr.write(`${line}\n`);

async function run(options: BenchOptions): Promise<readonly Measurement[]> {
  const plan: Plan = {
    quick: options.quick,
    wants: (name) => selects(options.only, name),
    progress: (text) => {
      if (process.stderr.isTTY) note(`… ${text}`);
    },
  };
  const measurements: Measurement[] = [];
  if (!options.json) out(tableHead());
  for (const suite of SUITES) {
    for await (const measured of suite(plan)) {
      measurements.push(measured);
      out(options.json ? jsonLine(measured) : tableRow(measured));
    }
  }
  return measurements;
}

async function main(): Promise<number> {
  const options = parseOptions(process.argv.slice(2));
  if (options.help) {
    out(HELP.trimEnd());
    return 0;
  }
  const measurements = await run(options);
  if (measurements.length === 0) {
    note(`bench: nothing is named like ${options.only}; names are listed in docs/performance.md`);
    return 2;
  }
  if (!options.json) out(`\n${summary(measurements)}`);
  const failed = options.assert ? regressions(measurements) : [];
  for (const { name } of failed) {
    note(`bench: ${name} is more than ${FAIL_FACTOR} times worse than its target`);
  }
  return failed.length > 0 ? 1 : 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof BenchOptionError)) throw error;
  note(`bench: ${error.message}`);
  process.exitCode = 2;
}
