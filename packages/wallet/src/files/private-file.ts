/**
 * Files that hold secrets: only their owner can read them, and they appear whole or not at all, also
 * when the machine stops in the middle (design §3.5).
 */
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  fstatSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readSync,
  realpathSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { messageOf, WalletError } from '../errors.ts';

export const PRIVATE_FILE_MODE = 0o600;
export const PRIVATE_FOLDER_MODE = 0o700;
/** Longest file that is read: state of a ceremony of 1000 members is below. */
export const MAX_FILE_BYTES = 16 * 1024 * 1024;
/** Name of a file that was to be put in place when its writer was killed. */
export const LEFT_OVER = /\.[0-9a-f]{12}\.incoming$/;

/** Creates a folder, and its parents, that only its owner can enter. Leaves an existing one be. */
export function makePrivateFolder(path: string): void {
  try {
    const made = mkdirSync(path, { recursive: true, mode: PRIVATE_FOLDER_MODE });
    if (made !== undefined) chmodSync(path, PRIVATE_FOLDER_MODE);
  } catch (cause) {
    throw fileError(`cannot use ${path} as a folder`, cause);
  }
}

/**
 * Writes a file that only its owner can read, replacing an older one at once. Links are followed, so
 * that a linked file stays where it is.
 */
export function writePrivateFile(path: string, content: string): void {
  const target = realTarget(path);
  const incoming = writeIncoming(target, content);
  try {
    renameSync(incoming, target);
  } catch (cause) {
    rmSync(incoming, { force: true });
    throw fileError(`cannot write ${path}`, cause);
  }
  syncFolder(dirname(target));
}

/** As `writePrivateFile`, but never replaces: an existing file is an error. */
export function createPrivateFile(path: string, content: string): void {
  const incoming = writeIncoming(path, content);
  try {
    linkSync(incoming, path);
  } catch (cause) {
    throw fileError(`cannot create ${path}`, cause);
  } finally {
    rmSync(incoming, { force: true });
  }
  syncFolder(dirname(path));
}

/** Text of a file, or undefined when there is no such file. Error: FILE. */
export function readTextFile(path: string): string | undefined {
  let descriptor: number;
  try {
    descriptor = openSync(path, 'r');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw fileError(`cannot read ${path}`, cause);
  }
  try {
    const { size } = fstatSync(descriptor);
    if (size > MAX_FILE_BYTES) {
      throw new WalletError('FILE', `${path} has ${size} bytes, more than ${MAX_FILE_BYTES}`);
    }
    const buffer = Buffer.alloc(size);
    let read = 0;
    while (read < size) {
      const count = readSync(descriptor, buffer, read, size - read, read);
      if (count === 0) break;
      read += count;
    }
    const text = buffer.subarray(0, read).toString('utf8');
    buffer.fill(0);
    return text;
  } catch (cause) {
    if (cause instanceof WalletError) throw cause;
    throw fileError(`cannot read ${path}`, cause);
  } finally {
    closeSync(descriptor);
  }
}

/** The full content beside `path`, on disk. */
function writeIncoming(path: string, content: string): string {
  const incoming = `${path}.${randomBytes(6).toString('hex')}.incoming`;
  let descriptor: number;
  try {
    descriptor = openSync(incoming, 'wx', PRIVATE_FILE_MODE);
  } catch (cause) {
    throw fileError(`cannot write ${path}`, cause);
  }
  try {
    const bytes = Buffer.from(content);
    let written = 0;
    while (written < bytes.length) written += writeSync(descriptor, bytes, written);
    bytes.fill(0);
    fsyncSync(descriptor);
  } catch (cause) {
    rmSync(incoming, { force: true });
    throw fileError(`cannot write ${path}`, cause);
  } finally {
    closeSync(descriptor);
  }
  return incoming;
}

function realTarget(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

/** Makes a rename durable where the system offers that. */
function syncFolder(path: string): void {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, 'r');
    fsyncSync(descriptor);
  } catch {
    // Folders cannot be opened on some systems; the rename has happened all the same.
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

function fileError(what: string, cause: unknown): WalletError {
  return new WalletError('FILE', `${what}: ${messageOf(cause)}`, { cause });
}
