/** `seal-dev move test`: run a package's unit tests on both Move machines. */

import { type MoveTestResult, runMoveTests } from '@seal-ts/localnet/move-test';
import { formatOutcome } from '@seal-ts/move-build';
import type { Command } from 'commander';
import { DevError } from '../../errors.ts';
import { action, command, DEFAULT_DIR, terminal } from '../output.ts';
import { failureJson, packagePath } from './package-path.ts';

interface TestOptions {
  readonly path: string;
  readonly json: boolean;
}

export function testCommand(): Command {
  return command('test', 'run Move unit tests on the Sui Move VM and on the embedded one', [
    'seal-dev move test --path my-policy',
    'seal-dev move test --path my-policy --json',
  ])
    .option('--path <dir>', 'folder with Move.toml', '.')
    .option('--dir <dir>', 'accepted for symmetry: tests need no running stack', DEFAULT_DIR)
    .option('--json', 'print one JSON object', false)
    .action(action(test));
}

async function test(options: TestOptions): Promise<void> {
  try {
    const { workspace, dir } = packagePath(options.path);
    const report = await runMoveTests({ packageDir: dir, workspaceDir: workspace });
    const bad = report.tests.filter((result) => !good(result));
    if (options.json) terminal.out(json(report.tests, report.skippedOnOracle));
    else {
      for (const result of report.tests) terminal.out(line(result));
      terminal.out(
        `${report.tests.length - bad.length} passed, ${bad.length} failed` +
          `; ${report.skippedOnOracle} on the embedded machine only`,
      );
    }
    if (bad.length > 0) {
      const names = bad.map((result) => result.name).join(', ');
      throw new DevError('DEV_MOVE_TEST_FAILED', `Move tests failed: ${names}`);
    }
  } catch (error) {
    const reported = error instanceof DevError && error.code === 'DEV_MOVE_TEST_FAILED';
    if (options.json && !reported) terminal.out(failureJson(error));
    throw error;
  }
}

function good(result: MoveTestResult): boolean {
  return result.passed && result.equal;
}

function line(result: MoveTestResult): string {
  if (good(result)) return `ok    ${result.name}`;
  const oracle = result.oracle ? `, Sui VM: ${formatOutcome(result.oracle)}` : '';
  return `FAIL  ${result.name}: embedded VM: ${formatOutcome(result.ours)}${oracle}`;
}

function json(tests: readonly MoveTestResult[], skippedOnOracle: number): string {
  return JSON.stringify({
    tests: tests.map((result) => ({
      name: result.name,
      passed: good(result),
      ours: formatOutcome(result.ours),
      oracle: result.oracle && formatOutcome(result.oracle),
      equal: result.equal,
    })),
    skippedOnOracle,
  });
}
