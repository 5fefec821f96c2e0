import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isMoveBuildError } from '../src/index.ts';
import { directoryReader, readPackageFolder } from '../src/node.ts';

let root = '';

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'move-build-'));
  for (const folder of ['work/a/sources/deep', 'work/a/build', 'work/linked', 'outside/sources']) {
    await mkdir(join(root, folder), { recursive: true });
  }
  const files = {
    'work/a/Move.toml': 'toml',
    'work/a/Published.toml': 'no',
    'work/a/sources/a.move': 'a',
    'work/a/sources/deep/b.move': 'b',
    'work/a/sources/notes.txt': 'no',
    'work/a/build/c.move': 'no',
    'outside/Move.toml': 'secret',
    'work/linked/Move.toml': 'toml',
  };
  for (const [path, text] of Object.entries(files)) await writeFile(join(root, path), text);
  await symlink(join(root, 'outside'), join(root, 'work/escape'));
  await symlink(join(root, 'outside/Move.toml'), join(root, 'work/linked/stolen.move'));
});

afterAll(() => rm(root, { recursive: true }));

async function codeOf(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => undefined,
    (e: unknown) => e,
  );
  return isMoveBuildError(error) ? error.code : String(error);
}

describe('directoryReader', () => {
  it('reads sources and manifest, nothing else', async () => {
    const expected = { 'Move.toml': 'toml', 'sources/a.move': 'a', 'sources/deep/b.move': 'b' };
    expect(await directoryReader(join(root, 'work')).readPackage('a')).toEqual(expected);
    expect(await readPackageFolder(join(root, 'work/a'))).toEqual(expected);
  });

  it('gives undefined for a folder that is not there', async () => {
    expect(await directoryReader(join(root, 'work')).readPackage('none')).toBeUndefined();
  });

  it.each(['../outside', '/etc', 'a/../../outside', 'escape', 'linked'])(
    'refuses %s, which leads out of the workspace',
    async (path) => {
      const read = directoryReader(join(root, 'work')).readPackage(path);
      expect(await codeOf(read)).toBe('MOVE_BUILD_DEPENDENCY_OUTSIDE');
    },
  );
});
