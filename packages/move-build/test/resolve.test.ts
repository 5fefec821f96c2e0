import { describe, expect, it } from 'vitest';
import { isMoveBuildError, type MoveFiles, memoryReader, resolvePackages } from '../src/index.ts';
import { joinInside, MAX_PATH_LENGTH } from '../src/paths.ts';
import { MAX_PACKAGES } from '../src/resolve.ts';
import { MAX_PACKAGE_FILES } from '../src/source.ts';
import { movePackage } from './fixtures.ts';

async function refusal(packages: Record<string, MoveFiles>, root = 'move/a') {
  try {
    await resolvePackages(root, memoryReader(packages));
  } catch (error) {
    if (isMoveBuildError(error)) return { code: error.code, message: error.message };
    throw error;
  }
  return { code: 'accepted', message: '' };
}

const empty = (name: string, deps: Record<string, string> = {}) =>
  movePackage(name, `module ${name}::${name};\n`, deps);

describe('resolvePackages', () => {
  it('puts dependencies before those that need them', async () => {
    const graph = await resolvePackages(
      'move/a',
      memoryReader({
        'move/a': empty('a', { b: '../b', c: '../c' }),
        'move/b': empty('b', { c: '../c' }),
        'move/c': empty('c'),
      }),
    );
    expect(graph.dependencies.map((found) => found.manifest.name)).toEqual(['c', 'b']);
  });

  it('leaves lock and publication files out', async () => {
    const files = { ...empty('a'), 'Move.lock': 'x', 'Published.toml': 'x', 'build/a.mv': 'x' };
    const graph = await resolvePackages('move/a', memoryReader({ 'move/a': files }));
    expect(Object.keys(graph.root.files).sort()).toEqual(['Move.toml', 'sources/a.move']);
  });

  it.each([
    ['above the workspace', '../../../etc'],
    ['absolute', '/etc'],
    ['a URL', 'file:///etc'],
    ['a drive', 'C:/x'],
    ['with backslashes', '..\\..\\x'],
    ['with a zero byte', 'b\\u0000'],
    ['empty', ''],
    ['hidden in the middle', '../b/../../../x'],
  ])('refuses a dependency path %s', async (_name, path) => {
    const { code, message } = await refusal({
      'move/a': empty('a', { b: path.replaceAll('\\', '\\\\').replace('\\\\u', '\\u') }),
    });
    expect(code).toBe('MOVE_BUILD_DEPENDENCY_OUTSIDE');
    expect(message).toContain('"b"');
  });

  it.each([
    ['a package that is not there', { 'move/a': empty('a', { b: '../b' }) }],
    ['a folder without Move.toml', { 'move/a': { 'sources/a.move': 'module a::a;' } }],
    ['a root that is not there', {}],
  ])('refuses %s', async (_name, packages) => {
    expect((await refusal(packages)).code).toBe('MOVE_BUILD_PACKAGE_NOT_FOUND');
  });

  it('refuses packages that need each other', async () => {
    const found = await refusal({
      'move/a': empty('a', { b: '../b' }),
      'move/b': empty('b', { a: '../a' }),
    });
    expect(found.code).toBe('MOVE_BUILD_DEPENDENCY_CYCLE');
    expect(found.message).toContain('move/a → move/b → move/a');
  });

  it('refuses two packages of one name', async () => {
    const found = await refusal({
      'move/a': empty('a', { b: '../b', c: '../c' }),
      'move/b': empty('b'),
      'move/c': empty('b'),
    });
    expect(found.code).toBe('MOVE_BUILD_MANIFEST');
  });

  it('bounds the number of packages', async () => {
    const chain = (count: number) =>
      Object.fromEntries(
        Array.from({ length: count }, (_, i) => [
          `p${i}`,
          empty(`p${i}`, i + 1 < count ? { [`p${i + 1}`]: `../p${i + 1}` } : {}),
        ]),
      );
    expect((await refusal(chain(MAX_PACKAGES), 'p0')).code).toBe('accepted');
    expect((await refusal(chain(MAX_PACKAGES + 1), 'p0')).code).toBe('MOVE_BUILD_TOO_LARGE');
  });

  it('bounds the number of files', async () => {
    const files = (count: number) => ({
      ...empty('a'),
      ...Object.fromEntries(Array.from({ length: count - 2 }, (_, i) => [`sources/${i}.move`, ''])),
    });
    expect((await refusal({ 'move/a': files(MAX_PACKAGE_FILES) })).code).toBe('accepted');
    const over = await refusal({ 'move/a': files(MAX_PACKAGE_FILES + 1) });
    expect(over.code).toBe('MOVE_BUILD_TOO_LARGE');
  });
});

describe('joinInside', () => {
  it.each([
    ['move/a', '../b', 'move/b'],
    ['', './x//y/', 'x/y'],
    ['move/a', '../..', '.'],
    ['.', 'x', 'x'],
  ])('joins %j and %j', (base, path, joined) => {
    expect(joinInside(base, path, 'test')).toBe(joined);
  });

  it('bounds the length', () => {
    expect(joinInside('', 'x'.repeat(MAX_PATH_LENGTH), 'test')).toHaveLength(MAX_PATH_LENGTH);
    expect(() => joinInside('', 'x'.repeat(MAX_PATH_LENGTH + 1), 'test')).toThrow('bad length');
  });
});
