/** Voting on upgrades of the committee's package (seal-protocol.md §6.3.7). */
import { publishPayload } from '@seal-ts/move-build';
import type { UpgradeManager } from '@seal-ts/protocol';
import { createdObject } from '@seal-ts/wallet';
import {
  approveUpgradeCall,
  rejectUpgradeCall,
  resetProposalCall,
  upgradeCall,
} from '../chain/calls.ts';
import { type CommitteeView, readHolder, readUpgradeManager, readView } from '../chain/reading.ts';
import type { CliDeps } from '../deps.ts';
import { CommitteeError } from '../errors.ts';
import { hex } from '../files/hex.ts';
import { compileCommittee, folderName, packageFolder, sealPublication } from '../move-package.ts';
import { addressOption, type GlobalOptions, networkOption, Session } from '../session.ts';
import { report, reportLines } from './report.ts';

export interface DigestOptions extends GlobalOptions {
  readonly packagePath?: string;
  readonly network: string;
  readonly sealPackage?: string;
  readonly rpcUrl?: string;
}

export interface VoteOptions extends DigestOptions {
  readonly keyServerId: string;
  readonly unsigned: boolean;
}

export async function packageDigestCommand(deps: CliDeps, options: DigestOptions): Promise<void> {
  const session = openSession(deps, options);
  const { folder, compiled } = await compile(session, options);
  deps.out(`Digest for package '${folderName(folder)}': ${hex(compiled.digest)}`);
}

export async function approveUpgrade(deps: CliDeps, options: VoteOptions): Promise<void> {
  const session = openSession(deps, options);
  const { target, manager } = await committeeTarget(session, options);
  const { folder, compiled } = await compile(session, options);
  const digest = hex(compiled.digest);
  deps.out(`Digest for package '${folderName(folder)}': ${digest}`);
  const { proposal } = manager;
  if (proposal !== undefined && hex(proposal.digest) !== digest) {
    throw new CommitteeError(
      'COMMITTEE_MISMATCH',
      `another upgrade is proposed: digest ${hex(proposal.digest)}, version ${proposal.version}. ` +
        'Compare the sources with the other members, reject-upgrade it, or wait for reset-proposal',
    );
  }
  await session.submit(approveUpgradeCall(target, compiled.digest), {
    purpose: 'approving the upgrade',
    unsigned: options.unsigned,
  });
}

export async function rejectUpgrade(deps: CliDeps, options: VoteOptions): Promise<void> {
  const session = openSession(deps, options);
  const { target } = await committeeTarget(session, options);
  await session.submit(rejectUpgradeCall(target), {
    purpose: 'rejecting the upgrade',
    unsigned: options.unsigned,
  });
}

export async function resetProposal(deps: CliDeps, options: VoteOptions): Promise<void> {
  const session = openSession(deps, options);
  const { target } = await committeeTarget(session, options);
  await session.execute(resetProposalCall(target), 'resetting the proposal');
}

export async function authorizeAndUpgrade(deps: CliDeps, options: VoteOptions): Promise<void> {
  const session = openSession(deps, options);
  const { target, manager, view } = await committeeTarget(session, options);
  const proposed = approvedDigest(manager, view.committee.threshold);
  const { compiled } = await compile(session, options);
  const digest = hex(compiled.digest);
  if (digest !== proposed) {
    throw new CommitteeError(
      'COMMITTEE_MISMATCH',
      `the approved digest is ${proposed}, the local package has ${digest}`,
    );
  }
  const done = await session.submit(upgradeCall(target, publishPayload(compiled)), {
    purpose: 'upgrading seal_committee',
    unsigned: options.unsigned,
  });
  if (done === undefined) return;
  const packageId = createdObject(done, (type) => type === 'package', 'package');
  deps.out(`New package: ${packageId}`);
}

export async function checkKeyServerStatus(deps: CliDeps, options: VoteOptions): Promise<void> {
  const session = openSession(deps, options);
  const { manager, view } = await committeeTarget(session, options);
  for (const line of reportLines(report(view))) deps.out(line);
  deps.out(`Current package: ${manager.cap.package} (version ${manager.cap.version})`);
  const { proposal } = manager;
  if (proposal === undefined) {
    deps.out('No active upgrade proposal.');
    return;
  }
  deps.out('Active upgrade proposal:');
  deps.out(`  Digest: ${hex(proposal.digest)}`);
  deps.out(`  Version: ${proposal.version}`);
  deps.out(`  Threshold: ${view.committee.threshold}`);
  for (const [member, vote] of proposal.votes) deps.out(`  ${member}: ${vote}`);
}

export function openSession(deps: CliDeps, options: DigestOptions): Session {
  const network = networkOption(options.network);
  return new Session(deps, options, { network, url: options.rpcUrl });
}

async function compile(session: Session, { packagePath, sealPackage }: DigestOptions) {
  const { deps, place } = session;
  const given = sealPackage === undefined ? undefined : addressOption(sealPackage);
  const seal = await sealPublication(place.network, given, () => session.chain);
  const folder = packageFolder(deps, packagePath);
  deps.note(`Package source: ${folder}`);
  return { folder, compiled: await compileCommittee(deps, folder, seal) };
}

/** Calls go to the newest version of the package, which the capability names. */
export async function committeeTarget(session: Session, { keyServerId }: VoteOptions) {
  const { chain } = session;
  const found = await readHolder(chain, addressOption(keyServerId));
  const view: CommitteeView = await readView(chain, found.committee.id);
  const manager = await readUpgradeManager(chain, view);
  const target = { packageId: manager.cap.package, committeeId: view.committee.id };
  return { view, manager, target };
}

/** Error: COMMITTEE_CHAIN while there are too few approvals. */
function approvedDigest({ proposal, cap }: UpgradeManager, threshold: number): string {
  if (proposal === undefined) {
    throw new CommitteeError(
      'COMMITTEE_CHAIN',
      `no upgrade is proposed, and the package is at version ${cap.version}. If that is the one that ` +
        'was voted for, nothing is left to do; otherwise use approve-upgrade first',
    );
  }
  const approvals = proposal.votes.filter(([, vote]) => vote === 'approve').length;
  if (approvals >= threshold) return hex(proposal.digest);
  throw new CommitteeError(
    'COMMITTEE_CHAIN',
    `${approvals} members approved the upgrade, ${threshold} are needed`,
  );
}
