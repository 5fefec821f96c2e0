/**
 * The import table: which workspace package may import which, and which may not touch Node.
 * The table is `layers.json`; what a package imports must also be in its package.json.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { filesBelow } from './files.ts';

interface Table {
  packages: Record<string, string[]>;
  noNodeApi: string[];
}

const IMPORT = /(?:^|[\s;}])(?:import|export)\s[^'"`;]*?from\s*['"]([^'"]+)['"]/g;
const BARE_IMPORT = /(?:^|[\s;}])import\s*\(?\s*['"]([^'"]+)['"]/g;
const NODE_GLOBALS = /(?<![.\w$])(?:Buffer|process|__dirname|__filename|require)(?=\s*[.([])/;
const builtins = new Set(builtinModules);

export function checkLayers(root: string): string[] {
  const table: Table = JSON.parse(readFileSync(join(root, 'tools/check/layers.json'), 'utf8'));
  const faults: string[] = [];
  for (const name of readdirSync(join(root, 'packages')).sort()) {
    const allowed = table.packages[name];
    if (!allowed) {
      faults.push(`packages/${name} is not in tools/check/layers.json`);
      continue;
    }
    faults.push(...checkPackage(root, name, allowed, table.noNodeApi.includes(name)));
  }
  return faults;
}

function checkPackage(root: string, name: string, allowed: string[], pure: boolean): string[] {
  const faults: string[] = [];
  const home = join(root, 'packages', name);
  const manifest = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'));
  const declared = new Set(Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies }));
  for (const file of filesBelow(join(home, 'src'), ['.ts', '.mjs'])) {
    const source = readFileSync(file, 'utf8');
    const code = withoutComments(source);
    const at = relative(root, file);
    for (const specifier of importsOf(code)) {
      const fault = judge(specifier, { name, allowed, pure, declared, file, home });
      if (fault) faults.push(`${at}: ${fault}`);
    }
    if (pure && NODE_GLOBALS.test(code)) faults.push(`${at}: uses a Node global`);
  }
  return faults;
}

interface Context {
  name: string;
  allowed: string[];
  pure: boolean;
  declared: ReadonlySet<string>;
  file: string;
  home: string;
}

function judge(specifier: string, c: Context): string | undefined {
  if (specifier.startsWith('.')) {
    const target = resolve(dirname(c.file), specifier);
    return target.startsWith(c.home) ? undefined : `${specifier} leaves the package`;
  }
  if (specifier.startsWith('node:') || builtins.has(specifier)) {
    if (!specifier.startsWith('node:')) return `${specifier} lacks its node: prefix`;
    return c.pure ? `${specifier}: ${c.name} must run without Node` : undefined;
  }
  const dependency = specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
  const own = /^@seal-ts\/([^/]+)/.exec(specifier)?.[1];
  if (own === c.name) return `imports itself by name (${specifier})`;
  if (own && !c.allowed.includes(own)) return `${c.name} may not import ${own}`;
  return c.declared.has(dependency) ? undefined : `${dependency} is not in its package.json`;
}

function importsOf(code: string): Set<string> {
  const found = new Set<string>();
  for (const pattern of [IMPORT, BARE_IMPORT]) {
    for (const match of code.matchAll(pattern)) found.add(match[1] as string);
  }
  return found;
}

/** Enough of a lexer for imports: block comments and whole-line comments go. */
function withoutComments(source: string): string {
  return source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
}
