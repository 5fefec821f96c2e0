/** Version gates with the meaning of Rust's semver (seal-protocol.md §4.2, §4.3). */
import fc from 'fast-check';
import semver from 'semver';
import { describe, expect, it } from 'vitest';
import {
  CLIENT_SDK_VERSION,
  checkClientVersion,
  compareVersions,
  DEFAULT_MEMBER_REQUIREMENT,
  isSupportedKeyServerVersion,
  KEY_SERVER_VERSION,
  MAX_COMPARATORS,
  MAX_VERSION_CHARS,
  MIN_KEY_SERVER_VERSION,
  parseRequirement,
  parseVersion,
  satisfies,
  versionGates,
} from '../src/index.ts';
import { thrownBy } from './support/vectors.ts';

const matches = (version: string, requirement: string): boolean =>
  satisfies(parseVersion(version), parseRequirement(requirement));

describe('requirements', () => {
  it.each([
    ['1.2.3', '1.2.3', true],
    ['1.9.0', '1.2.3', true],
    ['2.0.0', '1.2.3', false],
    ['1.2.2', '1.2.3', false],
    ['0.4.9', '0.4.5', true],
    ['0.5.0', '0.4.5', false],
    ['0.0.3', '0.0.3', true],
    ['0.0.4', '0.0.3', false],
    ['0.0.9', '0.0', true],
    ['0.1.0', '0.0', false],
    ['0.9.0', '0', true],
    ['1.3.0', '^1.2', true],
    ['1.2.9', '~1.2.3', true],
    ['1.3.0', '~1.2.3', false],
    ['1.9.9', '~1', true],
    ['1.2.9', '=1.2', true],
    ['1.3.0', '=1.2', false],
    ['1.3.0', '>1.2', true],
    ['1.2.9', '>1.2', false],
    ['2.0.0', '>1', true],
    ['1.2.9', '<=1.2', true],
    ['1.1.9', '<1.2', true],
    ['1.2.0', '<1.2', false],
    ['1.5.0', '1.*', true],
    ['2.0.0', '1.*', false],
    ['1.2.7', '1.2.*', true],
    ['7.0.0', '*', true],
    ['1.5.0', '>=1.2.0, <1.8', true],
    ['1.8.0', '>=1.2.0, <1.8', false],
    ['1.0.0-beta', '*', false],
    ['1.0.0-beta', '>=0.9.0', false],
    ['1.0.0-beta.2', '>=1.0.0-beta.1', true],
    ['1.0.1-beta.2', '>=1.0.0-beta.1', false],
    ['1.0.0', '>=1.0.0-beta.1', true],
    ['1.0.0+build', '=1.0.0', true],
    [CLIENT_SDK_VERSION, '>=0.4.5', true],
    [KEY_SERVER_VERSION, DEFAULT_MEMBER_REQUIREMENT, true],
  ])('%s against %s: %s', (version, requirement, expected) => {
    expect(matches(version, requirement)).toBe(expected);
  });

  it.each([
    '',
    ' ',
    '>=',
    '1.2.3.4',
    '1..2',
    'v1.2.3',
    '>=1.2.3 <2',
    '1.2 || 2',
    '1.2.3 - 2',
    '1.*.3',
    '01.2.3',
    '1.02.3',
    '>>1',
    '==1',
    '1,',
    ',1',
    '1.2.3-',
    '1.2.*-beta',
    'latest',
  ])('refuses %j', (text) => {
    expect(thrownBy(() => parseRequirement(text)).code).toBe('INVALID_REQUIREMENT');
  });

  it('bounds the number of comparators and characters', () => {
    const list = (n: number): string => Array.from({ length: n }, () => '>=1').join(',');
    expect(parseRequirement(list(MAX_COMPARATORS))).toHaveLength(MAX_COMPARATORS);
    expect(thrownBy(() => parseRequirement(list(MAX_COMPARATORS + 1))).code).toBe(
      'INVALID_REQUIREMENT',
    );
    const version = (n: number): string => `1.0.0-${'a'.repeat(n - 6)}`;
    expect(parseVersion(version(MAX_VERSION_CHARS)).major).toBe(1);
    expect(thrownBy(() => parseVersion(version(MAX_VERSION_CHARS + 1))).code).toBe(
      'INVALID_VERSION',
    );
  });

  it('agrees with npm semver where the two syntaxes mean the same', () => {
    const part = fc.nat(3);
    const version = fc.tuple(part, part, part).map((parts) => parts.join('.'));
    const operator = fc.constantFrom('=', '>', '>=', '<', '<=', '~', '^');
    fc.assert(
      fc.property(version, operator, version, fc.integer({ min: 1, max: 3 }), (v, op, r, n) => {
        const requirement = op + r.split('.').slice(0, n).join('.');
        expect([v, requirement, matches(v, requirement)]).toEqual([
          v,
          requirement,
          semver.satisfies(v, requirement),
        ]);
      }),
      { numRuns: 300 },
    );
  });

  it('orders as semver 2.0 does', () => {
    const ordered = [
      '1.0.0-alpha',
      '1.0.0-alpha.1',
      '1.0.0-alpha.beta',
      '1.0.0-beta',
      '1.0.0-beta.2',
      '1.0.0-beta.11',
      '1.0.0-rc.1',
      '1.0.0',
    ].map(parseVersion);
    for (const [i, a] of ordered.entries()) {
      for (const [j, b] of ordered.entries()) {
        expect(Math.sign(compareVersions(a, b))).toBe(Math.sign(i - j));
      }
    }
  });
});

describe('versions', () => {
  it.each(['1', '1.2', '1.2.3.4', '01.2.3', '1.2.03', ' 1.2.3', '1.2.3-01', '1.2.3+', 'x'])(
    'refuses %j',
    (text) => {
      expect(thrownBy(() => parseVersion(text)).code).toBe('INVALID_VERSION');
    },
  );

  it('refuses numbers beyond 2^53', () => {
    expect(thrownBy(() => parseVersion('9007199254740993.0.0')).code).toBe('INVALID_VERSION');
  });
});

describe('gate', () => {
  const gates = versionGates({ aggregator: '>=0.6.2, <1' });
  const code = (version: string | null, type: string | null): unknown =>
    thrownBy(() => checkClientVersion(version, type, gates)).code;

  it('passes supported clients and others with any valid version', () => {
    expect(checkClientVersion('1.4.12', 'typescript', gates).minor).toBe(4);
    for (const type of ['other', '', null, 'toString']) checkClientVersion('0.0.1', type, gates);
    checkClientVersion('0.6.10', 'aggregator', gates);
  });

  it('refuses in order: missing, malformed, deprecated', () => {
    expect(code(null, 'typescript')).toBe('MissingRequiredHeader');
    expect(code('1.2', 'typescript')).toBe('InvalidSDKVersion');
    expect(code('x', null)).toBe('InvalidSDKVersion');
    expect(code('0.4.4', 'typescript')).toBe('DeprecatedSDKVersion');
    expect(code('1.0.0', 'aggregator')).toBe('DeprecatedSDKVersion');
    expect(code('1.0.0-rc.1', 'rust')).toBe('DeprecatedSDKVersion');
  });
});

describe('what clients ask of servers', () => {
  it('is three plain integers', () => {
    expect(isSupportedKeyServerVersion(KEY_SERVER_VERSION, MIN_KEY_SERVER_VERSION)).toBe(true);
    expect(isSupportedKeyServerVersion('0.4.1', '0.4.1')).toBe(true);
    expect(isSupportedKeyServerVersion('0.4.0', '0.4.1')).toBe(false);
    for (const text of ['0.6.10-beta', '0.6.10+x', '0.6', '']) {
      expect(thrownBy(() => isSupportedKeyServerVersion(text, '0.4.1')).code).toBe(
        'INVALID_VERSION',
      );
    }
  });
});
