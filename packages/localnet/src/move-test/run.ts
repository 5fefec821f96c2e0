/**
 * Runs the Move unit tests of a package on both machines, the real Sui VM and ours, and compares
 * how each test ended: completed, or failed with which status, code and module. Source: localnet.md
 * §1, §6.
 */
import { dirname, relative, sep } from 'node:path';
import type { Engine } from '@seal-ts/crypto';
import { nobleEngine } from '@seal-ts/crypto/noble';
import {
  type FrameworkSources,
  formatOutcome,
  type MoveFiles,
  type MoveTest,
  memoryReader,
  type PackageReader,
  placeholderIds,
  resolvePackages,
  type TestOutcome,
  withoutTestFolder,
} from '@seal-ts/move-build';
import { directoryReader } from '@seal-ts/move-build/node';
import { type OracleTest, runTestsOnOracle } from '@seal-ts/move-build/oracle';
import { STATUS } from '@seal-ts/move-vm';
import { frameworkSources, loadFramework } from '../framework.ts';
import {
  FRAMEWORK_STD_PATH,
  frameworkManifest,
  type SystemPackage,
} from '../framework-manifest.ts';
import { MoveTestError } from './errors.ts';
import { type ConstantTable, meetsExpectation, readConstants } from './expectation.ts';
import { moduleText, type TestRun, testMachine } from './machine.ts';
import { ORACLE_SKIPS } from './oracle-skips.ts';
import { buildTestPackages } from './packages.ts';

export interface MoveTestResult {
  /** `package::module::function`. */
  readonly name: string;
  /** What the test asks for came true on our machine. */
  readonly passed: boolean;
  readonly ours: TestOutcome;
  /** Undefined when the oracle lacks what the test needs. */
  readonly oracle: TestOutcome | undefined;
  /** Both machines agree; true for tests that the oracle cannot run. */
  readonly equal: boolean;
}

export interface MoveTestReport {
  readonly tests: readonly MoveTestResult[];
  /** Number of tests that were held to our machine alone. */
  readonly skippedOnOracle: number;
}

export interface MoveTestOptions {
  /** Folder of the package. */
  readonly packageDir: string;
  /** Folder that holds the package and its local dependencies. Default: the folder above. */
  readonly workspaceDir?: string;
  /** Default: noble. */
  readonly engine?: Engine;
}

/** Tests of a package on disk. */
export async function runMoveTests(options: MoveTestOptions): Promise<MoveTestReport> {
  const workspace = options.workspaceDir ?? dirname(options.packageDir);
  const packagePath = relative(workspace, options.packageDir).split(sep).join('/');
  return runMoveTestsFrom(directoryReader(workspace), packagePath, options.engine);
}

/** Tests of a package that a reader has, for example one made in memory. */
export async function runMoveTestsFrom(
  reader: PackageReader,
  packagePath: string,
  engine: Engine = nobleEngine,
): Promise<MoveTestReport> {
  const framework = await frameworkSources();
  return runBoth({ packagePath, reader, framework, system: undefined, engine });
}

/** Tests of one of the framework's own packages. */
export async function runFrameworkTests(
  system: SystemPackage,
  engine: Engine = nobleEngine,
): Promise<MoveTestReport> {
  const framework = await frameworkSources();
  const files: MoveFiles = { ...framework[system], 'Move.toml': frameworkManifest(system) };
  const std = withoutTestFolder(framework.std);
  const reader = memoryReader({ [system]: files, [FRAMEWORK_STD_PATH]: std });
  return runBoth({ packagePath: system, reader, framework, system, engine });
}

interface Job {
  readonly packagePath: string;
  readonly reader: PackageReader;
  readonly framework: FrameworkSources;
  readonly system: SystemPackage | undefined;
  readonly engine: Engine;
}

async function runBoth(job: Job): Promise<MoveTestReport> {
  const { packagePath, reader, framework } = job;
  const graph = await resolvePackages(packagePath, reader);
  const local = job.system === undefined ? graph : { root: graph.root, dependencies: [] as const };
  const packages = await buildTestPackages(local, framework, await compiledFor(job.system));
  const machine = testMachine(packages, job.engine);
  checkSkips(packages.tests);
  const ours = new Map(packages.tests.map((test) => [test.name, machine.run(test)]));
  const onOracle = await runTestsOnOracle({
    packagePath,
    reader,
    framework,
    published: job.system === undefined ? placeholderIds(graph) : {},
    skip: new Set([...ORACLE_SKIPS, ...endless(ours)]),
  });
  const constants = readConstants([
    framework.std,
    framework.sui,
    graph.root.files,
    ...graph.dependencies.map((dependency) => dependency.files),
  ]);
  const oracleByName = new Map(onOracle.map((test) => [test.name, test]));
  const addresses = new Map([...packages.modules.keys()].map((id) => splitId(id)));
  const tests = packages.tests.map((test): MoveTestResult => {
    const run = ours.get(test.name) ?? machine.run(test);
    const oracle = oracleByName.get(test.name);
    return judge(test, run, { oracle, addresses, constants });
  });
  return { tests, skippedOnOracle: tests.filter((test) => test.oracle === undefined).length };
}

/** Tests that used up their budget: the oracle has none, and would never come back from them. */
function endless(runs: ReadonlyMap<string, TestRun>): string[] {
  return [...runs].flatMap(([name, { outcome }]) =>
    outcome.kind === 'status' && outcome.status === STATUS.OUT_OF_GAS ? [name] : [],
  );
}

async function compiledFor(system: SystemPackage | undefined) {
  if (system === 'std') return [];
  const packages = await loadFramework({ kind: 'test' });
  return system === 'sui' ? packages.slice(0, 1) : packages;
}

interface Evidence {
  /** Undefined when the oracle did not run the test. */
  readonly oracle: OracleTest | undefined;
  readonly addresses: ReadonlyMap<string, string>;
  readonly constants: ConstantTable;
}

function judge(test: MoveTest, run: TestRun, evidence: Evidence): MoveTestResult {
  const { name } = test;
  const { outcome: ours } = run;
  const { oracle, addresses, constants } = evidence;
  const theirs = oracle && withAddress(oracle.outcome, addresses);
  const same = theirs !== undefined && formatOutcome(theirs) === formatOutcome(ours);
  // Where the source is too involved for us to read, the oracle's verdict on the same ending counts.
  const passed = meetsExpectation(test, ours, constants, same ? oracle?.passed : undefined);
  // An oracle with stand-ins for what the test calls proves nothing by ending otherwise.
  if (theirs === undefined || (!same && run.usedStandIn)) {
    return { name, passed, ours, oracle: undefined, equal: true };
  }
  return { name, passed, ours, oracle: theirs, equal: same && oracle?.passed === passed };
}

/** The oracle names modules by named address (`sui::bcs`), our machine by number (`0x2::bcs`). */
function withAddress(outcome: TestOutcome, addresses: ReadonlyMap<string, string>): TestOutcome {
  if (outcome.kind === 'completed' || outcome.kind === 'unreadable') return outcome;
  const name = outcome.module.split('::').at(-1) ?? '';
  const address = addresses.get(name);
  return address === undefined ? outcome : { ...outcome, module: moduleText(address, name) };
}

/**
 * `[name, address]` of `address::name`. Module names are distinct within one run's packages or not
 * compared by address.
 */
function splitId(id: string): [string, string] {
  const [address = '', name = ''] = id.split('::');
  return [name, address];
}

/** A name in the list that no test has would silently shrink what is compared. */
function checkSkips(tests: readonly MoveTest[]): void {
  const names = new Set(tests.map((test) => test.name));
  const modules = new Set(tests.map((test) => `${test.address}::${test.module}`));
  for (const skip of ORACLE_SKIPS) {
    const module = skip.slice(0, skip.lastIndexOf('::'));
    if (!modules.has(module) || names.has(skip)) continue;
    throw new MoveTestError(
      'MOVE_TEST_UNKNOWN_SKIP',
      `oracle-skips.ts names "${skip}", but there is no such test; remove the line`,
    );
  }
}
