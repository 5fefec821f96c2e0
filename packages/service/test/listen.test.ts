import { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import { HTTP_LIMITS, listen, type ServiceError } from '../src/index.ts';

const local = { port: 0, hostname: '127.0.0.1' };

describe('listening', () => {
  it('finishes requests in flight when closed, and accepts no new ones', async () => {
    const app = new Hono();
    let arrived = () => {};
    let release = () => {};
    const inHandler = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    app.get('/', async (c) => {
      arrived();
      await gate;
      return c.text('done');
    });
    const server = await listen(app, local);
    const url = `http://127.0.0.1:${server.port}/`;
    const answer = fetch(url).then((res) => res.text());
    await inHandler;
    const closed = server.close();
    await expect(fetch(url)).rejects.toThrow();
    release();
    expect(await answer).toBe('done');
    await closed;
  });

  it('says what to do when the port is taken', async () => {
    const first = await listen(new Hono(), local);
    const second = listen(new Hono(), { ...local, port: first.port });
    const error: ServiceError = await second.then(
      () => expect.unreachable(),
      (e) => e,
    );
    expect(error.code).toBe('LISTEN_FAILED');
    expect(error.message).toContain('choose another port');
    await first.close();
  });

  it('bounds headers', async () => {
    const app = new Hono();
    app.get('/', (c) => c.text('ok'));
    const server = await listen(app, local);
    const url = `http://127.0.0.1:${server.port}/`;
    const large = { 'x-large': 'a'.repeat(HTTP_LIMITS.maxHeaderBytes) };
    expect((await fetch(url)).status).toBe(200);
    expect((await fetch(url, { headers: large })).status).toBe(431);
    await server.close();
  });
});
