/** Published values (protocol appendices A.5 V2 and A.9), through the whole server. */

import { fromHex } from '@seal-ts/crypto';
import { loadMclEngine } from '@seal-ts/crypto/mcl';
import { nobleEngine } from '@seal-ts/crypto/noble';
import { fromBase64, toHex } from '@seal-ts/protocol';
import { describe, expect, it } from 'vitest';
import { MasterKey, openMasterKeys } from '../src/index.ts';
import { createRequest, HEADERS, openAnswer, post } from './support/client.ts';
import { createWorld } from './support/world.ts';

const MASTER_KEY = '3c185eb32f1ab43a013c7d84659ec7b59791ca76764af4ee8d387bf05621f0c7';
const OBJECT_ID = '0x034401905bebdf8c04f3cd5f04f442a39372c8dc321c29edfb4f9cb30b23ab96';
const PACKAGE_ZERO = `0x${'00'.repeat(32)}`;
const INNER_ID = '381dd9078c322a4663c392761a0211b527c127b29583851217f948d62131f409';
const USER_SECRET_KEY =
  '8cb19351dbd351d02292a77a18e2f0f4ec0d3becf23f37cc87e4870bf35522c3e59487e0ee5023d5e2e383e40b77bd98';
const C1 =
  '80fd75ebcc0a21649e3177bcce15426da0e4f25d6828fbf4038d4d7ed3bd4421de3ef61d70f794687b12b2d571971a55';
const C2 =
  'a5416a4e70571689b4d01a3bf86f26f0abb1304cdd8dda0c471a5666a5a533040a46e717bd2811d08410fe9a496bacf9';
const POP = 'hkEZyH2vRZStRCTddpG3W1MFSoIvwfPwfmnNRuuOvIZebU/FMVqqk7Kwyd3lhKbk';

/** A random source that always draws the integer `n`. */
const always = (n: number) => (length: number) => {
  const bytes = new Uint8Array(length);
  bytes[length - 1] = n;
  return bytes;
};

describe.each(['noble', 'mcl'])('published vectors with engine %s', (name) => {
  async function create() {
    const engine = name === 'mcl' ? await loadMclEngine() : nobleEngine;
    const keys = openMasterKeys(OBJECT_ID, new MasterKey(fromHex(MASTER_KEY)));
    const world = await createWorld({ engine, keys, random: always(11) });
    world.chain.originals.set(PACKAGE_ZERO, PACKAGE_ZERO);
    return world;
  }

  it('fetch_key gives the published user secret key, encrypted with x = 7 and k = 11', async () => {
    const { app, engine } = await create();
    const { body, secretKey } = await createRequest({
      engine,
      random: always(7),
      packageId: PACKAGE_ZERO,
      packageName: PACKAGE_ZERO,
      ids: [fromHex(INNER_ID)],
    });
    const json = await (await app.request('/v1/fetch_key', post(body))).json();
    const [{ encrypted_key }] = json.decryption_keys;
    expect(encrypted_key.map((part: string) => toHex(fromBase64(part)))).toEqual([C1, C2]);
    const [opened] = openAnswer(json, secretKey, engine);
    expect(toHex(opened!.userSecretKey)).toBe(USER_SECRET_KEY);
  });

  it('service gives the published proof of possession', async () => {
    const { app } = await create();
    const res = await app.request(`/v1/service?service_id=${OBJECT_ID}`, { headers: HEADERS });
    expect(await res.text()).toBe(JSON.stringify({ service_id: OBJECT_ID, pop: POP }));
  });
});
