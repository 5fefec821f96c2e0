/**
 * Files that others sent. Their folder may hold anything: a link to a secret, a pipe that never ends, a
 * device, a file of many gigabytes. Only plain files of a bounded size are read.
 */
import { closeSync, constants, fstatSync, opendirSync, openSync, readSync } from 'node:fs';
import { CommitteeError, type CommitteeErrorCode, messageOf } from '../errors.ts';

/** Entries of a folder that are looked at. */
export const MAX_FOLDER_ENTRIES = 5000;

/** Does not wait for the other end of a pipe, and does not follow a link; 0 where unknown. */
const FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

export interface ForeignFileOptions {
  readonly maxBytes: number;
  readonly code: CommitteeErrorCode;
}

/** Text of a plain file, undefined when there is none. Never quotes what it read. */
export function readForeignFile(
  path: string,
  { maxBytes, code }: ForeignFileOptions,
): string | undefined {
  const fault = (problem: string, cause?: unknown) =>
    new CommitteeError(code, `${path}: ${problem}`, { cause });
  let descriptor: number;
  try {
    descriptor = openSync(path, FLAGS);
  } catch (cause) {
    const { code: reason } = cause as NodeJS.ErrnoException;
    if (reason === 'ENOENT') return undefined;
    if (reason === 'ELOOP') throw fault('it is a link; put the file itself there', cause);
    throw fault(`it cannot be read (${reason ?? messageOf(cause)})`, cause);
  }
  try {
    const status = fstatSync(descriptor);
    if (!status.isFile()) throw fault('it is not a plain file; remove it');
    if (status.size > maxBytes) {
      throw fault(`it has ${status.size} bytes, more than the ${maxBytes} that are possible`);
    }
    const buffer = Buffer.alloc(status.size);
    let read = 0;
    while (read < buffer.length) {
      const count = readSync(descriptor, buffer, read, buffer.length - read, read);
      if (count === 0) break;
      read += count;
    }
    return buffer.subarray(0, read).toString('utf8');
  } finally {
    closeSync(descriptor);
  }
}

/** Names in a folder, sorted. Error: `code`, also when there are too many. */
export function foreignNames(folder: string, code: CommitteeErrorCode, advice: string): string[] {
  const names: string[] = [];
  try {
    const entries = opendirSync(folder);
    try {
      for (let entry = entries.readSync(); entry !== null; entry = entries.readSync()) {
        names.push(entry.name);
        if (names.length > MAX_FOLDER_ENTRIES) break;
      }
    } finally {
      entries.closeSync();
    }
  } catch (cause) {
    throw new CommitteeError(code, `${unreadable(folder, cause)}. ${advice}`, { cause });
  }
  if (names.length > MAX_FOLDER_ENTRIES) {
    const text = `${folder} holds more than ${MAX_FOLDER_ENTRIES} files. ${advice}`;
    throw new CommitteeError(code, text);
  }
  return names.sort();
}

function unreadable(folder: string, cause: unknown): string {
  const { code } = cause as NodeJS.ErrnoException;
  if (code === 'ENOENT') return `there is no folder ${folder}`;
  if (code === 'ENOTDIR') return `${folder} is no folder`;
  return `cannot read the messages in ${folder}: ${messageOf(cause)}`;
}
