/** The SDK bundles for browsers: no Node API anywhere, official packages left to the application. */
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';

const entry = fileURLToPath(new URL('../src/index.ts', import.meta.url));

/** Bound on our own minified code with its dependencies, the peer packages excluded. */
const MAX_BUNDLE_BYTES = 160 * 1024;

async function bundle() {
  return build({
    entryPoints: [entry],
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    conditions: ['seal-ts-source', 'import'],
    external: ['@mysten/*'],
    metafile: true,
    logLevel: 'silent',
  });
}

describe('a browser bundle', () => {
  it('needs no Node module and no Node global', async () => {
    const { outputFiles, metafile, warnings } = await bundle();
    expect(warnings).toEqual([]);
    const text = outputFiles[0]?.text ?? '';
    expect(/["']node:/.test(text)).toBe(false);
    expect(/\bBuffer\.|\bprocess\.(?!env)/.test(text)).toBe(false);
    const imports = Object.values(metafile.outputs).flatMap((output) => output.imports);
    expect(imports.filter(({ path }) => !path.startsWith('@mysten/'))).toEqual([]);
  });

  it('is small, and leaves the WebAssembly engine out unless asked for', async () => {
    const { outputFiles, metafile } = await bundle();
    expect(outputFiles[0]?.contents.length).toBeLessThan(MAX_BUNDLE_BYTES);
    expect(Object.keys(metafile.inputs).filter((path) => path.includes('mcl'))).toEqual([]);
  });
});
