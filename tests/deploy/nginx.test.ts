/**
 * The nginx configuration of `deploy/nginx`, rendered as an operator does and run by a real nginx
 * on loopback, in front of key servers in this process. Every refusal is sent for real.
 */

import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { MAX_REQUEST_BYTES } from '@seal-ts/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseSettings } from '../../deploy/nginx/render.mjs';
import { SERVICE_ID } from '../../packages/key-server/test/support/world.ts';
import { deployFile, findProgram } from './support/programs.ts';
import { KEY_HEADER, startProxy } from './support/proxy.ts';

const nginx = findProgram('nginx');
const openssl = findProgram('openssl');
const missing = nginx && openssl ? '' : ' (skipped: needs nginx and openssl, apt-get install them)';

const SDK = { 'client-sdk-type': 'typescript', 'client-sdk-version': '1.4.12' };
const JSON_POST = { ...SDK, 'content-type': 'application/json' };
const SERVICE = `/v1/service?service_id=${SERVICE_ID}`;
const EXPOSED = 'access-control-expose-headers';
const MAX_AGGREGATOR_BYTES = 2 * 1024 * 1024;

describe.skipIf(missing !== '')(`nginx in front of key servers${missing}`, () => {
  let proxy: Awaited<ReturnType<typeof startProxy>>;
  const withKey = (more: Record<string, string> = SDK) => ({
    ...more,
    [KEY_HEADER]: proxy.keys.alice,
  });
  beforeAll(async () => {
    proxy = await startProxy(nginx as string, openssl as string);
  });
  afterAll(() => proxy?.close());

  it('forwards a request with a key, and not the key', async () => {
    const answer = await proxy.request('main', SERVICE, { headers: withKey() });
    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.body)).toMatchObject({ service_id: SERVICE_ID });
    expect(proxy.seen.at(-1)).toMatchObject({ path: '/v1/service' });
    expect(JSON.stringify(proxy.seen)).not.toContain(proxy.keys.alice);
    expect(JSON.stringify(proxy.seen)).not.toContain(KEY_HEADER);
  });

  it('knows several keys, in any case of their digits', async () => {
    for (const key of [proxy.keys.alice, proxy.keys.bob, proxy.keys.bob.toUpperCase()]) {
      const headers = { ...SDK, [KEY_HEADER]: key };
      expect((await proxy.request('main', SERVICE, { headers })).status).toBe(200);
    }
  });

  it('asks for a key with 401 and refuses an unknown one with 403, readable to browsers', async () => {
    const forwarded = proxy.seen.length;
    const refused: [Record<string, string>, number][] = [
      [SDK, 401],
      [{ ...SDK, [KEY_HEADER]: '' }, 401],
      [{ ...SDK, 'x-other-key': proxy.keys.alice }, 401],
      [{ ...SDK, [KEY_HEADER]: '0'.repeat(64) }, 403],
      [{ ...SDK, [KEY_HEADER]: 'alice' }, 403],
      [{ ...SDK, [KEY_HEADER]: '401' }, 403],
      [{ ...SDK, [KEY_HEADER]: 'default' }, 403],
      [{ ...SDK, [KEY_HEADER]: proxy.keys.alice.slice(1) }, 403],
      [{ ...SDK, [KEY_HEADER]: `${proxy.keys.alice}, ${proxy.keys.bob}` }, 403],
    ];
    for (const path of [SERVICE, '/v1/fetch_key', '/v1/debug/committee_partial_pk']) {
      for (const [headers, status] of refused) {
        const answer = await proxy.request('member', path, { headers });
        expect(answer.status, `${path} ${JSON.stringify(headers)}`).toBe(status);
        expect(answer.headers['access-control-allow-origin']).toBe('*');
      }
    }
    expect(proxy.seen.length).toBe(forwarded);
  });

  it('answers preflights without a key, with every header that clients send', async () => {
    for (const site of ['main', 'member', 'aggregator', 'public'] as const) {
      const answer = await proxy.request(site, '/v1/fetch_key', {
        method: 'OPTIONS',
        headers: {
          origin: 'https://app.example',
          'access-control-request-method': 'POST',
          'access-control-request-headers': `content-type,request-id,${KEY_HEADER}`,
        },
      });
      expect(answer.status).toBe(200);
      expect(answer.headers['access-control-allow-origin']).toBe('*');
      expect(answer.headers['access-control-allow-methods']).toContain('POST');
      const allowed = String(answer.headers['access-control-allow-headers']).toLowerCase();
      for (const name of [
        'content-type',
        'request-id',
        'client-sdk-type',
        'client-sdk-version',
        KEY_HEADER,
      ]) {
        expect(allowed).toContain(name);
      }
    }
  });

  it('exposes the version header, once', async () => {
    const answer = await proxy.request('main', SERVICE, { headers: withKey() });
    expect(answer.headers['x-keyserver-version']).toBe('0.6.10');
    expect(answer.headers[EXPOSED]).toContain('x-keyserver-version');
    const names = answer.rawHeaders.map((name) => name.toLowerCase());
    for (const name of ['access-control-allow-origin', EXPOSED]) {
      expect(names.filter((other) => other === name)).toHaveLength(1);
    }
  });

  it.each([
    ['main', MAX_REQUEST_BYTES],
    ['aggregator', MAX_AGGREGATOR_BYTES],
  ] as const)('bounds bodies for %s at %i bytes', async (site, limit) => {
    const post = (bytes: number) =>
      proxy.request(site, '/v1/fetch_key', {
        method: 'POST',
        headers: withKey(JSON_POST),
        body: 'x'.repeat(bytes),
      });
    const forwarded = proxy.seen.length;
    const tooLarge = await post(limit + 1);
    expect(tooLarge.status).toBe(413);
    expect(tooLarge.headers['access-control-allow-origin']).toBe('*');
    expect(proxy.seen.length).toBe(forwarded);
    await post(limit);
    expect(proxy.seen.length).toBe(forwarded + 1);
  });

  it('slows down one address and one client with 429, and says when to come back', async () => {
    const burst = () =>
      Promise.all(
        Array.from({ length: 8 }, () => proxy.request('tight', SERVICE, { headers: withKey() })),
      );
    const answers = await burst();
    const statuses = answers.map(({ status }) => status);
    expect(statuses).toContain(200);
    expect(statuses).toContain(429);
    const slowed = answers.find(({ status }) => status === 429);
    expect(slowed?.headers['retry-after']).toBe('1');
    expect(slowed?.headers['access-control-allow-origin']).toBe('*');
    expect(String(slowed?.headers[EXPOSED])).toContain('retry-after');
    for (const { status, headers } of answers) {
      if (status === 200) expect(headers['retry-after']).toBeUndefined();
    }
  });

  it('forwards documented paths only: metrics and readiness stay private', async () => {
    const forwarded = proxy.seen.length;
    for (const path of [
      '/',
      '/metrics',
      '//metrics',
      '/v1/../metrics',
      '/v1/%2e%2e/metrics',
      '/v1/fetch_key/../../metrics',
      '/metrics/',
      '/ready',
      '/v1',
      '/v1/',
      '/v1/fetch_key/',
      '/v1/debug/committee_partial_pk',
      '/V1/fetch_key',
    ]) {
      const answer = await proxy.request('main', path, { headers: withKey() });
      expect(answer.status, path).toBe(404);
      expect(answer.body).not.toContain('total_requests');
    }
    expect(proxy.seen.length).toBe(forwarded);
  });

  it('lets a coordinator read the partial public key of a committee member', async () => {
    const path = '/v1/debug/committee_partial_pk';
    const answer = await proxy.request('member', path, { headers: withKey() });
    expect(answer.body).toBe('Unsupported'); // what a server outside committee mode says
  });

  it('answers health checks without a key', async () => {
    expect((await proxy.request('main', '/health')).status).toBe(200);
  });

  it('serves a public site without keys', async () => {
    expect((await proxy.request('public', SERVICE, { headers: SDK })).status).toBe(200);
  });

  it('speaks TLS only, 1.2 at least, and hides its version', async () => {
    const answer = await proxy.request('main', '/health');
    expect(answer.headers['server']).toBe('nginx');
    expect(answer.headers['strict-transport-security']).toContain('max-age=');
    await expect(
      proxy.request('main', '/health', { tls: { maxVersion: 'TLSv1.1', minVersion: 'TLSv1' } }),
    ).rejects.toThrow();
    const plain = await fetch(`http://127.0.0.1:${proxy.ports.main}/health`);
    expect(plain.status).toBe(400);
  });

  it('logs who and what, and never a key, a header or a query', async () => {
    const { alice } = proxy.keys;
    await proxy.request('main', `/v1/service?api_key=${alice}`, { headers: withKey() });
    await proxy.request('main', '/metrics', { headers: withKey() });
    const logs = proxy.logs();
    const lines = logs.access.trim().split('\n');
    const clients = lines.map((line) => (JSON.parse(line) as { client: string }).client);
    expect(clients).toContain('alice');
    expect(clients).toContain('bob');
    expect(clients).toContain('403');
    const everything = logs.access + logs.error;
    for (const key of Object.values(proxy.keys)) {
      expect(everything.toLowerCase()).not.toContain(key);
      expect(everything.toLowerCase()).not.toContain(key.slice(0, 12));
    }
    expect(everything).not.toContain('typescript');
  });

  it('keeps the key file to its owner', () => {
    expect(statSync(proxy.keyFile).mode & 0o777).toBe(0o600);
    const add = [deployFile('nginx/new-api-key.sh'), join(proxy.directory, 'other.keys')];
    for (const name of ['Alice', '401', 'a b', 'a;b', '"', '']) {
      expect(() => execFileSync('sh', [...add, name], { stdio: 'pipe' })).toThrow();
    }
  });
});

describe('settings of an nginx site', () => {
  const example = readFileSync(deployFile('nginx/key-server.env.example'), 'utf8');

  it('the example is valid', () => {
    expect(parseSettings(example)).toMatchObject({
      KIND: 'key-server',
      API_KEY_HEADER: 'X-API-Key',
    });
  });

  it.each([
    ['KIND=proxy', 'KIND'],
    ['NAME=Main', 'NAME'],
    ['SERVER_NAME=a.example; return 200', 'SERVER_NAME'],
    ['UPSTREAM=127.0.0.1', 'UPSTREAM'],
    ['TLS_CERTIFICATE=cert.pem', 'TLS_CERTIFICATE'],
    ['API_KEYS=/etc/keys;', 'API_KEYS'],
    ['API_KEY_HEADER=x_api_key', 'API_KEY_HEADER'],
    ['RATE_PER_ADDRESS=0', 'RATE_PER_ADDRESS'],
    ['BURST_PER_CLIENT=-1', 'BURST_PER_CLIENT'],
  ])('refuses %s', (line, name) => {
    const others = example.split('\n').filter((other) => !other.startsWith(`${name}=`));
    expect(() => parseSettings([...others, line].join('\n'))).toThrow(`${name} is "`);
  });

  it('lists every fault at once', () => {
    expect(() => parseSettings('WHAT=1\nNAME=a\nNAME=b')).toThrow(
      /line 1: no setting "WHAT"\nline 3: NAME a second time\nKIND is missing/,
    );
  });
});
