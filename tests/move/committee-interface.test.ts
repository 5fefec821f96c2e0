/**
 * Committees on public networks have published `seal_committee`. Ours must offer the same types, layouts
 * and functions, so that one tool works with both (seal-protocol.md §2.4, §8.2).
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { frameworkSources } from '@seal-ts/localnet/framework';
import { type CompiledPackage, compilePackage } from '@seal-ts/move-build';
import { directoryReader } from '@seal-ts/move-build/node';
import { beforeAll, describe, expect, it } from 'vitest';
import { type ModuleInterface, moduleInterface } from '../support/move-interface.ts';

const table: Record<string, ModuleInterface> = JSON.parse(
  readFileSync(new URL('../../vectors/move/committee-interface.json', import.meta.url), 'utf8'),
);
let compiled: CompiledPackage;

beforeAll(async () => {
  compiled = await compilePackage({
    packagePath: 'committee',
    reader: directoryReader(fileURLToPath(new URL('../../move', import.meta.url))),
    framework: await frameworkSources(),
    mode: 'unpublished',
  });
});

describe('interface of the Move package seal_committee', () => {
  it('has the published module', () => {
    expect(compiled.modules.map(({ name }) => name)).toEqual(Object.keys(table));
  });

  it('has the published types and functions', () => {
    const bytes = compiled.modules[0]?.bytes as Uint8Array;
    expect(moduleInterface(bytes)).toEqual(table['seal_committee']);
  });
});
