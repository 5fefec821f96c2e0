import { describe, expect, it } from 'vitest';
import {
  compilePackage,
  isMoveBuildError,
  placeholderIds,
  readModuleHeader,
  resolvePackages,
} from '../src/index.ts';
import { build, id, movePackage } from './fixtures.ts';

const a = movePackage('a', 'module a::a;\npublic fun two(): u64 { b::b::one() + 1 }\n', {
  b: '../b',
});
const b = movePackage('b', 'module b::b;\npublic fun one(): u64 { 1 }\n');

async function codeOf(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => undefined,
    (e: unknown) => e,
  );
  return isMoveBuildError(error) ? error.code : String(error);
}

describe('compilePackage', () => {
  it('gives names, dependency ids and the known digest', async () => {
    const compiled = await compilePackage(build({ 'move/a': b }));
    expect(compiled.name).toBe('b');
    expect(compiled.modules.map((module) => module.name)).toEqual(['b']);
    expect(compiled.dependencies).toEqual([id('1'), id('2')]);
    expect(Buffer.from(compiled.digest).toString('hex')).toMatchInlineSnapshot(
      `"a5cbff8d61f95b375cd3052c79e9d73fdf32fc1dfa6446a9c75026a7eb041151"`,
    );
  });

  it('links dependencies to their on-chain ids and calls them by original id', async () => {
    const compiled = await compilePackage({
      ...build({ 'move/a': a, 'move/b': b }),
      published: { b: { publishedAt: id('b2'), originalId: id('b1'), version: 2 } },
    });
    expect(compiled.dependencies).toContain(id('b2'));
    const header = readModuleHeader(compiled.modules[0]?.bytes ?? new Uint8Array());
    expect(header.uses).toContainEqual({ address: id('b1'), name: 'b' });
    expect(header.address).toBe(id('0'));
  });

  it('puts modules after those they use', async () => {
    const compiled = await compilePackage(
      build({
        'move/a': {
          ...movePackage('a', 'module a::a;\npublic fun x(): u64 { a::z::y() }\n'),
          'sources/z.move': 'module a::z;\npublic fun y(): u64 { 1 }\n',
        },
      }),
    );
    expect(compiled.modules.map((module) => module.name)).toEqual(['z', 'a']);
  });

  it('compiles an upgrade from the ids of the package itself', async () => {
    const compiled = await compilePackage({
      ...build({ 'move/a': b }),
      mode: 'upgrade',
      published: { b: { publishedAt: id('77'), originalId: id('77') } },
    });
    expect(readModuleHeader(compiled.modules[0]?.bytes ?? new Uint8Array()).address).toBe(id('0'));
  });

  it('reports a compile error with file, line and column', async () => {
    const promise = compilePackage(
      build({ 'move/a': movePackage('a', 'module a::a;\n\npublic fun f(): u64 { true }\n') }),
    );
    const error = await promise.catch((e: unknown) => e);
    if (!isMoveBuildError(error)) throw error;
    expect(error.code).toBe('MOVE_BUILD_COMPILE');
    expect(error.diagnostics[0]).toMatchObject({
      severity: 'error',
      file: 'sources/a.move',
      line: 3,
      column: 23,
    });
  });

  it.each([
    ['a dependency without on-chain id', { published: {} }],
    ['an upgrade without own id', { mode: 'upgrade' as const, published: { b: pub('b') } }],
  ])('refuses %s', async (_name, options) => {
    const promise = compilePackage({ ...build({ 'move/a': a, 'move/b': b }), ...options });
    expect(await codeOf(promise)).toBe('MOVE_BUILD_DEPENDENCY_UNPUBLISHED');
  });

  it('compiles against an unpublished dependency only when told so', async () => {
    const compiled = await compilePackage({
      ...build({ 'move/a': a, 'move/b': b }),
      mode: 'unpublished',
    });
    expect(compiled.modules).toHaveLength(1);
  });

  it('tells modules of one name in two packages apart by placeholder ids', async () => {
    const options = build({
      'move/a': {
        ...movePackage('a', 'module a::a;\npublic fun two(): u64 { a::c::x() }\n', { b: '../b' }),
        'sources/c.move': 'module a::c;\npublic fun x(): u64 { b::c::x() }\n',
      },
      'move/b': movePackage('b', 'module b::c;\npublic fun x(): u64 { 1 }\n'),
    });
    const graph = await resolvePackages(options.packagePath, options.reader);
    const published = placeholderIds(graph);
    expect(published).toEqual({ b: { publishedAt: id('d0000000'), originalId: id('d0000000') } });
    const compiled = await compilePackage({ ...options, published, mode: 'unpublished' });
    expect(compiled.modules.map(({ name }) => name)).toEqual(['c', 'a']);
    const clash = compilePackage({ ...options, mode: 'unpublished' });
    expect(await codeOf(clash)).toBe('MOVE_BUILD_COMPILE');
  });

  it.each([
    ['unknown name', { c: pub('c') }],
    ['short id', { b: { publishedAt: '0x2', originalId: id('2') } }],
    ['zero id', { b: { publishedAt: id('0'), originalId: id('2') } }],
    ['upper case', { b: { publishedAt: id('B'), originalId: id('2') } }],
    ['version 0', { b: { ...pub('b'), version: 0 } }],
    ['version 1.5', { b: { ...pub('b'), version: 1.5 } }],
  ])('refuses on-chain ids with %s', async (_name, published) => {
    const promise = compilePackage({ ...build({ 'move/a': a, 'move/b': b }), published });
    expect(await codeOf(promise)).toBe('MOVE_BUILD_INVALID_INPUT');
  });
});

function pub(digits: string) {
  return { publishedAt: id(digits), originalId: id(digits) };
}
