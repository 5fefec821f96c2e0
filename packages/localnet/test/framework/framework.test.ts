import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { compilePackage, memoryReader } from '@seal-ts/move-build';
import { type CompiledModule, datatypeName, parseModule, selfId } from '@seal-ts/move-vm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FrameworkError, frameworkSources, loadFramework } from '../../src/framework.ts';
import { LAYOUTS } from './layouts.ts';

const ABILITIES = ['copy', 'drop', 'store', 'key'];
const PACKAGE_NAMES = new Map([
  [`0x${'1'.padStart(64, '0')}`, 'std'],
  [`0x${'2'.padStart(64, '0')}`, 'sui'],
  [`0x${'3'.padStart(64, '0')}`, 'sui_system'],
]);

const modules: CompiledModule[] = [];
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'framework-'));
  for (const pack of await loadFramework()) {
    for (const bytes of pack.modules) modules.push(parseModule(bytes));
  }
});

afterAll(() => rm(folder, { recursive: true }));

/** `[abilities, fields]` of every type, by `package::module::name`. */
function layouts(): Map<string, readonly [string, string]> {
  const found = new Map<string, readonly [string, string]>();
  for (const module of modules) {
    const { address, name } = selfId(module);
    const text = (index: number) => module.identifiers[index] ?? '';
    const add = (handle: number, fields: string) => {
      const datatype = module.datatypeHandles[handle]!;
      const abilities = ABILITIES.filter((_, bit) => (datatype.abilities & (1 << bit)) !== 0);
      const type = `${PACKAGE_NAMES.get(address)}::${name}::${datatypeName(module, datatype)}`;
      found.set(type, [abilities.join(' '), fields]);
    };
    for (const struct of module.structs) {
      add(struct.handle, struct.fields.map((field) => text(field.name)).join(' '));
    }
    for (const item of module.enums) {
      const variants = item.variants.map(
        (variant) => `${text(variant.name)}(${variant.fields.map((f) => text(f.name)).join(',')})`,
      );
      add(item.handle, variants.join(' '));
    }
  }
  return found;
}

describe('the compiled framework', () => {
  it('has the types of the genuine one, field for field', () => {
    const ours = layouts();
    for (const [type, abilities, fields] of LAYOUTS) {
      expect(ours.get(type), type).toEqual([abilities, fields]);
    }
  });

  it('has nothing of the tests in it', () => {
    const names = modules.map((module) => selfId(module).name);
    for (const name of ['test_scenario', 'test_utils', 'unit_test']) {
      expect(names).not.toContain(name);
    }
    const functions = modules.flatMap((module) => module.identifiers);
    expect(functions.filter((name) => name.endsWith('for_testing'))).toEqual([]);
  });

  it('says in every source file where its interface is documented', async () => {
    const sources = await frameworkSources();
    for (const [pack, files] of Object.entries(sources)) {
      for (const [path, text] of Object.entries(files as Record<string, string>)) {
        const name = /^sources\/(\w+)\.move$/.exec(path)?.[1];
        if (name === undefined) continue;
        const page = `https://docs.sui.io/references/framework/${pack}/${name}`;
        expect(text.split('\n')[0], path).toBe(`// Interface: ${page}`);
      }
    }
  });

  it('is what a policy compiles against', async () => {
    const compiled = await compilePackage({
      packagePath: 'policy',
      reader: memoryReader({
        policy: {
          'Move.toml':
            '[package]\nname = "policy"\nedition = "2024"\n[addresses]\npolicy = "0x0"\n',
          'sources/policy.move':
            'module policy::policy;\nentry fun seal_approve(id: vector<u8>, c: &sui::clock::Clock) {\n' +
            '  assert!(sui::bcs::new(id).peel_u64() <= c.timestamp_ms(), 77);\n}\n',
        },
      }),
      framework: await frameworkSources(),
    });
    expect(compiled.dependencies).toEqual([...PACKAGE_NAMES.keys()].slice(0, 2));
  });
});

describe('loadFramework', () => {
  const failure = async (file: URL) => {
    const error = await loadFramework({ file }).catch((e: unknown) => e);
    if (!(error instanceof FrameworkError)) throw error;
    return error;
  };

  it('loads fast enough to be on the way to the first request', async () => {
    const start = performance.now();
    await loadFramework();
    expect(performance.now() - start).toBeLessThan(200);
  });

  it('says what to run when there is no file', async () => {
    const error = await failure(pathToFileURL(join(folder, 'none.json')));
    expect(error.code).toBe('FRAMEWORK_NOT_BUILT');
    expect(error.message).toContain('npm run setup');
  });

  it.each([
    ['no JSON', '{'],
    ['another version', '{"version":0,"packages":[]}'],
    ['no packages', '{"version":1}'],
    ['a short id', '{"version":1,"packages":[{"id":"0x1","modules":["AA=="]}]}'],
    [
      'a package without modules',
      `{"version":1,"packages":[{"id":"0x${'0'.repeat(64)}","modules":[]}]}`,
    ],
  ])('refuses %s', async (_name, text) => {
    const path = join(folder, 'framework.json');
    await writeFile(path, text);
    const error = await failure(pathToFileURL(path));
    expect(error.code).toBe('FRAMEWORK_MALFORMED');
    expect(error.message).toContain('npm run setup');
  });
});
