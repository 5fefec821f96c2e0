/**
 * Whether the messages at hand are the ones that the ceremony goes on with: what the coordinator signed,
 * what was announced, and what this member has used before.
 */
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
import { findSet, setPath } from '../files/message-set-file.ts';
import type { LoadedMessage } from '../files/messages.ts';
import { checkUsedSet } from '../files/set-record.ts';
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
  { file, stateDir }: Ceremony,
  { folder, messages, announced }: SetAtHand,
): Promise<MessageSet> {
  const { network, committeeId } = file;
  const set = messageSetOf(nobleEngine, { network, committeeId }, messages);
  deps.out(
    `Messages: ${messages.length}, from parties ${set.messages.map((m) => m.party).join(', ')}`,
  );
  deps.out(`Message set hash: ${set.messagesHash}`);
  checkAnnounced(set, announced);
  const signed = findSet(setPath(folder));
  if (signed !== undefined) {
    checkSetCeremony(signed, set);
    const coordinator = coordinatorOf(deps, stateDir, file);
    await checkSetSignature(signed, coordinator);
    checkUsedSet(stateDir, signed, true);
    checkSetContent(signed, set);
    deps.out(`The coordinator ${coordinator} signed this set.`);
    return set;
  }
  checkUsedSet(stateDir, set, false);
  deps.out('All members must see the same hash. Pass --set-hash to insist on the announced one.');
  if (announced === undefined) {
    deps.note(
      `warning: nothing shows that these are the messages the coordinator chose: ${folder} has no ` +
        'message-set.sig, and --set-hash was not given. Members who use different messages block ' +
        'the ceremony for good; compare the hash with the others first',
    );
  }
  return set;
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
