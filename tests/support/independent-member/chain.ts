/** What another member's software reads on chain: committees and their key server (seal-protocol.md §2). */
import { bcs } from '@mysten/sui/bcs';
import type { SuiGrpcClient } from '@mysten/sui/grpc';
import { deriveDynamicFieldID } from '@mysten/sui/utils';
import { G1, G2 } from './curve.ts';
import type { Ceremony } from './message.ts';

const bytes = bcs.byteVector();
const Member = bcs.struct('MemberInfo', {
  encryption: bytes,
  signing: bytes,
  url: bcs.string(),
  name: bcs.string(),
});
const Members = bcs.vector(bcs.tuple([bcs.Address, Member]));
const State = bcs.enum('State', {
  Init: bcs.struct('Init', { members: Members }),
  PostDKG: bcs.struct('PostDKG', {
    members: Members,
    partials: bcs.vector(bytes),
    pk: bytes,
    hash: bytes,
    approvals: bcs.vector(bcs.Address),
  }),
  Finalized: null,
});
const Committee = bcs.struct('Committee', {
  id: bcs.Address,
  threshold: bcs.u16(),
  members: bcs.vector(bcs.Address),
  state: State,
  old: bcs.option(bcs.Address),
});
const Server = bcs.enum('ServerType', {
  Independent: bcs.struct('Independent', { url: bcs.string() }),
  Committee: bcs.struct('Committee', {
    version: bcs.u32(),
    threshold: bcs.u16(),
    partials: bcs.vector(
      bcs.struct('PartialKeyServer', {
        name: bcs.string(),
        url: bcs.string(),
        key: bytes,
        party: bcs.u16(),
      }),
    ),
  }),
});
const KeyServerField = bcs.struct('Field', {
  id: bcs.Address,
  field: bcs.u64(),
  name: bcs.string(),
  keyType: bcs.u8(),
  pk: bytes,
  type: Server,
});
const WrapperField = bcs.struct('Field', {
  id: bcs.Address,
  name: bcs.Address,
  value: bcs.Address,
});
const WRAPPER = '0x2::dynamic_object_field::Wrapper<0x2::object::ID>';

export class Chain {
  readonly #client: SuiGrpcClient;

  constructor(client: SuiGrpcClient) {
    this.#client = client;
  }

  async #object(objectId: string) {
    const { object } = await this.#client.core.getObject({ objectId, include: { content: true } });
    return { ...object, content: object.content as Uint8Array };
  }

  async committee(id: string) {
    const { content, type } = await this.#object(id);
    return { ...Committee.parse(content), packageId: type.split('::')[0] ?? '' };
  }

  /** Of a finalized committee. */
  async keyServer(committeeId: string) {
    const id = deriveDynamicFieldID(
      committeeId,
      WRAPPER,
      bcs.Address.serialize(committeeId).toBytes(),
    );
    const server = WrapperField.parse((await this.#object(id)).content).value;
    const field = deriveDynamicFieldID(server, 'u64', bcs.u64().serialize(2).toBytes());
    const { pk, type } = KeyServerField.parse((await this.#object(field)).content);
    if (type.Committee === undefined) throw new TypeError(`${server} is of no committee`);
    return { id: server, pk, ...type.Committee };
  }

  async committeeOf(keyServerId: string): Promise<string> {
    const { owner } = await this.#object(keyServerId);
    if (owner.$kind !== 'ObjectOwner') throw new TypeError(`${keyServerId} has no committee`);
    return WrapperField.parse((await this.#object(owner.ObjectOwner)).content).name;
  }

  /** What the members of a committee that has no key yet know of each other (dkg.md §14). */
  async ceremony(id: string): Promise<Ceremony> {
    const { members, threshold, state, old } = await this.committee(id);
    const registered = new Map((state.Init ?? state.PostDKG)?.members ?? []);
    const infos = members.map((member) => {
      const info = registered.get(member);
      if (info === undefined) throw new TypeError(`${member} is not registered`);
      return info;
    });
    const known: Ceremony = {
      id,
      threshold,
      encryptionKeys: infos.map(({ encryption }) => G1.fromBytes(encryption)),
      signingKeys: infos.map(({ signing }) => G2.fromBytes(signing)),
    };
    if (old === null) return known;
    const before = await this.committee(old);
    const { partials } = await this.keyServer(old);
    const newToOld = new Map(
      members.flatMap((member, newId) => {
        const oldId = before.members.indexOf(member);
        return oldId < 0 ? [] : [[newId, oldId] as const];
      }),
    );
    const partialKeys = new Map(partials.map(({ party, key }) => [party, G2.fromBytes(key)]));
    return { ...known, old: { threshold: before.threshold, newToOld, partialKeys } };
  }
}
