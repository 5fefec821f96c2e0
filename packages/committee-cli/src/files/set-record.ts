/**
 * What a state directory remembers of message sets: the one that its coordinator signed, and the one that
 * its member has processed. Neither ever changes, so nobody signs or proposes a second one.
 */
import { join } from 'node:path';
import { createPrivateFile, readTextFile } from '@seal-ts/wallet/files';
import type { MessageSet, SignedMessageSet } from '../ceremony/message-set.ts';
import { CommitteeError } from '../errors.ts';
import { parseSet, setText } from './message-set-file.ts';

export const signedSetPath = (stateDir: string): string => join(stateDir, 'signed-set.json');
export const usedSetPath = (stateDir: string): string => join(stateDir, 'used-set.json');

/** The set that this coordinator signed. Errors: COMMITTEE_MESSAGE_SET, FILE. */
export function findSignedSet(stateDir: string): SignedMessageSet | undefined {
  const path = signedSetPath(stateDir);
  const text = readTextFile(path);
  return text === undefined ? undefined : parseSet(path, text);
}

/** Remembers it before anybody sees it. Error: FILE when another was remembered meanwhile. */
export function recordSignedSet(stateDir: string, set: SignedMessageSet): void {
  createPrivateFile(signedSetPath(stateDir), setText(set));
}

/**
 * Remembers the set that a member goes on with, or compares with what it remembers.
 * Errors: COMMITTEE_MESSAGE_SET for another one, COMMITTEE_STATE, FILE.
 */
export function recordUsedSet(stateDir: string, set: MessageSet): void {
  const path = usedSetPath(stateDir);
  if (readUsed(path) === undefined) {
    const { committeeId, messagesHash } = set;
    createPrivateFile(path, `${JSON.stringify({ committeeId, messagesHash }, null, 2)}\n`);
  }
  checkUsedSet(stateDir, set, false);
}

/** Error: COMMITTEE_MESSAGE_SET when this member has processed another set of the ceremony. */
export function checkUsedSet(stateDir: string, set: MessageSet, signed: boolean): void {
  const used = readUsed(usedSetPath(stateDir));
  if (used === undefined) return;
  if (used.committeeId === set.committeeId && used.messagesHash === set.messagesHash) return;
  if (used.committeeId !== set.committeeId) {
    throw new CommitteeError(
      'COMMITTEE_MESSAGE_SET',
      `${usedSetPath(stateDir)} is of committee ${used.committeeId}, and this ceremony is of ` +
        `${set.committeeId}; use fresh state directories for each ceremony`,
    );
  }
  const story = signed
    ? `the coordinator signed the set ${set.messagesHash}, but this member has processed ` +
      `${used.messagesHash} for the same committee: there are two sets, and members who used ` +
      'different ones can never finish'
    : `this member has processed the set ${used.messagesHash}, and the messages now have the hash ` +
      `${set.messagesHash}`;
  throw new CommitteeError(
    'COMMITTEE_MESSAGE_SET',
    `${story}. Nothing was proposed. Unless everybody can go back to ${used.messagesHash}, the ` +
      'coordinator has to start the ceremony over, and members use fresh state directories',
  );
}

function readUsed(path: string): { committeeId: string; messagesHash: string } | undefined {
  const text = readTextFile(path);
  if (text === undefined) return undefined;
  let value: { committeeId?: unknown; messagesHash?: unknown } | null = null;
  try {
    value = JSON.parse(text);
  } catch {
    // Said below.
  }
  const { committeeId, messagesHash } = value ?? {};
  if (typeof committeeId === 'string' && typeof messagesHash === 'string') {
    return { committeeId, messagesHash };
  }
  throw new CommitteeError('COMMITTEE_STATE', `${path} is damaged; restore it from a backup`);
}
