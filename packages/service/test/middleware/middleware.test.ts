import { Hono } from 'hono';
import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import {
  bodyLimit,
  deadline,
  httpMetricSet,
  httpMetrics,
  inFlight,
  MAX_REQUEST_ID_CHARACTERS,
  metricsApp,
  openCors,
  requestId,
  routeLabel,
  type ServiceEnv,
} from '../../src/index.ts';

describe('openCors', () => {
  const app = new Hono();
  app.use(openCors({ exposeHeaders: ['x-a', 'x-b'] }));
  app.get('/', (c) => c.text('hello', 200, { vary: 'accept' }));
  app.onError((_error, c) => c.text('x', 500));
  app.get('/fail', () => {
    throw new Error('x');
  });
  it.each(['/', '/fail', '/nothing'])('opens %s', async (path) => {
    const res = await app.request(path);
    expect(res.headers.get('access-control-allow-origin')).toBe('*');
    expect(res.headers.get('access-control-expose-headers')).toBe('*, x-a, x-b');
    expect(res.headers.get('vary')).toContain('origin');
  });
  it('answers any preflight', async () => {
    const res = await app.request('/any', { method: 'OPTIONS' });
    expect([res.status, await res.text()]).toEqual([200, '']);
    expect(res.headers.get('access-control-allow-headers')).toBe('*');
  });
});

describe('bodyLimit', () => {
  const app = new Hono();
  app.use(bodyLimit({ maxBytes: 10 }));
  app.post('/', async (c) => c.text(await c.req.text()));
  const stream = (bytes: number) =>
    new ReadableStream({
      start(controller) {
        for (let i = 0; i < bytes; i++) controller.enqueue(Uint8Array.of(97));
        controller.close();
      },
    });
  it.each([
    [10, 200],
    [11, 413],
  ])('of %d bytes, known or streamed → %d', async (bytes, status) => {
    const known = { 'content-length': String(bytes) };
    const bodies = [
      { body: 'a'.repeat(bytes), headers: known },
      { body: stream(bytes), duplex: 'half' as const },
    ];
    for (const init of bodies) {
      const res = await app.request('/', { method: 'POST', ...init });
      expect(res.status).toBe(status);
      if (status === 413) expect(await res.text()).toBe('length limit exceeded');
    }
  });
});

describe('requestId', () => {
  const app = new Hono<ServiceEnv>();
  app.use(requestId({ newId: () => 'fresh' }));
  app.get('/', (c) => c.text(c.get('requestId')));
  it.each([
    ['abc-123', 'abc-123'],
    ['a'.repeat(MAX_REQUEST_ID_CHARACTERS), 'a'.repeat(MAX_REQUEST_ID_CHARACTERS)],
    ['a'.repeat(MAX_REQUEST_ID_CHARACTERS + 1), 'fresh'],
    ['a b', 'fresh'],
    ['"', 'fresh'],
    ['', 'fresh'],
  ])('takes %s as %s', async (offered, expected) => {
    const res = await app.request('/', { headers: { 'request-id': offered } });
    expect(await res.text()).toBe(expected);
  });
});

describe('deadline', () => {
  function create(timeoutMs: number, work: (signal: AbortSignal) => Promise<string>) {
    const app = new Hono<ServiceEnv>();
    app.onError((_error, c) => c.text('x', 500));
    app.use(deadline({ timeoutMs, onTimeout: (c) => c.text('late', 503) }));
    app.get('/', async (c) => c.text(await work(c.get('signal'))));
    return app;
  }
  it('lets quick work through', async () => {
    const app = create(1000, async (signal) => String(signal.aborted));
    expect(await (await app.request('/')).text()).toBe('false');
  });
  it.each(['before', 'during'])(
    'tells the work, with an error, that its caller left %s it',
    async (when) => {
      const caller = new AbortController();
      // The reason that the HTTP layer gives is a text.
      const leave = () => caller.abort('Client connection prematurely closed.');
      if (when === 'before') leave();
      let reason: unknown;
      const app = create(1000, async (signal) => {
        if (!signal.aborted) leave();
        reason = signal.reason;
        throw signal.reason;
      });
      const res = await app.request('/', { signal: caller.signal });
      expect(reason).toMatchObject({ name: 'AbortError' });
      expect([res.status, await res.text()]).toEqual([500, 'x']);
    },
  );
  it('answers for slow work, tells it so, and survives its failure', async () => {
    let reason: unknown;
    const app = create(
      10,
      (signal) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => {
            reason = signal.reason;
            setTimeout(reject, 1, new Error('too late to matter'));
          });
        }),
    );
    const res = await app.request('/');
    expect([res.status, await res.text()]).toEqual([503, 'late']);
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(String(reason)).toContain('no answer within 10 ms');
  });
  it('aborts when the caller goes away', async () => {
    const caller = new AbortController();
    const app = create(1000, async (signal) => {
      caller.abort();
      return String(signal.aborted);
    });
    const res = await app.request(new Request('http://x/', { signal: caller.signal }));
    expect(await res.text()).toBe('true');
  });
});

describe('inFlight', () => {
  it('counts down after failures too', async () => {
    const app = new Hono();
    app.onError((_error, c) => c.text('x', 500));
    app.use(inFlight({ max: 1, onFull: (c) => c.text('full', 503) }));
    app.get('/', () => {
      throw new Error('x');
    });
    for (let i = 0; i < 3; i++) expect((await app.request('/')).status).toBe(500);
  });
});

describe('httpMetrics and the metrics listener', () => {
  const registry = new Registry();
  const app = new Hono();
  app.use(httpMetrics({ routes: ['/a'] }, { metrics: httpMetricSet(registry) }));
  app.get('/a', (c) => c.text('a'));
  it.each(['/', '/metrics'])('serves text at %s', async (path) => {
    await app.request('/a');
    const res = await metricsApp(registry).request(path);
    expect(res.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(await res.text()).toMatch(/http_requests_total\{route="\/a",status="200"\} \d/);
  });
  it('serves nothing else', async () => {
    expect((await metricsApp(registry).request('/x')).status).toBe(404);
  });
  it.each(['/a/', '/A', '', '/', '/ab', 'x'.repeat(9999)])('path %s is unknown', (path) => {
    expect(routeLabel(path, ['/a'])).toBe('unknown');
  });
});
