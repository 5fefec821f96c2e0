/**
 * One writer at a time: a file that says which process works here. A file left by a process that is gone,
 * killed or cut off by a power failure, is taken over.
 */
import { randomBytes } from 'node:crypto';
import { linkSync, renameSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { messageOf, WalletError } from '../errors.ts';
import { createPrivateFile, readTextFile } from './private-file.ts';
import { isRunning } from './process-id.ts';

export interface Lock {
  release(): void;
}

/** Locks of this process: its own id says nothing about whether a file of that id is left over. */
const held = new Set<string>();
/** Looks at a lock that others take, give back, or leave behind at the same moment. */
const ATTEMPTS = 5;

/**
 * Takes the lock, without waiting.
 * @param path of the lock file; its folder exists
 * @param what is worked on, for messages
 * Errors: LOCKED naming the process that has it, FILE.
 */
export function takeLock(path: string, what: string): Lock {
  const mine = `${process.pid} ${hostname()} ${randomBytes(8).toString('hex')}\n`;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    if (created(path, mine)) {
      held.add(path);
      return { release: () => release(path, mine) };
    }
    const found = readTextFile(path);
    if (found !== undefined && !isLeftOver(path, found)) throw locked(path, what, found);
    if (found !== undefined) bury(path, found);
  }
  throw locked(path, what, '');
}

function created(path: string, text: string): boolean {
  try {
    createPrivateFile(path, text);
    return true;
  } catch (error) {
    const { cause } = error as WalletError;
    if ((cause as NodeJS.ErrnoException | undefined)?.code === 'EEXIST') return false;
    throw error;
  }
}

function release(path: string, mine: string): void {
  held.delete(path);
  if (readTextFile(path) === mine) rmSync(path, { force: true });
}

/** Of a process of this machine that runs no more; of other machines nothing is known. */
function isLeftOver(path: string, text: string): boolean {
  if (held.has(path)) return false;
  const { pid, host } = holder(text);
  if (pid === undefined) return true;
  return host === hostname() && (pid === process.pid || !isRunning(pid));
}

/** Removes exactly the file that was looked at: another process may have taken the lock since. */
function bury(path: string, text: string): void {
  const grave = `${path}.${randomBytes(6).toString('hex')}.gone`;
  try {
    renameSync(path, grave);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw new WalletError('FILE', `cannot remove ${path}: ${messageOf(cause)}`, { cause });
  }
  try {
    if (readTextFile(grave) !== text) linkSync(grave, path);
  } catch (cause) {
    throw new WalletError('FILE', `cannot give ${path} back: ${messageOf(cause)}`, { cause });
  } finally {
    rmSync(grave, { force: true });
  }
}

function holder(text: string): { pid: number | undefined; host: string } {
  const [, pid, host = ''] = /^(\d{1,10}) (\S+) [0-9a-f]+\n$/.exec(text) ?? [];
  return { pid: pid === undefined ? undefined : Number(pid), host };
}

function locked(path: string, what: string, text: string): WalletError {
  const { pid, host } = holder(text);
  const who = pid === undefined ? 'another process' : `process ${pid}`;
  const where = host === '' || host === hostname() ? '' : ` on ${host}`;
  return new WalletError(
    'LOCKED',
    `${who}${where} is working on ${what}. Wait until it has finished, and repeat the command; if ` +
      `that process is something else, delete ${path}`,
  );
}
