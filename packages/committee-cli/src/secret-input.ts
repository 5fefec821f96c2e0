/**
 * Secrets given as options: `@file`, `-` for standard input, a question on the terminal, or the text
 * itself, which the runbooks use and which stays in the shell's history (design §3.5).
 */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { resolve } from 'node:path';
import type { CliDeps } from './deps.ts';
import { CommitteeError, messageOf } from './errors.ts';

/** Longest secret that is read: keys and shares are far below. */
export const MAX_SECRET_BYTES = 64 * 1024;
/** Permission bits of group and others, all of which must be off on a secret file. */
const SHARED_BITS = 0o077;

/** The value of an option that may stand alone: `true` when it does. */
export type SecretOption = string | true;

/**
 * The secret's text, trimmed; never quoted in an error.
 * @param question for the terminal, when the option stands alone
 * Error: COMMITTEE_BAD_OPTION.
 */
export async function secretText(
  deps: CliDeps,
  option: string,
  value: SecretOption,
  question = `${option}: `,
): Promise<string> {
  if (value === true) return askSecret(deps, option, question);
  // At a terminal, standard input would show what is typed.
  if (value === '-')
    return deps.terminal ? askSecret(deps, option, question) : deps.readStdin().trim();
  if (value.startsWith('@')) return readSecretFile(option, resolve(deps.cwd, value.slice(1)));
  deps.note(
    `warning: ${option} was given on the command line, where other programs and the shell's history ` +
      'can see it; next time give the option without a value, or write the secret to a private file ' +
      'and pass @file',
  );
  return value.trim();
}

function askSecret(deps: CliDeps, option: string, question: string): Promise<string> {
  if (deps.terminal !== undefined) return deps.terminal.askSecret(question);
  throw badOption(`${option} has no value, and there is no terminal to ask on; pass @file or -`);
}

/** Also a pipe, so that `@<(command)` of a shell works. */
function readSecretFile(option: string, path: string): string {
  let descriptor: number;
  try {
    descriptor = openSync(path, 'r');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') {
      throw badOption(`${option}: there is no file ${path}`);
    }
    throw badOption(`${option}: cannot read ${path}: ${messageOf(cause)}`, cause);
  }
  try {
    // Checked on the open file, so that it cannot be exchanged between the check and the reading.
    const stat = fstatSync(descriptor);
    if (stat.isDirectory()) throw badOption(`${option}: ${path} is a folder`);
    if (process.platform !== 'win32' && (stat.mode & SHARED_BITS) !== 0) {
      throw badOption(
        `${option}: others than its owner can use ${path} (mode 0${(stat.mode & 0o777).toString(8)}). ` +
          `Run: chmod 600 ${path}`,
      );
    }
    const buffer = Buffer.alloc(MAX_SECRET_BYTES + 1);
    let size = 0;
    for (let count = -1; count !== 0 && size < buffer.length; size += count) {
      count = readSync(descriptor, buffer, size, buffer.length - size, null);
    }
    if (size > MAX_SECRET_BYTES) {
      throw badOption(
        `${option}: ${path} has more than ${MAX_SECRET_BYTES} bytes; is it the file?`,
      );
    }
    const text = buffer.toString('utf8', 0, size);
    buffer.fill(0);
    return text.trim();
  } finally {
    closeSync(descriptor);
  }
}

function badOption(text: string, cause?: unknown): CommitteeError {
  return new CommitteeError('COMMITTEE_BAD_OPTION', text, { cause });
}
