/**
 * Documents: links inside the repository resolve, named npm scripts exist, and no page tells the
 * reader to `npx` an unscoped name, which would fetch a stranger's package when it is not installed.
 */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { filesBelow } from './files.ts';

export function checkDocs(root: string): string[] {
  const faults: string[] = [];
  const scripts = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).scripts;
  for (const file of filesBelow(root, ['.md'])) {
    const text = readFileSync(file, 'utf8');
    const at = relative(root, file);
    for (const [, target] of text.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)) {
      if (!target || /^[a-z]+:/.test(target)) continue;
      if (!existsSync(join(dirname(file), target))) faults.push(`${at}: dead link ${target}`);
    }
    for (const [, script] of text.matchAll(/npm run ([\w:-]+)/g)) {
      if (script && !(script in scripts)) faults.push(`${at}: no npm script "${script}"`);
    }
    for (const [, name] of text.matchAll(/\bnpx (?:-\S+ )*([\w@/.-]+)/g)) {
      if (name && !name.startsWith('@')) faults.push(`${at}: npx ${name} may fetch a stranger`);
    }
  }
  return faults;
}
