import { inspect } from 'node:util';
import { ChainError } from '@seal-ts/chain';
import { fromHex } from '@seal-ts/crypto';
import { describe, expect, it } from 'vitest';
import { MasterKey, openMasterKeys } from '../src/index.ts';
import { createRequest, HEADERS, post, USER } from './support/client.ts';
import { createWorld, MASTER_KEY_HEX, PACKAGE, SERVICE_ID } from './support/world.ts';

const PATH = '/v1/fetch_key';

describe('secrets and personal data stay out of the logs', () => {
  it('at every level, whether a request succeeds, is refused or fails', async () => {
    const world = await createWorld({ logLevel: 'trace' });
    const { app, chain, engine, logs } = world;
    const { body } = await createRequest({ engine });
    await app.request(PATH, post(body));
    chain.outcome = { ok: false, kind: 'MOVE_ABORT', description: 'no' };
    await app.request(PATH, post(body));
    chain.outcome = new ChainError('RPC', 'down');
    await app.request(PATH, post(body));
    await app.request(PATH, post(`${JSON.stringify(body)}]`));
    await app.request(PATH, post({ ...body, ptb: 1 }));
    await app.request('/v1/service', { headers: HEADERS });
    const text = logs.join('');
    expect(logs.length).toBeGreaterThanOrEqual(6);
    const secret = [
      MASTER_KEY_HEX,
      Buffer.from(MASTER_KEY_HEX, 'hex').toString('base64'),
      USER.toSuiAddress(),
      USER.toSuiAddress().slice(2),
      PACKAGE.slice(2),
      body.ptb,
      body.enc_key,
      body.request_signature,
      body.certificate.signature,
      body.certificate.session_vk,
    ];
    for (const value of secret) expect(text).not.toContain(value);
  });

  it('logs one line for each request with what an operator needs', async () => {
    const { app, engine, logs } = await createWorld({ logLevel: 'info' });
    const { body } = await createRequest({ engine });
    const headers = {
      ...HEADERS,
      'request-id': '1f0c9b1e-52a0-4bd7-8f4c-2cf7a0a2f1ad',
      'client-target-api-version': '0.4.1\u00e9',
    };
    await app.request(PATH, post(body, headers));
    expect(logs).toHaveLength(1);
    expect(JSON.parse(logs[0]!)).toMatchObject({
      level: 'info',
      requestId: '1f0c9b1e-52a0-4bd7-8f4c-2cf7a0a2f1ad',
      method: 'POST',
      route: PATH,
      status: 200,
      ids: 1,
      sdkType: 'typescript',
      sdkVersion: '1.4.12',
      targetApiVersion: '0.4.1?',
    });
  });

  it('does not take over a caller id that could forge lines', async () => {
    const { app, logs } = await createWorld({ logLevel: 'info' });
    for (const id of ['x"y', 'a b', 'a'.repeat(129)]) {
      await app.request('/v1/service', { headers: { ...HEADERS, 'request-id': id } });
    }
    for (const line of logs) expect(JSON.parse(line).requestId).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe('a master key', () => {
  const key = () => new MasterKey(fromHex(MASTER_KEY_HEX));
  it('prints as nothing, however it is printed', () => {
    const holder = { key: key(), keys: openMasterKeys(SERVICE_ID, key()) };
    const bytes = '31'.repeat(4);
    for (const text of [String(key()), JSON.stringify(holder), inspect(holder, { depth: 9 })]) {
      expect(text).not.toContain(MASTER_KEY_HEX.slice(0, 8));
      expect(text.replace(/[^0-9]/g, '')).not.toContain(bytes);
    }
    expect(String(key())).toBe('[master key]');
    expect(Object.keys(key())).toEqual([]);
  });

  it('is wiped in place, and refuses to work afterwards', async () => {
    const bytes = fromHex(MASTER_KEY_HEX);
    const wiped = new MasterKey(bytes);
    const keys = openMasterKeys(SERVICE_ID, wiped);
    const { app, engine } = await createWorld({ keys });
    keys.wipe();
    expect(bytes).toEqual(new Uint8Array(32));
    const { body } = await createRequest({ engine });
    const res = await app.request(PATH, post(body));
    expect([res.status, (await res.json()).error]).toEqual([503, 'Failure']);
  });

  it.each([
    ['zero', '00'.repeat(32)],
    ['the group order', '73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001'],
    ['too short', '01'.repeat(31)],
  ])('is not %s', (_name, hex) => {
    expect(() => new MasterKey(fromHex(hex))).toThrow(/master key/);
    try {
      new MasterKey(fromHex(hex));
    } catch (error) {
      expect(String(error)).not.toContain(hex.slice(0, 12));
    }
  });
});
