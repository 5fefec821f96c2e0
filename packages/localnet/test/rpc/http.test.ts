/** sui-ledger §11 faucet, §12 MVR, health: with the official client where it has a call. */
import { FaucetRateLimitError, requestSuiFromFaucetV2 } from '@mysten/sui/faucet';
import { Transaction } from '@mysten/sui/transactions';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { RejectedTransaction } from '../../src/ledger/errors.ts';
import { FAUCET_COIN_MIST, FAUCET_COINS, MAX_FAUCET_REQUESTS } from '../../src/rpc/http/faucet.ts';
import { MAX_JSON_BODY_BYTES } from '../../src/rpc/http/json.ts';
import { MAX_MVR_NAMES } from '../../src/rpc/http/mvr.ts';
import { DevRegistry, MAX_NAME_LENGTH, MAX_REGISTERED_NAMES } from '../../src/rpc/registry.ts';
import { json } from './support/http.ts';
import { ALICE, digest, id, PACKAGE } from './support/values.ts';
import { populated, SHARED_ID, serve, type World } from './support/world.ts';

let world: World;
beforeAll(async () => {
  world = await serve(populated(), { faucetPort: 0 });
});
afterAll(async () => {
  await world.close();
  expect(world.failures).toEqual([]);
});
beforeEach(() => {
  world.ledger.rejection = undefined;
});

describe('faucet', () => {
  it('funds through the official client, on its own port and on the main one', async () => {
    expect(world.served.faucetUrl).not.toBe(world.served.url);
    for (const host of [world.served.faucetUrl, world.served.url]) {
      const { status, coins_sent: coins } = await requestSuiFromFaucetV2({
        host,
        recipient: ALICE,
      });
      expect(status).toBe('Success');
      expect(coins).toHaveLength(FAUCET_COINS);
      expect(coins![0]).toEqual({
        amount: Number(FAUCET_COIN_MIST),
        id: id(0xf00),
        transferTxDigest: digest(`fund ${ALICE}`),
      });
    }
  });

  it.each([
    [{}, 400],
    [{ FixedAmountRequest: {} }, 400],
    [{ FixedAmountRequest: { recipient: 7 } }, 400],
    [{ FixedAmountRequest: { recipient: '0x' } }, 400],
    [{ FixedAmountRequest: { recipient: `${ALICE}00` } }, 400],
    [[], 400],
    ['{', 400],
    ['"x"', 400],
    ['x'.repeat(MAX_JSON_BODY_BYTES + 1), 413],
  ])('answers JSON with the reason for %j', async (body, status) => {
    const answer = await json(`${world.served.url}/v2/gas`, { body }).catch(
      (error: unknown) => error,
    );
    expect(answer).toMatchObject({
      status,
      body: { status: { Failure: { internal: expect.any(String) as string } }, coins_sent: null },
    });
  });

  it('answers JSON when the ledger refuses', async () => {
    world.ledger.rejection = new RejectedTransaction('GasBalanceTooLow', 'the treasury is empty');
    await expect(
      requestSuiFromFaucetV2({ host: world.served.url, recipient: ALICE }),
    ).rejects.toThrow(/the treasury is empty/);
  });

  it('limits how many requests are worked on at a time', async () => {
    const original = world.ledger.fund.bind(world.ledger);
    let release = () => {};
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    let waiting = 0;
    world.ledger.fund = async (...args) => {
      waiting += 1;
      await gate;
      return original(...args);
    };
    const ask = () => requestSuiFromFaucetV2({ host: world.served.url, recipient: ALICE });
    const held = Array.from({ length: MAX_FAUCET_REQUESTS }, ask);
    while (waiting < MAX_FAUCET_REQUESTS) await new Promise((r) => setTimeout(r, 2));
    await expect(ask()).rejects.toBeInstanceOf(FaucetRateLimitError);
    release();
    await Promise.all(held);
    world.ledger.fund = original;
  });

  it('has CORS and only POST', async () => {
    const url = `${world.served.url}/v2/gas`;
    expect((await fetch(url)).status).toBe(405);
    expect((await fetch(url, { method: 'OPTIONS' })).status).toBe(204);
    const answer = await json(url, { body: { FixedAmountRequest: { recipient: ALICE } } });
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
  });
});

describe('MVR', () => {
  beforeAll(() => world.served.registry.setPackage('@org/app', PACKAGE));

  it('resolves names in transactions and types of the official client', async () => {
    const tx = new Transaction();
    tx.setSender(ALICE);
    tx.moveCall({ target: '@org/app::m::read', arguments: [tx.object(SHARED_ID)] });
    await tx.build({ client: world.client });
    expect(tx.getData().commands[0]!.MoveCall?.package).toBe(PACKAGE);
    const { type } = await world.client.core.mvr.resolveType({ type: '@org/app::m::Thing' });
    expect(type).toBe(`${PACKAGE}::m::Thing`);
    await expect(world.client.core.mvr.resolvePackage({ package: '@no/app' })).rejects.toThrow(
      /Failed to resolve package/,
    );
  });

  it('answers single names', async () => {
    const path = `${world.served.url}/v1/resolution/`;
    expect((await json(path + encodeURIComponent('@org/app'))).body).toEqual({
      package_id: PACKAGE,
    });
    expect((await json(path + encodeURIComponent('@no/app'))).status).toBe(404);
    expect((await json(`${path}%E0%A4%A`)).status).toBe(400);
  });

  it('takes 50 names and refuses 51, and bodies of another shape', async () => {
    const url = `${world.served.url}/v1/resolution/bulk`;
    const names = (count: number) => ({ names: Array.from({ length: count }, () => '@org/app') });
    expect((await json(url, { body: names(MAX_MVR_NAMES) })).status).toBe(200);
    expect((await json(url, { body: names(MAX_MVR_NAMES + 1) })).status).toBe(400);
    for (const body of [{}, { names: 'x' }, { names: [1] }, [], '{']) {
      expect((await json(url, { body })).status).toBe(400);
    }
    expect((await json(url)).status).toBe(405);
    const polluted = await json(url, { body: { names: ['__proto__', 'constructor', ''] } });
    expect(polluted.body).toEqual({ resolution: {} });
  });
});

describe('registry', () => {
  it('refuses names and targets that are none', () => {
    const registry = new DevRegistry();
    for (const name of ['', 'app', '@org', '@org/a b', `@o/${'x'.repeat(MAX_NAME_LENGTH)}`]) {
      expect(() => registry.setPackage(name, PACKAGE)).toThrow('invalid name');
    }
    expect(() => registry.setName('a/b', ALICE)).toThrow('invalid name');
    expect(() => registry.setName('a.sui', '0xzz')).toThrow('invalid target');
    registry.setName('a.sui', '0x1');
    expect(registry.snapshot()).toEqual({ packages: {}, names: { 'a.sui': id(1) } });
    expect(registry.removeName('a.sui')).toBe(true);
    expect(registry.removeName('a.sui')).toBe(false);
  });

  it('holds a bounded number of names', () => {
    const registry = new DevRegistry();
    for (let i = 0; i < MAX_REGISTERED_NAMES; i++) registry.setName(`n${i}`, '0x1');
    expect(() => registry.setName('one.more', '0x1')).toThrow('its limit');
    registry.setName('n0', '0x2');
    expect(registry.address('n0')).toBe(id(2));
  });
});

describe('health', () => {
  it('answers health and readiness, and 404 elsewhere', async () => {
    const { url } = world.served;
    expect(await json(`${url}/health`)).toMatchObject({ status: 200, body: { status: 'ok' } });
    expect(await json(`${url}/ready?x=1`)).toMatchObject({
      status: 200,
      body: { status: 'ready', chainId: world.ledger.info().chainId },
    });
    expect(await json(`${url}/nope`)).toMatchObject({
      status: 404,
      body: { code: 'NOT_FOUND', message: 'no such path: /nope' },
    });
    expect((await json(`${url}/health`, { method: 'POST' })).status).toBe(404);
  });
});
