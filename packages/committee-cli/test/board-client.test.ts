/** A client that trusts no board: bounds, no detours, no secrets, and few tries. */
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { BoardClient } from '../src/board/client.ts';
import { BOARD_LIMITS } from '../src/board/limits.ts';

let server: Server | undefined;
afterEach(async () => {
  server?.closeAllConnections();
  await new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)));
  server = undefined;
});

/** A client of a server that answers like this, and counts. */
async function clientOf(answer: RequestListener) {
  const asked = { count: 0, pauses: [] as number[] };
  server = createServer((request, response) => {
    asked.count += 1;
    answer(request, response);
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const client = new BoardClient(`http://127.0.0.1:${port}/`, {
    fetch: (input, init) =>
      fetch(input, {
        ...init,
        signal: AbortSignal.any([init?.signal as AbortSignal, AbortSignal.timeout(300)]),
      }),
    sleep: async (ms) => {
      asked.pauses.push(ms);
    },
  });
  return { client, asked };
}

const JSON_TYPE = { 'content-type': 'application/json' };
const SET = { path: '/v1/set', maxBytes: 100, type: 'application/json' } as const;
const answering =
  (status: number, body = '{}', headers: Record<string, string> = JSON_TYPE): RequestListener =>
  (_, response) => {
    response.writeHead(status, headers).end(body);
  };

describe('an answer', () => {
  it('is taken up to its bound', async () => {
    const most = await clientOf(answering(200, ' '.repeat(100)));
    expect(await most.client.get(SET)).toHaveLength(100);
    server?.close();
    const more = await clientOf(answering(200, ' '.repeat(101)));
    await expect(more.client.get(SET)).rejects.toThrow('longer than 100 bytes');
    expect(more.asked.count).toBe(1);
  });

  it('is bounded as it comes, not by what it says', async () => {
    const { client } = await clientOf((_, response) => {
      response.writeHead(200, JSON_TYPE);
      const pour = () => {
        while (!response.destroyed && response.write(' '.repeat(1000)));
        if (!response.destroyed) response.once('drain', pour);
      };
      pour();
    });
    await expect(client.get(SET)).rejects.toThrow('longer than');
  });

  it.each([301, 302, 303, 307, 308])(
    'that sends elsewhere with %d is not followed',
    async (status) => {
      for (const location of ['file:///etc/passwd', 'http://127.0.0.1:1/', '/v1/messages']) {
        const { client, asked } = await clientOf(answering(status, '', { location }));
        await expect(client.get(SET)).rejects.toThrow('is not followed');
        await expect(client.put('/v1/set', '{}')).rejects.toThrow('is not followed');
        expect(asked.count).toBe(2);
        server?.close();
      }
    },
  );

  it.each([
    ['text/html', { 'content-type': 'text/html' }],
    ['text/plain', { 'content-type': 'text/plain; charset=utf-8' }],
    ['of no type', {}],
  ])('of another kind is refused: %s', async (words, headers) => {
    const { client } = await clientOf(answering(200, '<html>', headers));
    await expect(client.get(SET)).rejects.toThrow(`is ${words} instead of application/json`);
  });

  it('that is missing is nothing', async () => {
    const { client } = await clientOf(answering(404));
    expect(await client.get(SET)).toBeUndefined();
  });

  it.each<[string, RequestListener]>([
    [
      'breaks off',
      (_, response) => {
        response.writeHead(200, { ...JSON_TYPE, 'content-length': '50' });
        response.write('{');
        setTimeout(() => response.destroy(), 10);
      },
    ],
    [
      'never ends',
      (_, response) => {
        response.writeHead(200, JSON_TYPE);
        response.write('{');
      },
    ],
    ['never comes', () => undefined],
    ['is a closed door', (request) => request.socket.destroy()],
    ['is 500', answering(500)],
    ['is 503', answering(503)],
    ['is 429', answering(429)],
  ])('that %s is asked for again, a few times', async (_, answer) => {
    const { client, asked } = await clientOf(answer);
    await expect(client.get(SET)).rejects.toThrow(
      expect.objectContaining({ code: 'COMMITTEE_BOARD' }),
    );
    expect(asked.count).toBe(BOARD_LIMITS.attempts);
    expect(asked.pauses).toEqual([BOARD_LIMITS.pauseMs, 2 * BOARD_LIMITS.pauseMs]);
  });

  it('after a bad moment is taken', async () => {
    let first = true;
    const { client, asked } = await clientOf((request, response) => {
      answering(first ? 503 : 200)(request, response);
      first = false;
    });
    expect(await client.get(SET)).toBe('{}');
    expect(asked.count).toBe(2);
  });
});

describe('what is sent', () => {
  it('is new, or known', async () => {
    const created = await clientOf(answering(201));
    expect(await created.client.put('/v1/set', '{}')).toBe(true);
    server?.close();
    const known = await clientOf(answering(200));
    expect(await known.client.put('/v1/set', '{}')).toBe(false);
  });

  it('never holds a secret', async () => {
    const { client, asked } = await clientOf(answering(201));
    for (const secret of ['{"enc_sk":"0x05"}', 'suiprivkey1q', 'MASTER_SHARE_V0: 0x05']) {
      await expect(client.put('/v1/messages/0', secret)).rejects.toThrow('nothing was sent');
      await expect(client.put('/v1/messages/0', secret)).rejects.not.toThrow('0x05');
    }
    expect(asked.count).toBe(0);
  });

  it.each([400, 404, 409, 413, 422])('and refused with %d is not sent again', async (status) => {
    const { client, asked } = await clientOf(answering(status));
    await expect(client.put('/v1/set', '{}')).rejects.toThrow(`status ${status}`);
    expect(asked.count).toBe(1);
  });

  it('is refused in words that cannot play tricks', async () => {
    const message = `no\u001b[2J\nerror: all is well\u202e${'x'.repeat(500)}`;
    const { client } = await clientOf(answering(409, JSON.stringify({ error: { message } })));
    const text = await client.put('/v1/set', '{}').catch((error: Error) => error.message);
    expect(text).toContain('status 409, no?[2J?error: all is well?xxx');
    expect(text).toContain('pass the files by hand');
    expect(String(text).length).toBeLessThan(BOARD_LIMITS.maxReasonCharacters + 300);
  });
});

describe('--board', () => {
  const deps = { fetch, sleep: async () => undefined };
  it.each([
    ['nowhere', 'is not a URL'],
    ['file:///etc/passwd', 'must be http or https'],
    ['ftp://host', 'must be http or https'],
    ['http://user:secret@host', 'must not hold a password'],
    ['http://host/?a=1', 'query'],
    ['http://host/#a', 'fragment'],
  ])('is not %s', (url, words) => {
    expect(() => new BoardClient(url, deps)).toThrow(words);
    expect(() => new BoardClient(url, deps)).not.toThrow('secret');
  });

  it.each([
    ['http://host:8645', 'http://host:8645'],
    ['https://host/', 'https://host'],
    ['https://host/path//', 'https://host/path'],
    ['http://[::1]:8645', 'http://[::1]:8645'],
  ])('may be %s', (url, plain) => {
    expect(new BoardClient(url, deps).url).toBe(plain);
  });
});
