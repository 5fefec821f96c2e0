/**
 * Start of committee mode (protocol §4.12): which share is used, or waited for, follows from the
 * committee version on chain, the configured state, and the shares in the environment.
 */

import type { Engine } from '@seal-ts/crypto';
import { ConfigError, type Environment, type Fault } from '@seal-ts/service';
import type { ServerMode } from '../config/file-schema.ts';
import { CommitteeKeys, type CommitteeState } from './committee.ts';
import {
  type CommitteeChain,
  committeeVersion,
  requireRegisteredShare,
} from './committee-chain.ts';
import type { MasterKey } from './master-key.ts';
import { readKey, type SecretDeps } from './read-key.ts';

export type CommitteeMode = Extract<ServerMode, { tag: 'Committee' }>;

export interface CommitteeLoadDeps extends SecretDeps {
  engine: Engine;
  chain: CommitteeChain;
}

/** Prefix of the variables that hold shares; the committee version follows. */
export const SHARE_VARIABLE = 'MASTER_SHARE_V';

/** @throws {ConfigError} {ServiceError} {ChainError}: all are fatal */
export async function loadCommitteeKeys(
  mode: CommitteeMode,
  deps: CommitteeLoadDeps,
  signal: AbortSignal,
): Promise<CommitteeKeys> {
  const version = await committeeVersion(deps.chain, mode.key_server_obj_id, signal);
  const faults: Fault[] = [];
  const shares = readShares(deps, faults);
  const state = chooseState(mode, version, shares, faults);
  const used = state === undefined ? [] : sharesOf(state);
  for (const share of shares.values()) if (!used.includes(share)) share.wipe();
  if (state === undefined || faults.length > 0) {
    for (const share of used) share?.wipe();
    throw new ConfigError('committee shares', faults);
  }
  const keys = new CommitteeKeys(state);
  try {
    if (state.kind === 'active') {
      await requireRegisteredShare(state.share, memberOf(mode), deps, signal);
    }
    return keys;
  } catch (error) {
    keys.wipe();
    throw error;
  }
}

/** The member that a configuration describes. */
export function memberOf(mode: CommitteeMode) {
  return { keyServerObjectId: mode.key_server_obj_id, memberAddress: mode.member_address };
}

/** Faults of the shares alone, for a check of the configuration without a chain. */
export function shareFaults(mode: CommitteeMode, env: Environment): Fault[] {
  const faults: Fault[] = [];
  const shares = readShares({ env }, faults);
  for (const share of shares.values()) share.wipe();
  const state = mode.committee_state;
  if (state.tag === 'Rotation' && !shares.has(state.target_version)) {
    faults.push(missing(state.target_version));
  } else if (shares.size === 0 && faults.length === 0) {
    const problem = 'no share is set';
    faults.push({ path: `$${SHARE_VARIABLE}…`, problem, fix: `Set ${SHARE_VARIABLE}0 or later` });
  }
  return faults;
}

function readShares(deps: SecretDeps, faults: Fault[]): Map<number, MasterKey> {
  const shares = new Map<number, MasterKey>();
  for (const [name, value] of Object.entries(deps.env)) {
    const version = /^MASTER_SHARE_V(0|[1-9]\d{0,9})$/.exec(name)?.[1];
    if (version === undefined || !value) continue;
    const share = readKey(deps, name, 'hex', faults);
    if (share !== undefined) shares.set(Number(version), share);
  }
  return shares;
}

function chooseState(
  { committee_state: configured }: CommitteeMode,
  version: number,
  shares: ReadonlyMap<number, MasterKey>,
  faults: Fault[],
): CommitteeState | undefined {
  if (configured.tag === 'Active') {
    const share = shares.get(version);
    if (share !== undefined) return { kind: 'active', share };
    // A new member holds the next share only, and waits for the rotation to end.
    if (shares.has(version + 1)) return rotation(version, version + 1, shares, faults);
    faults.push(missing(version));
    return undefined;
  }
  const target = configured.target_version;
  if (target === version) {
    const share = shares.get(target);
    if (share === undefined) faults.push(missing(target));
    return share === undefined ? undefined : { kind: 'active', share };
  }
  if (target === version + 1) return rotation(version, target, shares, faults);
  const expected = `${target - 1} or ${target}`;
  faults.push({
    path: 'server_mode.committee_state.target_version',
    problem: `Rotation mode mismatch: version ${version} on chain, expected ${expected}`,
    fix: 'Correct target_version',
  });
  return undefined;
}

function rotation(
  onChain: number,
  target: number,
  shares: ReadonlyMap<number, MasterKey>,
  faults: Fault[],
): CommitteeState | undefined {
  const next = shares.get(target);
  if (next === undefined) {
    faults.push(missing(target));
    return undefined;
  }
  return { kind: 'rotation', target, onChain, current: shares.get(onChain), next };
}

function missing(version: number): Fault {
  const fix = 'Set it to the share of this member, or to @ and the path of a file with mode 0600';
  return { path: `$${SHARE_VARIABLE}${version}`, problem: 'is not set', fix };
}

function sharesOf(state: CommitteeState): (MasterKey | undefined)[] {
  return state.kind === 'active' ? [state.share] : [state.current, state.next];
}
