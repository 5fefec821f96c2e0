/** The package bundles for browsers, engines included, without any Node API. */

import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';

const source = (file: string) => fileURLToPath(new URL(`../src/${file}`, import.meta.url));

async function bundle(file: string): Promise<string> {
  const result = await build({
    entryPoints: [source(file)],
    bundle: true,
    write: false,
    minify: true,
    format: 'esm',
    platform: 'browser',
    conditions: ['seal-ts-source'],
    logLevel: 'silent',
  });
  return result.outputFiles[0]!.text;
}

describe('browser bundles', () => {
  it.each(['index.ts', 'noble.ts', 'mcl.ts'])('%s has no Node import', async (file) => {
    const text = await bundle(file);
    expect(text).not.toMatch(/\bfrom\s*"node:|\brequire\("(?:node:|fs|path|crypto|buffer)/);
    expect(text).not.toMatch(/\bBuffer\.(?:from|alloc)|\bprocess\./);
  });

  it('the protocol code pulls in neither engine', async () => {
    const text = await bundle('index.ts');
    expect(text.length).toBeLessThan(60_000);
  });
});
