import type { CallOptions, SimulationOutcome, SimulationRequest } from '@seal-ts/chain';
import { MAX_REQUEST_BYTES } from '@seal-ts/protocol';
import { describe, expect, it } from 'vitest';
import { createRequest, HEADERS, post } from './support/client.ts';
import { createWorld, SERVICE_ID } from './support/world.ts';

const PATH = '/v1/fetch_key';
const SERVICE = `/v1/service?service_id=${SERVICE_ID}`;
const DEBUG = '/v1/debug/committee_partial_pk';

describe('client version gate', () => {
  const ok = 200;
  it.each([
    [undefined, undefined, 400, 'MissingRequiredHeader'],
    [undefined, 'typescript', 400, 'MissingRequiredHeader'],
    ['1.4.12', 'typescript', ok, undefined],
    ['0.4.5', 'typescript', ok, undefined],
    ['0.4.4', 'typescript', 426, 'DeprecatedSDKVersion'],
    ['0.0.0', 'rust', ok, undefined],
    ['0.0.0', 'python', ok, undefined],
    ['0.6.2', 'aggregator', ok, undefined],
    ['0.6.1', 'aggregator', 426, 'DeprecatedSDKVersion'],
    ['0.0.1', 'Typescript', ok, undefined],
    ['0.0.1', 'other', ok, undefined],
    ['0.0.1', undefined, ok, undefined],
    ['1.0', 'typescript', 400, 'InvalidSDKVersion'],
    ['v1.0.0', undefined, 400, 'InvalidSDKVersion'],
    ['', undefined, 400, 'InvalidSDKVersion'],
    ['1.4.12é', 'typescript', 400, 'InvalidSDKVersion'],
    ['01.0.0', undefined, 400, 'InvalidSDKVersion'],
  ])('version %s of type %s → %d %s', async (version, type, status, error) => {
    const { app } = await createWorld();
    const headers: Record<string, string> = {};
    if (version !== undefined) headers['client-sdk-version'] = version;
    if (type !== undefined) headers['client-sdk-type'] = type;
    const res = await app.request(SERVICE, { headers });
    expect(res.status).toBe(status);
    if (error !== undefined) expect((await res.json()).error).toBe(error);
  });

  it.each([
    ['POST', PATH],
    ['GET', '/v1/service'],
    ['GET', DEBUG],
  ])('guards %s %s', async (method, path) => {
    const { app } = await createWorld();
    const res = await app.request(path, { method });
    expect(res.status).toBe(400);
    expect((await res.json()).error).toBe('MissingRequiredHeader');
  });

  it.each(['/health', '/ready'])('lets %s through', async (path) => {
    const { app } = await createWorld();
    expect((await app.request(path)).status).toBe(200);
  });
});

describe('response headers', () => {
  const cases: [string, RequestInit | undefined, number][] = [
    [SERVICE, { headers: HEADERS }, 200],
    ['/v1/service', { headers: HEADERS }, 400],
    [SERVICE, undefined, 400],
    [DEBUG, { headers: HEADERS }, 400],
    [PATH, post('{', HEADERS), 400],
    [PATH, { headers: HEADERS }, 405],
    ['/v1/nothing', { headers: HEADERS }, 404],
  ];
  it.each(cases)('%s carries versions and CORS (%#)', async (path, init, status) => {
    const { app } = await createWorld();
    const res = await app.request(path, init);
    expect(res.status).toBe(status);
    expect(res.headers.get('x-keyserver-version')).toBe('0.6.10');
    expect(res.headers.get('x-keyserver-gitversion')).toBe('test');
    expect(res.headers.get('access-control-allow-origin')).toBe('*');
    const exposed = res.headers.get('access-control-expose-headers');
    expect(exposed).toContain('*');
    expect(exposed?.toLowerCase()).toContain('x-keyserver-version');
  });

  it('answers preflights 200 without gate or versions', async () => {
    const { app } = await createWorld();
    const res = await app.request(PATH, {
      method: 'OPTIONS',
      headers: { origin: 'https://a.example', 'access-control-request-method': 'POST' },
    });
    expect(res.status).toBe(200);
    expect(await res.text()).toBe('');
    expect(res.headers.get('access-control-allow-origin')).toBe('*');
    expect(res.headers.get('access-control-allow-methods')).toBe('*');
    expect(res.headers.get('access-control-allow-headers')).toBe('*');
    expect(res.headers.get('access-control-max-age')).toBe('7200');
    expect(res.headers.has('x-keyserver-version')).toBe(false);
  });
});

describe('body limit', () => {
  const body = (bytes: number) => `"${'x'.repeat(bytes - 2)}"`;
  it('reads 180 KiB', async () => {
    const { app } = await createWorld();
    const res = await app.request(PATH, post(body(MAX_REQUEST_BYTES)));
    expect(res.status).toBe(422);
  });
  it('refuses one byte more, in plain text, before the gate and without versions', async () => {
    const { app } = await createWorld();
    const length = String(MAX_REQUEST_BYTES + 1);
    for (const headers of [{}, { 'content-length': length }]) {
      const init = { method: 'POST', headers, body: body(MAX_REQUEST_BYTES + 1) };
      const res = await app.request(PATH, init);
      expect(res.status).toBe(413);
      expect(await res.text()).toBe('length limit exceeded');
      expect(res.headers.get('content-type')).toMatch(/^text\/plain/);
      expect(res.headers.has('x-keyserver-version')).toBe(false);
    }
  });
});

describe('bodies that are no request are rejected in plain text', () => {
  const edit = (change: (body: Record<string, unknown>) => unknown) => change;
  const certificate = (fields: object) =>
    edit((body) => ({ ...body, certificate: { ...(body['certificate'] as object), ...fields } }));
  const notOnCurve = Buffer.alloc(48, 0x9f).toString('base64');
  const infinity = (bytes: number) =>
    Buffer.concat([Buffer.of(0xc0), Buffer.alloc(bytes - 1)]).toString('base64');
  const infinityWithTail = Buffer.from(`c0${'00'.repeat(46)}01`, 'hex').toString('base64');

  const shapes: [string, (body: Record<string, unknown>) => unknown][] = [
    ['an array', edit(() => [])],
    ['null', edit(() => null)],
    ['a missing field', edit(({ ptb: _, ...rest }) => rest)],
    ['a number as ptb', edit((body) => ({ ...body, ptb: 5 }))],
    ['enc_key not Base64', edit((body) => ({ ...body, enc_key: '*' }))],
    ['enc_key too short', edit((body) => ({ ...body, enc_key: 'AAAA' }))],
    ['enc_key not on the curve', edit((body) => ({ ...body, enc_key: notOnCurve }))],
    ['enc_key infinity with a tail', edit((body) => ({ ...body, enc_key: infinityWithTail }))],
    ['enc_key at infinity', edit((body) => ({ ...body, enc_key: infinity(48) }))],
    [
      'verification key at infinity',
      edit((body) => ({ ...body, enc_verification_key: infinity(96) })),
    ],
    [
      'G1 as verification key',
      edit((body) => ({ ...body, enc_verification_key: body['enc_key'] })),
    ],
    ['short request signature', edit((body) => ({ ...body, request_signature: 'AAAA' }))],
    ['no certificate', edit((body) => ({ ...body, certificate: null }))],
    ['user not an address', certificate({ user: 'alice' })],
    ['session key of 31 bytes', certificate({ session_vk: Buffer.alloc(31).toString('base64') })],
    [
      'session key not on the curve',
      certificate({ session_vk: Buffer.from(`02${'00'.repeat(31)}`, 'hex').toString('base64') }),
    ],
    ['creation_time as text', certificate({ creation_time: '1' })],
    ['negative creation_time', certificate({ creation_time: -1 })],
    ['fractional creation_time', certificate({ creation_time: 1.5 })],
    ['ttl above u16', certificate({ ttl_min: 65_536 })],
    ['a number as mvr_name', certificate({ mvr_name: 5 })],
  ];
  it.each(shapes)('422 for %s', async (_name, change) => {
    const { app, engine, metrics } = await createWorld();
    const { body } = await createRequest({ engine });
    const res = await app.request(PATH, post(change({ ...body })));
    expect(res.status).toBe(422);
    expect(res.headers.get('content-type')).toMatch(/^text\/plain/);
    expect(await res.text()).toMatch(/^Failed to deserialize the JSON body into the target type: /);
    expect(await metrics.registry.metrics()).toContain('total_requests 0');
  });

  it.each(['', '{', '{"ptb":}', '\ufeff{}', 'nul', '{"a":1}x', '['.repeat(100_000)])(
    '400 for syntax (%#)',
    async (body) => {
      const { app } = await createWorld();
      const res = await app.request(PATH, post(body));
      expect(res.status).toBe(400);
      expect(await res.text()).toBe('Failed to parse the request body as JSON: not valid JSON');
    },
  );

  it('422 for a field that occurs twice, in the body or the certificate', async () => {
    const { app, engine } = await createWorld();
    const text = JSON.stringify((await createRequest({ engine })).body);
    for (const field of ['"ptb":', '"user":']) {
      const res = await app.request(PATH, post(text.replace(field, `${field}"",${field}`)));
      expect(res.status).toBe(422);
      expect(await res.text()).toContain(`duplicate field \`${field.slice(1, -2)}\``);
    }
    expect((await app.request(PATH, post(text))).status).toBe(200);
  });

  it('400 for invalid UTF-8', async () => {
    const { app } = await createWorld();
    const body = Uint8Array.of(0x22, 0xff, 0x22);
    const res = await app.request(PATH, { method: 'POST', headers: HEADERS, body });
    expect(res.status).toBe(400);
  });

  it('is not confused by prototypes or depth', async () => {
    const { app } = await createWorld();
    const nested = `${'['.repeat(9_000)}${']'.repeat(9_000)}`;
    const deep = `{"__proto__":{"ptb":"AA=="},"constructor":${nested}}`;
    const res = await app.request(PATH, post(deep));
    expect(res.status).toBe(422);
    expect(({} as { ptb?: string }).ptb).toBeUndefined();
  });

  it.each([undefined, 'text/plain', 'application/jsonp', 'application/x-www-form-urlencoded'])(
    '415 for content type %s, before anything is read',
    async (type) => {
      const { app } = await createWorld();
      const { 'content-type': _, ...rest } = HEADERS;
      const headers: Record<string, string> =
        type === undefined ? rest : { ...rest, 'content-type': type };
      const body = new TextEncoder().encode('{');
      const res = await app.request(PATH, { method: 'POST', headers, body });
      expect(res.status).toBe(415);
      expect(await res.text()).toBe('Expected request with `Content-Type: application/json`');
    },
  );

  it.each(['application/json; charset=utf-8', 'Application/JSON', 'application/problem+json'])(
    'takes %s',
    async (type) => {
      const { app, engine } = await createWorld();
      const { body } = await createRequest({ engine });
      const res = await app.request(PATH, post(body, { ...HEADERS, 'content-type': type }));
      expect(res.status).toBe(200);
    },
  );
});

describe('bounds on number and time', () => {
  it('refuses requests above the bound at once, and recovers', async () => {
    const { app, chain, engine } = await createWorld({ maxInFlight: 2 });
    let open = () => {};
    chain.gate = new Promise((resolve) => {
      open = resolve;
    });
    const { body } = await createRequest({ engine });
    const waiting = [1, 2].map(() => Promise.resolve(app.request(PATH, post(body))));
    const third = await app.request(PATH, post(body));
    expect(third.status).toBe(503);
    expect((await third.json()).error).toBe('Failure');
    open();
    for (const res of await Promise.all(waiting)) expect(res.status).toBe(200);
    expect((await app.request(PATH, post(body))).status).toBe(200);
  });

  it('answers Failure when the full node does not, and aborts the call', async () => {
    const { app, chain, engine, metrics } = await createWorld({ requestTimeoutMs: 30 });
    let aborted = false;
    chain.simulate = (_request: SimulationRequest, options?: CallOptions) =>
      new Promise<SimulationOutcome>((_resolve, reject) => {
        options?.signal?.addEventListener('abort', () => {
          aborted = true;
          reject(options.signal?.reason);
        });
      });
    const { body } = await createRequest({ engine });
    const res = await app.request(PATH, post(body));
    expect(res.status).toBe(503);
    expect(res.headers.get('x-keyserver-version')).toBe('0.6.10');
    expect(aborted).toBe(true);
    await new Promise((resolve) => setTimeout(resolve, 5));
    const failures = 'internal_errors{internal_error_type="Failure"} 1';
    expect(await metrics.registry.metrics()).toContain(failures);
  });
});

describe('health and readiness', () => {
  it('reports what monitoring expects', async () => {
    const { app } = await createWorld();
    const res = await app.request('/health');
    expect(await res.text()).toBe('{"name":"key-server","version":"0.6.10","status":"up"}');
    expect(res.headers.has('x-keyserver-version')).toBe(false);
  });
  it('is not ready while starting or stopping, but healthy', async () => {
    const { app, state } = await createWorld();
    state.ready = false;
    expect((await app.request('/ready')).status).toBe(503);
    expect((await app.request('/health')).status).toBe(200);
  });
});
