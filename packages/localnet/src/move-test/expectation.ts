/**
 * Whether an outcome is what `#[expected_failure(…)]` asks for. The oracle decides this by itself;
 * for a test that the oracle cannot run we decide it here, from the source: numbers as written,
 * constants by looking up their declaration.
 */
import type { ExpectedFailure, MoveFiles, MoveTest, TestOutcome } from '@seal-ts/move-build';
import { MoveTestError } from './errors.ts';

/** Values of `const NAME: u64 = …` and names of `#[error]` constants, by `module::NAME`. */
export type ConstantTable = ReadonlyMap<string, bigint | 'error'>;

const MODULE = /^\s*(?:public\s+)?module\s+\w+::(\w+)/;
const CONSTANT = /^\s*(?:#\[.*\]\s*)?const\s+(\w+)\s*:\s*([\w<>]+)\s*=\s*([^;]*);?/;
const ERROR_ATTRIBUTE = /#\[error/;

/** Reads the constants of all packages of a run, line by line. */
export function readConstants(packages: readonly MoveFiles[]): ConstantTable {
  const table = new Map<string, bigint | 'error'>();
  for (const files of packages) {
    for (const [path, text] of Object.entries(files)) {
      if (path.endsWith('.move')) readFileConstants(text, table);
    }
  }
  return table;
}

function readFileConstants(text: string, table: Map<string, bigint | 'error'>): void {
  let module = '';
  let isError = false;
  for (const line of text.split('\n')) {
    module = MODULE.exec(line)?.[1] ?? module;
    if (ERROR_ATTRIBUTE.test(line)) isError = true;
    const found = CONSTANT.exec(line);
    if (!found?.[1]) continue;
    const value = parseNumber(found[3] ?? '');
    if (isError) table.set(`${module}::${found[1]}`, 'error');
    else if (value !== undefined) table.set(`${module}::${found[1]}`, value);
    isError = false;
  }
}

/**
 * @param verdict of a machine on which the test ended the same way, if there is one: decides where
 * the constant's declaration cannot be found, or the module has another name in the test
 * @throws MoveTestError when the expectation cannot be understood and there is no verdict
 */
export function meetsExpectation(
  test: MoveTest,
  outcome: TestOutcome,
  constants: ConstantTable,
  verdict?: boolean,
): boolean {
  const expected = test.expectedFailure;
  if (!expected) return outcome.kind === 'completed';
  if (outcome.kind === 'completed' || outcome.kind === 'unreadable') return false;
  if (!atLocation(test, expected, outcome.module)) {
    // A bare name may be what the module is called in this file only.
    return (
      verdict === true && /^\w+$/.test(expected.location ?? '') && expected.location !== 'Self'
    );
  }
  switch (expected.kind) {
    case 'any':
      return true;
    case 'abort':
      return matchesCode(test, expected, outcome, constants) ?? undecided(test, expected, verdict);
    case 'arithmetic':
      return outcome.kind === 'arithmetic';
    case 'vector':
      return (
        outcome.kind === 'vector' &&
        (expected.minorStatus === undefined ||
          parseNumber(expected.minorStatus) === BigInt(outcome.subStatus))
      );
    case 'out_of_gas':
      return outcome.kind === 'status' && outcome.status === 4002;
    case 'status':
      return (
        outcome.kind === 'status' && parseNumber(expected.code ?? '') === BigInt(outcome.status)
      );
  }
}

/** Undefined when no declaration of the constant was found. */
function matchesCode(
  test: MoveTest,
  expected: ExpectedFailure,
  outcome: TestOutcome,
  constants: ConstantTable,
): boolean | undefined {
  const written = expected.code ?? '';
  const segments = written.split('::');
  const name = segments.at(-1) ?? '';
  const module = segments.at(-2) ?? test.module;
  const value =
    parseNumber(written) ??
    constants.get(`${module}::${name}`) ??
    onlyConstantNamed(name, constants);
  if (value === undefined) return undefined;
  if (value === 'error') {
    return outcome.kind === 'aborted-constant' && outcome.constant === name;
  }
  return outcome.kind === 'aborted' && outcome.code === value;
}

/** The constant that an import or a module alias stands for, if just one module has that name. */
function onlyConstantNamed(name: string, constants: ConstantTable): bigint | 'error' | undefined {
  const found = [...constants].filter(([id]) => id.endsWith(`::${name}`));
  return found.length === 1 ? found[0]?.[1] : undefined;
}

function undecided(
  test: MoveTest,
  expected: ExpectedFailure,
  verdict: boolean | undefined,
): boolean {
  if (verdict !== undefined) return verdict;
  throw new MoveTestError(
    'MOVE_TEST_EXPECTATION',
    `${test.name}: cannot find the constant "${expected.code}"; write it as module::NAME`,
  );
}

function atLocation(test: MoveTest, expected: ExpectedFailure, module: string): boolean {
  if (expected.location === undefined) return true;
  const wanted =
    expected.location === 'Self' ? test.module : (expected.location.split('::').at(-1) ?? '');
  return module.split('::').at(-1) === wanted;
}

function parseNumber(text: string): bigint | undefined {
  const digits = text.trim().replaceAll('_', '').replace(/u\d+$/, '');
  return /^(?:0x[0-9a-fA-F]+|\d+)$/.test(digits) ? BigInt(digits) : undefined;
}
