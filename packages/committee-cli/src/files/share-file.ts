/**
 * A master share in a file of its own, exactly as a key server reads it with `MASTER_SHARE_Vn=@FILE`: one
 * line of hex, mode 0600. Made once; a file that holds anything else is never touched.
 */
import { chmodSync, lstatSync, realpathSync, type Stats, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { equalConstantTime } from '@seal-ts/crypto';
import { createPrivateFile, PRIVATE_FILE_MODE } from '@seal-ts/wallet/files';
import { CommitteeError } from '../errors.ts';
import { readForeignFile } from './foreign-file.ts';
import { bytesFromHex, hex, SCALAR_BYTES } from './hex.ts';

/** Longest file that can hold a share: `0x`, digits, and white space around them. */
export const MAX_SHARE_FILE_BYTES = 256;
/** Permission bits of group and others. */
const SHARED_BITS = 0o077;

/**
 * Whether a share can go to `path`, before anything else is done.
 * Error: COMMITTEE_BAD_OPTION.
 * @param shared a folder whose content goes to others
 */
export function checkShareTarget(path: string, shared: string): void {
  const fault = (problem: string) =>
    new CommitteeError('COMMITTEE_BAD_OPTION', `--share-file ${path}: ${problem}`);
  if (basename(path).startsWith('@')) throw fault('give the path without @');
  const folder = realFolder(dirname(path));
  if (folder === undefined) {
    throw fault(`the folder ${dirname(path)} does not exist; make it with: mkdir -m 700`);
  }
  if (folder === realFolder(shared)) {
    throw fault(
      'that folder is the one of the messages, which is shared; keep the share elsewhere',
    );
  }
  const found = statusOf(join(folder, basename(path)));
  if (found?.isDirectory()) throw fault('it is a folder; name a file in it');
  if (found !== undefined && !found.isFile()) throw fault('it is a link or no plain file');
}

/** Secret. Undefined when there is no such file. Error: COMMITTEE_STATE. */
export function findShare(path: string): Uint8Array | undefined {
  const limits = { maxBytes: MAX_SHARE_FILE_BYTES, code: 'COMMITTEE_STATE' } as const;
  const text = readForeignFile(path, limits);
  return text === undefined ? undefined : bytesFromHex(text, SCALAR_BYTES, path, limits.code);
}

/**
 * Writes the share, or finds it there, and reads it back.
 * Error: COMMITTEE_MISMATCH when the file holds anything else; it is left as it is.
 * @param note told when others could read an older copy
 */
export function recordShare(path: string, share: Uint8Array, note: (line: string) => void): void {
  const known = knownShare(path);
  if (known === 'other' || (known !== undefined && !equalConstantTime(known, share))) {
    throw new CommitteeError(
      'COMMITTEE_MISMATCH',
      `${path} exists and holds something else than this share; it was left as it is, and nothing ` +
        'was proposed. Name a new file with --share-file',
    );
  }
  if (known === undefined) createPrivateFile(path, `${hex(share)}\n`);
  else tighten(path, note);
  const reread = findShare(path);
  if (reread !== undefined && equalConstantTime(reread, share)) return;
  throw new CommitteeError(
    'COMMITTEE_STATE',
    `${path} does not hold the share after writing it; nothing was proposed`,
  );
}

/** What would be lost if the file were replaced. */
function knownShare(path: string): Uint8Array | 'other' | undefined {
  try {
    return findShare(path);
  } catch {
    return 'other';
  }
}

function tighten(path: string, note: (line: string) => void): void {
  if (process.platform === 'win32' || (statSync(path).mode & SHARED_BITS) === 0) return;
  chmodSync(path, PRIVATE_FILE_MODE);
  note(
    `warning: others on this machine could read ${path} until now; its mode is 0600 from here on. If ` +
      'somebody may have read it, treat the share as known to them',
  );
}

function statusOf(path: string): Stats | undefined {
  return lstatSync(path, { throwIfNoEntry: false });
}

function realFolder(path: string): string | undefined {
  try {
    const real = realpathSync(path);
    return statSync(real).isDirectory() ? real : undefined;
  } catch {
    return undefined;
  }
}
