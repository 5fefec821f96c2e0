/**
 * One version of a committee as it was read from the chain (protocol §2.2, §5.6), checked and with
 * partial public keys decoded once. A member whose entry is unusable costs its own share only.
 */

import {
  type Engine,
  isCryptoError,
  MAX_PARTY_ID,
  type PreparedG2,
  publicKeyFromBytes,
} from '@seal-ts/crypto';
import { type KeyServerInfo, type PartialKeyServer, toHex } from '@seal-ts/protocol';
import { ServiceError } from '@seal-ts/service';

/** Largest committee that is served: every request is sent to each member. */
export const MAX_COMMITTEE_MEMBERS = 100;

export interface Member {
  readonly name: string;
  /** As on chain; judged when it is used. */
  readonly url: string;
  /** 0-based; evaluated at `partyId + 1`. */
  readonly partyId: number;
  readonly partialKey: PreparedG2;
}

export interface Committee {
  readonly version: number;
  readonly threshold: number;
  /** Only the usable ones. */
  readonly members: readonly Member[];
  /** Group public key in hex; the same in every version. */
  readonly publicKey: string;
  /** Equal for equal contents. */
  readonly fingerprint: string;
  /** Names of members whose partial public key is not a point. */
  readonly unusable: readonly string[];
}

/** @throws {ServiceError} OPTION_INVALID for an independent server or an impossible committee */
export function readCommittee(info: KeyServerInfo, engine: Engine): Committee {
  const { serverType } = info;
  if (serverType.kind !== 'committee') {
    throw malformed(
      info,
      'is an independent server, not a committee. Correct key_server_object_id',
    );
  }
  const { version, threshold, members } = serverType;
  if (members.length > MAX_COMMITTEE_MEMBERS) {
    throw malformed(info, `has ${members.length} members, more than ${MAX_COMMITTEE_MEMBERS}`);
  }
  if (threshold < 1 || threshold > members.length) {
    throw malformed(info, `has threshold ${threshold} for ${members.length} members`);
  }
  const parties = new Set(members.map(({ partyId }) => partyId));
  if (parties.size !== members.length || Math.max(...parties) > MAX_PARTY_ID) {
    throw malformed(info, `has party ids ${[...members.map((m) => m.partyId)].join(', ')}`);
  }
  const usable: Member[] = [];
  const unusable: string[] = [];
  for (const member of members) {
    const partialKey = decodeKey(member, engine);
    if (partialKey === undefined) unusable.push(member.name);
    else usable.push({ name: member.name, url: member.url, partyId: member.partyId, partialKey });
  }
  return {
    version,
    threshold,
    members: usable,
    unusable,
    publicKey: toHex(info.publicKey),
    fingerprint: fingerprint(version, threshold, members),
  };
}

function decodeKey(member: PartialKeyServer, engine: Engine): PreparedG2 | undefined {
  try {
    return publicKeyFromBytes(engine, member.partialPublicKey);
  } catch (error) {
    if (isCryptoError(error)) return undefined;
    throw error;
  }
}

function fingerprint(
  version: number,
  threshold: number,
  members: readonly PartialKeyServer[],
): string {
  const rows = members.map((m) => [m.name, m.url, m.partyId, toHex(m.partialPublicKey)]);
  return JSON.stringify([version, threshold, rows]);
}

function malformed({ objectId }: KeyServerInfo, problem: string): ServiceError {
  return new ServiceError('OPTION_INVALID', `key server ${objectId} ${problem}.`);
}
