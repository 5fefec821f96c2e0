/** A chain that holds one committee and its key server. */

import {
  ChainError,
  type ChainEvents,
  type ChainObject,
  type EventPage,
  type EventQuery,
  type ObjectField,
} from '@seal-ts/chain';
import { publicKeyFromMasterKey } from '@seal-ts/crypto';
import { nobleEngine as engine } from '@seal-ts/crypto/noble';
import {
  encodeBcs,
  encodeCommittee,
  type KeyServerInfo,
  upgradeManagerFieldId,
} from '@seal-ts/protocol';
import { FakeChain } from './world.ts';

export const KEY_SERVER = `0x${'c5'.repeat(32)}`;
export const MEMBERS = ['11', '22', '33'].map((byte) => `0x${byte.repeat(32)}`);
export const COMMITTEE = `0x${'c0'.repeat(32)}`;
const FIELD = `0x${'f1'.repeat(32)}`;
const MANAGER = `0x${'9a'.repeat(32)}`;
const PACKAGE = `0x${'5c'.repeat(32)}`;

function upgradeManager(proposed: bigint | undefined): Uint8Array {
  return encodeBcs((w) => {
    w.address(MANAGER).address(FIELD).address(PACKAGE).u64(1n).u8(0);
    w.option(proposed, (v, version) => {
      v.byteVector(new Uint8Array(32)).u64(version).uleb(0);
    });
  });
}

/** A Move object around `contents`, as nodes serve it. */
function moveObject(contents: Uint8Array): Uint8Array {
  return encodeBcs((w) => w.uleb(0).uleb(1).bool(false).u64(1n).byteVector(contents));
}

export class CommitteeChain extends FakeChain implements ChainEvents {
  version = 0;
  /** Share of each party in the version on chain, by party id. */
  shares: Uint8Array[] = [];
  down = false;
  independent = false;
  /** Version of the package upgrade under vote. */
  proposed: bigint | undefined;

  /** Committees whose rotation was initiated: the old one of each. */
  rotations: string[] = [];
  /** Whether the node has an event list. */
  listsEvents = true;

  async events({ eventType, page, cursor }: EventQuery): Promise<EventPage> {
    if (this.down) throw new ChainError('UNAVAILABLE', 'down');
    if (!this.listsEvents) {
      throw new ChainError('RPC', 'no list', { grpcStatus: 'UNIMPLEMENTED' });
    }
    const ours = eventType === `${PACKAGE}::seal_committee::CommitteeRotationInitiated`;
    const all = ours ? this.rotations : [];
    const from = page === 'latest' ? all.length : (cursor?.[0] ?? 0);
    const found = all.slice(from).map((old) => encodeBcs((w) => w.address(FIELD).address(old)));
    return { contents: found, cursor: all.length === 0 ? cursor : Uint8Array.of(all.length) };
  }

  override async keyServer(): Promise<never> {
    return this.#info() as never;
  }

  #info(): KeyServerInfo {
    if (this.down) throw new ChainError('UNAVAILABLE', 'down');
    const members = this.shares.map((share, partyId) => ({
      name: `m${partyId}`,
      url: '',
      partialPublicKey: engine.g2.toBytes(publicKeyFromMasterKey(engine, share)),
      partyId,
    }));
    return {
      objectId: KEY_SERVER,
      version: 2,
      name: 'committee',
      keyType: 0,
      publicKey: new Uint8Array(96),
      serverType: this.independent
        ? { kind: 'independent', url: '' }
        : { kind: 'committee', version: this.version, threshold: 2, members: members.reverse() },
    };
  }

  override async object(
    objectId?: string,
    _options?: { mask: readonly ObjectField[] },
  ): Promise<ChainObject> {
    if (this.down) throw new ChainError('UNAVAILABLE', 'down');
    const answers: Record<string, Omit<ChainObject, 'objectId'>> = {
      [KEY_SERVER]: { owner: { kind: 'object', address: FIELD } },
      [FIELD]: {
        bcs: moveObject(encodeBcs((w) => w.address(FIELD).address(COMMITTEE).address(KEY_SERVER))),
      },
      [upgradeManagerFieldId(COMMITTEE, PACKAGE)]: {
        bcs: moveObject(encodeBcs((w) => w.address(FIELD).u8(0).address(MANAGER))),
      },
      [MANAGER]: { bcs: moveObject(upgradeManager(this.proposed)) },
      [COMMITTEE]: {
        objectType: `${PACKAGE}::seal_committee::Committee`,
        bcs: moveObject(
          encodeCommittee({
            id: COMMITTEE,
            threshold: 2,
            members: MEMBERS,
            state: { kind: 'finalized' },
            oldCommitteeId: undefined,
          }),
        ),
      },
    };
    const answer = answers[objectId ?? ''];
    if (answer === undefined) throw new ChainError('NOT_FOUND', `${objectId}`);
    return { objectId: objectId ?? '', ...answer };
  }
}
