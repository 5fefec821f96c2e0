/**
 * Runs Move unit tests on the real Sui Move VM, which the full build of the compiler package
 * contains. That machine is our oracle. Its limits: BLS12-381, Nitro attestation, VDF, proof
 * systems and randomness are stand-ins there (localnet.md §1).
 *
 * The runner gives its own verdict on a test that expects a failure, but does not say how that test
 * ended; a twin without the expectation, in the same run, does.
 */
import { initMovePackageBuilder, testMovePackage } from '@zktx.io/sui-move-builder/full';
import { compilerJob, type JobSettings } from './compile.ts';
import { compilerInput, failure } from './compiler.ts';
import { parseDiagnostics } from './diagnostics.ts';
import { MoveBuildError } from './errors.ts';
import type { PublishedPackage } from './publication.ts';
import { type PackageGraph, resolvePackages } from './resolve.ts';
import type { FrameworkSources, MoveFiles, PackageReader } from './source.ts';
import { parseRunnerOutput, type RunnerReport, type TestOutcome } from './test-outcome.ts';
import { stripTestAttributes, twinOf } from './test-source.ts';

export interface OracleOptions {
  /** Workspace path of the package. */
  readonly packagePath: string;
  readonly reader: PackageReader;
  readonly framework: FrameworkSources;
  /** Addresses of dependencies by package name; without one a dependency is at address zero. */
  readonly published?: Readonly<Record<string, PublishedPackage>>;
  /** Names of tests that are not to be run, for example because this machine cannot decide them. */
  readonly skip?: ReadonlySet<string>;
}

export interface OracleTest {
  readonly name: string;
  /** The runner's verdict, `#[expected_failure]` taken into account. */
  readonly passed: boolean;
  /** How the test function ended. */
  readonly outcome: TestOutcome;
}

/**
 * Runs all tests of one package.
 * @throws MoveBuildError `MOVE_BUILD_COMPILE` when sources or tests do not compile,
 * `MOVE_BUILD_ORACLE` when the runner's output cannot be understood
 */
export async function runTestsOnOracle(options: OracleOptions): Promise<readonly OracleTest[]> {
  const graph = await resolvePackages(options.packagePath, options.reader);
  const settings: JobSettings = {
    framework: options.framework,
    published: options.published ?? {},
    modes: [],
    silenceWarnings: true,
  };
  await initMovePackageBuilder();
  const skip = options.skip ?? new Set<string>();
  const { files, tests } = stripTestAttributes(graph.root.files, { for: 'oracle', skip });
  const report = await run(withRoot(graph, files), settings);
  return tests
    .filter(({ name }) => !skip.has(name))
    .map(({ name, expectedFailure }) => ({
      name,
      passed: verdict(report, name),
      outcome: ending(report, expectedFailure === undefined ? name : twinOf(name)),
    }));
}

function verdict({ passed }: RunnerReport, test: string): boolean {
  const found = passed.get(test);
  if (found !== undefined) return found;
  throw new MoveBuildError(
    'MOVE_BUILD_ORACLE',
    `the test runner gave no verdict on "${test}"; its name must be package::module::function`,
  );
}

function ending({ passed, outcomes }: RunnerReport, test: string): TestOutcome {
  if (passed.get(test) === true) return { kind: 'completed' };
  return outcomes.get(test) ?? { kind: 'unreadable', text: 'no ending reported' };
}

async function run(graph: PackageGraph, settings: JobSettings): Promise<RunnerReport> {
  const result = await testMovePackage(compilerInput(compilerJob(graph, settings)));
  if ('error' in result) throw failure(result);
  if (!result.output.includes('Running Move unit tests')) {
    const diagnostics = parseDiagnostics(result.output);
    throw new MoveBuildError('MOVE_BUILD_COMPILE', `Move tests did not compile\n${result.output}`, {
      diagnostics,
    });
  }
  const report = parseRunnerOutput(result.output);
  const total = /Total tests: (\d+)/.exec(result.output)?.[1];
  if (total !== undefined && Number(total) !== report.passed.size) {
    throw new MoveBuildError(
      'MOVE_BUILD_ORACLE',
      `the test runner reports ${total} tests, ${report.passed.size} verdicts were read`,
    );
  }
  return report;
}

function withRoot(graph: PackageGraph, files: MoveFiles): PackageGraph {
  return { root: { ...graph.root, files }, dependencies: graph.dependencies };
}
