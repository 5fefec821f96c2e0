import { extract, fromHex, hashIdentity } from '@seal-ts/crypto';
import { addressToBytes, decodePtb } from '@seal-ts/protocol';
import { describe, expect, it } from 'vitest';
import { createRequest, HEADERS, openAnswer, post } from './support/client.ts';
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
    const empty = new Uint8Array();
    const { body, secretKey } = await createRequest({ engine, ids: [a, empty, a] });
    const res = await app.request(PATH, post(body));
    expect(res.status).toBe(200);
    expect(res.headers.get('content-type')).toBe('application/json');
    const json = await res.json();
    const opened = openAnswer(json, secretKey, engine);
    const expected = [a, empty, a].map((inner) => {
      const fullId = Uint8Array.from([...addressToBytes(PACKAGE), ...inner]);
      const identity = hashIdentity(engine, fullId);
      return {
        id: fullId,
        userSecretKey: engine.g1.toBytes(engine.g1.mul(identity.point, fromHex(MASTER_KEY_HEX))),
      };
    });
    expect(opened).toEqual(expected);
    expect(json.decryption_keys[0].encrypted_key).not.toEqual(
      json.decryption_keys[2].encrypted_key,
    );
  });
});
