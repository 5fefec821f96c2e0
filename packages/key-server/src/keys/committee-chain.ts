/** What committee mode reads from the chain: the version, and a member's partial public key. */

import { committeeOfKeyServer, type ServerChain } from '@seal-ts/chain';
import { type Engine, publicKeyFromMasterKey, toHex } from '@seal-ts/crypto';
import { ServiceError } from '@seal-ts/service';
import type { MasterKey } from './master-key.ts';

export interface CommitteeMember {
  keyServerObjectId: string;
  /** Address under which this server is a member. */
  memberAddress: string;
}
export type CommitteeChain = Pick<ServerChain, 'keyServer' | 'object'>;

/** The share, or its member, is not the one that the chain has. */
export class RegisteredShareError extends ServiceError {
  constructor(message: string) {
    super('OPTION_INVALID', message);
  }
}

/** @throws {ChainError} {ServiceError} when the key server is not a committee's */
export async function committeeVersion(
  chain: Pick<ServerChain, 'keyServer'>,
  keyServerObjectId: string,
  signal: AbortSignal,
): Promise<number> {
  const { serverType } = await chain.keyServer(keyServerObjectId, { signal });
  if (serverType.kind === 'committee') return serverType.version;
  throw new ServiceError(
    'OPTION_INVALID',
    `key server ${keyServerObjectId} is not a committee's. Correct key_server_obj_id, ` +
      'or run the server with !Open.',
  );
}

/**
 * Compares the share with the partial public key registered for this member.
 * @throws {RegisteredShareError} for an unknown member or another key; {ChainError}
 */
export async function requireRegisteredShare(
  share: MasterKey,
  { keyServerObjectId, memberAddress }: CommitteeMember,
  { chain, engine }: { chain: CommitteeChain; engine: Engine },
  signal: AbortSignal,
): Promise<void> {
  const [{ serverType }, { committee }] = await Promise.all([
    chain.keyServer(keyServerObjectId, { signal }),
    committeeOfKeyServer(chain, keyServerObjectId, { signal }),
  ]);
  const partyId = committee.members.indexOf(memberAddress);
  const members = serverType.kind === 'committee' ? serverType.members : [];
  const registered = members.find((member) => partyId >= 0 && member.partyId === partyId);
  if (registered === undefined) {
    throw new RegisteredShareError(
      `${memberAddress} is not a member of the committee of key server ${keyServerObjectId}. ` +
        'Correct member_address.',
    );
  }
  const ours = engine.g2.toBytes(share.use((scalar) => publicKeyFromMasterKey(engine, scalar)));
  if (toHex(ours) === toHex(registered.partialPublicKey)) return;
  throw new RegisteredShareError(
    `the share does not belong to the partial public key registered for ${memberAddress} ` +
      `(registered ${toHex(registered.partialPublicKey)}, ours ${toHex(ours)}). ` +
      'Check which MASTER_SHARE_V… this member should have.',
  );
}
