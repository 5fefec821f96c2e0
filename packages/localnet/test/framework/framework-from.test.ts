import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FrameworkError, type FrameworkPackage, loadFramework } from '../../src/framework.ts';
import {
  loadFrameworkFrom,
  MAX_SYSTEM_MODULE_BYTES,
  MAX_SYSTEM_MODULES,
} from '../../src/framework-from.ts';

let folder = '';
const [std, sui] = (await loadFramework()) as readonly FrameworkPackage[] as readonly [
  FrameworkPackage,
  FrameworkPackage,
];
const built = [std, sui];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'framework-from-'));
});

afterEach(() => rm(folder, { recursive: true }));

async function write(name: string, modules: readonly Uint8Array[]): Promise<void> {
  await mkdir(join(folder, name), { recursive: true });
  for (const [i, bytes] of modules.entries()) {
    await writeFile(join(folder, name, `${String(i).padStart(4, '0')}.mv`), bytes);
  }
}

async function refusal(load: Promise<unknown>): Promise<string> {
  const error = await load.then(
    () => undefined,
    (e: unknown) => e,
  );
  if (!(error instanceof FrameworkError)) throw error;
  expect(error.code).toBe('FRAMEWORK_SOURCE');
  return error.message;
}

describe('loadFrameworkFrom', () => {
  it('reads compiled modules from a folder', async () => {
    await write('0x1', std.modules);
    await write('0x2', sui.modules);
    await writeFile(join(folder, '0x1', 'notes.txt'), 'not a module');
    expect(await loadFrameworkFrom(folder)).toEqual(built);
  });

  it('reads both packages from a node', async () => {
    const asked: string[] = [];
    const fetchPackage = async (url: string, id: string) => {
      asked.push(`${url} ${id}`);
      return id === std.id ? std.modules : sui.modules;
    };
    expect(await loadFrameworkFrom('https://node.test', { fetchPackage })).toEqual(built);
    expect(asked).toEqual([`https://node.test ${std.id}`, `https://node.test ${sui.id}`]);
  });

  it('says when a node does not answer', async () => {
    const fetchPackage = async () => Promise.reject(new Error('unavailable'));
    const message = await refusal(loadFrameworkFrom('http://node.test', { fetchPackage }));
    expect(message).toBe(
      'cannot read package 0x1 of http://node.test: unavailable; expected the gRPC URL of a full ' +
        'node, or a folder with compiled modules in 0x1/*.mv and 0x2/*.mv',
    );
  });

  it.each([
    ['a folder that is not there', undefined, 'cannot read'],
    ['a folder without modules', [], 'has no modules'],
    ['something that is no module', [new Uint8Array(8)], 'cannot read (BAD_MAGIC'],
    ['modules of another package', sui.modules.slice(0, 1), 'not of'],
    ['a module that is too large', [new Uint8Array(MAX_SYSTEM_MODULE_BYTES + 1)], 'more than'],
  ])('refuses %s', async (_name, modules, why) => {
    if (modules) await write('0x1', modules);
    expect(await refusal(loadFrameworkFrom(folder))).toContain(why);
  });

  it('bounds the number of modules', async () => {
    const many = (count: number) => Array.from({ length: count }, () => std.modules[0]!);
    const load = (count: number) =>
      loadFrameworkFrom('http://node.test', {
        fetchPackage: async (_url, id) => (id === std.id ? many(count) : sui.modules),
      });
    expect((await load(MAX_SYSTEM_MODULES))[0]?.modules).toHaveLength(MAX_SYSTEM_MODULES);
    expect(await refusal(load(MAX_SYSTEM_MODULES + 1))).toContain('more than');
  });
});
