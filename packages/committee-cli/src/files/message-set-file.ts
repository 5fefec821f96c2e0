/**
 * `message-set.sig`: the coordinator's signed choice of messages, beside them in their folder. It is
 * JSON, but not named so: the reference tool takes every `*.json` of that folder for a message.
 */
import { join } from 'node:path';
import { fromBase64, isFullAddress, networkByName } from '@seal-ts/protocol';
import { writePrivateFile } from '@seal-ts/wallet/files';
import type { ChosenMessage, SignedMessageSet } from '../ceremony/message-set.ts';
import { CommitteeError } from '../errors.ts';
import { readForeignFile } from './foreign-file.ts';

export const SET_FILE = 'message-set.sig';
/** Parties of the largest ceremony. */
export const MAX_SET_MESSAGES = 1000;
/** Longest file: a line of at most 128 characters for each message, and the rest. */
export const MAX_SET_BYTES = MAX_SET_MESSAGES * 128 + 2048;
/** Longest signature of a wallet's key: flag, signature and key of 33 bytes, in Base64. */
const MAX_SIGNATURE_CHARACTERS = 132;

const FORMAT = 'seal-message-set-1';
const HASH = /^0x[0-9a-f]{64}$/;
const FIELDS = ['format', 'network', 'committee', 'messages_hash', 'messages', 'signature'];

export const setPath = (folder: string): string => join(folder, SET_FILE);

export function setText(set: SignedMessageSet): string {
  const lines = set.messages.map((message) => `    ${JSON.stringify(message)}`);
  return [
    '{',
    `  "format": ${JSON.stringify(FORMAT)},`,
    `  "network": ${JSON.stringify(set.network)},`,
    `  "committee": ${JSON.stringify(set.committeeId)},`,
    `  "messages_hash": ${JSON.stringify(set.messagesHash)},`,
    '  "messages": [',
    lines.join(',\n'),
    '  ],',
    `  "signature": ${JSON.stringify(set.signature)}`,
    '}\n',
  ].join('\n');
}

export function writeSet(path: string, set: SignedMessageSet): void {
  writePrivateFile(path, setText(set));
}

/** Undefined when there is no such file. Its signature is not checked. Error: COMMITTEE_MESSAGE_SET. */
export function findSet(path: string): SignedMessageSet | undefined {
  const text = readForeignFile(path, { maxBytes: MAX_SET_BYTES, code: 'COMMITTEE_MESSAGE_SET' });
  return text === undefined ? undefined : parseSet(path, text);
}

/** Strict: there is one text for each set. Error: COMMITTEE_MESSAGE_SET. */
export function parseSet(where: string, text: string): SignedMessageSet {
  const fault = (problem: string) =>
    new CommitteeError(
      'COMMITTEE_MESSAGE_SET',
      `${where}: ${problem}; get the coordinator's ${SET_FILE} again`,
    );
  if (text.length > MAX_SET_BYTES) throw fault(`it is longer than ${MAX_SET_BYTES} bytes`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw fault('it is not JSON');
  }
  if (!isRecord(value)) throw fault('it is not a JSON object');
  const keys = Object.keys(value);
  if (keys.length !== FIELDS.length || FIELDS.some((name) => !keys.includes(name))) {
    throw fault(`it must have the fields ${FIELDS.join(', ')} and no other`);
  }
  if (value['format'] !== FORMAT) throw fault(`its format is not ${FORMAT}`);
  const { committee, messages_hash: messagesHash, signature } = value;
  if (typeof committee !== 'string' || !isFullAddress(committee)) {
    throw fault('committee is not 0x and 64 hex digits');
  }
  if (typeof messagesHash !== 'string' || !HASH.test(messagesHash)) {
    throw fault('messages_hash is not 0x and 64 hex digits');
  }
  if (!isSignature(signature)) throw fault('signature is not Base64 of a signature');
  const network = networkOf(value['network']);
  if (network === undefined) throw fault('its network is unknown');
  const messages = chosenMessages(value['messages'], fault);
  return { network, committeeId: committee, messagesHash, messages, signature };
}

function chosenMessages(value: unknown, fault: (problem: string) => Error): ChosenMessage[] {
  if (!Array.isArray(value) || value.length === 0 || value.length > MAX_SET_MESSAGES) {
    throw fault(`messages is not a list of 1 to ${MAX_SET_MESSAGES}`);
  }
  let last = -1;
  return value.map((item: unknown, index) => {
    if (!isRecord(item) || Object.keys(item).length !== 2) {
      throw fault(`messages[${index}] is not an object of party and hash`);
    }
    const { party, hash } = item;
    if (typeof party !== 'number' || !Number.isInteger(party) || party >= 65_536) {
      throw fault(`messages[${index}].party is not a party id`);
    }
    if (party <= last) throw fault('messages are not in ascending party order, each once');
    last = party;
    if (typeof hash !== 'string' || !HASH.test(hash)) {
      throw fault(`messages[${index}].hash is not 0x and 64 hex digits`);
    }
    return { party, hash };
  });
}

function networkOf(value: unknown) {
  if (typeof value !== 'string') return undefined;
  try {
    const { name } = networkByName(value);
    return name === value ? name : undefined;
  } catch {
    return undefined;
  }
}

function isSignature(value: unknown): value is string {
  if (typeof value !== 'string' || value.length > MAX_SIGNATURE_CHARACTERS) return false;
  try {
    return fromBase64(value).length > 0;
  } catch {
    return false;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
