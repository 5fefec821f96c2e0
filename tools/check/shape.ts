/** Package shape: what a published package must declare, and that its exports point at sources. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesBelow } from './files.ts';

/** Longest file that still is one concept; longer ones are split. */
const MAX_LINES = 700;

interface Target {
  'seal-ts-source': string;
  types: string;
  default: string;
}

export function checkShape(root: string): string[] {
  const faults: string[] = [];
  for (const name of readdirSync(join(root, 'packages')).sort()) {
    const home = join(root, 'packages', name);
    const manifest = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'));
    const complain = (text: string) => faults.push(`packages/${name}/package.json: ${text}`);
    if (manifest.name !== `@seal-ts/${name}`) complain(`name is ${manifest.name}`);
    for (const [field, want] of Object.entries({ license: 'Apache-2.0', type: 'module' })) {
      if (manifest[field] !== want) complain(`${field} must be ${want}`);
    }
    if (!manifest.description) complain('description is missing');
    if (manifest.engines?.node !== '>=22.12') complain('engines.node must be >=22.12');
    for (const [subpath, target] of Object.entries<Target>(manifest.exports ?? {})) {
      for (const fault of exportFaults(home, target)) complain(`exports["${subpath}"] ${fault}`);
    }
    for (const [bin, path] of Object.entries<string>(manifest.bin ?? {})) {
      if (!existsSync(join(home, path))) complain(`bin ${bin}: ${path} does not exist`);
    }
  }
  for (const file of filesBelow(root, ['.ts', '.move', '.mjs'])) {
    const lines = readFileSync(file, 'utf8').split('\n').length;
    if (lines > MAX_LINES) faults.push(`${file.slice(root.length + 1)}: ${lines} lines; split it`);
  }
  return faults;
}

function exportFaults(home: string, target: Target): string[] {
  const source = target['seal-ts-source'];
  if (!source?.startsWith('./src/')) return ['has no seal-ts-source condition'];
  if (!existsSync(join(home, source))) return [`points at ${source}, which does not exist`];
  const built = source.replace('./src/', './dist/').replace(/\.ts$/, '');
  if (target.types !== `${built}.d.ts` || target.default !== `${built}.js`) {
    return [`must also name ${built}.d.ts as types and ${built}.js as default`];
  }
  return [];
}
