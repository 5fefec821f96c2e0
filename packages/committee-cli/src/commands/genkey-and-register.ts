/** `genkey-and-register`: phase A of a member (seal-protocol.md §6.3.3). */
import { nobleEngine } from '@seal-ts/crypto/noble';
import type { CommitteeMemberInfo } from '@seal-ts/protocol';
import { checkAgreement, partyIdOf } from '../ceremony/prepare.ts';
import { registerCall } from '../chain/calls.ts';
import type { CommitteeView } from '../chain/reading.ts';
import type { CliDeps } from '../deps.ts';
import { CommitteeError } from '../errors.ts';
import { createDkgKey, type DkgKey, findDkgKey } from '../files/dkg-key.ts';
import { hex } from '../files/hex.ts';
import { keyPath, openCeremony, type StateOptions } from './common.ts';
import { serverUrl } from './update-url.ts';
import { type DemandOptions, verifiedView } from './verified-view.ts';

export interface RegisterOptions extends StateOptions, DemandOptions {
  readonly serverUrl: string;
  readonly serverName: string;
  readonly keysFile?: string;
  readonly unsigned: boolean;
}

export async function genkeyAndRegister(deps: CliDeps, options: RegisterOptions): Promise<void> {
  const name = options.serverName.trim();
  if (options.serverUrl.trim() === '' || name === '') {
    const text = '--server-url and --server-name must not be blank';
    throw new CommitteeError('COMMITTEE_BAD_OPTION', text);
  }
  const url = serverUrl(options.serverUrl);
  const ceremony = openCeremony(deps, options);
  const { file, session, stateDir } = ceremony;
  const { committeeId } = file;
  const address = session.sender(options.unsigned);
  const view = await verifiedView(ceremony, options);
  checkAgreement(file, view);
  partyIdOf(view, address);
  const path = keyPath(deps, stateDir, options.keysFile);
  const known = findDkgKey(nobleEngine, path);
  checkRecorded(file.encryptionKey, known, path);
  const registered = registeredInfo(view.committee.state, address);
  if (registered === undefined && view.committee.state.kind !== 'init') {
    throw new CommitteeError('COMMITTEE_CHAIN', `committee ${committeeId}: registration is over`);
  }
  if (registered !== undefined) checkRegistered(registered, known, address, path);
  else checkUnused(view, known, path);
  // Nothing is written for an address that this wallet cannot act for.
  if (registered === undefined && !options.unsigned) session.wallet.key(address);
  const key = known ?? createDkgKey(nobleEngine, deps.random, path);
  file.recordMember({
    address,
    url: registered?.url ?? url,
    name: registered?.name ?? name,
    encryptionKey: hex(key.encryptionKey),
    signingKey: hex(key.signingKey),
  });
  deps.out(`Keys: ${path} (keep it private, and back it up until the ceremony is over)`);
  if (registered !== undefined) {
    deps.out(`${address} is registered already as ${registered.name} at ${registered.url}`);
    return;
  }
  const { encryptionKey, signingKey } = key;
  const transaction = registerCall(
    { packageId: view.packageId, committeeId },
    { encryptionKey, signingKey, url, name },
  );
  const purpose = 'registering this member';
  const { unsigned } = options;
  const done = await session.submit(transaction, { purpose, unsigned });
  if (done) deps.out(`Registered ${address} as ${name} at ${url}`);
}

function registeredInfo(
  state: CommitteeView['committee']['state'],
  address: string,
): CommitteeMemberInfo | undefined {
  if (state.kind === 'finalized') return undefined;
  return state.members.find(([member]) => member === address)?.[1];
}

/** dkg.yaml of an earlier attempt and dkg.key must belong together. */
function checkRecorded(recorded: string | undefined, key: DkgKey | undefined, path: string): void {
  if (recorded === undefined) return;
  const found = key && hex(key.encryptionKey);
  if (found === recorded.toLowerCase()) return;
  throw new CommitteeError(
    'COMMITTEE_STATE',
    `dkg.yaml has DKG_ENC_PK ${recorded}, but ${path} ` +
      `${found === undefined ? 'does not exist' : `holds ${found}`}. Restore the key file, or, if ` +
      'nothing was registered on chain, use a fresh state directory',
  );
}

/** Keys are of one member: with another wallet, the directory of one would fill the place of another. */
function checkUnused({ committee }: CommitteeView, key: DkgKey | undefined, path: string): void {
  const { state } = committee;
  if (key === undefined || state.kind === 'finalized') return;
  const mine = hex(key.encryptionKey);
  const owner = state.members.find(([, info]) => hex(info.encryptionKey) === mine)?.[0];
  if (owner === undefined) return;
  throw new CommitteeError(
    'COMMITTEE_BAD_OPTION',
    `${path} holds the keys that ${owner} registered in this committee; use --active-address ${owner}, ` +
      'or a state directory of your own',
  );
}

function checkRegistered(
  registered: CommitteeMemberInfo,
  key: DkgKey | undefined,
  address: string,
  path: string,
): void {
  const same =
    key !== undefined &&
    hex(key.encryptionKey) === hex(registered.encryptionKey) &&
    hex(key.signingKey) === hex(registered.signingKey);
  if (same) return;
  throw new CommitteeError(
    'COMMITTEE_STATE',
    `${address} is registered with the key ${hex(registered.encryptionKey)}, which ${path} does not ` +
      'hold. If that is not your address, use your own wallet (--wallet, --active-address). Otherwise ' +
      'restore the file; if it is lost, the coordinator has to start a new committee',
  );
}
