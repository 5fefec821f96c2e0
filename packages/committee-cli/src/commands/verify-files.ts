/** Checks of `verify` on the files of a state directory: whether they fit each other and the chain. */
import { existsSync, statSync } from 'node:fs';
import { equalConstantTime } from '@seal-ts/crypto';
import { nobleEngine } from '@seal-ts/crypto/noble';
import { partyIdOf, prepare } from '../ceremony/prepare.ts';
import { checkSenders, processOne, setHash } from '../ceremony/process.ts';
import type { CommitteeView } from '../chain/reading.ts';
import type { CliDeps } from '../deps.ts';
import { CommitteeError } from '../errors.ts';
import type { CeremonyFile } from '../files/ceremony-file.ts';
import type { DkgKey } from '../files/dkg-key.ts';
import { hex } from '../files/hex.ts';
import { readMessages } from '../files/messages.ts';
import { findShare } from '../files/share-file.ts';
import { type CeremonyState, findState } from '../files/state-file.ts';
import type { Checked } from './checks.ts';
import { type Ceremony, statePath } from './common.ts';

export function stateCheck(
  { file, stateDir }: Ceremony,
  view: CommitteeView | undefined,
  key: DkgKey | undefined,
): Checked<CeremonyState | undefined> {
  const state = findState(statePath(stateDir));
  if (state === undefined) return { value: undefined, note: 'absent' };
  const { snapshot } = state;
  if (snapshot.committeeId !== file.committeeId) {
    const text = `it is of committee ${snapshot.committeeId}, not ${file.committeeId}`;
    throw new CommitteeError('COMMITTEE_STATE', text);
  }
  const open = view !== undefined && view.committee.state.kind !== 'finalized';
  if (open && key !== undefined) {
    const oldShare = snapshot.rotation?.myOldShare;
    prepare(nobleEngine, view, { address: file.myAddress, key, oldShare });
  }
  return { value: state, note: `party ${snapshot.myPartyId} of ${snapshot.encryptionKeys.length}` };
}

export async function messagesCheck(
  deps: CliDeps,
  folder: string,
  state: CeremonyState | undefined,
  key: DkgKey | undefined,
): Promise<Checked<undefined>> {
  if (!existsSync(folder)) return { value: undefined, note: 'absent' };
  const messages = readMessages(nobleEngine, folder);
  const hash = hex(setHash(nobleEngine, messages));
  if (state === undefined || key === undefined) {
    return { value: undefined, note: `${messages.length} readable, set hash ${hash}` };
  }
  const { snapshot } = state;
  checkSenders(snapshot, messages);
  for (const message of messages) {
    const { complaint } = await processOne(nobleEngine, deps.random, snapshot, key, message);
    if (complaint === undefined) continue;
    const { sender } = message.signed.message;
    throw new CommitteeError(
      'COMMITTEE_MESSAGE',
      `party ${sender} dealt this member a wrong share`,
    );
  }
  return { value: undefined, note: `${messages.length} valid, set hash ${hash}` };
}

/** Permission bits of group and others. */
const SHARED_BITS = 0o077;
/** Whoever can write a folder can replace the files in it, whatever their mode. */
const WRITABLE_BY_OTHERS = 0o002;

export function permissionsCheck(
  { file, stateDir }: Ceremony,
  keyFile: string,
  shareFile: string | undefined,
): Checked<undefined> {
  const secret = [keyFile, statePath(stateDir)];
  if (shareFile !== undefined) secret.push(shareFile);
  if (file.resultVersions.length > 0) secret.push(file.path);
  const open = secret.filter((path) => {
    return existsSync(path) && (statSync(path).mode & SHARED_BITS) !== 0;
  });
  if (process.platform === 'win32') return { value: undefined, note: 'not checked on this system' };
  if (open.length > 0) {
    const text = `others can read ${open.join(', ')}; run: chmod 600 ${open.join(' ')}`;
    throw new CommitteeError('COMMITTEE_STATE', text);
  }
  if ((statSync(stateDir).mode & WRITABLE_BY_OTHERS) !== 0) {
    const text = `others can replace the files in ${stateDir}; run: chmod 700 ${stateDir}`;
    throw new CommitteeError('COMMITTEE_STATE', text);
  }
  return { value: undefined, note: 'only their owner can read secret files' };
}

/** The newest recorded share against the newest public key that the chain has for this member. */
export function shareCheck(
  { file }: Ceremony,
  view: CommitteeView | undefined,
  shareFile: string | undefined,
): Checked<undefined> {
  const version = file.resultVersions.at(-1);
  const share = version === undefined ? undefined : newestShare(file, version, shareFile);
  if (share === undefined) return { value: undefined, note: absentShare(version) };
  const { g2 } = nobleEngine;
  const key = g2.toBytes(g2.mul(g2.generator, share));
  const name = `MASTER_SHARE_V${version}`;
  const onChain = view && publicShareOnChain(view, file.myAddress);
  if (onChain === undefined) return { value: undefined, note: `${name}: nothing on chain yet` };
  if (equalConstantTime(key, onChain)) {
    return { value: undefined, note: `${name} belongs to the partial public key on chain` };
  }
  throw new CommitteeError(
    'COMMITTEE_MISMATCH',
    `${name} has the public key ${hex(key)}, on chain it is ${hex(onChain)}`,
  );
}

/** With a file of its own for the share, that file counts. Error: COMMITTEE_STATE when it is absent. */
function newestShare(
  file: CeremonyFile,
  version: number,
  shareFile: string | undefined,
): Uint8Array | undefined {
  if (shareFile === undefined) return file.masterShare(version);
  const share = findShare(shareFile);
  if (share !== undefined) return share;
  throw new CommitteeError('COMMITTEE_STATE', `there is no file ${shareFile}`);
}

const absentShare = (version: number | undefined): string =>
  version === undefined
    ? 'absent'
    : 'not in dkg.yaml; name the file that process-all-and-propose wrote with --share-file';

function publicShareOnChain(view: CommitteeView, address: string): Uint8Array | undefined {
  const partyId = partyIdOf(view, address);
  const { state } = view.committee;
  if (state.kind === 'postDkg') return state.partialPublicKeys[partyId];
  return view.keyServer?.partials[partyId]?.partialPublicKey;
}
