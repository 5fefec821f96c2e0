/**
 * The demand of steps that give something away: somebody compared this committee with what the member
 * knows of it, and it still is that committee. A configuration with other members, or with a node that
 * shows other keys of theirs, must not make a member deal its share to strangers.
 */
import { type CommitteeFacts, changedSince, factsOf } from '../ceremony/comparison.ts';
import { checkGenuine } from '../ceremony/genuine.ts';
import { checkAgreement } from '../ceremony/prepare.ts';
import { connectOwnNode, ownNodeUrl } from '../chain/own-node.ts';
import { type CommitteeView, readView } from '../chain/reading.ts';
import type { CliDeps } from '../deps.ts';
import { CommitteeError } from '../errors.ts';
import {
  findVerified,
  type VerifiedRecord,
  verifiedPath,
  writeVerified,
} from '../files/verified.ts';
import type { Ceremony } from './common.ts';

export interface DemandOptions {
  readonly unverified?: boolean;
}

/**
 * The committee as the member's own node shows it, once it is verified; with `--unverified`, as the
 * session's node shows it.
 * Errors: COMMITTEE_UNVERIFIED, COMMITTEE_MISMATCH.
 */
export async function verifiedView(
  ceremony: Ceremony,
  { unverified }: DemandOptions,
): Promise<CommitteeView> {
  const { file, session, stateDir } = ceremony;
  const { deps } = session;
  const { committeeId } = file;
  if (unverified === true) {
    deps.note(
      'warning: --unverified: nobody has compared members, threshold and key server of this ' +
        'committee with what you agreed on',
    );
    return readView(session.chain, committeeId);
  }
  const record = findVerified(stateDir) ?? (await askOrRefuse(ceremony));
  const view = await viewOf(deps, record, committeeId);
  checkRecord(ceremony, record, factsOf(view, file));
  const { rpc } = session.environment;
  if (rpc !== record.node) {
    // The transaction goes there, so it has to be the same committee there too.
    const theirs = await readView(session.chain, committeeId);
    checkRecord(ceremony, record, factsOf(theirs, file));
  }
  return view;
}

/**
 * For a step after those: what its node shows must be what dkg.yaml says, and what was verified where
 * somebody did. The transaction calls the package that the node names, in the member's name.
 * Error: COMMITTEE_MISMATCH.
 */
export function checkStillVerified(ceremony: Ceremony, view: CommitteeView): void {
  const { file, stateDir } = ceremony;
  checkAgreement(file, view);
  const record = findVerified(stateDir);
  if (record !== undefined) checkRecord(ceremony, record, factsOf(view, file));
}

/** What a person looks at before answering. */
export function factLines(facts: CommitteeFacts): string[] {
  const { members, threshold, keyServerId, coordinator } = facts;
  return [
    `Network: ${facts.network}`,
    `Committee: ${facts.committeeId}`,
    `Package: ${facts.packageId}`,
    `Threshold: ${threshold} of ${members.length}`,
    'Members, in party order:',
    ...members.map((member, id) => `  ${id}: ${member}`),
    keyServerId === undefined
      ? 'Key server: none yet; this committee makes a first key'
      : `Key server that is handed over: ${keyServerId}`,
    `Coordinator, as dkg.yaml says: ${coordinator ?? 'not named'}`,
  ];
}

/** Shows the committee and asks; answers whether the person agreed in so many letters. */
export async function askPerson(deps: CliDeps, facts: CommitteeFacts): Promise<boolean> {
  if (deps.terminal === undefined) return false;
  for (const line of factLines(facts)) deps.note(line);
  deps.note(
    'Compare every line with what was agreed on over the trusted channel' +
      (facts.keyServerId === undefined
        ? '.'
        : ', and the key server with key_server_obj_id of your own configuration.'),
  );
  const answer = await deps.terminal.ask('Is all of it right? Type yes to go on: ');
  return answer === 'yes';
}

export function recordOf(
  deps: CliDeps,
  facts: CommitteeFacts,
  { node, how }: Pick<VerifiedRecord, 'node' | 'how'>,
): VerifiedRecord {
  return { ...facts, node, time: new Date(deps.now()).toISOString(), how };
}

async function askOrRefuse({ file, session, stateDir }: Ceremony): Promise<VerifiedRecord> {
  const { deps, options } = session;
  if (deps.terminal === undefined) {
    throw new CommitteeError(
      'COMMITTEE_UNVERIFIED',
      'nobody has compared this committee with what you agreed on. Write the members and the ' +
        'threshold into a list of your own and run `verify --trusted FILE` first (or `verify` on a ' +
        'terminal); --unverified goes on without it',
    );
  }
  const node = ownNodeUrl(deps, options, file.network);
  const { chain } = await connectOwnNode(deps, file.network, node);
  const view = await readView(chain, file.committeeId);
  await checkGenuine(chain, view, file.coordinator);
  const facts = factsOf(view, file);
  if (!(await askPerson(deps, facts))) {
    const text = 'the answer was not yes; nothing was done';
    throw new CommitteeError('COMMITTEE_UNVERIFIED', text);
  }
  const record = recordOf(deps, facts, { node, how: 'person' });
  writeVerified(stateDir, record);
  return record;
}

async function viewOf(
  deps: CliDeps,
  { node, network }: VerifiedRecord,
  committeeId: string,
): Promise<CommitteeView> {
  const { chain } = await connectOwnNode(deps, network, node);
  return readView(chain, committeeId);
}

function checkRecord({ stateDir }: Ceremony, record: VerifiedRecord, facts: CommitteeFacts): void {
  const changes = changedSince(record, facts);
  if (changes.length === 0) return;
  throw new CommitteeError(
    'COMMITTEE_MISMATCH',
    `this is not the committee that was verified at ${record.time}: ${changes.join('; ')}. Do not go ` +
      'on; ask the coordinator over the trusted channel. If it is right, remove ' +
      `${verifiedPath(stateDir)} and run verify again`,
  );
}
