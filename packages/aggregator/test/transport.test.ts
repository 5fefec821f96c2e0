/** The real transport over real sockets: where it connects to, and what it puts up with. */

import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { AddressPolicy, createTransport, TransportError } from '../src/index.ts';
import { canonicalUrl, fetchKeyUrl, MAX_URL_CHARACTERS } from '../src/members/member-url.ts';
import { MAX_INTERIM_ANSWERS } from '../src/members/transport.ts';

const open: (() => void)[] = [];
afterEach(() => {
  for (const close of open.splice(0)) close();
});

async function serve(listener: RequestListener): Promise<{ port: number; server: Server }> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  open.push(() => {
    server.close();
    server.closeAllConnections();
  });
  return { port: (server.address() as AddressInfo).port, server };
}

interface Options {
  allowed?: string[];
  addresses?: string[][];
  maxBytes?: number;
  signal?: AbortSignal;
}

/** Sends to `url`; each look-up answers the next list of `addresses`. */
function sender({ allowed = ['127.0.0.1'], addresses = [['127.0.0.1']], ...rest }: Options = {}) {
  const lookups: string[] = [];
  const transport = createTransport(
    { policy: new AddressPolicy({ allowedRanges: allowed }) },
    {
      resolve(host, done) {
        const list = addresses[Math.min(lookups.length, addresses.length - 1)]!;
        lookups.push(host);
        done(
          null,
          list.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
        );
      },
    },
  );
  open.push(transport.close);
  const send = (url: string) =>
    transport.send({
      url: new URL(url),
      headers: { 'x-api-key': 'secret' },
      body: new TextEncoder().encode('{}'),
      maxBytes: rest.maxBytes ?? 1000,
      signal: rest.signal ?? new AbortController().signal,
    });
  return { send, lookups };
}

const refusal = { code: 'ADDRESS_REFUSED' };

describe('a request', () => {
  it('is a POST with its headers, and no compression', async () => {
    let seen: unknown;
    const { port } = await serve((request, response) => {
      const { method, url, headers } = request;
      seen = { method, url, key: headers['x-api-key'], encoding: headers['accept-encoding'] };
      response.setHeader('X-KeyServer-Version', '0.6.10').end('hello');
    });
    const { send } = sender();
    const response = await send(`http://member.test:${port}/v1/fetch_key`);
    expect(seen).toEqual({
      method: 'POST',
      url: '/v1/fetch_key',
      key: 'secret',
      encoding: 'identity',
    });
    expect(response.status).toBe(200);
    expect(response.header('x-keyserver-version')).toBe('0.6.10');
    expect(new TextDecoder().decode(response.body)).toBe('hello');
  });

  it('follows no redirect', async () => {
    const paths: unknown[] = [];
    const { port } = await serve((request, response) => {
      paths.push(request.url);
      response.writeHead(307, { location: '/elsewhere' }).end();
    });
    const { status } = await sender().send(`http://member.test:${port}/v1/fetch_key`);
    expect([status, paths]).toEqual([307, ['/v1/fetch_key']]);
  });

  it('survives a kept connection that the member closed meanwhile', async () => {
    let requests = 0;
    const { port } = await serve((request, response) => {
      requests += 1;
      // Keep-alive is promised, and broken as soon as the second request arrives.
      if (requests === 2) request.socket.destroy();
      else response.end('ok');
    });
    const { send } = sender();
    const url = `http://member.test:${port}/`;
    await send(url);
    expect((await send(url)).status).toBe(200);
    expect(requests).toBe(3);
  });

  it('survives many kept connections that are all dead', async () => {
    // As after a restart, or behind a balancer that forgets: each fails at its second request.
    const used = new Set<unknown>();
    const { port } = await serve(({ socket }, response) => {
      if (used.has(socket)) socket.resetAndDestroy();
      else setTimeout(() => response.end('ok'), 20);
      used.add(socket);
    });
    const { send } = sender();
    const url = `http://member.test:${port}/`;
    await Promise.all([send(url), send(url), send(url)]);
    expect(used.size).toBe(3);
    expect((await send(url)).status).toBe(200);
  });

  it('ends when it is aborted, before or after the answer began', async () => {
    const { port } = await serve((request, response) => {
      if (request.url === '/begins') response.write('x');
    });
    for (const path of ['silent', 'begins']) {
      const abort = new AbortController();
      const sent = sender({ signal: abort.signal }).send(`http://member.test:${port}/${path}`);
      setTimeout(() => abort.abort(), 50);
      await expect(sent).rejects.toThrow();
    }
  });
});

describe('an answer', () => {
  it.each([1000, 1001])('of %d bytes', async (size) => {
    for (const chunked of [false, true]) {
      const { port } = await serve((_request, response) => {
        if (!chunked) response.setHeader('content-length', size);
        response.end('x'.repeat(size));
      });
      const sent = sender({ maxBytes: 1000 }).send(`http://member.test:${port}/`);
      if (size === 1000) expect((await sent).body).toHaveLength(1000);
      else await expect(sent).rejects.toMatchObject({ code: 'ANSWER_TOO_LARGE' });
    }
  });

  it('that never ends is cut off', async () => {
    const { port } = await serve((_request, response) => {
      const timer = setInterval(() => response.write('x'.repeat(400)), 5);
      response.on('close', () => clearInterval(timer));
    });
    await expect(sender().send(`http://member.test:${port}/`)).rejects.toMatchObject({
      code: 'ANSWER_TOO_LARGE',
    });
  });

  it('with huge headers is refused', async () => {
    const { port } = await serve((_request, response) => {
      response.setHeader('x-large', 'x'.repeat(17 * 1024)).end();
    });
    await expect(sender().send(`http://member.test:${port}/`)).rejects.toThrow();
  });
});

describe('instead of an answer', () => {
  it('another protocol is an answer without body, at once', async () => {
    const { port } = await serve(({ socket }) => {
      socket.write('HTTP/1.1 101 Switching\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n{}');
    });
    const { status, body } = await sender().send(`http://member.test:${port}/`);
    expect([status, body.length]).toEqual([101, 0]);
  });

  it.each([100, 102, 103])('interim answers %d are bounded', async (status) => {
    for (const count of [MAX_INTERIM_ANSWERS, MAX_INTERIM_ANSWERS + 1]) {
      const { port } = await serve(({ socket }) => {
        const interim = `HTTP/1.1 ${status} Wait\r\n\r\n`.repeat(count);
        socket.end(`${interim}HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok`);
      });
      const sent = sender().send(`http://member.test:${port}/`);
      if (count === MAX_INTERIM_ANSWERS) expect((await sent).status).toBe(200);
      else await expect(sent).rejects.toMatchObject({ code: 'ANSWER_TOO_LARGE' });
    }
  });
});

describe('connections go to public addresses only', () => {
  it.each([
    '127.0.0.1',
    '2130706433',
    '0x7f.1',
    '0177.0.0.1',
    '127.1',
    '0',
    '[::1]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '169.254.169.254',
    '10.0.0.1',
    '[fd00::1]',
  ])('not to the literal %s', async (host) => {
    for (const scheme of ['http', 'https']) {
      const { send, lookups } = sender({ allowed: [] });
      await expect(send(`${scheme}://${host}:1/`)).rejects.toMatchObject(refusal);
      expect(lookups).toEqual([]);
    }
  });

  it.each([
    ['a private address', ['10.0.0.1']],
    ['loopback', ['127.0.0.1']],
    ['the metadata service', ['169.254.169.254']],
    ['a public and a private address', ['1.1.1.1', '10.0.0.1']],
    ['an IPv4 address in IPv6', ['::ffff:10.0.0.1']],
  ])('not to a name with %s', async (_name, addresses) => {
    for (const scheme of ['http', 'https']) {
      const { send } = sender({ allowed: [], addresses: [addresses] });
      const error = await send(`${scheme}://member.test:1/`).catch((e: unknown) => e);
      expect(error).toBeInstanceOf(TransportError);
      expect(error).toMatchObject(refusal);
      expect(String(error)).toContain('member.test');
    }
  });

  it('not in clear to a public address', async () => {
    const { send } = sender({ addresses: [['1.1.1.1']] });
    await expect(send('http://member.test:1/')).rejects.toThrow(/not https/);
    await expect(send('http://1.1.1.1:1/')).rejects.toThrow(/not https/);
  });

  it('to the very address that was judged: a name is resolved once', async () => {
    const { port } = await serve((_request, response) => void response.end('ok'));
    // A rebinding name: harmless at first, then something else.
    const { send, lookups } = sender({ addresses: [['127.0.0.1'], ['10.0.0.1']] });
    await send(`http://member.test:${port}/`);
    expect(lookups).toEqual(['member.test']);
  });

  it('also when the name has changed its mind since', async () => {
    const { port } = await serve((_request, response) => {
      response.setHeader('connection', 'close').end('ok');
    });
    const { send } = sender({ addresses: [['127.0.0.1'], ['10.0.0.1']] });
    await send(`http://member.test:${port}/`);
    await expect(send(`http://member.test:${port}/`)).rejects.toMatchObject(refusal);
  });

  it('to nothing for a name without address', async () => {
    const { send } = sender({ addresses: [[]] });
    await expect(send('https://member.test/')).rejects.toMatchObject({ code: 'ENOTFOUND' });
  });

  it('with a certificate that nobody vouches for, not at all', async () => {
    const { port } = await serve(() => {});
    await expect(sender().send(`https://member.test:${port}/`)).rejects.toThrow();
  });
});

describe('URLs of members', () => {
  it.each([
    ['https://a.example', 'https://a.example/v1/fetch_key'],
    ['https://a.example/', 'https://a.example/v1/fetch_key'],
    ['https://a.example:8443/seal/', 'https://a.example:8443/seal/v1/fetch_key'],
    ['http://127.0.0.1:2024', 'http://127.0.0.1:2024/v1/fetch_key'],
  ])('%s', (text, expected) => {
    expect(fetchKeyUrl(text)?.href).toBe(expected);
  });

  it.each([
    '',
    'a.example',
    'ftp://a.example',
    'file:///etc/passwd',
    'unix:/run/docker.sock',
    'javascript:1',
    'https://user@a.example',
    'https://user:password@a.example',
    'https://a.example/?x=1',
    'https://a.example/?',
    'https://a.example/#',
    'https://',
    `https://a.example/${'x'.repeat(MAX_URL_CHARACTERS)}`,
  ])('%s is refused', (text) => {
    expect(fetchKeyUrl(text)).toBeUndefined();
  });

  it('may be as long as the limit', () => {
    const text = 'https://a.example/'.padEnd(MAX_URL_CHARACTERS, 'x');
    expect(fetchKeyUrl(text)).toBeDefined();
    expect(fetchKeyUrl(`${text}x`)).toBeUndefined();
  });

  it('are compared in one spelling', () => {
    expect(canonicalUrl('HTTPS://A.example:443/')).toBe(canonicalUrl('https://a.example'));
    expect(canonicalUrl('https://a.example/x')).not.toBe(canonicalUrl('https://a.example'));
    expect(canonicalUrl('no url')).toBe('no url');
  });
});
