/**
 * One stack for each folder: an exclusive file says which process is starting or running one there.
 * A file left by a process that is gone is taken over.
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { isRunning } from '@seal-ts/wallet/files';
import { DevError, messageOf } from '../errors.ts';

/** Takes the folder. Errors: DEV_ALREADY_RUNNING naming the process, DEV_FILE. */
export function takeFolder(path: string): { release(): void } {
  const mine = `${process.pid}\n`;
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      writeFileSync(path, mine, { flag: 'wx', mode: 0o600 });
      return { release: () => rmSync(path, { force: true }) };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
        throw new DevError('DEV_FILE', `cannot write ${path}: ${messageOf(error)}`, {
          cause: error,
        });
      }
    }
    const holder = Number.parseInt(readFileSync(path, 'utf8'), 10);
    // Our own number means a file from before a restart of the machine.
    if (holder !== process.pid && holder > 0 && isRunning(holder)) {
      throw new DevError(
        'DEV_ALREADY_RUNNING',
        `process ${holder} is starting or running a stack with the lock ${path}. Wait for it or ` +
          'stop it; if that process is something else, delete the file.',
      );
    }
    rmSync(path, { force: true });
  }
  throw new DevError('DEV_ALREADY_RUNNING', `another process took ${path} at the same moment`);
}
