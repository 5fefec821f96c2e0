/**
 * Every TypeScript snippet of the documents type-checks against the sources. The snippets of a page
 * are one program, in order; what a page leaves to its reader is declared in ./placeholders.ts.
 */
import { execFile } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type {} from './placeholders.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const pages = globSync(['README.md', 'docs/*.md', 'packages/*/README.md'], { cwd: root }).filter(
  (page) => snippetsOf(page).length > 0,
);
const isIn = (page: string, fault: string): boolean => fault.includes(`/${programOf(page)}(`);
const programOf = (page: string): string => `${page.replaceAll(/[^a-z-]/gi, '_')}.ts`;

function snippetsOf(page: string): string[] {
  const text = readFileSync(join(root, page), 'utf8');
  return [...text.matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(([, code]) => code ?? '');
}

const folder = mkdtempSync(join(tmpdir(), 'seal-snippets-'));
let faults: string[] = [];

beforeAll(async () => {
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  const compilerOptions = {
    // A page need not use what it shows, nor annotate what its reader fills in.
    noUnusedLocals: false,
    noImplicitAny: false,
    typeRoots: [join(root, 'node_modules/@types')],
  };
  const placeholders = join(root, 'tests/docs/placeholders.ts');
  const files = [...pages.map(programOf), placeholders];
  const config = { extends: join(root, 'tsconfig.json'), compilerOptions, include: [], files };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
  for (const page of pages) {
    writeFileSync(join(folder, programOf(page)), `${snippetsOf(page).join('\n')}\nexport {};\n`);
  }
  const compiler = join(root, 'node_modules/typescript/bin/tsc');
  const checking = promisify(execFile)(process.execPath, [
    compiler,
    '-p',
    folder,
    '--pretty',
    'false',
  ]);
  const output = await checking.then(
    () => '',
    (error: { stdout: string }) => error.stdout,
  );
  faults = output.split('\n').filter((line) => line.includes('error TS'));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

it.each(pages)('%s', (page) => {
  expect(faults.filter((fault) => isIn(page, fault))).toEqual([]);
});

it('there are no other faults', () => {
  expect(faults.filter((fault) => !pages.some((page) => isIn(page, fault)))).toEqual([]);
});
