/** Every Move unit test of the repository, on the Sui VM and on ours (localnet.md §6.1). */
import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { formatOutcome } from '@seal-ts/move-build';
import { describe, expect, it } from 'vitest';
import {
  type MoveTestReport,
  ORACLE_SKIPS,
  runFrameworkTests,
  runMoveTests,
} from '../../src/move-test/index.ts';

const MOVE = fileURLToPath(new URL('../../../../move/', import.meta.url));
const PACKAGES = readdirSync(MOVE).filter((name) => existsSync(`${MOVE}${name}/Move.toml`));

/** The tests that went wrong, one line each; empty is what we want. */
function complaints(report: MoveTestReport): string[] {
  return report.tests
    .filter(({ name, passed, equal, oracle }) => {
      return !passed || !equal || (oracle === undefined && !ORACLE_SKIPS.has(name));
    })
    .map(({ name, ours, oracle, passed }) => {
      const theirs = oracle ? formatOutcome(oracle) : 'not run';
      return `${name} ${passed ? 'passes' : 'FAILS'}: ours ${formatOutcome(ours)}, Sui VM ${theirs}`;
    });
}

function announce(name: string, report: MoveTestReport): void {
  const compared = report.tests.length - report.skippedOnOracle;
  process.stdout.write(
    `move tests of ${name}: ${compared} equal on both machines, ${report.skippedOnOracle} on ours alone\n`,
  );
}

/** Compiling and running twice takes seconds, and more on a machine that is busy. */
const TIMEOUT_MS = 120_000;

describe('Move unit tests end the same way on both machines', { timeout: TIMEOUT_MS }, () => {
  it.each(['std', 'sui'] as const)('framework %s', async (name) => {
    const report = await runFrameworkTests(name);
    expect(complaints(report)).toEqual([]);
    expect(report.tests.length).toBeGreaterThan(50);
    announce(name, report);
  });

  it.each(PACKAGES)('move/%s', async (name) => {
    const report = await runMoveTests({ packageDir: `${MOVE}${name}` });
    expect(complaints(report)).toEqual([]);
    announce(`move/${name}`, report);
  });
});
