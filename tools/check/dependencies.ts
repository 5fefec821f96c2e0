/**
 * Dependencies: runtime ones are pinned, explained in docs/dependencies.md, and every installed
 * package carries a licence from the allow-list.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const LICENCES = new Set([
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'CC0-1.0',
  'CC-BY-3.0',
  'CC-BY-4.0',
  'ISC',
  'MIT',
  'MIT-0',
  'MPL-2.0',
  'Python-2.0',
  'Unlicense',
  'Zlib',
]);

export function checkDependencies(root: string): string[] {
  return [...declaredFaults(root), ...licenceFaults(root)];
}

function declaredFaults(root: string): string[] {
  const faults: string[] = [];
  const explained = readFileSync(join(root, 'docs/dependencies.md'), 'utf8');
  const used = new Set<string>();
  for (const name of readdirSync(join(root, 'packages')).sort()) {
    const manifest = JSON.parse(readFileSync(join(root, 'packages', name, 'package.json'), 'utf8'));
    for (const [dependency, range] of Object.entries<string>(manifest.dependencies ?? {})) {
      if (!/^\d+\.\d+\.\d+$/.test(range)) {
        faults.push(`packages/${name}: ${dependency} is not pinned exactly (${range})`);
      }
      if (!dependency.startsWith('@seal-ts/')) used.add(dependency);
    }
    for (const peer of Object.keys(manifest.peerDependencies ?? {})) used.add(peer);
  }
  for (const dependency of used) {
    if (!explained.includes(`\`${dependency}\``)) {
      faults.push(`docs/dependencies.md has no line for ${dependency}`);
    }
  }
  for (const [, named] of explained.matchAll(/^\| `([^`]+)` \|/gm)) {
    if (named && !used.has(named)) faults.push(`docs/dependencies.md: ${named} is not used`);
  }
  return faults;
}

function licenceFaults(root: string): string[] {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  const faults: string[] = [];
  for (const [path, entry] of Object.entries<{ link?: boolean; license?: string }>(lock.packages)) {
    if (!path.includes('node_modules/') || entry.link) continue;
    const licence = entry.license ?? installedLicence(join(root, path));
    if (licence === undefined && !existsSync(join(root, path))) continue;
    const choices = (licence ?? 'none').replace(/[()]/g, '').split(/ OR /);
    const allowed = choices.some((choice) => choice.split(/ AND /).every((l) => LICENCES.has(l)));
    if (!allowed) faults.push(`${path}: licence ${licence ?? 'not stated'} is not on the list`);
  }
  return faults;
}

function installedLicence(home: string): string | undefined {
  const manifest = join(home, 'package.json');
  if (!existsSync(manifest)) return undefined;
  return JSON.parse(readFileSync(manifest, 'utf8')).license;
}
