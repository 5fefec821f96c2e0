import type { ExpectedFailure, MoveTest, TestOutcome } from '@seal-ts/move-build';
import { describe, expect, it } from 'vitest';
import { meetsExpectation, readConstants } from '../../src/move-test/expectation.ts';
import { MoveTestError } from '../../src/move-test/index.ts';

const constants = readConstants([
  {
    'sources/m.move':
      'module a::m;\nconst EPlain: u64 = 0x1_0;\n#[error(code = 1)]\nconst EClever: vector<u8> =\n' +
      '    b"x";\nconst ELater: u64 = 3u64;\nconst TEXT: vector<u8> = b"1";\n',
    'sources/n.move': 'module a::n {\n    #[error] const EInline: vector<u8> = b"x";\n}\n',
    'Move.toml': 'const EPlain: u64 = 99;',
  },
]);

function expected(failure: Partial<ExpectedFailure>): MoveTest {
  return {
    name: 'a::m::t',
    address: 'a',
    module: 'm',
    function: 't',
    file: 'tests/m.move',
    expectedFailure: {
      kind: 'abort',
      code: undefined,
      minorStatus: undefined,
      location: undefined,
      ...failure,
    },
  };
}

const at = { module: '0x0::m' };
const abort = (code: bigint): TestOutcome => ({ kind: 'aborted', code, ...at });
const named = (constant: string): TestOutcome => ({ kind: 'aborted-constant', constant, ...at });

describe('meetsExpectation', () => {
  it('holds a test without expectation to its end', () => {
    const test: MoveTest = { ...expected({}), expectedFailure: undefined };
    expect(meetsExpectation(test, { kind: 'completed' }, constants)).toBe(true);
    expect(meetsExpectation(test, abort(1n), constants)).toBe(false);
  });

  it.each([
    ['16', abort(16n)],
    ['0x10', abort(16n)],
    ['EPlain', abort(16n)],
    ['m::EPlain', abort(16n)],
    ['a::m::ELater', abort(3n)],
    ['EClever', named('EClever')],
    ['n::EInline', named('EInline')],
  ])('accepts code %s', (code, outcome) => {
    expect(meetsExpectation(expected({ code }), outcome, constants)).toBe(true);
  });

  it.each([
    ['16', abort(17n)],
    ['16', { kind: 'completed' } as const],
    ['16', { kind: 'arithmetic', ...at } as const],
    ['16', { kind: 'unreadable', text: '' } as const],
    ['EPlain', named('EPlain')],
    ['EClever', abort(1n)],
    ['EClever', named('EOther')],
    ['EClever', { kind: 'aborted-bare', ...at } as const],
  ])('refuses code %s', (code, outcome) => {
    expect(meetsExpectation(expected({ code }), outcome, constants)).toBe(false);
  });

  it.each([
    ['Self', '0x0::m', true],
    ['a::m', '0x0::m', true],
    ['Self', '0x0::n', false],
    ['a::n', '0x0::m', false],
  ])('compares location %s with %s', (location, module, equal) => {
    const outcome: TestOutcome = { kind: 'aborted', code: 1n, module };
    expect(meetsExpectation(expected({ code: '1', location }), outcome, constants)).toBe(equal);
  });

  it.each([
    [{ kind: 'any' }, abort(9n), true],
    [{ kind: 'any' }, { kind: 'completed' }, false],
    [{ kind: 'arithmetic' }, { kind: 'arithmetic', ...at }, true],
    [{ kind: 'arithmetic' }, { kind: 'vector', subStatus: 1, ...at }, false],
    [{ kind: 'vector' }, { kind: 'vector', subStatus: 1, ...at }, true],
    [{ kind: 'vector', minorStatus: '1' }, { kind: 'vector', subStatus: 1, ...at }, true],
    [{ kind: 'vector', minorStatus: '2' }, { kind: 'vector', subStatus: 1, ...at }, false],
    [{ kind: 'out_of_gas' }, { kind: 'status', status: 4002, ...at }, true],
    [{ kind: 'status', code: '4021' }, { kind: 'status', status: 4021, ...at }, true],
    [{ kind: 'status', code: '4021' }, { kind: 'status', status: 4020, ...at }, false],
  ] as [Partial<ExpectedFailure>, TestOutcome, boolean][])('case %#', (failure, outcome, ok) => {
    expect(meetsExpectation(expected(failure), outcome, constants)).toBe(ok);
  });

  it('finds the only constant of a name whatever its module is called here', () => {
    const test = expected({ code: 'alias::EInline' });
    expect(meetsExpectation(test, named('EInline'), constants)).toBe(true);
    expect(meetsExpectation(test, named('EClever'), constants)).toBe(false);
  });

  it.each([
    ['alias', true, true],
    ['alias', false, false],
    ['alias', undefined, false],
    ['Self', true, false],
    ['a::n', true, false],
  ])('location %s elsewhere, verdict %s', (location, verdict, ok) => {
    const outcome: TestOutcome = { kind: 'aborted', code: 1n, module: '0x0::other' };
    const test = expected({ code: '1', location });
    expect(meetsExpectation(test, outcome, constants, verdict)).toBe(ok);
  });

  it.each([true, false])('takes the verdict %s where a constant is unknown', (verdict) => {
    const test = expected({ code: 'x::ENone' });
    expect(meetsExpectation(test, abort(1n), constants, verdict)).toBe(verdict);
  });

  it('says when a constant is unknown', () => {
    const check = () => meetsExpectation(expected({ code: 'x::ENone' }), abort(1n), constants);
    expect(check).toThrow(MoveTestError);
    expect(check).toThrow('x::ENone');
  });
});
