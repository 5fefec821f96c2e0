/**
 * `choose-messages`: the coordinator checks what members sent, decides which messages the ceremony goes on
 * with, and signs that choice. Once signed, it is the only one for this committee.
 */
import { join, resolve } from 'node:path';
import { nobleEngine } from '@seal-ts/crypto/noble';
import { createPrivateFile, makePrivateFolder } from '@seal-ts/wallet/files';
import { type BoardOptions, fetchMessages, postSet } from '../board/sync.ts';
import {
  checkSetSignature,
  type MessageSet,
  messageSetOf,
  setDifferences,
  signMessageSet,
} from '../ceremony/message-set.ts';
import { nameIn, plain, type SenderName } from '../ceremony/people.ts';
import { publicSnapshot } from '../ceremony/prepare.ts';
import { checkSenders, MessageCheck } from '../ceremony/process.ts';
import { type CommitteeView, readView } from '../chain/reading.ts';
import type { CliDeps } from '../deps.ts';
import { CommitteeError } from '../errors.ts';
import type { CeremonyFile } from '../files/ceremony-file.ts';
import { foreignNames } from '../files/foreign-file.ts';
import { hex } from '../files/hex.ts';
import { findSet, SET_FILE, setPath, writeSet } from '../files/message-set-file.ts';
import {
  findMessage,
  inSenderOrder,
  type LoadedMessage,
  messageFileName,
  messageText,
  type ScannedMessage,
  scanMessages,
} from '../files/messages.ts';
import { findSignedSet, recordSignedSet, signedSetPath } from '../files/set-record.ts';
import type { Session } from '../session.ts';
import { messagesFolder, openCeremony, type StateOptions } from './common.ts';

export interface ChooseOptions extends StateOptions, BoardOptions {
  readonly messagesDir?: string;
  /** Party ids, separated by commas. */
  readonly from?: string;
  readonly output?: string;
}

export async function chooseMessages(deps: CliDeps, options: ChooseOptions): Promise<void> {
  const { file, session, stateDir } = openCeremony(deps, options);
  checkCoordinator(session, file);
  const view = await readView(session.chain, file.committeeId);
  const snapshot = publicSnapshot(view);
  const nameOf = nameIn(view);
  const folder = messagesFolder(deps, stateDir, options.messagesDir);
  const output = options.output === undefined ? folder : resolve(deps.cwd, options.output);
  const wanted = options.from === undefined ? undefined : partyList(options.from);
  if (options.board !== undefined) await fetchMessages(deps, options.board, folder, wanted);
  const found = scanMessages(nobleEngine, folder);
  const copied = output !== folder;
  const messages = pick(deps, found, { folder, wanted, copied, nameOf });
  checkSenders(snapshot, messages);
  const check = new MessageCheck(nobleEngine, snapshot, nameOf);
  for (const message of messages) check.verify(message);
  const set = messageSetOf(nobleEngine, ceremonyOf(file), messages);
  checkProposed(view, set);

  const signed = await signOnce(session, stateDir, set);
  if (copied) copyTo(output, messages);
  publish(output, signed);
  if (options.board !== undefined) {
    const sent = messages.map((message) => message.signed);
    await postSet(deps, options.board, signed, sent);
  }
  for (const { file: name, signed: message } of messages) {
    deps.out(`${nameOf(message.message.sender)}: ${name}`);
  }
  if (options.board === undefined) warnOfNames(deps, output);
  deps.out(`Message set hash: ${set.messagesHash}`);
  deps.out(`Signed by ${session.address}: ${setPath(output)}`);
  if (copied) deps.out(`As a member, go on with: process-all-and-propose -m ${options.output}`);
  deps.out(
    options.board === undefined
      ? `Share the whole folder ${output}, and announce phase C with the hash.`
      : 'Announce phase C with the hash; members get the messages from the board.',
  );
}

const JSON_NAME = /\.json$/i;

/** The reference tool reads every file that ends in `.json`, hidden ones too, and no `.JSON`. */
function warnOfNames(deps: CliDeps, folder: string): void {
  const odd = foreignNames(folder, 'COMMITTEE_MESSAGE_SET', '').filter(
    (name) => JSON_NAME.test(name) && (name.startsWith('.') || !name.endsWith('.json')),
  );
  if (odd.length === 0) return;
  deps.note(
    `warning: remove hidden files from ${folder}, and let messages end in .json, before you share it: ` +
      `members with other software would stumble over ${odd.map((name) => plain(name)).join(', ')}`,
  );
}

const ceremonyOf = ({ network, committeeId }: CeremonyFile) => ({ network, committeeId });

function checkCoordinator(session: Session, { coordinator, path }: CeremonyFile): void {
  if (coordinator === session.address) return;
  throw new CommitteeError(
    'COMMITTEE_BAD_OPTION',
    coordinator === undefined
      ? `${path} has no COORDINATOR_ADDRESS: only who started the ceremony can choose its messages`
      : `the coordinator of this ceremony is ${coordinator}, and you act as ${session.address}; ` +
          'members refuse a choice that is not the coordinator’s. Use --active-address',
  );
}

/** What goes into the set, in sender order. Errors: COMMITTEE_MESSAGE_SET, COMMITTEE_BAD_OPTION. */
function pick(
  deps: CliDeps,
  found: readonly ScannedMessage[],
  of: {
    readonly folder: string;
    readonly wanted: ReadonlySet<number> | undefined;
    /** Members get another folder than this one. */
    readonly copied: boolean;
    readonly nameOf: SenderName;
  },
): LoadedMessage[] {
  const { folder, wanted, copied, nameOf } = of;
  const readable = found.flatMap((one) => ('fault' in one ? [] : [one]));
  const faults = found.flatMap((one) => ('fault' in one ? [one.fault] : []));
  for (const { file, signed } of readable) {
    const { sender } = signed.message;
    const named = /^message_(\d{1,5})\.json$/.exec(file)?.[1];
    if (named === undefined || Number(named) === sender) continue;
    deps.note(`${file} is from ${nameOf(sender)}, whatever its name says.`);
  }
  const chosen = readable.filter(({ signed }) => wanted?.has(signed.message.sender) ?? true);
  const missing = [...(wanted ?? [])].filter(
    (party) => !chosen.some(({ signed }) => signed.message.sender === party),
  );
  if (missing.length > 0) {
    const text = `${folder} holds no message of ${missing.map(nameOf).join(', ')}`;
    throw new CommitteeError('COMMITTEE_MESSAGE_SET', text);
  }
  // Members take every *.json of the folder that they get.
  if (!copied && faults[0] !== undefined) throw faults[0];
  if (!copied && chosen.length < readable.length) {
    throw new CommitteeError(
      'COMMITTEE_MESSAGE_SET',
      `${folder} also holds messages that --from leaves out, and members would use them; name a new ` +
        'folder for the chosen ones with --output',
    );
  }
  for (const fault of faults) deps.note(`left out: ${fault.message}`);
  return inSenderOrder(chosen, folder);
}

function partyList(text: string): Set<number> {
  const parts = text.split(',').map((part) => part.trim());
  const bad = parts.find((part) => !/^\d{1,5}$/.test(part));
  if (bad === undefined && new Set(parts.map(Number)).size === parts.length) {
    return new Set(parts.map(Number));
  }
  throw new CommitteeError(
    'COMMITTEE_BAD_OPTION',
    `--from ${text}: expected party ids, each once, separated by commas, such as 0,2`,
  );
}

/** Once somebody has proposed, the set is decided. Error: COMMITTEE_MISMATCH. */
function checkProposed({ committee }: CommitteeView, set: MessageSet): void {
  const { state } = committee;
  if (state.kind !== 'postDkg') return;
  const proposed = hex(state.messagesHash);
  if (proposed === set.messagesHash) return;
  throw new CommitteeError(
    'COMMITTEE_MISMATCH',
    `members have proposed on chain for the message set ${proposed}; these messages have ` +
      `${set.messagesHash}. Nothing was signed; go on with that set, or start the ceremony over`,
  );
}

/** Signs, or takes the signature of an earlier run. Error: COMMITTEE_MESSAGE_SET for another set. */
async function signOnce(session: Session, stateDir: string, set: MessageSet) {
  const known = findSignedSet(stateDir);
  if (known === undefined) {
    const signed = await signMessageSet(set, session.wallet.key(session.address));
    recordSignedSet(stateDir, signed);
    return signed;
  }
  const differences = setDifferences(known, set);
  const same = known.messagesHash === set.messagesHash && known.committeeId === set.committeeId;
  if (same && differences.length === 0) {
    await checkSetSignature(known, session.address);
    return known;
  }
  throw new CommitteeError(
    'COMMITTEE_MESSAGE_SET',
    `you signed the message set ${known.messagesHash} of committee ${known.committeeId} already ` +
      `(${signedSetPath(stateDir)}), and this is another one: ${differences.join('; ')}. A second ` +
      'signature would let members propose different results, which blocks the committee for good. ' +
      'Put the same messages back, or start the ceremony over in a fresh state directory',
  );
}

/** Nothing but the chosen messages may be in the folder that members get. */
function copyTo(output: string, messages: readonly LoadedMessage[]): void {
  makePrivateFolder(output);
  const names = messages.map(({ signed }) => messageFileName(signed.message.sender));
  const advice = 'Name a new folder with --output';
  const foreign = foreignNames(output, 'COMMITTEE_MESSAGE_SET', advice).find(
    (name) => JSON_NAME.test(name) && !names.includes(name),
  );
  if (foreign !== undefined) {
    throw new CommitteeError(
      'COMMITTEE_MESSAGE_SET',
      `${output} holds ${foreign}, which was not chosen, and members would use it. ${advice}`,
    );
  }
  for (const { signed } of messages) {
    const path = join(output, messageFileName(signed.message.sender));
    const text = messageText(nobleEngine, signed);
    const known = findMessage(nobleEngine, path);
    if (known === undefined) createPrivateFile(path, text);
    else if (messageText(nobleEngine, known) !== text) {
      throw new CommitteeError(
        'COMMITTEE_MESSAGE_SET',
        `${path} holds another message than the chosen one; it was left as it is. ${advice}`,
      );
    }
  }
}

function publish(folder: string, signed: Awaited<ReturnType<typeof signMessageSet>>): void {
  const path = setPath(folder);
  const known = findSet(path);
  if (known !== undefined && known.messagesHash !== signed.messagesHash) {
    throw new CommitteeError(
      'COMMITTEE_MESSAGE_SET',
      `${path} is of another set, ${known.messagesHash}, signed elsewhere or for another committee; ` +
        `move that ${SET_FILE} away`,
    );
  }
  writeSet(path, signed);
}
