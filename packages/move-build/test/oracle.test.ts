import { describe, expect, it } from 'vitest';
import { isMoveBuildError, type TestOutcome } from '../src/index.ts';
import { runTestsOnOracle } from '../src/oracle.ts';
import { parseRunnerOutput } from '../src/test-outcome.ts';
import { build, movePackage } from './fixtures.ts';

const run = (source: string) => runTestsOnOracle(build({ 'move/a': movePackage('a', source) }));

const SOURCE = `module a::a;
const E: u64 = 7;
#[error] const EBad: vector<u8> = b"bad";
fun deep(n: u64): u64 { if (n == 0) 0 else deep(n - 1) + 1 }
#[test] fun fine() {}
#[test, expected_failure(abort_code = E, location = Self)] fun expected() { abort E }
#[test, expected_failure(abort_code = E, location = Self)] fun other_code() { abort 8 }
#[test, expected_failure] fun did_not_fail() {}
#[test] fun failed() { abort E }
#[test] fun constant() { abort EBad }
#[test] fun bare() { abort }
#[test] fun arithmetic() { let x = 0u8; 1u8 / x; }
#[test] fun overflow() { deep(2000); }
`;

describe('runTestsOnOracle', () => {
  it('tells how each test ended, whatever it expected', async () => {
    const found = new Map((await run(SOURCE)).map((test) => [test.name.slice(6), test]));
    const at = { module: 'a::a' };
    const expected: Record<string, [boolean, TestOutcome]> = {
      fine: [true, { kind: 'completed' }],
      expected: [true, { kind: 'aborted', code: 7n, ...at }],
      other_code: [false, { kind: 'aborted', code: 8n, ...at }],
      did_not_fail: [false, { kind: 'completed' }],
      failed: [false, { kind: 'aborted', code: 7n, ...at }],
      constant: [false, { kind: 'aborted-constant', constant: 'EBad', ...at }],
      bare: [false, { kind: 'aborted-bare', ...at }],
      arithmetic: [false, { kind: 'arithmetic', ...at }],
      overflow: [false, { kind: 'status', status: 4021, ...at }],
    };
    for (const [name, [passed, outcome]] of Object.entries(expected)) {
      expect(found.get(name), name).toMatchObject({ passed, outcome });
    }
    expect(found.size).toBe(Object.keys(expected).length);
  });

  it('has nothing to say about a package without tests', async () => {
    expect(await run('module a::a;\npublic fun f() {}\n')).toEqual([]);
  });

  it('reports tests that do not compile', async () => {
    const error = await run('module a::a;\n#[test] fun t() { 1 + true; }\n').catch((e) => e);
    if (!isMoveBuildError(error)) throw error;
    expect(error.code).toBe('MOVE_BUILD_COMPILE');
    expect(error.diagnostics[0]?.line).toBe(2);
  });
});

describe('parseRunnerOutput', () => {
  it('gives what it cannot read as it is', () => {
    const report = parseRunnerOutput(
      '[ FAIL    ] a::m::t\nFailures in a::m:\n┌── t ──────\n│ something new\n└─────\n',
    );
    expect(report.passed.get('a::m::t')).toBe(false);
    expect(report.outcomes.get('a::m::t')).toEqual({
      kind: 'unreadable',
      text: '│ something new',
    });
  });
});
