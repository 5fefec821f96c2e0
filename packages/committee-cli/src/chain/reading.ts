/** The objects of a committee as the chain has them (seal-protocol.md §2.3, §2.4). */
import {
  type ChainError,
  type CommitteeOnChain,
  committeeOfKeyServer,
  isChainError,
  moveContents,
  readCommittee,
  type ServerChain,
} from '@seal-ts/chain';
import {
  committeeKeyServerFieldId,
  decodeUpgradeManager,
  decodeWrapperField,
  type PartialKeyServer,
  type UpgradeManager,
  upgradeManagerFieldId,
} from '@seal-ts/protocol';
import { CommitteeError } from '../errors.ts';

export interface CommitteeKeyServer {
  readonly objectId: string;
  readonly publicKey: Uint8Array;
  /** 0 for a first key, one more for each rotation. */
  readonly version: number;
  readonly threshold: number;
  /** In party order. */
  readonly partials: readonly PartialKeyServer[];
}

export interface CommitteeView extends CommitteeOnChain {
  /** Of a finalized committee. */
  readonly keyServer: CommitteeKeyServer | undefined;
  /** The committee that hands over, while it exists. */
  readonly old: CommitteeView | undefined;
}

/**
 * A committee with its key server, or with the committee it takes over from.
 * Errors: COMMITTEE_CHAIN when one of them does not exist, is no committee, or has no key; ChainError.
 */
export async function readView(chain: ServerChain, committeeId: string): Promise<CommitteeView> {
  const found = await readCommittee(chain, committeeId).catch((cause: unknown) => {
    throw isChainError(cause) ? notThere(committeeId, cause) : cause;
  });
  const { state, oldCommitteeId } = found.committee;
  if (state.kind === 'finalized') return withKeyServer(chain, found);
  if (oldCommitteeId === undefined) return { ...found, keyServer: undefined, old: undefined };
  const old = await readOldCommittee(chain, committeeId, oldCommitteeId);
  return { ...found, keyServer: undefined, old };
}

/** The committee in use that holds a key server. Errors: COMMITTEE_CHAIN when there is none; ChainError. */
export async function readHolder(
  chain: ServerChain,
  keyServerId: string,
): Promise<CommitteeOnChain> {
  try {
    return await committeeOfKeyServer(chain, keyServerId);
  } catch (cause) {
    if (!isChainError(cause)) throw cause;
    const problem = { NOT_FOUND: 'does not exist there', MALFORMED: 'is of no committee' };
    if (cause.code !== 'NOT_FOUND' && cause.code !== 'MALFORMED') throw cause;
    throw new CommitteeError(
      'COMMITTEE_CHAIN',
      `the key server ${keyServerId} ${problem[cause.code]} (${cause.message}); check the id, which is ` +
        'key_server_obj_id of your key server configuration, and the network',
      { cause },
    );
  }
}

function notThere(committeeId: string, cause: ChainError): Error {
  const problem = { NOT_FOUND: 'does not exist there', MALFORMED: 'is no committee' };
  if (cause.code !== 'NOT_FOUND' && cause.code !== 'MALFORMED') return cause;
  return new CommitteeError(
    'COMMITTEE_CHAIN',
    `${committeeId} ${problem[cause.code]} (${cause.message}); check COMMITTEE_ID and NETWORK of dkg.yaml`,
    { cause },
  );
}

/** One step back and no further: objects of a forged package could name each other in a circle. */
async function readOldCommittee(
  chain: ServerChain,
  committeeId: string,
  oldCommitteeId: string,
): Promise<CommitteeView> {
  const old = await readCommittee(chain, oldCommitteeId).catch((error: unknown) => {
    if (!isChainError(error) || error.code !== 'NOT_FOUND') throw error;
    throw new CommitteeError(
      'COMMITTEE_CHAIN',
      `committee ${committeeId} rotates from ${oldCommitteeId}, which is gone: another rotation of ` +
        'the same key server was completed first. Start a new rotation with init-rotation',
      { cause: error },
    );
  });
  if (old.committee.state.kind === 'finalized') return withKeyServer(chain, old);
  throw new CommitteeError(
    'COMMITTEE_CHAIN',
    `committee ${committeeId} rotates from ${oldCommitteeId}, which has no key yet. Do not go on: it ` +
      'was not made by init-rotation',
  );
}

async function withKeyServer(chain: ServerChain, found: CommitteeOnChain): Promise<CommitteeView> {
  const fieldId = committeeKeyServerFieldId(found.committee.id);
  const objectId = await childOf(chain, fieldId, 32);
  const keyServer = await committeeKeyServer(chain, objectId);
  return { ...found, keyServer, old: undefined };
}

/** A key server that a committee holds. Errors: COMMITTEE_CHAIN for an independent one. */
export async function committeeKeyServer(
  chain: ServerChain,
  objectId: string,
): Promise<CommitteeKeyServer> {
  const { publicKey, serverType } = await chain.keyServer(objectId);
  if (serverType.kind !== 'committee') {
    const text = `key server ${objectId} is independent; it has no committee`;
    throw new CommitteeError('COMMITTEE_CHAIN', text);
  }
  const { version, threshold, members } = serverType;
  return { objectId, publicKey, version, threshold, partials: members };
}

/** The upgrade manager of a finalized committee. Throws ChainError. */
export async function readUpgradeManager(
  chain: ServerChain,
  { committee, packageId }: CommitteeOnChain,
): Promise<UpgradeManager> {
  const objectId = await childOf(chain, upgradeManagerFieldId(committee.id, packageId), 1);
  return decodeUpgradeManager(await contents(chain, objectId));
}

async function childOf(chain: ServerChain, fieldId: string, nameBytes: number): Promise<string> {
  return decodeWrapperField(await contents(chain, fieldId), nameBytes).childId;
}

async function contents(chain: ServerChain, objectId: string): Promise<Uint8Array> {
  const { bcs } = await chain.object(objectId, { mask: ['bcs'] });
  if (bcs !== undefined) return moveContents(bcs, objectId);
  throw new CommitteeError('COMMITTEE_CHAIN', `${objectId}: the node sent no object contents`);
}
