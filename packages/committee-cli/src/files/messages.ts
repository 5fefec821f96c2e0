/** `message_P.json` and the folder of all messages (dkg spec §13). */
import { statSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Engine, G1Point } from '@seal-ts/crypto';
import {
  decodeSignedMessage,
  deployedSuite,
  encodeSignedMessage,
  MAX_DKG_MESSAGE_BYTES,
  type SignedDkgMessage,
} from '@seal-ts/crypto/dkg';
import { fromHex, toHex } from '@seal-ts/protocol';
import { createPrivateFile } from '@seal-ts/wallet/files';
import { CommitteeError, messageOf } from '../errors.ts';
import { foreignNames, readForeignFile } from './foreign-file.ts';

export type SignedMessage = SignedDkgMessage<G1Point>;

export interface LoadedMessage {
  /** File name in its folder. */
  readonly file: string;
  readonly signed: SignedMessage;
}

/** Message files looked at in one folder: twice the parties of the largest ceremony. */
export const MAX_MESSAGE_FILES = 2000;
/** Longest message file: hex of the longest message, and room for JSON and fields that are ignored. */
export const MAX_MESSAGE_FILE_BYTES = 2 * MAX_DKG_MESSAGE_BYTES + 8192;

export const messageFileName = (partyId: number): string => `message_${partyId}.json`;

/** Writes a member's own message; an existing file is never replaced. */
export function writeMessage(engine: Engine, path: string, signed: SignedMessage): void {
  createPrivateFile(path, messageText(engine, signed));
}

/** The text of a message file. */
export function messageText(engine: Engine, signed: SignedMessage): string {
  const bytes = encodeSignedMessage(deployedSuite(engine), signed);
  return `${JSON.stringify({ message: toHex(bytes) }, null, 2)}\n`;
}

/** Undefined when there is no such file. Error: COMMITTEE_MESSAGE. */
export function findMessage(engine: Engine, path: string): SignedMessage | undefined {
  const text = readForeignFile(path, {
    maxBytes: MAX_MESSAGE_FILE_BYTES,
    code: 'COMMITTEE_MESSAGE',
  });
  return text === undefined ? undefined : parseMessage(engine, path, text);
}

/** File names are shown to people, and others chose them. */
const PRINTABLE = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]+$/u;
const ADVICE =
  "Put the coordinator's dkg-messages folder there, or name another with --messages-dir";

function messageNames(folder: string): string[] {
  const names = foreignNames(folder, 'COMMITTEE_MESSAGE_SET', ADVICE);
  const found = names.filter(isMessageName);
  if (found.every((name) => PRINTABLE.test(name))) return found;
  throw new CommitteeError(
    'COMMITTEE_MESSAGE_SET',
    `${folder} holds a file whose name cannot be shown: it has control characters. Remove that file`,
  );
}

/** Not what file managers of other systems add to each file, such as `._message_0.json`. */
function isMessageName(name: string): boolean {
  return name.toLowerCase().endsWith('.json') && !name.startsWith('.');
}

/** Whether `scanMessages` would find anything. */
export function hasMessages(folder: string): boolean {
  return messageNames(folder).length > 0;
}

/** A file of a folder: a message, or why it is none. */
export type ScannedMessage =
  | LoadedMessage
  | { readonly file: string; readonly fault: CommitteeError };

/** Unpacking or moving often puts the folder into one of its own name. */
function nestedFolder(folder: string): string | undefined {
  const inner = join(folder, basename(folder));
  if (statSync(inner, { throwIfNoEntry: false })?.isDirectory() !== true) return undefined;
  return `There is a folder ${inner}; if the messages are in it, pass --messages-dir ${inner}`;
}

/**
 * Every `*.json` of a folder, by name. Names mean nothing: who sent a message stands in it, signed.
 * Error: COMMITTEE_MESSAGE_SET when there are none, or too many.
 */
export function scanMessages(engine: Engine, folder: string): ScannedMessage[] {
  const names = messageNames(folder);
  if (names.length === 0 || names.length > MAX_MESSAGE_FILES) {
    throw new CommitteeError(
      'COMMITTEE_MESSAGE_SET',
      `${folder} holds ${names.length} message files; expected 1 to ${MAX_MESSAGE_FILES}. ` +
        (nestedFolder(folder) ?? ADVICE),
    );
  }
  return names.flatMap((file): ScannedMessage[] => {
    try {
      const signed = findMessage(engine, join(folder, file));
      return signed === undefined ? [] : [{ file, signed }];
    } catch (error) {
      if (error instanceof CommitteeError) return [{ file, fault: error }];
      throw error;
    }
  });
}

/**
 * Every `*.json` of a folder, in ascending sender order.
 * Errors: COMMITTEE_MESSAGE for one that cannot be decoded, COMMITTEE_MESSAGE_SET for none or for two
 * of one sender.
 */
export function readMessages(engine: Engine, folder: string): LoadedMessage[] {
  const loaded = scanMessages(engine, folder).map((found) => {
    if ('fault' in found) throw found.fault;
    return found;
  });
  return inSenderOrder(loaded, folder);
}

/** Error: COMMITTEE_MESSAGE_SET for two of one sender. */
export function inSenderOrder(messages: readonly LoadedMessage[], folder: string): LoadedMessage[] {
  const sorted = messages.toSorted((a, b) => a.signed.message.sender - b.signed.message.sender);
  for (const [index, { file, signed }] of sorted.entries()) {
    const next = sorted[index + 1];
    if (next?.signed.message.sender !== signed.message.sender) continue;
    throw new CommitteeError(
      'COMMITTEE_MESSAGE_SET',
      `${file} and ${next.file} in ${folder} are both from party ${signed.message.sender}; ` +
        'keep the one that the coordinator shared',
    );
  }
  return sorted;
}

const DAMAGED =
  'The file was damaged on its way, or is no message of a ceremony; members get it again from the ' +
  'coordinator, and the coordinator from its sender';

/** Never quotes the text: somebody may have put a file with secrets there. Error: COMMITTEE_MESSAGE. */
export function parseMessage(engine: Engine, where: string, text: string): SignedMessage {
  const fault = (problem: string, cause?: unknown) =>
    new CommitteeError('COMMITTEE_MESSAGE', `${where}: ${problem}. ${DAMAGED}`, { cause });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw fault('it is not JSON');
  }
  const message = (value as { message?: unknown } | null)?.message;
  if (typeof message !== 'string') throw fault('the field "message" is missing');
  let bytes: Uint8Array;
  try {
    bytes = fromHex(message);
  } catch {
    throw fault('the field "message" is not hex');
  }
  try {
    return decodeSignedMessage(deployedSuite(engine), bytes);
  } catch (cause) {
    throw fault(messageOf(cause), cause);
  }
}
