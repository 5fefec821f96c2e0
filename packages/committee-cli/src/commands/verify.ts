/**
 * `verify`: whether everything in a state directory fits together and fits the chain. Reads only; each
 * line is one check, and nothing secret is printed.
 */
import { resolve } from 'node:path';
import { nobleEngine } from '@seal-ts/crypto/noble';
import {
  type CommitteeFacts,
  changedSince,
  compareWithList,
  factsOf,
} from '../ceremony/comparison.ts';
import { checkGenuine, compareBytecode } from '../ceremony/genuine.ts';
import { plain } from '../ceremony/people.ts';
import { checkAgreement } from '../ceremony/prepare.ts';
import { connectOwnNode, type OwnNode, ownNodeUrl } from '../chain/own-node.ts';
import { type CommitteeView, readView } from '../chain/reading.ts';
import type { CliDeps } from '../deps.ts';
import { CommitteeError, messageOf } from '../errors.ts';
import { ceremonyFaults } from '../files/ceremony-faults.ts';
import { CeremonyFile } from '../files/ceremony-file.ts';
import { findDkgKey } from '../files/dkg-key.ts';
import { type TrustedList, type TrustedOptions, trustedList } from '../files/trusted-list.ts';
import {
  findVerified,
  removeVerified,
  type VerifiedRecord,
  verifiedPath,
  writeVerified,
} from '../files/verified.ts';
import { setCheck } from './agreed-set.ts';
import { type Checked, Checks } from './checks.ts';
import {
  type Ceremony,
  ceremonyFilePath,
  keyPath,
  messagesFolder,
  openCeremony,
  type StateOptions,
  shareFilePath,
} from './common.ts';
import { askPerson, recordOf } from './verified-view.ts';
import { messagesCheck, permissionsCheck, shareCheck, stateCheck } from './verify-files.ts';

/** Longest part of a foreign URL that is shown. */
const MAX_URL = 256;

export interface VerifyOptions extends StateOptions, TrustedOptions {
  readonly messagesDir?: string;
  readonly keysFile?: string;
  /** Where process-all-and-propose put the master share, when not into dkg.yaml. */
  readonly shareFile?: string;
  /** The member's own node. */
  readonly rpcUrl?: string;
}

export async function verify(deps: CliDeps, options: VerifyOptions): Promise<void> {
  const checks = new Checks(deps);
  const file = soundFile(checks, ceremonyFilePath(deps, options));
  const listPath = options.trusted && resolve(deps.cwd, options.trusted);
  const list = trustedList(options, listPath, file.path);
  const ceremony = openCeremony(deps, options);
  const { stateDir } = ceremony;
  const node = await nodeCheck(checks, deps, options, file);
  const view =
    node &&
    (await checks.run('committee on chain', async () => {
      const found = await readView(node.chain, file.committeeId);
      await checkGenuine(node.chain, found, file.coordinator);
      return { value: found, note: `${found.committee.id}, ${found.committee.state.kind}` };
    }));
  if (view !== undefined) {
    await checks.run('dkg.yaml', async () => {
      checkAgreement(file, view);
      return { value: undefined, note: 'says of the committee what the chain says' };
    });
  }
  const path = keyPath(deps, stateDir, options.keysFile);
  const key = await checks.run('dkg.key', async () => {
    const found = findDkgKey(nobleEngine, path);
    return { value: found, note: found ? 'public keys belong to the secrets' : 'absent' };
  });
  const state = await checks.run('state.json', async () => stateCheck(ceremony, view, key));
  const folder = messagesFolder(deps, stateDir, options.messagesDir);
  await checks.run('messages', async () => messagesCheck(deps, folder, state, key));
  await checks.run('message set', async () => setCheck(deps, ceremony, folder));
  const shareFile = shareFilePath(deps, options);
  await checks.run('permissions', async () => permissionsCheck(ceremony, path, shareFile));
  await checks.run('master share', async () => shareCheck(ceremony, view, shareFile));
  if (node !== undefined && view !== undefined) {
    await compare(checks, { ceremony, node, view, list });
  }
  checks.end();
}

/** All faults of dkg.yaml at once; nothing else can be checked with them. Error: COMMITTEE_VERIFY. */
function soundFile(checks: Checks, path: string): CeremonyFile {
  const file = CeremonyFile.read(path);
  for (const fault of ceremonyFaults(file)) checks.fail('dkg.yaml', fault);
  const { unknownKeys } = file;
  if (unknownKeys.length > 0) {
    checks.note(
      'dkg.yaml',
      `unknown, and not used: ${unknownKeys.map((key) => plain(key)).join(', ')}`,
    );
  }
  checks.end();
  return file;
}

async function nodeCheck(
  checks: Checks,
  deps: CliDeps,
  options: VerifyOptions,
  file: CeremonyFile,
): Promise<OwnNode | undefined> {
  const node = await checks.run('node', async () => {
    const url = ownNodeUrl(deps, options, file.network);
    const value = await connectOwnNode(deps, file.network, url);
    return { value, note: `${url}, of ${file.network} (chain ${value.chainId})` };
  });
  const { nodeUrl } = file;
  if (nodeUrl !== undefined && nodeUrl !== node?.url) {
    checks.note('node', `dkg.yaml names another one, ${plain(nodeUrl, MAX_URL)}; it was not asked`);
  }
  return node;
}

interface Comparison {
  readonly ceremony: Ceremony;
  readonly node: OwnNode;
  readonly view: CommitteeView;
  readonly list: TrustedList | undefined;
}

/** The committee against what the member knows; the outcome is recorded when all checks passed. */
async function compare(checks: Checks, comparison: Comparison): Promise<void> {
  const { ceremony, node, view, list } = comparison;
  const { file, session, stateDir } = ceremony;
  const { deps } = session;
  const facts = factsOf(view, file);
  if (list !== undefined) {
    if (!listCheck(checks, list, facts)) removeVerified(stateDir);
    if (!checks.passed) return;
    await bytecodeCheck(checks, deps, comparison);
    record(ceremony, recordOf(deps, facts, { node: node.url, how: 'list' }));
    return;
  }
  const known = await checks.run('verified', async () => recordCheck(stateDir, facts));
  if (known !== undefined || !checks.passed) return;
  await bytecodeCheck(checks, deps, comparison);
  if (deps.terminal === undefined) {
    deps.note(
      'Nothing was compared with what you know of the committee, and nothing was recorded. Use ' +
        '--trusted FILE, or --members 0x…,0x… --threshold N (and --key-server-id 0x… in a rotation).',
    );
    return;
  }
  if (await askPerson(deps, facts)) {
    record(ceremony, recordOf(deps, facts, { node: node.url, how: 'person' }));
  } else {
    checks.fail('committee', 'the answer was not yes; nothing was recorded');
  }
}

/** Whether all of the list is so on chain. */
function listCheck(checks: Checks, list: TrustedList, facts: CommitteeFacts): boolean {
  const compared = compareWithList(list, facts);
  for (const { name, text, differs } of compared) {
    if (differs) checks.fail(name, text);
    else checks.ok(name, text);
  }
  if (list.coordinator === undefined) {
    checks.note(
      'coordinator',
      `${facts.coordinator ?? 'nobody'}, as dkg.yaml says; not compared, because your list has no ` +
        'COORDINATOR_ADDRESS',
    );
  }
  return !compared.some(({ differs }) => differs);
}

/** A difference is no fault: other versions of the sources and other compilers exist. */
async function bytecodeCheck(
  checks: Checks,
  deps: CliDeps,
  { ceremony, node, view }: Comparison,
): Promise<void> {
  try {
    const { same, text } = await compareBytecode(deps, node.chain, ceremony.file, view.packageId);
    if (same) checks.ok('bytecode', text);
    else checks.note('bytecode', text);
  } catch (error) {
    checks.note('bytecode', `not compared: ${messageOf(error)}`);
  }
}

function record({ session, stateDir }: Ceremony, verified: VerifiedRecord): void {
  writeVerified(stateDir, verified);
  session.deps.out(`Recorded in ${verifiedPath(stateDir)}`);
}

/** What an earlier `verify` recorded, against the chain. Error: COMMITTEE_MISMATCH. */
function recordCheck(stateDir: string, facts: CommitteeFacts): Checked<VerifiedRecord | undefined> {
  const known = findVerified(stateDir);
  if (known === undefined) return { value: undefined, note: 'not yet' };
  const changes = changedSince(known, facts);
  if (changes.length > 0) {
    throw new CommitteeError(
      'COMMITTEE_MISMATCH',
      `not what was verified at ${known.time}: ${changes.join('; ')}. If this is right, remove ` +
        `${verifiedPath(stateDir)} and run verify again`,
    );
  }
  const by = known.how === 'list' ? 'with a list' : 'by a person';
  return { value: known, note: `compared ${by} at ${known.time}, and still the same` };
}
