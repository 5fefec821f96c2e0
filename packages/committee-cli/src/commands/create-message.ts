/** `create-message` and `init-state`: phase B of a member (seal-protocol.md §6.3.4). */
import { join } from 'node:path';
import { nobleEngine } from '@seal-ts/crypto/noble';
import type { BoardOptions } from '../board/sync.ts';
import { checkAgreement, prepare } from '../ceremony/prepare.ts';
import { dealMessage, processOne } from '../ceremony/process.ts';
import type { CeremonySnapshot } from '../ceremony/snapshot.ts';
import type { CommitteeView } from '../chain/reading.ts';
import type { CliDeps } from '../deps.ts';
import { CommitteeError } from '../errors.ts';
import { type DkgKey, readDkgKey } from '../files/dkg-key.ts';
import { bytesFromHex, SCALAR_BYTES } from '../files/hex.ts';
import {
  findMessage,
  messageFileName,
  type SignedMessage,
  writeMessage,
} from '../files/messages.ts';
import { findState, writeState } from '../files/state-file.ts';
import { type SecretOption, secretText } from '../secret-input.ts';
import { addressOption } from '../session.ts';
import { keyPath, openCeremony, type StateOptions, statePath } from './common.ts';
import { type DemandOptions, verifiedView } from './verified-view.ts';

export interface MessageOptions extends StateOptions, DemandOptions, BoardOptions {
  readonly oldShare?: SecretOption;
  /** This is `init-state`: the member has no share, and is not asked for one. */
  readonly newMember?: boolean;
  /** The key server that the member runs, from its own configuration. */
  readonly keyServerId?: string;
  readonly keysFile?: string;
}

export async function createMessage(deps: CliDeps, options: MessageOptions): Promise<void> {
  const ceremony = openCeremony(deps, options);
  const { file, stateDir } = ceremony;
  const { committeeId, myAddress } = file;
  const path = statePath(stateDir);
  if (reportDone(deps, stateDir, committeeId)) return;
  const key = readDkgKey(nobleEngine, keyPath(deps, stateDir, options.keysFile));
  const view = await verifiedView(ceremony, options);
  checkAgreement(file, view);
  const oldShare = await oldShareOf(deps, options, view, myAddress);
  const snapshot = prepare(nobleEngine, view, { address: myAddress, key, oldShare });
  const { rotation } = snapshot;
  if (rotation !== undefined && rotation.myOldShare === undefined) {
    writeState(nobleEngine, path, snapshot, undefined);
    deps.out(`Party ID: ${snapshot.myPartyId}. State: ${path}`);
    deps.out('New members deal no message; wait for phase C.');
    return;
  }
  if (rotation !== undefined) confirmKeyServer(deps, view, options);
  const messagePath = join(stateDir, messageFileName(snapshot.myPartyId));
  const signed = await ownMessage(deps, snapshot, key, messagePath);
  writeState(nobleEngine, path, snapshot, signed.message);
  deps.out(`Party ID: ${snapshot.myPartyId}. State: ${path}`);
  deps.out(`Message: ${messagePath}`);
  if (options.board === undefined) deps.out('Send the message file to the coordinator.');
}

export function initState(deps: CliDeps, options: MessageOptions): Promise<void> {
  return createMessage(deps, { ...options, newMember: true });
}

/** The share that a continuing member deals; asked for on a terminal when no option gives it. */
async function oldShareOf(
  deps: CliDeps,
  { oldShare, newMember }: MessageOptions,
  { old }: CommitteeView,
  address: string,
): Promise<Uint8Array | undefined> {
  const continues = old?.committee.members.includes(address) === true;
  const ask = continues && newMember !== true && deps.terminal !== undefined;
  const given = oldShare ?? (ask ? true : undefined);
  if (given === undefined) return undefined;
  const option = '--old-share';
  const question = `MASTER_SHARE_V${old?.keyServer?.version ?? 0} of your key server (not shown): `;
  const text = await secretText(deps, option, given, question);
  return bytesFromHex(text, SCALAR_BYTES, option, 'COMMITTEE_BAD_OPTION');
}

/**
 * The chain cannot tell a key server from a copy made to collect its shares; only the member's own
 * configuration can. Error: COMMITTEE_MISMATCH.
 */
function confirmKeyServer(
  deps: CliDeps,
  view: CommitteeView,
  { keyServerId: own, unverified }: MessageOptions,
): void {
  const objectId = view.old?.keyServer?.objectId ?? '';
  if (own !== undefined && addressOption(own) !== objectId) {
    throw new CommitteeError(
      'COMMITTEE_MISMATCH',
      `this rotation hands over the key server ${objectId}, not ${own}. Do not go on; ask the ` +
        'coordinator over the trusted channel',
    );
  }
  if (own !== undefined || unverified !== true) return;
  deps.note(
    `This message deals your share of key server ${objectId} to the new members. That must be the ` +
      'key_server_obj_id of your own configuration; --key-server-id insists on it.',
  );
}

/** A message made once is never made differently: others may have it already. */
async function ownMessage(
  deps: CliDeps,
  snapshot: CeremonySnapshot,
  key: DkgKey,
  path: string,
): Promise<SignedMessage> {
  const known = findMessage(nobleEngine, path);
  if (known === undefined) {
    const signed = await dealMessage(nobleEngine, deps.random, snapshot, key);
    writeMessage(nobleEngine, path, signed);
    return signed;
  }
  const loaded = { file: path, signed: known };
  try {
    const { complaint } = await processOne(nobleEngine, deps.random, snapshot, key, loaded);
    if (complaint === undefined && known.message.sender === snapshot.myPartyId) {
      deps.note(`keeping the message of an earlier attempt: ${path}`);
      return known;
    }
  } catch (cause) {
    throw foreignMessage(path, cause);
  }
  throw foreignMessage(path);
}

function foreignMessage(path: string, cause?: unknown): CommitteeError {
  return new CommitteeError(
    'COMMITTEE_STATE',
    `${path} is not this member's message of this ceremony; move it away and repeat`,
    { cause },
  );
}

/** Whether an earlier run made everything. Error: COMMITTEE_STATE when a part of it is gone. */
function reportDone(deps: CliDeps, stateDir: string, committeeId: string): boolean {
  const path = statePath(stateDir);
  const state = findState(path);
  if (state === undefined) return false;
  if (state.snapshot.committeeId !== committeeId) {
    throw new CommitteeError(
      'COMMITTEE_STATE',
      `${path} is of committee ${state.snapshot.committeeId}, and dkg.yaml of ${committeeId}; use a ` +
        'fresh state directory for each ceremony',
    );
  }
  const messagePath = join(stateDir, messageFileName(state.snapshot.myPartyId));
  if (state.deals && findMessage(nobleEngine, messagePath) === undefined) {
    throw new CommitteeError(
      'COMMITTEE_STATE',
      `${path} says that a message was made, but ${messagePath} is gone. Get it back from the ` +
        `coordinator; if nobody ever received it, remove ${path} and repeat`,
    );
  }
  deps.out(`Done already. Party ID: ${state.snapshot.myPartyId}. State: ${path}`);
  if (state.deals) deps.out(`Message: ${messagePath}`);
  return true;
}
