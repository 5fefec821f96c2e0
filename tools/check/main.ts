/**
 * `npm run check`: everything about the repository that a machine can judge without running it.
 * Each part prints what it found; the command fails if any part does.
 */
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkDependencies } from './dependencies.ts';
import { checkDocs } from './docs.ts';
import { checkLayers } from './layers.ts';
import { checkShape } from './shape.ts';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

function tool(script: string, args: string[]): () => string[] {
  return () => {
    const run = spawnSync(process.execPath, [join(root, 'node_modules', script), ...args], {
      cwd: root,
      encoding: 'utf8',
    });
    return run.status === 0 ? [] : [`${run.stdout}${run.stderr}`.trim() || `${script} failed`];
  };
}

const parts: [name: string, run: () => string[]][] = [
  ['types', tool('typescript/bin/tsc', ['-p', '.'])],
  ['lint and format', tool('@biomejs/biome/bin/biome', ['check', '--max-diagnostics=50'])],
  ['import table', () => checkLayers(root)],
  ['dead code', tool('knip/bin/knip.js', ['--no-progress'])],
  ['package shape', () => checkShape(root)],
  ['dependencies and licences', () => checkDependencies(root)],
  ['documents', () => checkDocs(root)],
];

const only = process.argv.slice(2);
let failed = 0;
for (const [name, run] of parts) {
  if (only.length > 0 && !only.includes(name)) continue;
  const started = performance.now();
  const faults = run();
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${faults.length === 0 ? 'ok  ' : 'FAIL'} ${name} (${seconds} s)`);
  for (const fault of faults) console.log(fault.replace(/^/gm, '     '));
  if (faults.length > 0) failed++;
}
process.exitCode = failed === 0 ? 0 : 1;
