/**
 * `npm run test:sim`: as many seeds as `--seeds` or `SIM_SEEDS` says, from `--first` on; or one
 * with `--seed` or `SIM_SEED`, with its trace. Every tenth seed runs twice and must give the same
 * trace.
 */
import { parseArgs } from 'node:util';
import { loadMclEngine } from '@seal-ts/crypto/mcl';
import { type Result, simulate } from './simulate.ts';

const DEFAULT_SEEDS = 60;
/** One seed in this many is run twice. */
const REPEAT_EVERY = 10;

const { values } = parseArgs({
  options: { seed: { type: 'string' }, seeds: { type: 'string' }, first: { type: 'string' } },
});
const one = values.seed ?? process.env['SIM_SEED'];
const count = one === undefined ? (values.seeds ?? process.env['SIM_SEEDS'] ?? DEFAULT_SEEDS) : 1;
const first = wholeNumber('seed', one ?? values.first ?? 1);
const seeds = Array.from({ length: wholeNumber('seeds', count) }, (_, i) => first + i);

const engine = await loadMclEngine();
const startedMs = performance.now();
const totals: Record<string, number> = {};
let failed = 0;
let repeated = 0;
for (const seed of seeds) {
  const print = one === undefined ? undefined : (line: string) => console.log(line);
  const result = await simulate({ seed, engine, print });
  const violations = [...result.violations];
  if (one !== undefined || seed % REPEAT_EVERY === 0) {
    repeated++;
    const again = await simulate({ seed, engine });
    if (again.digest !== result.digest) {
      violations.push(`not deterministic: trace ${result.digest}, then ${again.digest}`);
    }
  }
  for (const [name, value] of Object.entries(result.counts)) {
    totals[name] = (totals[name] ?? 0) + value;
  }
  if (violations.length > 0) {
    failed++;
    report(result, violations);
  }
}
const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
const verdict = failed === 0 ? 'all properties hold' : `${failed} seeds FAILED`;
const { calls = 0, decrypted = 0, refused = 0, fromCache = 0 } = totals;
console.log(
  `simulation: ${seeds.length} seeds (${first} to ${first + seeds.length - 1}), ${verdict}; ` +
    `${calls} calls (${decrypted} succeeded, ${fromCache} of them on cached keys, ` +
    `${refused} refused, ${calls - decrypted - refused} cancelled), ` +
    `${totals['requests']} requests, ${totals['granted']} grants, ${totals['forged']} forgeries, ` +
    `${repeated} seeds repeated alike, ${seconds} s`,
);
process.exitCode = failed === 0 ? 0 : 1;

function report({ seed, digest }: Result, violations: readonly string[]): void {
  console.error(`seed ${seed} (trace ${digest}) FAILED; npm run test:sim -- --seed ${seed}`);
  for (const violation of violations) console.error(`  ${violation}`);
}

function wholeNumber(name: string, value: string | number): number {
  const number = Number(value);
  if (Number.isSafeInteger(number) && number >= 1) return number;
  console.error(`${name} must be a whole number from 1 on, got ${value}`);
  process.exit(2);
}
