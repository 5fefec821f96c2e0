import { describe, expect, it } from 'vitest';
import { isMoveBuildError, stripTestAttributes, withoutTestFolder } from '../src/index.ts';
import { twinOf } from '../src/test-source.ts';

/** Strips one file and gives its text. */
function strip(text: string): string {
  return stripTestAttributes({ 'sources/m.move': text }).files['sources/m.move'] ?? '';
}

function tests(text: string) {
  return stripTestAttributes({ 'sources/m.move': text }).tests;
}

describe('stripTestAttributes', () => {
  it.each([
    ['#[test_only]\nuse a::b;', '\nuse a::b;'],
    ['#[test_only, allow(unused)]\nuse a::b;', '#[allow(unused)]\nuse a::b;'],
    ['#[allow(unused)]\nuse a::b;', '#[allow(unused)]\nuse a::b;'],
    ['#[error(code = 3)]\nconst E: u64 = 1;', '#[error(code = 3)]\nconst E: u64 = 1;'],
    ['// #[test]\n/* #[test] */ const S: vector<u8> = b"#[test]";', undefined],
    ['const S: vector<u8> = b"a\\"#[test_only]";', undefined],
    ['/* /* #[test] */ #[test] */', undefined],
  ])('%j', (text, expected) => {
    expect(strip(text)).toBe(expected ?? text);
  });

  it('keeps every line where it was', () => {
    const text =
      'module a::m;\n#[\n  test,\n  expected_failure(\n    abort_code = 1\n  )\n]\nfun t() {}\n';
    const stripped = strip(text);
    expect(stripped.split('\n').indexOf('fun t() {}')).toBe(7);
    expect(stripped).not.toContain('test');
  });

  it('lists tests with what they expect', () => {
    const found = tests(
      'module a::m;\n#[test]\nfun one() {}\n' +
        '#[test, expected_failure(abort_code = b::E, location = Self)]\nfun two() {}\n' +
        '#[test]\n#[expected_failure(vector_error, minor_status = 2, location = a::m)]\nfun three() {}\n' +
        '#[test_only]\nfun helper() {}\nfun plain() {}\n',
    );
    expect(found.map((test) => test.name)).toEqual(['a::m::one', 'a::m::two', 'a::m::three']);
    expect(found[0]?.expectedFailure).toBeUndefined();
    expect(found[1]?.expectedFailure).toEqual({
      kind: 'abort',
      code: 'b::E',
      minorStatus: undefined,
      location: 'Self',
    });
    expect(found[2]?.expectedFailure).toMatchObject({
      kind: 'vector',
      minorStatus: '2',
      location: 'a::m',
    });
  });

  it.each([
    ['#[expected_failure]', 'any'],
    ['#[expected_failure(arithmetic_error, location = Self)]', 'arithmetic'],
    ['#[expected_failure(out_of_gas, location = Self)]', 'out_of_gas'],
    ['#[expected_failure(major_status = 4016, location = Self)]', 'status'],
  ])('reads %s', (attribute, kind) => {
    const found = tests(`module a::m;\n#[test]\n${attribute}\nfun t() {}\n`);
    expect(found[0]?.expectedFailure?.kind).toBe(kind);
  });

  it('keeps tests for the oracle but those to skip, with a twin for each expectation', () => {
    const text =
      'module a::m;\n#[test, expected_failure(abort_code = 1)]\nentry fun t() {}\n' +
      '#[test]\n#[expected_failure]\nfun u() {}\n#[test]\nfun v() {}\n';
    const rewritten = (skip: string[]) => {
      const options = { for: 'oracle' as const, skip: new Set(skip) };
      return stripTestAttributes({ 'tests/m.move': text }, options).files['tests/m.move'];
    };
    const twin = (name: string) => `#[test] fun ${twinOf(name)}() { ${name}() } `;
    const twinOfU = text.replace('#[test]\n#[exp', `${twin('u')}#[test]\n#[exp`);
    expect(rewritten([])).toBe(twinOfU.replace('#[test, exp', `${twin('t')}#[test, exp`));
    expect(rewritten(['a::m::t'])).toBe(
      twinOfU.replace('#[test, expected_failure(abort_code = 1)]', '#[test_only]'),
    );
    expect(rewritten(['a::m::t', 'a::m::u'])).toBe(
      text
        .replace('#[test, expected_failure(abort_code = 1)]', '#[test_only]')
        .replace('#[test]\n#[expected_failure]', '#[test_only]\n'),
    );
  });

  it('rewrites what only tests may do', () => {
    const text =
      'module a::m;\npublic struct M has drop {}\nfun init(w: M) { let M {} = w; }\n' +
      'entry fun e() {}\npublic entry fun f() {}\npublic(package) entry fun g() {}\n' +
      '#[test]\nfun t() { init(M {}); x.init() }\n';
    expect(strip(text)).toBe(
      'module a::m;\npublic struct M has drop {}\nfun init_(w: M) { let M {} = w; }\n' +
        'public entry fun e() {}\npublic entry fun f() {}\npublic(package) entry fun g() {}\n' +
        '\nfun t() { init_(sui::test_utils::create_one_time_witness<M>()); x.init() }\n',
    );
  });

  it('moves tests and examples to where they get compiled', () => {
    const { files } = stripTestAttributes({
      'tests/t.move': '',
      'examples/e.move': '',
      'Move.toml': 'x',
    });
    expect(Object.keys(files)).toEqual([
      'sources/tests/t.move',
      'sources/examples/e.move',
      'Move.toml',
    ]);
  });

  it('keeps tests and examples from those who depend on a package', () => {
    const files = { 'tests/t.move': '', 'examples/e.move': '', 'sources/s.move': '' };
    expect(Object.keys(withoutTestFolder(files))).toEqual(['sources/s.move']);
  });

  it('refuses random tests', () => {
    try {
      tests('module a::m;\n#[random_test]\nfun t(x: u64) { x; }\n');
      expect.unreachable();
    } catch (error) {
      expect(isMoveBuildError(error) && error.code).toBe('MOVE_BUILD_TEST_SOURCE');
    }
  });
});
