/**
 * On public networks other packages link to the published `seal`. Ours must offer the same types, layouts
 * and functions, so that objects and calls are interchangeable (seal-protocol.md §8.1).
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { frameworkSources } from '@seal-ts/localnet/framework';
import { type CompiledPackage, compilePackage } from '@seal-ts/move-build';
import { directoryReader } from '@seal-ts/move-build/node';
import { beforeAll, describe, expect, it } from 'vitest';
import { type ModuleInterface, moduleInterface } from '../support/move-interface.ts';

const table: Record<string, ModuleInterface> = JSON.parse(
  readFileSync(new URL('../../vectors/move/seal-interface.json', import.meta.url), 'utf8'),
);
let compiled: CompiledPackage;

beforeAll(async () => {
  compiled = await compilePackage({
    packagePath: 'seal',
    reader: directoryReader(fileURLToPath(new URL('../../move', import.meta.url))),
    framework: await frameworkSources(),
  });
});

describe('interface of the Move package seal', () => {
  it('has the published modules', () => {
    expect(compiled.modules.map(({ name }) => name).sort()).toEqual(Object.keys(table).sort());
  });

  it.each(Object.keys(table))('module %s has the published types and functions', (name) => {
    const module = compiled.modules.find((candidate) => candidate.name === name);
    expect(moduleInterface(module?.bytes as Uint8Array)).toEqual(table[name]);
  });
});
