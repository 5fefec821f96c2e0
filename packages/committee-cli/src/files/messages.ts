/** `message_P.json` and the folder of all messages (dkg spec §13). */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Engine, G1Point } from '@seal-ts/crypto';
import {
  decodeSignedMessage,
  deployedSuite,
  encodeSignedMessage,
  type SignedDkgMessage,
} from '@seal-ts/crypto/dkg';
import { fromHex, toHex } from '@seal-ts/protocol';
import { createPrivateFile, readTextFile } from '@seal-ts/wallet/files';
import { CommitteeError, messageOf } from '../errors.ts';

export type SignedMessage = SignedDkgMessage<G1Point>;

export interface LoadedMessage {
  /** File name in its folder. */
  readonly file: string;
  readonly signed: SignedMessage;
}

/** Files looked at in one folder. */
export const MAX_MESSAGE_FILES = 2000;

export const messageFileName = (partyId: number): string => `message_${partyId}.json`;

/** Writes a member's own message; an existing file is never replaced. */
export function writeMessage(engine: Engine, path: string, signed: SignedMessage): void {
  const bytes = encodeSignedMessage(deployedSuite(engine), signed);
  createPrivateFile(path, `${JSON.stringify({ message: toHex(bytes) }, null, 2)}\n`);
}

/** Undefined when there is no such file. Errors: COMMITTEE_MESSAGE, FILE. */
export function findMessage(engine: Engine, path: string): SignedMessage | undefined {
  const text = readTextFile(path);
  return text === undefined ? undefined : parseMessage(engine, path, text);
}

/**
 * Every `*.json` of a folder, in ascending sender order.
 * Errors: COMMITTEE_MESSAGE for one that cannot be decoded, COMMITTEE_MESSAGE_SET for none or for two
 * of one sender.
 */
export function readMessages(engine: Engine, folder: string): LoadedMessage[] {
  let names: string[];
  try {
    names = readdirSync(folder).filter((name) => name.endsWith('.json'));
  } catch (cause) {
    throw new CommitteeError(
      'COMMITTEE_MESSAGE_SET',
      `cannot read the messages in ${folder}: ${messageOf(cause)}. ` +
        "Put the coordinator's dkg-messages folder there, or name another with --messages-dir",
      { cause },
    );
  }
  if (names.length === 0 || names.length > MAX_MESSAGE_FILES) {
    throw new CommitteeError(
      'COMMITTEE_MESSAGE_SET',
      `${folder} holds ${names.length} message files; expected 1 to ${MAX_MESSAGE_FILES}`,
    );
  }
  const loaded = names.sort().map((file) => {
    const path = join(folder, file);
    return { file, signed: parseMessage(engine, path, readTextFile(path) ?? '') };
  });
  loaded.sort((a, b) => a.signed.message.sender - b.signed.message.sender);
  for (const [index, { file, signed }] of loaded.entries()) {
    const next = loaded[index + 1];
    if (next?.signed.message.sender !== signed.message.sender) continue;
    throw new CommitteeError(
      'COMMITTEE_MESSAGE_SET',
      `${file} and ${next.file} in ${folder} are both from party ${signed.message.sender}; ` +
        'keep the one that the coordinator shared',
    );
  }
  return loaded;
}

function parseMessage(engine: Engine, path: string, text: string): SignedMessage {
  try {
    const value: unknown = JSON.parse(text);
    const message = (value as { message?: unknown } | null)?.message;
    if (typeof message !== 'string') throw new TypeError('the field "message" is missing');
    return decodeSignedMessage(deployedSuite(engine), fromHex(message));
  } catch (cause) {
    throw new CommitteeError('COMMITTEE_MESSAGE', `${path}: ${messageOf(cause)}`, { cause });
  }
}
