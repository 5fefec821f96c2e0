import { fromHex, publicKeyFromMasterKey, verifyProofOfPossession } from '@seal-ts/crypto';
import { addressToBytes, fromBase64 } from '@seal-ts/protocol';
import { describe, expect, it } from 'vitest';
import { MasterKey, openMasterKeys, permissionedMasterKeys } from '../src/index.ts';
import { HEADERS } from './support/client.ts';
import { createWorld, MASTER_KEY_HEX, SERVICE_ID } from './support/world.ts';

const get = (id: string) => `/v1/service?service_id=${id}`;

describe('GET /v1/service', () => {
  it('proves possession of the master key for the key server object', async () => {
    const { app, engine } = await createWorld();
    const res = await app.request(get(SERVICE_ID), { headers: HEADERS });
    const { service_id, pop } = await res.json();
    expect(service_id).toBe(SERVICE_ID);
    const publicKey = publicKeyFromMasterKey(engine, fromHex(MASTER_KEY_HEX));
    const proof = engine.g1.fromBytes(fromBase64(pop));
    expect(verifyProofOfPossession(engine, proof, publicKey, addressToBytes(SERVICE_ID))).toBe(
      true,
    );
  });

  it('accepts short and upper-case ids and answers the full one', async () => {
    const id = `0x${'0'.repeat(62)}ab`;
    const keys = openMasterKeys(id, new MasterKey(fromHex(MASTER_KEY_HEX)));
    const { app } = await createWorld({ keys });
    for (const form of ['0xab', '0xAB', id]) {
      const res = await app.request(get(form), { headers: HEADERS });
      expect((await res.json()).service_id).toBe(id);
    }
  });

  it.each(['', 'ab', '0x', '0xzz', `0x${'1'.repeat(65)}`, `0x${'cd'.repeat(32)}`])(
    'refuses id "%s"',
    async (id) => {
      const { app } = await createWorld();
      const res = await app.request(get(id), { headers: HEADERS });
      expect(res.status).toBe(400);
      expect(await res.json()).toEqual({
        error: 'InvalidServiceId',
        message: 'Invalid service ID',
      });
    },
  );

  it('refuses a missing id', async () => {
    const { app } = await createWorld();
    const res = await app.request('/v1/service', { headers: HEADERS });
    expect((await res.json()).error).toBe('InvalidServiceId');
  });

  it('answers for every client of a permissioned server', async () => {
    const ids = [`0x${'c1'.repeat(32)}`, `0x${'c2'.repeat(32)}`];
    const keys = permissionedMasterKeys(
      ids.map((id, i) => ({
        key: new MasterKey(new Uint8Array(32).fill(i + 1)),
        keyServerObjectId: id,
        packageIds: [],
      })),
    );
    const { app } = await createWorld({ keys });
    const pops = await Promise.all(
      ids.map(async (id) => (await (await app.request(get(id), { headers: HEADERS })).json()).pop),
    );
    expect(new Set(pops).size).toBe(2);
  });
});

describe('GET /v1/debug/committee_partial_pk', () => {
  it('is for committee members only', async () => {
    const { app, metrics } = await createWorld();
    const res = await app.request('/v1/debug/committee_partial_pk', { headers: HEADERS });
    expect([res.status, await res.text()]).toEqual([400, 'Unsupported']);
    expect(await metrics.registry.metrics()).toContain('service_requests 1');
  });
});
