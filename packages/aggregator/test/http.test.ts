/** The HTTP surface: gate, headers, bodies, limits (protocol §5.2, §5.4, §4.1, §4.3). */

import { addressToBytes, encodePtb, MAX_REQUEST_BYTES, toBase64 } from '@seal-ts/protocol';
import { describe, expect, it } from 'vitest';
import { DUPLICATE_IDS_DETAIL, REQUEST_TOO_LARGE_DETAIL } from '../src/fetch-key/fetch-key.ts';
import { MAX_BODY_BYTES } from '../src/index.ts';
import { approvePtb, createRequest, HEADERS, post } from './support/client.ts';
import { engine } from './support/engine.ts';
import { silent } from './support/member.ts';
import { fetchKeys, GOOD } from './support/outcome.ts';
import { createWorld, PACKAGE, UPGRADED, type World } from './support/world.ts';

const PATH = '/v1/fetch_key';
const shared = await createWorld({ engine });
const { body: good } = await createRequest({ engine });
const { body: other } = await createRequest({ engine });

async function errorOf(headers: Record<string, string>, world: World = shared) {
  const res = await world.app.request(PATH, post('not json', headers));
  if (res.headers.get('content-type')?.startsWith('text/plain')) return [res.status];
  return [res.status, (await res.json()).error];
}

describe('the client gate', () => {
  const type = 'client-sdk-type';
  const version = 'client-sdk-version';
  const json = { 'content-type': 'application/json' };

  it.each([
    ['nothing', {}, [400, 'InvalidSDKType']],
    ['no type', { [version]: '1.0.0' }, [400, 'InvalidSDKType']],
    ['a type that is not text', { [type]: 'ÿ', [version]: '1.0.0' }, [400, 'InvalidSDKType']],
    ['no type, bad version', { [version]: 'x' }, [400, 'InvalidSDKType']],
    ['no version', { [type]: 'typescript' }, [400, 'MissingRequiredHeader']],
    ['unknown type, no version', { [type]: 'go' }, [400, 'MissingRequiredHeader']],
    ['bad version', { [type]: 'typescript', [version]: '1.0' }, [400, 'InvalidSDKVersion']],
    ['empty version', { [type]: 'typescript', [version]: '' }, [400, 'InvalidSDKVersion']],
    ['version not text', { [type]: 'rust', [version]: '1.0.0ÿ' }, [400, 'InvalidSDKVersion']],
    ['unknown type, bad version', { [type]: 'go', [version]: 'x' }, [400, 'InvalidSDKVersion']],
    ['unknown type', { [type]: 'go', [version]: '9.0.0' }, [400, 'InvalidSDKType']],
    ['empty type', { [type]: '', [version]: '9.0.0' }, [400, 'InvalidSDKType']],
    ['aggregator', { [type]: 'aggregator', [version]: '0.6.10' }, [400, 'InvalidSDKType']],
    ['other case', { [type]: 'TypeScript', [version]: '1.4.12' }, [400, 'InvalidSDKType']],
    ['old typescript', { [type]: 'typescript', [version]: '0.9.9' }, [426, 'DeprecatedSDKVersion']],
    [
      'pre-release',
      { [type]: 'typescript', [version]: '1.0.0-rc.1' },
      [426, 'DeprecatedSDKVersion'],
    ],
    // Past the gate, the body is no JSON.
    ['typescript', { [type]: 'typescript', [version]: '0.10.0' }, [400]],
    ['rust', { [type]: 'rust', [version]: '0.0.0' }, [400]],
    ['python', { [type]: 'python', [version]: '0.0.0' }, [400]],
  ])('%s', async (_name, headers, expected) => {
    expect(await errorOf({ ...json, ...(headers as Record<string, string>) })).toEqual(expected);
  });

  it('names the header that is missing', async () => {
    const res = await shared.app.request(PATH, post('', { ...json, [type]: 'rust' }));
    expect((await res.json()).message).toBe('Missing required header: Client-Sdk-Version');
  });
});

describe('every /v1 answer', () => {
  it.each([
    ['of fetch_key', PATH, post(good)],
    ['of a refusal', PATH, post(good, { 'content-type': 'application/json' })],
    ['of a broken body', PATH, post('{')],
    ['of service', '/v1/service', {}],
    ['of an unknown path', '/v1/x', {}],
    ['of another method', PATH, { method: 'PUT' }],
  ])('%s states the version, for all origins', async (_name, path, init) => {
    const { headers } = await shared.app.request(path, init);
    expect(headers.get('x-keyserver-version')).toBe('0.6.10');
    expect(headers.get('x-keyserver-gitversion')).toBe('test');
    expect(headers.get('access-control-allow-origin')).toBe('*');
    expect(headers.get('access-control-expose-headers')).toContain('X-KeyServer-Version');
  });

  it('a preflight passes without anything', async () => {
    const res = await shared.app.request(PATH, { method: 'OPTIONS' });
    expect([res.status, res.headers.get('access-control-allow-headers')]).toEqual([200, '*']);
  });
});

describe('other routes', () => {
  it('service is unsupported', async () => {
    const res = await shared.app.request('/v1/service?service_id=0x1');
    expect([res.status, await res.text()]).toEqual([400, 'Unsupported']);
  });

  it('health lives, ready depends', async () => {
    const world = await createWorld({ engine });
    const health = await world.app.request('/health');
    expect(await health.json()).toEqual({ name: 'key-server', version: '0.6.10', status: 'up' });
    expect((await world.app.request('/ready')).status).toBe(200);
    world.state.ready = false;
    expect((await world.app.request('/ready')).status).toBe(503);
  });

  it.each([
    ['GET', PATH, 405],
    ['POST', '/health', 405],
    ['GET', '/v1/debug/committee_partial_pk', 404],
    ['GET', '/', 404],
  ])('%s %s → %d', async (method, path, status) => {
    expect((await shared.app.request(path, { method })).status).toBe(status);
  });
});

describe('bodies', () => {
  const certificate = good.certificate;
  it.each([
    ['another media type', good, 415, { ...HEADERS, 'content-type': 'text/plain' }],
    ['no JSON', '{', 400, HEADERS],
    ['a list', [], 422, HEADERS],
    ['no ptb', { ...good, ptb: undefined }, 422, HEADERS],
    ['a short key', { ...good, enc_key: 'AAAA' }, 422, HEADERS],
    ['no point', { ...good, enc_key: toBase64(new Uint8Array(48).fill(1)) }, 422, HEADERS],
    [
      'the identity as key',
      { ...good, enc_key: toBase64(Uint8Array.from([0xc0, ...new Uint8Array(47)])) },
      422,
      HEADERS,
    ],
    [
      'the identity as verification key',
      { ...good, enc_verification_key: toBase64(Uint8Array.from([0xc0, ...new Uint8Array(95)])) },
      422,
      HEADERS,
    ],
    [
      'keys of two secrets, under which no share is valid',
      { ...good, enc_verification_key: other.enc_verification_key },
      422,
      HEADERS,
    ],
    [
      'no session key',
      {
        ...good,
        certificate: { ...certificate, session_vk: toBase64(new Uint8Array(32).fill(2)) },
      },
      422,
      HEADERS,
    ],
    ['no certificate', { ...good, certificate: null }, 422, HEADERS],
  ])('%s', async (_name, body, status, headers) => {
    const before = shared.member('A').requests.length;
    const res = await shared.app.request(PATH, post(body, headers));
    expect([res.status, res.headers.get('content-type')]).toEqual([
      status,
      'text/plain; charset=UTF-8',
    ]);
    expect(shared.member('A').requests).toHaveLength(before);
  });

  it('of the limit are read, and one byte more is not', async () => {
    const text = JSON.stringify(good);
    const at = await shared.app.request(PATH, post(text.padEnd(MAX_BODY_BYTES)));
    expect(at.status).toBe(200);
    const above = await shared.app.request(PATH, post(text.padEnd(MAX_BODY_BYTES + 1)));
    expect([above.status, await above.text()]).toEqual([413, 'length limit exceeded']);
  });
});

describe('transactions are checked before members are asked', () => {
  const id = (...bytes: number[]) => Uint8Array.from(bytes);
  const withPtb = (ptb: unknown) => ({ ...good, ptb });
  const call = approvePtb([id(1)]);
  const oversized = () => {
    const inputs = Array.from({ length: 12 }, (_, i) => new Uint8Array(16_000).fill(i));
    return toBase64(encodePtb(approvePtb(inputs)));
  };

  it.each([
    ['Base64', withPtb('*'), 'InvalidPTB', 'Invalid PTB: Invalid Base64'],
    ['BCS', withPtb('AAAA'), 'InvalidPTB', 'Invalid PTB: Invalid BCS'],
    [
      'no command',
      withPtb(toBase64(encodePtb({ inputs: [], commands: [] }))),
      'InvalidPTB',
      'Invalid PTB: Empty PTB input or command',
    ],
    [
      'an id twice',
      withPtb(toBase64(encodePtb(approvePtb([id(1), id(2), id(1)])))),
      'InvalidPTB',
      `Invalid PTB: ${DUPLICATE_IDS_DETAIL}`,
    ],
    [
      'an id twice through one input',
      withPtb(toBase64(encodePtb({ ...call, commands: [...call.commands, ...call.commands] }))),
      'InvalidPTB',
      `Invalid PTB: ${DUPLICATE_IDS_DETAIL}`,
    ],
    [
      'more than members take',
      withPtb(oversized()),
      'InvalidPTB',
      `Invalid PTB: ${REQUEST_TOO_LARGE_DETAIL}`,
    ],
    [
      'an unknown package',
      withPtb(toBase64(encodePtb(approvePtb([id(1)], `0x${'99'.repeat(32)}`)))),
      'InvalidPackage',
      'Invalid package ID',
    ],
  ])('%s', async (_name, body, error, message) => {
    const before = shared.member('A').requests.length;
    const res = await shared.app.request(PATH, post(body));
    expect([res.status, await res.json()]).toEqual([403, { error, message }]);
    expect(shared.member('A').requests).toHaveLength(before);
  });

  it('the limit of members is on what they get, not on white space', async () => {
    const text = JSON.stringify(good);
    const res = await shared.app.request(PATH, post(text.padEnd(MAX_REQUEST_BYTES + 1)));
    expect(res.status).toBe(200);
  });

  it('an upgraded package counts as its first version, which is looked up once', async () => {
    const world = await createWorld({ engine });
    for (let i = 0; i < 2; i++) {
      const outcome = await fetchKeys(world, { packageId: UPGRADED, ids: [id(5)] });
      expect(outcome).toEqual({ ...GOOD, ids: [`${PACKAGE.slice(2)}05`] });
    }
    expect(world.chain.packageReads).toBe(1);
    expect(addressToBytes(PACKAGE)).toHaveLength(32);
  });

  it('a full node that fails is an internal failure', async () => {
    const world = await createWorld({ engine });
    world.chain.packageError = new Error('node at 10.1.1.1 is down');
    const outcome = await fetchKeys(world);
    expect(outcome).toMatchObject({ status: 503, error: 'Failure' });
    expect(JSON.stringify(outcome)).not.toContain('10.1.1.1');
  });
});

describe('bounds', () => {
  it('on requests in flight', async () => {
    const world = await createWorld({ engine, maxInFlight: 2 });
    for (const name of ['A', 'B', 'C'] as const) world.member(name).behave = silent;
    const stuck = [1, 2].map(() => world.app.request(PATH, post(good)));
    await new Promise((resolve) => setTimeout(resolve, 50));
    const refused = await world.app.request(PATH, post(good));
    expect([refused.status, (await refused.json()).error]).toEqual([503, 'Failure']);
    expect((await world.app.request('/health')).status).toBe(200);
    await Promise.all(stuck);
    for (const name of ['A', 'B', 'C'] as const) world.member(name).behave = (honest) => honest();
    expect((await world.app.request(PATH, post(good))).status).toBe(200);
  });

  it('on the time of a request; members are told that nobody waits', async () => {
    const world = await createWorld({ engine, memberTimeoutMs: 5000, requestTimeoutMs: 100 });
    for (const name of ['A', 'B', 'C'] as const) world.member(name).behave = silent;
    const startedMs = performance.now();
    expect(await fetchKeys(world)).toMatchObject({ status: 503, error: 'Failure' });
    expect(performance.now() - startedMs).toBeLessThan(2000);
    expect(world.member('A').aborted).toBe(1);
  });

  it('on a caller that leaves: members are told, and it is logged and counted once', async () => {
    const world = await createWorld({ engine, memberTimeoutMs: 5000 });
    const caller = new AbortController();
    const arrived = new Promise<void>((resolve) => {
      for (const name of ['A', 'B', 'C'] as const) {
        world.member(name).behave = (...args) => {
          if (name === 'C') resolve();
          return silent(...args);
        };
      }
    });
    const answer = world.app.request(PATH, { ...post(good), signal: caller.signal });
    await arrived;
    caller.abort('Client connection prematurely closed.');
    expect((await answer).status).toBe(503);
    for (const name of ['A', 'B', 'C'] as const) expect(world.member(name).aborted).toBe(1);
    const lines = world.logs.map((text) => JSON.parse(text));
    expect(lines.filter(({ msg }) => msg === 'request')).toMatchObject([{ status: 503 }]);
    const metrics = await world.metrics.registry.metrics();
    expect(metrics).toContain('http_requests_total{route="/v1/fetch_key",status="503"} 1');
    expect(metrics).not.toMatch(/^member_failures_total\{/m);
  });

  it('on silent members: their timeout', async () => {
    const world = await createWorld({ engine, memberTimeoutMs: 100 });
    for (const name of ['A', 'B', 'C'] as const) world.member(name).behave = silent;
    const startedMs = performance.now();
    expect(await fetchKeys(world)).toMatchObject({ status: 503, error: 'Failure' });
    expect(performance.now() - startedMs).toBeLessThan(2000);
  });
});
