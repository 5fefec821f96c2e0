/** Programs of the operating system that deployment tests need, and the files that they test. */

import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Debian keeps servers in sbin directories, which are not on every user's path. */
const SYSTEM_DIRECTORIES = ['/usr/sbin', '/usr/local/sbin', '/sbin'];

/** Path of a program, or `undefined` when it is not installed. */
export function findProgram(name: string): string | undefined {
  const directories = [...(process.env['PATH'] ?? '').split(delimiter), ...SYSTEM_DIRECTORIES];
  return directories
    .map((directory) => join(directory, name))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

/** Absolute path of a file below `deploy/`. */
export function deployFile(path: string): string {
  return fileURLToPath(new URL(`../../../deploy/${path}`, import.meta.url));
}
