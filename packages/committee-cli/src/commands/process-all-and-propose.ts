/** `process-all-and-propose`: phase C of a member (seal-protocol.md §6.3.5). */
import { nobleEngine } from '@seal-ts/crypto/noble';
import { type BoardOptions, fetchSet } from '../board/sync.ts';
import { nameIn } from '../ceremony/people.ts';
import { prepare } from '../ceremony/prepare.ts';
import { type Outcome, processMessages, setHash } from '../ceremony/process.ts';
import type { CeremonySnapshot } from '../ceremony/snapshot.ts';
import { type Proposal, proposeCall } from '../chain/calls.ts';
import { type CommitteeView, readView } from '../chain/reading.ts';
import type { CliDeps } from '../deps.ts';
import { CommitteeError } from '../errors.ts';
import { type CeremonyFile, type CeremonyResult, shareName } from '../files/ceremony-file.ts';
import { type DkgKey, readDkgKey } from '../files/dkg-key.ts';
import { hex } from '../files/hex.ts';
import { readMessages } from '../files/messages.ts';
import { recordUsedSet } from '../files/set-record.ts';
import { checkShareTarget, recordShare } from '../files/share-file.ts';
import { type CeremonyState, findState } from '../files/state-file.ts';
import { agreedSet } from './agreed-set.ts';
import {
  keyPath,
  messagesFolder,
  openCeremony,
  type StateOptions,
  shareFilePath,
  statePath,
} from './common.ts';
import { checkStillVerified } from './verified-view.ts';

export interface ProcessOptions extends StateOptions, BoardOptions {
  readonly messagesDir?: string;
  readonly setHash?: string;
  readonly keysFile?: string;
  /** New file for the master share, instead of dkg.yaml. */
  readonly shareFile?: string;
  readonly unsigned: boolean;
}

export async function processAllAndPropose(deps: CliDeps, options: ProcessOptions): Promise<void> {
  const ceremony = openCeremony(deps, options);
  const { file, session, stateDir } = ceremony;
  const { unsigned } = options;
  const { snapshot } = readState(stateDir, file.committeeId);
  checkSender(session.sender(unsigned), file.myAddress);
  const key = readDkgKey(nobleEngine, keyPath(deps, stateDir, options.keysFile));
  const folder = messagesFolder(deps, stateDir, options.messagesDir);
  const shareFile = shareFilePath(deps, options);
  if (shareFile !== undefined) checkShareTarget(shareFile, folder);
  if (options.board !== undefined) await fetchSet(deps, options.board, ceremony, folder);
  const messages = readMessages(nobleEngine, folder);
  const announced = options.setHash;
  const set = await agreedSet(deps, ceremony, { folder, messages, announced });
  const view = await readView(session.chain, file.committeeId);
  checkStillVerified(ceremony, view);
  const version = nextVersion(view);
  checkOldKey(file, view);
  checkSnapshot(view, snapshot, key, file.myAddress);

  const nameOf = nameIn(view);
  const outcome = await processMessages(nobleEngine, deps.random, snapshot, key, messages, nameOf);
  checkNewKey(view, outcome);
  const proposal: Proposal = { ...outcome, messagesHash: setHash(nobleEngine, messages) };
  const standing = compareWithChain(view, proposal, file.myAddress);
  recordUsedSet(stateDir, set);
  record(deps, file, { version, ...outcome }, shareFile);
  if (standing === 'done') {
    deps.out(`${file.myAddress} has proposed this already; nothing is left to do.`);
    return;
  }
  if (standing === 'last') deps.note(lastProposal(view, version));
  const { packageId, committee, old } = view;
  const target = { packageId, committeeId: committee.id };
  const transaction = proposeCall(target, proposal, old?.committee.id);
  const purpose = 'proposing the committee';
  await session.submit(transaction, { purpose, unsigned });
}

/** The share comes to disk before anything public: a proposal without its share would be worse. */
function record(
  deps: CliDeps,
  file: CeremonyFile,
  result: CeremonyResult,
  shareFile: string | undefined,
): void {
  const { version, publicKey, masterShare } = result;
  const name = shareName(version);
  file.checkResult(result);
  if (shareFile !== undefined) recordShare(shareFile, masterShare, deps.note);
  file.recordResult(result, shareFile !== undefined);
  deps.out(`KEY_SERVER_PK: ${hex(publicKey)}`);
  if (shareFile === undefined) {
    deps.out(`${name} and PARTIAL_PKS_V${version} are in ${file.path}`);
  } else {
    deps.out(`PARTIAL_PKS_V${version} is in ${file.path}`);
    deps.out(`The key server reads its share with ${name}=@${shareFile}`);
    if (file.masterShare(version) !== undefined) {
      deps.note(`${file.path} holds ${name} too, from a run without --share-file`);
    }
  }
  deps.out('Back up the master share now, and share it with nobody.');
}

/** Version of the key that this committee makes. */
function nextVersion({ keyServer, old }: CommitteeView): number {
  if (keyServer !== undefined) return keyServer.version;
  return old?.keyServer === undefined ? 0 : old.keyServer.version + 1;
}

function readState(stateDir: string, committeeId: string): CeremonyState {
  const path = statePath(stateDir);
  const state = findState(path);
  if (state === undefined) {
    const text = `${path} does not exist; run create-message or init-state first`;
    throw new CommitteeError('COMMITTEE_STATE', text);
  }
  if (state.snapshot.committeeId === committeeId) return state;
  throw new CommitteeError(
    'COMMITTEE_STATE',
    `${path} is of committee ${state.snapshot.committeeId}, and COMMITTEE_ID in dkg.yaml is ` +
      `${committeeId}; use a fresh state directory for each ceremony`,
  );
}

function checkSender(sender: string, mine: string): void {
  if (sender === mine) return;
  throw new CommitteeError(
    'COMMITTEE_BAD_OPTION',
    `the sender is ${sender}, but MY_ADDRESS in dkg.yaml is ${mine}; use --active-address ${mine}`,
  );
}

/** A rotation keeps the key: what the file says of it must be what the chain says. */
function checkOldKey(file: CeremonyFile, { old }: CommitteeView): void {
  const recorded = file.keyServerPublicKey;
  const onChain = old?.keyServer?.publicKey;
  if (recorded === undefined || onChain === undefined || hex(recorded) === hex(onChain)) return;
  throw new CommitteeError(
    'COMMITTEE_MISMATCH',
    `process-all-and-propose.KEY_SERVER_PK mismatch: dkg.yaml has ${hex(recorded)}; a rotation ` +
      `requires the old onchain KEY_SERVER_PK ${hex(onChain)}`,
  );
}

/** The snapshot on disk must be what the chain still says. */
function checkSnapshot(
  view: CommitteeView,
  snapshot: CeremonySnapshot,
  key: DkgKey,
  address: string,
): void {
  if (view.committee.state.kind === 'finalized') return;
  const oldShare = snapshot.rotation?.myOldShare;
  const fresh = prepare(nobleEngine, view, { address, key, oldShare });
  if (describe(fresh) === describe(snapshot)) return;
  throw new CommitteeError(
    'COMMITTEE_STATE',
    'state.json differs from what the chain says about the committee; restore it, or make it anew ' +
      'with init-state or create-message after moving it away',
  );
}

/** The public content, as text that can be compared. */
function describe(snapshot: CeremonySnapshot): string {
  const { rotation } = snapshot;
  const pairs = (map: ReadonlyMap<number, unknown>) => [...map].sort(([a], [b]) => a - b);
  return JSON.stringify([
    snapshot.committeeId,
    snapshot.threshold,
    snapshot.myPartyId,
    snapshot.encryptionKeys.map(hex),
    snapshot.signingKeys.map(hex),
    rotation?.oldThreshold,
    rotation && pairs(rotation.newToOld),
    rotation && pairs(rotation.oldPartialKeys).map(([id, bytes]) => [id, hex(bytes as Uint8Array)]),
  ]);
}

function checkNewKey({ old, keyServer }: CommitteeView, { publicKey }: Outcome): void {
  const expected = (old?.keyServer ?? keyServer)?.publicKey;
  if (expected === undefined || hex(expected) === hex(publicKey)) return;
  throw new CommitteeError(
    'COMMITTEE_MISMATCH',
    `the messages give the key ${hex(publicKey)}, but the key server has ${hex(expected)}; do not ` +
      'propose, and tell the coordinator',
  );
}

type Standing = 'open' | 'last' | 'done';

/** Against what others have proposed. Error: COMMITTEE_MISMATCH. */
function compareWithChain(view: CommitteeView, proposal: Proposal, me: string): Standing {
  const { committee, keyServer } = view;
  const { state } = committee;
  const text = (keys: readonly Uint8Array[]) => keys.map(hex).join();
  const mine = text(proposal.partialPublicKeys);
  if (state.kind === 'finalized') {
    const onChain = text(keyServer?.partials.map((partial) => partial.partialPublicKey) ?? []);
    if (onChain === mine) return 'done';
    throw differs('the finalized committee has other partial public keys', view);
  }
  if (state.kind === 'init') return 'open';
  if (hex(state.messagesHash) !== hex(proposal.messagesHash)) {
    const theirs = hex(state.messagesHash);
    throw differs(`others proposed for the message set ${theirs}, this is another set`, view);
  }
  if (text(state.partialPublicKeys) !== mine) {
    throw differs('others proposed other partial public keys for the same messages', view);
  }
  if (hex(state.publicKey) !== hex(proposal.publicKey)) {
    throw differs('others proposed another public key for the same messages', view);
  }
  if (state.approvals.includes(me)) return 'done';
  return state.approvals.length + 1 === committee.members.length ? 'last' : 'open';
}

function differs(what: string, { committee }: CommitteeView): CommitteeError {
  return new CommitteeError(
    'COMMITTEE_MISMATCH',
    `committee ${committee.id}: ${what}. Nothing was proposed or written; compare the message sets ` +
      'with the coordinator',
  );
}

function lastProposal({ old }: CommitteeView, version: number): string {
  if (old === undefined) return 'This is the last proposal: it creates the key server.';
  return (
    `This is the last proposal: it moves the key server to version ${version}. Key servers of ` +
    'continuing members must already run with both master shares.'
  );
}
