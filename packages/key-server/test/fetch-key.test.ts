import { fromHex, hashIdentity } from '@seal-ts/crypto';
import { nobleEngine } from '@seal-ts/crypto/noble';
import { addressToBytes, CLOCK_OBJECT_ID, decodePtb, encodeBcs } from '@seal-ts/protocol';
import { describe, expect, it } from 'vitest';
import { approvePtb, createRequest, openAnswer, post, USER } from './support/client.ts';
import {
  createWorld,
  GAS_PRICE,
  MASTER_KEY_HEX,
  PACKAGE,
  SEAL_PACKAGE,
  T0,
  UPGRADED,
} from './support/world.ts';

const PATH = '/v1/fetch_key';

describe('fetch_key answers an approved request', () => {
  it('with the user secret key of each id, in command order, duplicates kept', async () => {
    const { app, engine } = await createWorld();
    const a = Uint8Array.of(1, 2, 3);
    const ids = [a, new Uint8Array(), a];
    const { body, secretKey } = await createRequest({ engine, ids });
    const res = await app.request(PATH, post(body));
    expect(res.status).toBe(200);
    expect(res.headers.get('content-type')).toBe('application/json');
    const json = await res.json();
    const expected = ids.map((inner) => {
      const fullId = Uint8Array.from([...addressToBytes(PACKAGE), ...inner]);
      const { point } = hashIdentity(engine, fullId);
      const key = engine.g1.mul(point, fromHex(MASTER_KEY_HEX));
      return { id: fullId, userSecretKey: engine.g1.toBytes(key) };
    });
    expect(openAnswer(json, secretKey, engine)).toEqual(expected);
    const [first, , third] = json.decryption_keys;
    expect(first.encrypted_key).not.toEqual(third.encrypted_key);
    expect(Object.keys(json)).toEqual(['decryption_keys']);
  });

  it('derives under the first package id when an upgrade is called', async () => {
    const { app, engine } = await createWorld();
    const { body } = await createRequest({ engine, packageId: UPGRADED });
    const res = await app.request(PATH, post(body));
    expect(res.status).toBe(200);
    const [{ id }] = (await res.json()).decryption_keys;
    expect(id.slice(0, 32)).toEqual([...addressToBytes(PACKAGE)]);
  });

  it('hashes each distinct identity once', async () => {
    const hashed: number[] = [];
    const { g1 } = nobleEngine;
    const hash = (message: Uint8Array) => {
      hashed.push(message.length);
      return g1.hash(message);
    };
    const { app, engine } = await createWorld({ engine: { ...nobleEngine, g1: { ...g1, hash } } });
    hashed.length = 0;
    const ids = [1, 2, 1, 2, 1].map((byte) => Uint8Array.of(byte));
    const { body } = await createRequest({ engine, ids });
    expect((await app.request(PATH, post(body))).status).toBe(200);
    expect(hashed).toHaveLength(2);
  });

  it('resolves a package once an hour', async () => {
    const { app, chain, clock, engine } = await createWorld();
    const { body } = await createRequest({ engine });
    const lookups = () => chain.calls.filter((call) => call === 'packageOriginalId').length;
    await app.request(PATH, post(body));
    await app.request(PATH, post(body));
    expect(lookups()).toBe(1);
    clock.monotonicMs += 3_600_001;
    await app.request(PATH, post(body));
    expect(lookups()).toBe(2);
  });
});

describe('the simulated transaction', () => {
  it('has the staleness check in front and is sent for the user', async () => {
    const { app, chain, engine } = await createWorld();
    const { body } = await createRequest({ engine });
    await app.request(PATH, post(body));
    const [simulation] = chain.simulations;
    expect(simulation).toMatchObject({
      sender: USER.toSuiAddress(),
      gasPrice: GAS_PRICE,
      gasBudget: 500_000_000n,
    });
    const { inputs, commands } = decodePtb(simulation!.ptb);
    const u64 = (value: bigint) => ({ kind: 'pure', bytes: encodeBcs((w) => w.u64(value)) });
    expect(inputs.slice(1)).toEqual([
      u64(BigInt(T0)),
      u64(120_000n),
      {
        kind: 'shared',
        objectId: CLOCK_OBJECT_ID,
        initialSharedVersion: 1n,
        mutability: 'immutable',
      },
    ]);
    expect(commands).toHaveLength(2);
    expect(commands[0]).toMatchObject({
      package: SEAL_PACKAGE,
      module: 'time',
      function: 'check_staleness',
      arguments: [1, 2, 3].map((index) => ({ kind: 'input', index })),
    });
    expect(commands[1]).toEqual(approvePtb([Uint8Array.of(1, 2, 3)]).commands[0]);
  });
});
