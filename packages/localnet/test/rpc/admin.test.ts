/** localnet §4: the admin port moves time for whoever has the token, and for no web page. */
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { SuiGrpcClient } from '@mysten/sui/grpc';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AdminToken } from '../../src/rpc/admin/token.ts';
import { json } from './support/http.ts';
import { ALICE, id, PACKAGE } from './support/values.ts';
import { populated, serve, type World } from './support/world.ts';

let world: World;
let headers: Record<string, string>;
beforeAll(async () => {
  world = await serve(populated(), { writeAdminToken: {} });
  headers = { authorization: `Bearer ${world.served.adminToken}` };
});
afterAll(async () => {
  await world.close();
  expect(world.failures).toEqual([]);
});

const admin = (path: string, init: Parameters<typeof json>[1] = {}) =>
  json(world.served.adminUrl + path, { ...init, headers: { ...headers, ...init.headers } });

/** A request with any Host header, which fetch does not allow. */
function withHost(host: string, path = '/v1/status'): Promise<number> {
  const { hostname, port } = new URL(world.served.adminUrl);
  return new Promise((resolve, reject) => {
    httpRequest({ hostname, port, path, headers: { ...headers, host } }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    })
      .on('error', reject)
      .end();
  });
}

describe('token', () => {
  it('lies in a file of its owner alone, in a folder of its own, until the end', async () => {
    const other = await serve(populated(), { writeAdminToken: {} });
    const file = other.served.adminTokenFile!;
    expect(readFileSync(file, 'utf8')).toBe(`${other.served.adminToken}\n`);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(dirname(file)).mode & 0o777).toBe(0o700);
    await other.close();
    expect(existsSync(dirname(file))).toBe(false);
  });

  it('goes where it is told, and says so when it cannot', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'seal-localnet-test-'));
    const file = join(directory, 'token');
    const other = await serve(populated(), { writeAdminToken: { file } });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    await other.close();
    expect(existsSync(file)).toBe(false);
    const nowhere = join(directory, 'no', 'token');
    await expect(serve(populated(), { writeAdminToken: { file: nowhere } })).rejects.toMatchObject({
      code: 'LOCALNET_ADMIN_TOKEN_FILE',
    });
    rmSync(directory, { recursive: true });
  });

  it('is never printed by accident, and compares whole', () => {
    const token = new AdminToken((n) => new Uint8Array(n).fill(1));
    expect(JSON.stringify({ token })).toBe('{"token":"[admin token]"}');
    expect(token.matches('01'.repeat(32))).toBe(true);
    expect(token.matches('01'.repeat(31))).toBe(false);
    expect(token.matches('')).toBe(false);
  });

  it.each(['', 'Bearer', 'Bearer 00', `Basic ${'0'.repeat(64)}`, `Bearer ${'0'.repeat(64)}`])(
    'refuses "%s"',
    async (authorization) => {
      const answer = await admin('/v1/epoch', { method: 'POST', headers: { authorization } });
      expect(answer).toMatchObject({ status: 401, body: { code: 'UNAUTHENTICATED' } });
      expect(world.ledger.epochs).toHaveLength(1);
    },
  );
});

describe('web pages', () => {
  it('are refused by Origin and get no CORS', async () => {
    const answer = await admin('/v1/status', { headers: { origin: 'http://localhost' } });
    expect(answer.status).toBe(403);
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
    const preflight = await json(`${world.served.adminUrl}/v1/clock`, { method: 'OPTIONS' });
    expect(preflight.status).toBe(401);
    expect(preflight.headers.get('access-control-allow-origin')).toBeNull();
  });

  it('are refused when a name was rebound to us', async () => {
    const { port } = new URL(world.served.adminUrl);
    expect(await withHost(`127.0.0.1:${port}`)).toBe(200);
    expect(await withHost(`localhost:${port}`)).toBe(200);
    for (const host of [`evil.test:${port}`, 'localhost', '127.0.0.1:1', `[::1]:${port}`]) {
      expect(await withHost(host)).toBe(403);
    }
  });
});

describe('actions', () => {
  it('move, set and freeze the clock', async () => {
    const before = world.ledger.clockMs;
    const moved = await admin('/v1/clock', { body: { advanceMs: 5000 } });
    expect(moved.body).toEqual({ timestampMs: (before + 5000n).toString() });
    const set = await admin('/v1/clock', {
      body: { timestampMs: `${before + 9000n}`, frozen: true },
    });
    expect(set.body).toEqual({ timestampMs: (before + 9000n).toString() });
    expect(world.ledger.frozen).toBe(true);
    expect(await admin('/v1/clock', { body: { timestampMs: 1 } })).toMatchObject({
      status: 409,
      body: { code: 'FAILED_PRECONDITION' },
    });
  });

  it.each([
    {},
    { advanceMs: -1 },
    { advanceMs: 1.5 },
    { advanceMs: '1e3' },
    { advanceMs: '9'.repeat(20) },
    { advanceMs: 1, timestampMs: 1 },
    { frozen: 'yes' },
    { advanceMs: null },
  ])('refuse %j', async (body) => {
    const before = world.ledger.clockMs;
    expect(await admin('/v1/clock', { body })).toMatchObject({
      status: 400,
      body: { code: 'INVALID_ARGUMENT' },
    });
    expect(world.ledger.clockMs).toBe(before);
  });

  it('make checkpoints, end epochs, tell the status', async () => {
    const made = await admin('/v1/checkpoint', { method: 'POST' });
    expect(made.body).toEqual({ checkpoint: world.ledger.info().checkpointHeight.toString() });
    expect((await admin('/v1/epoch', { method: 'POST' })).body).toEqual({ epoch: '1' });
    expect((await admin('/v1/status')).body).toMatchObject({ epoch: '1' });
    expect((await admin('/v1/nope')).status).toBe(404);
  });

  it('fill and clear the registry', async () => {
    await admin('/v1/registry/packages', { body: { name: '@org/app', packageId: PACKAGE } });
    await admin('/v1/registry/names', { body: { name: 'alice.sui', address: ALICE } });
    expect((await admin('/v1/registry')).body).toEqual({
      packages: { '@org/app': PACKAGE },
      names: { 'alice.sui': ALICE },
    });
    const { address } = await world.client.core.resolveNameServiceAddress({ name: 'alice.sui' });
    expect(address).toBe(ALICE);
    const gone = await admin('/v1/registry/names', {
      method: 'DELETE',
      body: { name: 'alice.sui' },
    });
    expect(gone.body).toEqual({ removed: true });
    const bad = await admin('/v1/registry/names', { body: { name: 'x y', address: id(1) } });
    expect(bad.status).toBe(400);
  });
});

describe('ForkingService', () => {
  const forking = (token: string) =>
    new SuiGrpcClient({
      network: 'localnet',
      baseUrl: world.served.adminUrl,
      meta: { authorization: `Bearer ${token}` },
    } as ConstructorParameters<typeof SuiGrpcClient>[0]).forkingService;

  it('serves the typed interface of the official client', async () => {
    const client = forking(world.served.adminToken);
    const before = world.ledger.clockMs;
    const advanced = await client.advanceClock({ durationMs: 60_000n });
    expect(advanced.response.timestampMs).toBe(before + 60_000n);
    const checkpoint = await client.advanceCheckpoint({});
    const status = await client.getStatus({});
    expect(status.response).toMatchObject({
      checkpointSequenceNumber: checkpoint.response.checkpointSequenceNumber,
      forkedAtCheckpoint: 0n,
    });
  });

  it('is not on the public port and not without the token', async () => {
    await expect(world.client.forkingService.getStatus({})).rejects.toMatchObject({
      code: 'UNIMPLEMENTED',
    });
    await expect(forking('00').advanceClock({})).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });
});
