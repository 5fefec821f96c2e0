/** `check-complaint`: the coordinator finds out whether a sender or its accuser is at fault. */
import { resolve } from 'node:path';
import { nobleEngine } from '@seal-ts/crypto/noble';
import { fromHex } from '@seal-ts/protocol';
import { judge, type Verdict } from '../ceremony/complaint.ts';
import { messageHash } from '../ceremony/message-set.ts';
import { nameIn, type SenderName } from '../ceremony/people.ts';
import { publicSnapshot } from '../ceremony/prepare.ts';
import { readView } from '../chain/reading.ts';
import type { CliDeps } from '../deps.ts';
import { CommitteeError } from '../errors.ts';
import { readForeignFile } from '../files/foreign-file.ts';
import { findMessage, type SignedMessage } from '../files/messages.ts';
import { openCeremony, type StateOptions } from './common.ts';

/** Longest complaint as text; one is 178 bytes. */
export const MAX_COMPLAINT_CHARACTERS = 1024;

export interface ComplaintOptions extends StateOptions {
  readonly accuser: string;
  readonly message: string;
  readonly complaint: string;
  readonly json: boolean;
}

/** Errors: COMMITTEE_COMPLAINT when the complaint proves nothing, and what `judge` throws. */
export async function checkComplaint(deps: CliDeps, options: ComplaintOptions): Promise<void> {
  const { file, session } = openCeremony(deps, options);
  const accuser = partyOption(options.accuser);
  const complaint = complaintOption(deps, options.complaint);
  const path = resolve(deps.cwd, options.message);
  const signed = readMessage(path);
  const view = await readView(session.chain, file.committeeId);
  const nameOf = nameIn(view);
  const message = { file: options.message, signed };
  const snapshot = publicSnapshot(view);
  const verdict = await judge(nobleEngine, snapshot, { accuser, message, complaint }, nameOf);
  if (options.json) deps.out(JSON.stringify(verdict));
  if (!verdict.justified) throw falseComplaint(verdict, signed, nameOf);
  if (options.json) return;
  const sender = nameOf(verdict.accused);
  deps.out(`The complaint is right: ${sender} dealt ${nameOf(accuser)} a wrong share.`);
  deps.out(
    `At fault: ${sender}. Nobody must propose with this message. In a rotation with enough other ` +
      'senders, and before anything was signed, choose others with choose-messages --from; ' +
      'otherwise start the ceremony over without this member.',
  );
}

function falseComplaint(
  { accuser, accused }: Verdict,
  signed: SignedMessage,
  nameOf: SenderName,
): CommitteeError {
  return new CommitteeError(
    'COMMITTEE_COMPLAINT',
    `the complaint is false: it does not show that ${nameOf(accused)} dealt a wrong share in the ` +
      `message ${messageHash(nobleEngine, signed)}. Do not exclude ${nameOf(accused)}. At fault is ` +
      `${nameOf(accuser)}, or whoever sent this line in its name: let it repeat ` +
      'process-all-and-propose with this very message and send the new line over the trusted channel',
  );
}

function partyOption(text: string): number {
  if (/^\d{1,5}$/.test(text)) return Number(text);
  throw new CommitteeError('COMMITTEE_BAD_OPTION', `--accuser ${text}: expected a party id`);
}

function complaintOption(deps: CliDeps, given: string): Uint8Array {
  const fault = (text: string) =>
    new CommitteeError('COMMITTEE_BAD_OPTION', `--complaint: ${text}`);
  let text: string | undefined = given;
  if (given.startsWith('@')) {
    const path = resolve(deps.cwd, given.slice(1));
    const limits = { maxBytes: MAX_COMPLAINT_CHARACTERS, code: 'COMMITTEE_BAD_OPTION' } as const;
    text = readForeignFile(path, limits);
    if (text === undefined) throw fault(`there is no file ${path}`);
  }
  const digits = text.trim();
  if (digits.length > MAX_COMPLAINT_CHARACTERS || !/^(0x)?([0-9a-fA-F]{2})+$/.test(digits)) {
    throw fault(`expected hex of at most ${MAX_COMPLAINT_CHARACTERS} characters`);
  }
  return fromHex(digits);
}

function readMessage(path: string): SignedMessage {
  const signed = findMessage(nobleEngine, path);
  if (signed !== undefined) return signed;
  throw new CommitteeError('COMMITTEE_BAD_OPTION', `--message: there is no file ${path}`);
}
