/**
 * Secrets given as options: `@file`, `-` for standard input, or the text itself, which the runbooks use
 * and which stays in the shell's history (design §3.5).
 */
import { resolve } from 'node:path';
import { readTextFile } from '@seal-ts/wallet/files';
import type { CliDeps } from './deps.ts';
import { CommitteeError } from './errors.ts';

export function secretText(deps: CliDeps, option: string, value: string): string {
  if (value === '-') return deps.readStdin().trim();
  if (value.startsWith('@')) {
    const path = resolve(deps.cwd, value.slice(1));
    const text = readTextFile(path);
    if (text === undefined) {
      throw new CommitteeError('COMMITTEE_BAD_OPTION', `${option}: there is no file ${path}`);
    }
    return text.trim();
  }
  deps.note(
    `warning: ${option} was given on the command line, where other programs and the shell's history ` +
      `can see it; next time write it to a private file and pass @file`,
  );
  return value.trim();
}
