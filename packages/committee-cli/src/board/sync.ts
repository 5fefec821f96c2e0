/**
 * What commands do with `--board URL`: get dkg.yaml, post the own message, and get what others posted.
 * Nothing comes to disk unchecked, and nothing on disk is replaced.
 */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { nobleEngine } from '@seal-ts/crypto/noble';
import { createPrivateFile, makePrivateFolder } from '@seal-ts/wallet/files';
import { coordinatorOf } from '../ceremony/coordinator.ts';
import {
  checkSetCeremony,
  checkSetSignature,
  messageHash,
  type SignedMessageSet,
} from '../ceremony/message-set.ts';
import {
  type Ceremony,
  ceremonyFilePath,
  type StateOptions,
  statePath,
} from '../commands/common.ts';
import type { CliDeps } from '../deps.ts';
import { CommitteeError, messageOf } from '../errors.ts';
import { CeremonyFile } from '../files/ceremony-file.ts';
import { findSet, parseSet, SET_FILE, setPath, setText } from '../files/message-set-file.ts';
import {
  findMessage,
  hasMessages,
  messageFileName,
  messageText,
  parseMessage,
  type SignedMessage,
  scanMessages,
} from '../files/messages.ts';
import { checkUsedSet } from '../files/set-record.ts';
import { findState } from '../files/state-file.ts';
import { BoardClient } from './client.ts';
import { BOARD_LIMITS, MAX_ANY_MESSAGE_BYTES } from './limits.ts';
import { type Posted, parseList } from './list.ts';
import { secretIn } from './secrets.ts';

export interface BoardOptions {
  /** `--board`. */
  readonly board?: string;
}

/** Gets dkg.yaml when the state directory has none. Errors: COMMITTEE_BOARD, COMMITTEE_CONFIG, FILE. */
export async function fetchCeremonyFile(
  deps: CliDeps,
  options: StateOptions & BoardOptions,
): Promise<void> {
  if (options.board === undefined) return;
  const path = ceremonyFilePath(deps, options);
  if (existsSync(path)) return;
  const client = new BoardClient(options.board, deps);
  const maxBytes = BOARD_LIMITS.maxCeremonyBytes;
  const text = await client.get({ path: '/v1/ceremony', maxBytes, type: 'text/plain' });
  if (text === undefined) throw fault(client, 'has no dkg.yaml');
  const secret = secretIn(text);
  if (secret !== undefined) throw fault(client, `gives a dkg.yaml with ${secret} in it`);
  const parsed = usableCeremony(client, path, text);
  makePrivateFolder(dirname(path));
  createPrivateFile(path, parsed.publicText());
  deps.note(
    `got ${path} from the board, which anybody may run: compare it with what was agreed (verify)`,
  );
  const { nodeUrl } = parsed;
  if (nodeUrl !== undefined) deps.note(`warning: it names a node to use, ${nodeUrl}`);
}

/** A file that is kept is never replaced, so one that no command can use must not be kept. */
function usableCeremony(client: BoardClient, path: string, text: string): CeremonyFile {
  try {
    const parsed = CeremonyFile.parse(path, text);
    // Each of them throws when it is missing or wrong.
    void [parsed.network, parsed.threshold, parsed.members, parsed.committeeId];
    return parsed;
  } catch (cause) {
    throw fault(client, `gives a dkg.yaml that cannot be used (${messageOf(cause)})`, cause);
  }
}

/** Posts the message of create-message; a repetition is no fault. Error: COMMITTEE_BOARD. */
export async function postOwnMessage(
  deps: CliDeps,
  options: StateOptions & BoardOptions,
): Promise<void> {
  if (options.board === undefined) return;
  const stateDir = dirname(ceremonyFilePath(deps, options));
  const state = findState(statePath(stateDir));
  if (state === undefined || !state.deals) return;
  const party = state.snapshot.myPartyId;
  const signed = findMessage(nobleEngine, join(stateDir, messageFileName(party)));
  if (signed === undefined) return;
  const client = new BoardClient(options.board, deps);
  const isNew = await client.put(`/v1/messages/${party}`, messageText(nobleEngine, signed));
  deps.out(isNew ? `Posted to ${client.url}` : `The board has this message already: ${client.url}`);
}

/** Posts the coordinator's choice, with the messages in it. Error: COMMITTEE_BOARD. */
export async function postSet(
  deps: CliDeps,
  board: string,
  set: SignedMessageSet,
  messages: readonly SignedMessage[],
): Promise<void> {
  const client = new BoardClient(board, deps);
  for (const signed of messages) {
    const path = `/v1/messages/${signed.message.sender}`;
    await client.put(path, messageText(nobleEngine, signed));
  }
  await client.put('/v1/set', setText(set));
  deps.out(`The board has the signed set: ${client.url}`);
}

/** What the board says it has; it may lie. Error: COMMITTEE_BOARD. */
export async function postedMessages(
  deps: Pick<CliDeps, 'fetch' | 'sleep'>,
  board: string,
): Promise<Posted[]> {
  return list(new BoardClient(board, deps));
}

/** Whether the board says that it has a signed set; it may lie. Error: COMMITTEE_BOARD. */
export async function boardHasSet(
  deps: Pick<CliDeps, 'fetch' | 'sleep'>,
  board: string,
): Promise<boolean> {
  const maxBytes = BOARD_LIMITS.maxSetBytes;
  const asked = { path: '/v1/set', maxBytes, type: 'application/json' } as const;
  return (await new BoardClient(board, deps).get(asked)) !== undefined;
}

/**
 * For a coordinator: every message of the board (or of `parties`) that the folder lacks.
 * Errors: COMMITTEE_BOARD, COMMITTEE_MESSAGE_SET when board and folder differ, FILE.
 */
export async function fetchMessages(
  deps: CliDeps,
  board: string,
  folder: string,
  parties: ReadonlySet<number> | undefined,
): Promise<void> {
  const client = new BoardClient(board, deps);
  const posted = (await list(client)).filter(({ party }) => parties?.has(party) ?? true);
  await complete(client, folder, posted);
}

/**
 * For a member: the signed set, and the messages in it that the folder lacks. A set that the folder has
 * is the one that counts. Errors: COMMITTEE_BOARD, COMMITTEE_MESSAGE_SET, FILE.
 */
export async function fetchSet(
  deps: CliDeps,
  board: string,
  { file, stateDir }: Ceremony,
  folder: string,
): Promise<void> {
  const client = new BoardClient(board, deps);
  const known = findSet(setPath(folder));
  const set = known ?? (await setOf(client));
  checkSetCeremony(set, file);
  const quiet = { ...deps, note: () => undefined };
  await checkSetSignature(set, coordinatorOf(quiet, stateDir, file));
  checkUsedSet(stateDir, set, true);
  await complete(client, folder, set.messages);
  if (known === undefined) createPrivateFile(setPath(folder), setText(set));
}

async function setOf(client: BoardClient): Promise<SignedMessageSet> {
  const maxBytes = BOARD_LIMITS.maxSetBytes;
  const text = await client.get({ path: '/v1/set', maxBytes, type: 'application/json' });
  if (text === undefined) {
    throw fault(
      client,
      'has no signed set yet; wait until the coordinator has run choose-messages --board, or put ' +
        `its ${SET_FILE} into the folder of messages`,
    );
  }
  return parseSet(`${client.url}/v1/set`, text);
}

async function list(client: BoardClient): Promise<Posted[]> {
  const maxBytes = BOARD_LIMITS.maxListBytes;
  const text = await client.get({ path: '/v1/messages', maxBytes, type: 'application/json' });
  const found = text === undefined ? undefined : parseList(text);
  if (found === undefined) throw fault(client, 'gives no list of messages');
  return found;
}

/** Adds what is wanted and not there. */
async function complete(
  client: BoardClient,
  folder: string,
  wanted: readonly Posted[],
): Promise<void> {
  const here = existsSync(folder) ? messagesIn(folder) : new Map<number, string>();
  makePrivateFolder(folder);
  for (const { party, hash } of wanted) {
    const known = here.get(party);
    if (known === hash) continue;
    if (known !== undefined) {
      throw new CommitteeError(
        'COMMITTEE_MESSAGE_SET',
        `${folder} has the message ${known} of party ${party}, and ${hash} is wanted. The file was ` +
          'left as it is; ask that member and the coordinator which one is right, and move the ' +
          'wrong one away',
      );
    }
    const signed = await fetchedMessage(client, party, hash);
    createPrivateFile(join(folder, messageFileName(party)), messageText(nobleEngine, signed));
  }
}

/** Hashes by sender. Files that are no messages are for the command to tell. */
function messagesIn(folder: string): Map<number, string> {
  const found = hasMessages(folder) ? scanMessages(nobleEngine, folder) : [];
  return new Map(
    found.flatMap((one) =>
      'fault' in one ? [] : [[one.signed.message.sender, messageHash(nobleEngine, one.signed)]],
    ),
  );
}

async function fetchedMessage(
  client: BoardClient,
  party: number,
  hash: string,
): Promise<SignedMessage> {
  const path = `/v1/messages/${party}`;
  const limits = { maxBytes: MAX_ANY_MESSAGE_BYTES, type: 'application/json' } as const;
  const text = await client.get({ path, ...limits });
  if (text === undefined) throw fault(client, `does not give the message of party ${party}`);
  let signed: SignedMessage;
  try {
    signed = parseMessage(nobleEngine, path, text);
  } catch {
    throw fault(client, `gives something that is no message for party ${party}`);
  }
  const { sender } = signed.message;
  if (sender !== party) {
    throw fault(client, `gives a message of party ${sender} for party ${party}`);
  }
  const found = messageHash(nobleEngine, signed);
  if (found === hash) return signed;
  throw fault(client, `gives the message ${found} of party ${party}; ${hash} is the right one`);
}

function fault(client: BoardClient, problem: string, cause?: unknown): CommitteeError {
  return new CommitteeError(
    'COMMITTEE_BOARD',
    `board ${client.url} ${problem}. No file of yours was replaced; repeat the command later, or pass ` +
      'the files by hand and leave out --board',
    { cause },
  );
}
