/**
 * `verify`: whether everything in a state directory fits together and fits the chain. Reads only; each
 * line is one check, and nothing secret is printed.
 */
import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { equalConstantTime } from '@seal-ts/crypto';
import { nobleEngine } from '@seal-ts/crypto/noble';
import {
  type CommitteeFacts,
  changedSince,
  compareWithList,
  factsOf,
} from '../ceremony/comparison.ts';
import { checkAgreement, partyIdOf, prepare } from '../ceremony/prepare.ts';
import { checkSenders, processOne, setHash } from '../ceremony/process.ts';
import { connectOwnNode, type OwnNode, ownNodeUrl } from '../chain/own-node.ts';
import { type CommitteeView, readView } from '../chain/reading.ts';
import type { CliDeps } from '../deps.ts';
import { CommitteeError, messageOf } from '../errors.ts';
import type { CeremonyFile } from '../files/ceremony-file.ts';
import { type DkgKey, findDkgKey } from '../files/dkg-key.ts';
import { hex } from '../files/hex.ts';
import { readMessages } from '../files/messages.ts';
import { type CeremonyState, findState } from '../files/state-file.ts';
import { type TrustedList, type TrustedOptions, trustedList } from '../files/trusted-list.ts';
import {
  findVerified,
  removeVerified,
  type VerifiedRecord,
  verifiedPath,
  writeVerified,
} from '../files/verified.ts';
import { type Ceremony, keyPath, openCeremony, type StateOptions, statePath } from './common.ts';
import { messagesFolder } from './process-all-and-propose.ts';
import { askPerson, recordOf } from './verified-view.ts';

export interface VerifyOptions extends StateOptions, TrustedOptions {
  readonly messagesDir?: string;
  readonly keysFile?: string;
  /** The member's own node. */
  readonly rpcUrl?: string;
}

export async function verify(deps: CliDeps, options: VerifyOptions): Promise<void> {
  const ceremony = openCeremony(deps, options);
  const { file, stateDir } = ceremony;
  const listPath = options.trusted && resolve(deps.cwd, options.trusted);
  const list = trustedList(options, listPath, file.path);
  const checks = new Checks(deps);
  const node = await nodeCheck(checks, deps, options, file);
  const view =
    node &&
    (await checks.run('committee on chain', async () => {
      const found = await readView(node.chain, file.committeeId);
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
  await checks.run('messages', async () => {
    const folder = messagesFolder(deps, stateDir, options.messagesDir);
    return messagesCheck(deps, folder, state, key);
  });
  await checks.run('permissions', async () => permissionsCheck(ceremony, path));
  await checks.run('master share', async () => shareCheck(ceremony, view));
  if (node !== undefined && view !== undefined) {
    await compare(checks, { ceremony, node, view, list });
  }
  checks.end();
}

interface Checked<T> {
  readonly value: T;
  readonly note: string;
}

class Checks {
  readonly #deps: CliDeps;
  #failed: string[] = [];

  constructor(deps: CliDeps) {
    this.#deps = deps;
  }

  get passed(): boolean {
    return this.#failed.length === 0;
  }

  ok(name: string, text: string): void {
    this.#deps.out(`ok    ${name}: ${text}`);
  }

  fail(name: string, text: string): void {
    this.#failed.push(name);
    this.#deps.out(`FAIL  ${name}: ${text}`);
  }

  /** Something to know that is no fault. */
  note(name: string, text: string): void {
    this.#deps.out(`NOTE  ${name}: ${text}`);
  }

  async run<T>(name: string, check: () => Promise<Checked<T>>): Promise<T | undefined> {
    try {
      const { value, note } = await check();
      this.ok(name, note);
      return value;
    } catch (error) {
      this.fail(name, messageOf(error));
      return undefined;
    }
  }

  /** Error: COMMITTEE_VERIFY when a check failed. */
  end(): void {
    if (this.#failed.length === 0) return;
    throw new CommitteeError('COMMITTEE_VERIFY', `failed: ${this.#failed.join(', ')}`);
  }
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
    return { value, note: `${url}, asked as a node of ${file.network}` };
  });
  const { nodeUrl } = file;
  if (nodeUrl !== undefined && nodeUrl !== node?.url) {
    checks.note('node', `dkg.yaml names another one, ${nodeUrl}; it was not asked`);
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
async function compare(checks: Checks, { ceremony, node, view, list }: Comparison): Promise<void> {
  const { file, session, stateDir } = ceremony;
  const { deps } = session;
  const facts = factsOf(view, file);
  if (list !== undefined) {
    const compared = compareWithList(list, facts);
    for (const { name, text, differs } of compared) {
      if (differs) checks.fail(name, text);
      else checks.ok(name, text);
    }
    if (compared.some(({ differs }) => differs)) removeVerified(stateDir);
    if (list.coordinator === undefined) {
      checks.note(
        'coordinator',
        `${facts.coordinator ?? 'nobody'}, as dkg.yaml says; COORDINATOR_ADDRESS in your list ` +
          'would be compared',
      );
    }
    if (!checks.passed) return;
    record(ceremony, recordOf(deps, facts, { node: node.url, how: 'list' }));
    return;
  }
  const known = await checks.run('verified', async () => recordCheck(stateDir, facts));
  if (known !== undefined || !checks.passed) return;
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
      `not what was verified at ${known.time}: ${changes.join('; ')}`,
    );
  }
  const by = known.how === 'list' ? 'with a list' : 'by a person';
  return { value: known, note: `compared ${by} at ${known.time}, and still the same` };
}

function stateCheck(
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

async function messagesCheck(
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

function permissionsCheck({ file, stateDir }: Ceremony, keyFile: string): Checked<undefined> {
  const secret = [keyFile, statePath(stateDir)];
  if (file.resultVersions.length > 0) secret.push(file.path);
  const open = secret.filter((path) => {
    return existsSync(path) && (statSync(path).mode & SHARED_BITS) !== 0;
  });
  if (open.length === 0 || process.platform === 'win32') {
    return { value: undefined, note: 'only their owner can read secret files' };
  }
  const text = `others can read ${open.join(', ')}; run: chmod 600 ${open.join(' ')}`;
  throw new CommitteeError('COMMITTEE_STATE', text);
}

/** The newest recorded share against the newest public key that the chain has for this member. */
function shareCheck({ file }: Ceremony, view: CommitteeView | undefined): Checked<undefined> {
  const version = file.resultVersions.at(-1);
  const share = version === undefined ? undefined : file.masterShare(version);
  if (share === undefined) return { value: undefined, note: 'absent' };
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

function publicShareOnChain(view: CommitteeView, address: string): Uint8Array | undefined {
  const partyId = partyIdOf(view, address);
  const { state } = view.committee;
  if (state.kind === 'postDkg') return state.partialPublicKeys[partyId];
  return view.keyServer?.partials[partyId]?.partialPublicKey;
}
