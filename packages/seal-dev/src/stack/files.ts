/**
 * The folder of one running stack. It holds account keys and server keys, so the folder is 0700,
 * every file 0600, and files appear whole or not at all.
 */
import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DevError, messageOf } from '../errors.ts';

const PRIVATE_DIR = 0o700;
const PRIVATE_FILE = 0o600;

export interface StackFiles {
  readonly dir: string;
  readonly manifest: string;
  readonly control: string;
  /** Held by the process that starts or runs the stack. */
  readonly lock: string;
  readonly logs: string;
  /** Folder of one key server: its configuration and its key. */
  keyServer(name: string): string;
  /** Folder of one committee: wallets and state of its members. */
  committee(name: string): string;
}

/** Paths below `dir`; nothing is created. */
export function stackFiles(dir: string): StackFiles {
  const root = resolve(dir);
  return {
    dir: root,
    manifest: join(root, 'manifest.json'),
    control: join(root, 'control.json'),
    lock: join(root, 'lock'),
    logs: join(root, 'logs'),
    keyServer: (name) => join(root, 'key-servers', name),
    committee: (name) => join(root, 'committees', name),
  };
}

/** Creates a folder that only its owner can enter, with its parents. */
export function makePrivateDir(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: PRIVATE_DIR });
    chmodSync(path, PRIVATE_DIR);
  } catch (error) {
    throw new DevError(
      'DEV_FILE',
      `cannot use ${path} as a folder: ${messageOf(error)}. Choose another with --dir.`,
      { cause: error },
    );
  }
}

/** Writes a file that only its owner can read, replacing an older one at once. */
export function writePrivateFile(path: string, content: string): void {
  const incoming = `${path}.${process.pid}.incoming`;
  try {
    writeFileSync(incoming, content, { mode: PRIVATE_FILE, flag: 'wx' });
    renameSync(incoming, path);
  } catch (error) {
    rmSync(incoming, { force: true });
    throw new DevError('DEV_FILE', `cannot write ${path}: ${messageOf(error)}`, { cause: error });
  }
}

/** Parsed JSON of a file, or undefined when there is no such file. */
export function readJson(path: string): unknown {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    const hint = code === 'ENOTDIR' ? '. Choose another --dir: this one is a file' : '';
    const problem = `cannot read ${path}: ${messageOf(error)}${hint}`;
    throw new DevError('DEV_FILE', problem, { cause: error });
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new DevError('DEV_FILE', `${path} is not JSON: ${messageOf(error)}`, { cause: error });
  }
}
