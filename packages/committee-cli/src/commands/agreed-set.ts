/**
 * Whether the messages at hand are the ones that the ceremony goes on with: what the coordinator signed,
 * what was announced, and what this member has used before.
 */
import { existsSync } from 'node:fs';
import { nobleEngine } from '@seal-ts/crypto/noble';
import { coordinatorOf } from '../ceremony/coordinator.ts';
import {
  checkSetCeremony,
  checkSetContent,
  checkSetSignature,
  type MessageSet,
  messageSetOf,
} from '../ceremony/message-set.ts';
import type { CliDeps } from '../deps.ts';
import { CommitteeError } from '../errors.ts';
import { bytesFromHex, hex } from '../files/hex.ts';
import { findSet, SET_FILE, setPath } from '../files/message-set-file.ts';
import { type LoadedMessage, readMessages } from '../files/messages.ts';
import { checkUsedSet } from '../files/set-record.ts';
import type { Checked } from './checks.ts';
import type { Ceremony } from './common.ts';

const HASH_BYTES = 32;

export interface SetAtHand {
  readonly folder: string;
  /** In sender order. */
  readonly messages: readonly LoadedMessage[];
  /** `--set-hash`. */
  readonly announced: string | undefined;
}

/** Shows the set and refuses another one than agreed. Error: COMMITTEE_MESSAGE_SET. */
export async function agreedSet(
  deps: CliDeps,
  ceremony: Ceremony,
  { folder, messages, announced }: SetAtHand,
): Promise<MessageSet> {
  const set = messageSetOf(nobleEngine, ceremony.file, messages);
  const parties = set.messages.map(({ party }) => party).join(', ');
  deps.out(`Messages: ${messages.length}, from parties ${parties}`);
  deps.out(`Message set hash: ${set.messagesHash}`);
  checkAnnounced(set, announced);
  const signer = await signerOf(deps, ceremony, folder, set);
  if (signer !== undefined) {
    deps.out(`The coordinator ${signer} signed this set.`);
    return set;
  }
  deps.out('All members must see the same hash. Pass --set-hash to insist on the announced one.');
  if (announced === undefined) {
    deps.note(
      `warning: nothing shows that these are the messages the coordinator chose: ${folder} has no ` +
        `${SET_FILE}, and --set-hash was not given. Members who use different messages block the ` +
        'ceremony for good; compare the hash with the others first',
    );
  }
  return set;
}

/** For `verify`: whether the coordinator's signed set, if it is there, is of these messages. */
export async function setCheck(
  deps: CliDeps,
  ceremony: Ceremony,
  folder: string,
): Promise<Checked<undefined>> {
  if (!existsSync(folder)) return { value: undefined, note: 'absent' };
  const set = messageSetOf(nobleEngine, ceremony.file, readMessages(nobleEngine, folder));
  const signer = await signerOf(deps, ceremony, folder, set);
  const note = signer === undefined ? `no ${SET_FILE}` : `signed by the coordinator ${signer}`;
  return { value: undefined, note };
}

/** Who signed the set, undefined when nobody did. Error: COMMITTEE_MESSAGE_SET. */
async function signerOf(
  deps: CliDeps,
  { file, stateDir }: Ceremony,
  folder: string,
  set: MessageSet,
): Promise<string | undefined> {
  const signed = findSet(setPath(folder));
  if (signed === undefined) {
    checkUsedSet(stateDir, set, false);
    return undefined;
  }
  checkSetCeremony(signed, set);
  const coordinator = coordinatorOf(deps, stateDir, file);
  await checkSetSignature(signed, coordinator);
  checkUsedSet(stateDir, signed, true);
  checkSetContent(signed, set);
  return coordinator;
}

function checkAnnounced({ messagesHash }: MessageSet, announced: string | undefined): void {
  if (announced === undefined) return;
  const wanted = hex(bytesFromHex(announced, HASH_BYTES, '--set-hash', 'COMMITTEE_BAD_OPTION'));
  if (wanted === messagesHash) return;
  throw new CommitteeError(
    'COMMITTEE_MESSAGE_SET',
    `the messages have the hash ${messagesHash}, not ${wanted}: this is not the set that the ` +
      'coordinator announced. Nothing was proposed',
  );
}
