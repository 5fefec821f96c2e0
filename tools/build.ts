/**
 * `npm run build`: what gets published. Compiles each package to `dist/` after those it imports, which it
 * then sees as a stranger would: through their `dist/`. Copies the data that packages carry. With names of
 * packages as arguments, only these and what they import.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const layers: Record<string, string[]> = JSON.parse(
  readFileSync(join(root, 'tools/check/layers.json'), 'utf8'),
).packages;

/** Dependencies first; the table has no cycles. */
function buildOrder(wanted: readonly string[]): string[] {
  const order: string[] = [];
  const visit = (name: string): void => {
    if (order.includes(name)) return;
    for (const dependency of layers[name] ?? []) visit(dependency);
    order.push(name);
  };
  for (const name of wanted) visit(name);
  return order;
}

function build(name: string): void {
  const home = join(root, 'packages', name);
  rmSync(join(home, 'dist'), { recursive: true, force: true });
  const scratch = mkdtempSync(join(root, 'node_modules', '.build-'));
  const project = join(scratch, 'tsconfig.json');
  const config = {
    extends: join(root, 'tsconfig.json'),
    compilerOptions: {
      customConditions: [],
      declaration: true,
      noEmit: false,
      outDir: join(home, 'dist'),
      rewriteRelativeImportExtensions: true,
      rootDir: join(home, 'src'),
      typeRoots: [join(root, 'node_modules', '@types')],
    },
    include: [join(home, 'src')],
  };
  writeFileSync(project, JSON.stringify(config));
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const run = spawnSync(process.execPath, [tsc, '-p', project], { stdio: 'inherit', cwd: root });
  rmSync(scratch, { recursive: true, force: true });
  if (run.status !== 0) throw new Error(`packages/${name} does not build`);
}

const named = process.argv.slice(2);
for (const name of named.filter((name) => !(name in layers))) {
  throw new TypeError(`there is no package "${name}"; there are ${Object.keys(layers).join(', ')}`);
}
const order = buildOrder(named.length > 0 ? named : Object.keys(layers));
for (const name of order) {
  build(name);
  console.log(`built packages/${name}/dist`);
}

// Packaged tools compile their Move packages from here.
for (const name of ['seal-dev', 'committee-cli'].filter((tool) => order.includes(tool))) {
  const carried = join(root, 'packages', name, 'move');
  rmSync(carried, { recursive: true, force: true });
  cpSync(join(root, 'move'), carried, { recursive: true });
}
