/**
 * `verified.json`: that this member compared a committee with its own knowledge, and what it saw. Steps
 * that give something away want it, so a file that others could have written does not count.
 */
import { lstatSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isFullAddress, networkByName } from '@seal-ts/protocol';
import { readTextFile, writePrivateFile } from '@seal-ts/wallet/files';
import type { CommitteeFacts } from '../ceremony/comparison.ts';
import { CommitteeError, messageOf } from '../errors.ts';
import { MAX_THRESHOLD } from './ceremony-file.ts';

export interface VerifiedRecord extends CommitteeFacts {
  /** URL of the member's own node. */
  readonly node: string;
  /** ISO 8601. */
  readonly time: string;
  /** Compared with a list, or looked at by a person. */
  readonly how: 'list' | 'person';
}

export const verifiedPath = (stateDir: string): string => join(stateDir, 'verified.json');

/** Permission bits that let others change a file. */
const WRITABLE_BITS = 0o022;

/** Undefined when there is no record. Errors: COMMITTEE_STATE, FILE. */
export function findVerified(stateDir: string): VerifiedRecord | undefined {
  const path = verifiedPath(stateDir);
  if (!ownFile(path)) return undefined;
  const text = readTextFile(path);
  if (text === undefined) return undefined;
  try {
    return parse(JSON.parse(text));
  } catch (cause) {
    throw unusable(path, messageOf(cause), cause);
  }
}

/** Replaces an older record. Errors: COMMITTEE_STATE, FILE. */
export function writeVerified(stateDir: string, record: VerifiedRecord): void {
  const path = verifiedPath(stateDir);
  ownFile(path);
  writePrivateFile(path, `${JSON.stringify(record, null, 2)}\n`);
}

/** After a comparison that failed, nothing older counts. */
export function removeVerified(stateDir: string): void {
  rmSync(verifiedPath(stateDir), { force: true });
}

/** Whether the file is there. A link or a file that others can write is refused. */
function ownFile(path: string): boolean {
  let found: ReturnType<typeof lstatSync>;
  try {
    found = lstatSync(path);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw unusable(path, messageOf(cause), cause);
  }
  if (!found.isFile()) throw unusable(path, 'it is a link or no file');
  const shared = process.platform !== 'win32' && (found.mode & WRITABLE_BITS) !== 0;
  if (shared) throw unusable(path, 'others than its owner can write it');
  return true;
}

function parse(value: unknown): VerifiedRecord {
  const fields = value as Record<string, unknown> | null;
  const text = (name: string): string => {
    const found = fields?.[name];
    if (typeof found !== 'string') throw new TypeError(`${name} is missing`);
    return found;
  };
  const id = (found: unknown, name: string): string => {
    if (typeof found === 'string' && isFullAddress(found)) return found;
    throw new TypeError(`${name}: expected 0x and 64 hex digits`);
  };
  const optional = (name: string): string | undefined => {
    const found = fields?.[name];
    return found === undefined ? undefined : id(found, name);
  };
  const threshold = fields?.['threshold'];
  if (!Number.isInteger(threshold) || Number(threshold) < 1 || Number(threshold) > MAX_THRESHOLD) {
    throw new TypeError('threshold: expected a whole number');
  }
  const members = fields?.['members'];
  if (!Array.isArray(members)) throw new TypeError('members: expected a list');
  const how = text('how');
  if (how !== 'list' && how !== 'person') throw new TypeError(`how: ${how}`);
  return {
    network: networkByName(text('network')).name,
    committeeId: id(fields?.['committeeId'], 'committeeId'),
    packageId: id(fields?.['packageId'], 'packageId'),
    threshold: Number(threshold),
    members: members.map((member, index) => id(member, `members[${index}]`)),
    oldCommitteeId: optional('oldCommitteeId'),
    keyServerId: optional('keyServerId'),
    coordinator: optional('coordinator'),
    node: text('node'),
    time: text('time'),
    how,
  };
}

function unusable(path: string, problem: string, cause?: unknown): CommitteeError {
  return new CommitteeError(
    'COMMITTEE_STATE',
    `${path}: ${problem}. Remove it, and run verify again`,
    { cause },
  );
}
