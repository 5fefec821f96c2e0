/** The official TypeScript client against servers in this process, over a chain that is a table. */

import {
  DemType,
  InvalidParameterError,
  NoAccessError,
  SealClient,
  SessionKey,
} from '@mysten/seal';
import { bcs } from '@mysten/sui/bcs';
import { Transaction } from '@mysten/sui/transactions';
import { ChainError } from '@seal-ts/chain';
import { publicKeyFromMasterKey } from '@seal-ts/crypto';
import { nobleEngine as engine } from '@seal-ts/crypto/noble';
import { encodeKeyServer, encodeKeyServerV2 } from '@seal-ts/protocol';
import { beforeAll, describe, expect, it } from 'vitest';
import { MasterKey, openMasterKeys } from '../src/index.ts';
import { USER } from './support/client.ts';
import { createWorld, PACKAGE, type World } from './support/world.ts';

const SERVERS = [1, 2, 3].map((i) => ({
  objectId: `0x${`d${i}`.repeat(32)}`,
  url: `http://server-${i}.test`,
  masterKey: new Uint8Array(32).fill(i),
}));
const DATA = new TextEncoder().encode('open sesame');
const ID = 'c0ffee';

const suiClient = {
  core: {
    async getObject({ objectId }: { objectId: string }) {
      const content = encodeKeyServer({ id: objectId, firstVersion: 2n, lastVersion: 2n });
      return { object: { version: '1', content } };
    },
    async getDynamicField({ parentId }: { parentId: string }) {
      const server = SERVERS.find(({ objectId }) => objectId === parentId)!;
      const publicKey = publicKeyFromMasterKey(engine, server.masterKey);
      const value = encodeKeyServerV2({
        name: 'server',
        keyType: 0,
        publicKey: engine.g2.toBytes(publicKey),
        serverType: { kind: 'independent', url: server.url },
      });
      return { dynamicField: { value: { bcs: value } } };
    },
  },
} as unknown as ConstructorParameters<typeof SealClient>[0]['suiClient'];

const worlds = new Map<string, World>();
beforeAll(async () => {
  for (const { url, objectId, masterKey } of SERVERS) {
    const keys = openMasterKeys(objectId, new MasterKey(masterKey.slice()));
    worlds.set(url, await createWorld({ keys }));
  }
});

function client(fetch = route): SealClient {
  return new SealClient({
    suiClient,
    serverConfigs: SERVERS.map(({ objectId }) => ({ objectId, weight: 1 })),
    verifyKeyServers: true,
    fetch: fetch as typeof globalThis.fetch,
  });
}

/** Hands a request to the app of its host. */
async function route(input: string | URL | Request, init?: RequestInit): Promise<Response> {
  const url = new URL(String(input));
  const world = worlds.get(url.origin)!;
  world.clock.nowMs = Date.now() + 1;
  return await world.app.request(`${url.pathname}${url.search}`, init);
}

async function approval(...ids: string[]): Promise<Uint8Array> {
  const tx = new Transaction();
  for (const id of ids) {
    const bytes = bcs.vector(bcs.u8()).serialize(Buffer.from(id, 'hex'));
    tx.moveCall({ target: `${PACKAGE}::policy::seal_approve`, arguments: [tx.pure(bytes)] });
  }
  return await tx.build({ onlyTransactionKind: true });
}

async function session(): Promise<SessionKey> {
  return await SessionKey.create({
    address: USER.toSuiAddress(),
    packageId: PACKAGE,
    ttlMin: 10,
    signer: USER,
    suiClient: suiClient as Parameters<typeof SessionKey.create>[0]['suiClient'],
  });
}

async function encrypted(id = ID): Promise<Uint8Array> {
  const { encryptedObject } = await client().encrypt({
    demType: DemType.AesGcm256,
    threshold: 2,
    packageId: PACKAGE,
    id,
    data: DATA,
  });
  return encryptedObject;
}

describe('@mysten/seal', () => {
  it('verifies the servers, and decrypts what it encrypted', async () => {
    const data = await encrypted();
    const request = { data, sessionKey: await session(), txBytes: await approval(ID) };
    expect(await client().decrypt(request)).toEqual(DATA);
  });

  it('fetches several keys at once, and decrypts from its cache', async () => {
    const seal = client();
    const ids = ['01', '02'];
    const sessionKey = await session();
    const txBytes = await approval(...ids);
    await seal.fetchKeys({ ids, sessionKey, txBytes, threshold: 2 });
    for (const id of ids) {
      const data = await encrypted(id);
      expect(await seal.decrypt({ data, sessionKey, txBytes })).toEqual(DATA);
    }
  });

  it.each([
    [NoAccessError, { ok: false as const, kind: 'MOVE_ABORT', description: 'not a member' }],
    [InvalidParameterError, new ChainError('NOT_FOUND', 'object 0x1')],
  ])('sees %s as such', async (expected, outcome) => {
    for (const { chain } of worlds.values()) chain.outcome = outcome;
    try {
      const request = { data: await encrypted(), sessionKey: await session() };
      const attempt = client().decrypt({ ...request, txBytes: await approval(ID) });
      await expect(attempt).rejects.toBeInstanceOf(expected);
    } finally {
      for (const { chain } of worlds.values()) chain.outcome = { ok: true, computationCost: 1n };
    }
  });

  it('does not decrypt with the keys of another identity', async () => {
    const data = await encrypted();
    const sessionKey = await session();
    await expect(
      client().decrypt({ data, sessionKey, txBytes: await approval('aa') }),
    ).rejects.toThrow();
  });
});
