import { describe, expect, it } from 'vitest';
import {
  type CompiledPackage,
  formatDiagnostic,
  isMoveBuildError,
  packageDigest,
  parseDiagnostics,
  publishPayload,
  readModuleHeader,
  upgradePayload,
} from '../src/index.ts';
import { MAX_MODULE_BYTES, MAX_MODULES, MAX_PACKAGE_DEPENDENCIES } from '../src/payload.ts';
import { id } from './fixtures.ts';

describe('parseDiagnostics', () => {
  const text = [
    'error[E04007]: incompatible types',
    '  ┌─ sources/a.move:3:23',
    '  │',
    '3 │ public fun f(): u64 { true }',
    '',
    'warning[W09008]: unused function',
    '   ┌─ sources/b.move:10:1',
  ].join('\n');

  it('reads severity, code and place', () => {
    const found = parseDiagnostics(text);
    expect(found.map(formatDiagnostic)).toEqual([
      'sources/a.move:3:23: error[E04007]: incompatible types',
      'sources/b.move:10:1: warning[W09008]: unused function',
    ]);
    expect(found[0]?.rendered).toContain('3 │ public fun');
  });

  it('keeps text that has no form', () => {
    expect(parseDiagnostics('it broke').map(formatDiagnostic)).toEqual(['error: it broke']);
    expect(parseDiagnostics('')).toEqual([]);
  });
});

describe('packageDigest', () => {
  const module = Uint8Array.of(1, 2, 3);

  it('does not depend on the order of modules or dependencies', () => {
    const other = Uint8Array.of(4);
    expect(packageDigest([module, other], [id('1'), id('2')])).toEqual(
      packageDigest([other, module], [id('2'), id('1')]),
    );
    expect(packageDigest([module], [id('1')])).not.toEqual(packageDigest([module], [id('2')]));
  });

  it.each(['0x1', id('1').slice(2), `${id('1')}0`, id('A')])('refuses the id %s', (bad) => {
    expect(() => packageDigest([module], [bad])).toThrow('64 lower-case hex digits');
  });
});

describe('readModuleHeader', () => {
  it.each([
    ['nothing', []],
    ['another magic', [0xde, 0xad, 0xc0, 0xde, 5, 0, 0, 5, 0, 0]],
    ['a cut header', [0xa1, 0x1c, 0xeb, 0x0b, 7]],
    ['a table outside the file', [0xa1, 0x1c, 0xeb, 0x0b, 7, 0, 0, 5, 1, 7, 0, 99, 0]],
    ['an endless number', [0xa1, 0x1c, 0xeb, 0x0b, 7, 0, 0, 5, 255, 255, 255, 255, 255, 255]],
    ['no handle for itself', [0xa1, 0x1c, 0xeb, 0x0b, 7, 0, 0, 5, 0, 0]],
  ])('refuses %s', (_name, bytes) => {
    try {
      readModuleHeader(Uint8Array.from(bytes));
      expect.unreachable();
    } catch (error) {
      expect(isMoveBuildError(error) && error.code).toBe('MOVE_BUILD_MALFORMED_MODULE');
    }
  });
});

describe('payloads', () => {
  const compiled = (modules: number, size: number, dependencies: number): CompiledPackage => ({
    name: 'a',
    modules: Array.from({ length: modules }, () => ({ name: 'm', bytes: new Uint8Array(size) })),
    dependencies: Array.from({ length: dependencies }, (_, i) => id(String(i + 1))),
    digest: new Uint8Array(32),
    warnings: [],
  });

  it('carry what the commands need', () => {
    const payload = upgradePayload(compiled(1, 1, 2), id('9'));
    expect(payload.package).toBe(id('9'));
    expect(payload.modules).toHaveLength(1);
    expect(payload.dependencies).toEqual([id('1'), id('2')]);
    expect(payload.digest).toHaveLength(32);
  });

  it.each([
    ['modules', compiled(MAX_MODULES, 1, 2), compiled(MAX_MODULES + 1, 1, 2)],
    ['bytes', compiled(1, MAX_MODULE_BYTES, 2), compiled(1, MAX_MODULE_BYTES + 1, 2)],
    [
      'dependencies',
      compiled(1, 1, MAX_PACKAGE_DEPENDENCIES),
      compiled(1, 1, MAX_PACKAGE_DEPENDENCIES + 1),
    ],
  ])('keep to the limit of %s', (_name, fits, over) => {
    expect(publishPayload(fits).modules).toHaveLength(fits.modules.length);
    expect(() => publishPayload(over)).toThrow('the network takes at most');
  });
});
