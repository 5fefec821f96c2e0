/**
 * How a Move unit test ended, in a form that two machines can be compared by, and how the output of
 * the Sui test runner is read into it. The output is text for people; its wording is that of Sui
 * 1.71.1.
 */

/** `module` is `package::module` as the runner prints it, for example `sui::dynamic_field`. */
export type TestOutcome =
  | { readonly kind: 'completed' }
  | { readonly kind: 'aborted'; readonly code: bigint; readonly module: string }
  /** Abort with a named `#[error]` constant. */
  | { readonly kind: 'aborted-constant'; readonly constant: string; readonly module: string }
  /** Abort without code: `abort`, `assert!(c)`. */
  | { readonly kind: 'aborted-bare'; readonly module: string }
  | { readonly kind: 'arithmetic'; readonly module: string }
  | { readonly kind: 'vector'; readonly subStatus: number; readonly module: string }
  | { readonly kind: 'status'; readonly status: number; readonly module: string }
  | { readonly kind: 'unreadable'; readonly text: string };

export interface RunnerReport {
  /** Test name to whether the runner was content with it. */
  readonly passed: ReadonlyMap<string, boolean>;
  /** Test name to how it ended, for tests that failed by an error. */
  readonly outcomes: ReadonlyMap<string, TestOutcome>;
}

const VERDICT = /^\[ (PASS|FAIL|TIMEOUT) +\] (\S+)$/;
const MODULE = /^Failures in (\S+):$/;
const CASE = /^┌── (\S+) ─+$/;
const ENDING = new RegExp(
  '\\bit (?:aborted with code (?<code>\\d+)(?: \\([^)]*\\))?' +
    "|aborted with error constant '(?<constant>\\w+)'[^']*" +
    '|(?<bare>aborted)' +
    '|gave an (?<arithmetic>arithmetic) error' +
    '|gave a vector operation error with sub-status (?<vector>\\d+)' +
    '|gave a \\w+ \\(code (?<status>\\d+)\\) error[^.]*?' +
    ') originating in the module (?<module>\\w+::\\w+)',
);

/**
 * Reads the output of a run in which no test has `#[expected_failure]`, or of any run for verdicts
 * only.
 */
export function parseRunnerOutput(output: string): RunnerReport {
  const passed = new Map<string, boolean>();
  const texts = new Map<string, string[]>();
  let module = '';
  let current: string[] | undefined;
  for (const line of output.split('\n')) {
    const verdict = VERDICT.exec(line);
    const inModule = MODULE.exec(line);
    const inCase = CASE.exec(line);
    if (verdict?.[2]) passed.set(verdict[2], verdict[1] === 'PASS');
    else if (inModule?.[1]) module = inModule[1];
    else if (inCase?.[1]) {
      current = [];
      texts.set(`${module}::${inCase[1]}`, current);
    } else if (line.startsWith('└')) current = undefined;
    else current?.push(line);
  }
  const outcomes = new Map<string, TestOutcome>();
  for (const [name, lines] of texts) outcomes.set(name, parseEnding(lines.join('\n')));
  return { passed, outcomes };
}

function parseEnding(text: string): TestOutcome {
  const found = ENDING.exec(text)?.groups;
  const module = found?.['module'];
  if (!found || module === undefined) return { kind: 'unreadable', text };
  if (found['code'] !== undefined) return { kind: 'aborted', code: BigInt(found['code']), module };
  if (found['constant'] !== undefined) {
    return { kind: 'aborted-constant', constant: found['constant'], module };
  }
  if (found['bare'] !== undefined) return { kind: 'aborted-bare', module };
  if (found['arithmetic'] !== undefined) return { kind: 'arithmetic', module };
  if (found['vector'] !== undefined) {
    return { kind: 'vector', subStatus: Number(found['vector']), module };
  }
  return { kind: 'status', status: Number(found['status']), module };
}

/** One line for a person. */
export function formatOutcome(outcome: TestOutcome): string {
  switch (outcome.kind) {
    case 'completed':
      return 'completed';
    case 'aborted':
      return `aborted with ${outcome.code} in ${outcome.module}`;
    case 'aborted-constant':
      return `aborted with ${outcome.constant} in ${outcome.module}`;
    case 'aborted-bare':
      return `aborted without code in ${outcome.module}`;
    case 'arithmetic':
      return `arithmetic error in ${outcome.module}`;
    case 'vector':
      return `vector error ${outcome.subStatus} in ${outcome.module}`;
    case 'status':
      return `status ${outcome.status} in ${outcome.module}`;
    case 'unreadable':
      return outcome.text;
  }
}
