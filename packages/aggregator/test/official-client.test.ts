/** The official TypeScript client decrypts through the aggregator, over a chain that is a table. */

import { DemType, NoAccessError, SealClient, SessionKey } from '@mysten/seal';
import { bcs } from '@mysten/sui/bcs';
import { Transaction } from '@mysten/sui/transactions';
import { fromHex } from '@seal-ts/crypto';
import { encodeKeyServer, encodeKeyServerV2 } from '@seal-ts/protocol';
import { describe, expect, it } from 'vitest';
import { USER } from './support/client.ts';
import { liar, refuse, silent, unreachable } from './support/member.ts';
import {
  createWorld,
  GROUP_KEY,
  KEY_SERVER,
  PACKAGE,
  shareOf,
  type World,
} from './support/world.ts';

const AGGREGATOR = 'https://aggregator.test';
const DATA = new TextEncoder().encode('open sesame');
const ID = 'c0ffee';

/** What the client reads: a committee's key server object. */
function chainOf(world: World) {
  return {
    core: {
      async getObject({ objectId }: { objectId: string }) {
        const content = encodeKeyServer({ id: objectId, firstVersion: 2n, lastVersion: 2n });
        return { object: { version: '1', content } };
      },
      async getDynamicField() {
        const { serverType } = await world.chain.keyServer(KEY_SERVER);
        const value = encodeKeyServerV2({
          name: 'c0'.repeat(32),
          keyType: 0,
          publicKey: fromHex(GROUP_KEY),
          serverType,
        });
        return { dynamicField: { value: { bcs: value } } };
      },
    },
  } as unknown as ConstructorParameters<typeof SealClient>[0]['suiClient'];
}

function client(world: World): SealClient {
  const route = async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
    const url = new URL(String(input));
    expect(url.origin).toBe(AGGREGATOR);
    return await world.app.request(`${url.pathname}${url.search}`, init);
  };
  return new SealClient({
    suiClient: chainOf(world),
    serverConfigs: [{ objectId: KEY_SERVER, weight: 1, aggregatorUrl: AGGREGATOR }],
    verifyKeyServers: false,
    fetch: route as typeof globalThis.fetch,
  });
}

async function approval(...ids: string[]): Promise<Uint8Array> {
  const tx = new Transaction();
  for (const id of ids) {
    const bytes = bcs.vector(bcs.u8()).serialize(Buffer.from(id, 'hex'));
    tx.moveCall({ target: `${PACKAGE}::policy::seal_approve`, arguments: [tx.pure(bytes)] });
  }
  return await tx.build({ onlyTransactionKind: true });
}

async function session(world: World): Promise<SessionKey> {
  return await SessionKey.create({
    address: USER.toSuiAddress(),
    packageId: PACKAGE,
    ttlMin: 10,
    signer: USER,
    suiClient: chainOf(world) as Parameters<typeof SessionKey.create>[0]['suiClient'],
  });
}

async function encrypted(world: World, id = ID): Promise<Uint8Array> {
  const { encryptedObject } = await client(world).encrypt({
    demType: DemType.AesGcm256,
    threshold: 1,
    packageId: PACKAGE,
    id,
    data: DATA,
  });
  return encryptedObject;
}

describe('@mysten/seal through the aggregator', () => {
  it.each([
    ['all members', () => {}],
    [
      'one member down',
      (world: World) => {
        world.member('A').behave = unreachable;
      },
    ],
    [
      'one member silent',
      (world: World) => {
        world.member('B').behave = silent;
      },
    ],
    [
      'one member lying',
      (world: World) => {
        world.member('C').behave = liar;
      },
    ],
  ])('decrypts with %s', async (_name, prepare) => {
    const world = await createWorld();
    prepare(world);
    const data = await encrypted(world);
    const request = { data, sessionKey: await session(world), txBytes: await approval(ID) };
    expect(await client(world).decrypt(request)).toEqual(DATA);
  });

  it('decrypts after a rotation what was encrypted before it', async () => {
    const world = await createWorld();
    const data = await encrypted(world);
    world.chain.version = 1;
    for (const [name, member] of world.members) member.share = shareOf(name, 1);
    const request = { data, sessionKey: await session(world), txBytes: await approval(ID) };
    expect(await client(world).decrypt(request)).toEqual(DATA);
  });

  it('fetches several keys at once', async () => {
    const world = await createWorld();
    const seal = client(world);
    const ids = ['01', '02', '03'];
    const sessionKey = await session(world);
    const txBytes = await approval(...ids);
    await seal.fetchKeys({ ids, sessionKey, txBytes, threshold: 1 });
    for (const id of ids) {
      const data = await encrypted(world, id);
      expect(await seal.decrypt({ data, sessionKey, txBytes })).toEqual(DATA);
    }
  });

  it('sees a refusal as such', async () => {
    const world = await createWorld();
    for (const name of ['A', 'B', 'C'] as const)
      world.member(name).behave = refuse('NoAccess', 'x');
    const data = await encrypted(world);
    const request = { data, sessionKey: await session(world), txBytes: await approval(ID) };
    await expect(client(world).decrypt(request)).rejects.toBeInstanceOf(NoAccessError);
  });
});
