/** From a key server object to its committee (seal-protocol.md §2.3). */
import {
  addressFromBytes,
  type Committee,
  decodeCommittee,
  decodeWrapperField,
  parseStructName,
} from '@seal-ts/protocol';
import { ChainError } from './errors.ts';
import { decodeContents, malformedIfInvalid, moveContents } from './object-bcs.ts';
import type { RpcMethod } from './retry.ts';
import type { CallOptions, ServerChain } from './server-chain.ts';

export interface CommitteeOnChain {
  readonly committee: Committee;
  /** Package in the committee object's type: the original committee package. */
  readonly packageId: string;
}

type Reader = Pick<ServerChain, 'object'>;
/** `method`: what the reads are for, in metrics. */
type ReadOptions = CallOptions & { readonly method?: RpcMethod | undefined };

/** Reads a committee object. Errors: NOT_FOUND, MALFORMED. */
export async function readCommittee(
  chain: Reader,
  committeeId: string,
  options: ReadOptions = {},
): Promise<CommitteeOnChain> {
  const object = await chain.object(committeeId, { ...options, mask: ['bcs', 'object_type'] });
  if (object.bcs === undefined || object.objectType === undefined) {
    throw new ChainError('MALFORMED', `${committeeId}: the node sent no contents or type`);
  }
  const { objectType } = object;
  const contents = moveContents(object.bcs, committeeId);
  const committee = decodeContents(committeeId, contents, decodeCommittee);
  const packageId = malformedIfInvalid(committeeId, () => parseStructName(objectType).address);
  return { committee, packageId };
}

/** The committee that holds a key server. MALFORMED when no committee holds it. */
export async function committeeOfKeyServer(
  chain: Reader,
  keyServerId: string,
  { method = 'fetch_committee_from_key_server', signal }: ReadOptions = {},
): Promise<CommitteeOnChain> {
  const options = { method, signal };
  const { owner } = await chain.object(keyServerId, { ...options, mask: ['owner'] });
  if (owner?.kind !== 'object') {
    const found = owner?.kind ?? 'unknown';
    const text = `key server ${keyServerId} is not held by a committee (owner: ${found})`;
    throw new ChainError('MALFORMED', text);
  }
  const field = await chain.object(owner.address, { ...options, mask: ['bcs'] });
  if (field.bcs === undefined) {
    throw new ChainError('MALFORMED', `${owner.address}: the node sent no contents`);
  }
  const contents = moveContents(field.bcs, owner.address);
  const wrapper = decodeContents(owner.address, contents, (b) => decodeWrapperField(b, 32));
  return readCommittee(chain, addressFromBytes(wrapper.name), options);
}
