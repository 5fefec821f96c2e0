/** sui-ledger §1.3: native gRPC over HTTP/2 on the same port as everything else. */

import type { IncomingMessage } from 'node:http';
import { type ClientHttp2Session, connect, type IncomingHttpHeaders } from 'node:http2';
import { connect as connectTcp } from 'node:net';
import { PassThrough } from 'node:stream';
import { GrpcTypes } from '@mysten/sui/grpc';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { healthCheckRequest, healthCheckResponse } from '../../src/rpc/services/health.ts';
import { readBody } from '../../src/rpc/transport/body.ts';
import { MAX_REQUEST_BYTES } from '../../src/rpc/transport/frames.ts';
import {
  encodeObjectRequest,
  frame,
  OBJECT_PATH,
  parseFrames,
  postHead,
  sendPieces,
} from './support/raw.ts';
import { OWNED_ID, populated, serve, type World } from './support/world.ts';

let world: World;
let session: ClientHttp2Session;
beforeAll(async () => {
  world = await serve(populated());
  session = connect(world.served.url);
});
afterAll(async () => {
  session.close();
  await world.close();
  expect(world.failures).toEqual([]);
});

interface NativeAnswer {
  headers: IncomingHttpHeaders;
  trailers: IncomingHttpHeaders;
  body: Buffer;
}

function call(
  path: string,
  body: Uint8Array,
  headers: Record<string, string> = {},
  via: ClientHttp2Session = session,
): Promise<NativeAnswer> {
  const stream = via.request({
    ':method': 'POST',
    ':path': path,
    'content-type': 'application/grpc',
    te: 'trailers',
    ...headers,
  });
  const answer: NativeAnswer = { headers: {}, trailers: {}, body: Buffer.alloc(0) };
  return new Promise((resolve, reject) => {
    stream.on('response', (received) => {
      answer.headers = received;
    });
    stream.on('trailers', (received) => {
      answer.trailers = received;
    });
    stream.on('data', (chunk: Buffer) => {
      answer.body = Buffer.concat([answer.body, chunk]);
    });
    stream.on('end', () => resolve(answer));
    stream.on('error', reject);
    stream.end(body);
  });
}

const request = frame(encodeObjectRequest(OWNED_ID));

describe('calls', () => {
  it('answer a message and the status in trailers', async () => {
    const { headers, trailers, body } = await call(OBJECT_PATH, request);
    expect(headers).toMatchObject({ ':status': 200, 'content-type': 'application/grpc+proto' });
    expect(headers['grpc-status']).toBeUndefined();
    expect(trailers['grpc-status']).toBe('0');
    const { messages } = parseFrames(body);
    expect(messages).toHaveLength(1);
    expect(GrpcTypes.GetObjectResponse.fromBinary(messages[0]!).object?.objectId).toBe(OWNED_ID);
  });

  it('serve 100 streams of one connection at a time', async () => {
    const answers = await Promise.all(
      Array.from({ length: 100 }, () => call(OBJECT_PATH, request)),
    );
    expect(new Set(answers.map(({ trailers }) => trailers['grpc-status']))).toEqual(new Set(['0']));
  });

  it('answer errors with headers only', async () => {
    const { headers, body } = await call(OBJECT_PATH, frame(encodeObjectRequest('0xgg%')));
    expect(headers['grpc-status']).toBe('3');
    expect(decodeURIComponent(headers['grpc-message'] as string)).toContain("got '0xgg%'");
    expect(headers['grpc-status-details-bin']).toBeDefined();
    expect(body).toHaveLength(0);
  });

  it.each([
    ['an unknown method', '/sui.rpc.v2.LedgerService/Nope', request, {}, '12'],
    ['another encoding', OBJECT_PATH, request, { 'grpc-encoding': 'gzip' }, '12'],
    ['a compressed frame', OBJECT_PATH, frame(new Uint8Array(2), 1), {}, '12'],
    ['half a frame', OBJECT_PATH, request.subarray(0, 9), {}, '3'],
    ['no frame', OBJECT_PATH, new Uint8Array(0), {}, '3'],
    ['a message over the limit', OBJECT_PATH, Buffer.alloc(MAX_REQUEST_BYTES + 6), {}, '8'],
    ['a malformed deadline', OBJECT_PATH, request, { 'grpc-timeout': 'x' }, '3'],
  ])('refuse %s', async (_what, path, body, headers, status) => {
    const answer = await call(path, body, headers);
    expect(answer.headers['grpc-status']).toBe(status);
    expect((await call(OBJECT_PATH, request)).trailers['grpc-status']).toBe('0');
  });

  it('stream answers with trailers at the end', async () => {
    const { body, trailers } = await call(
      '/sui.rpc.v2.LedgerService/ListCheckpoints',
      frame(new Uint8Array(0)),
    );
    expect(parseFrames(body).messages.length).toBeGreaterThan(1);
    expect(trailers['grpc-status']).toBe('0');
  });

  it('end a subscription when the client resets the stream', async () => {
    const stream = session.request({
      ':method': 'POST',
      ':path': '/sui.rpc.v2.SubscriptionService/SubscribeCheckpoints',
      'content-type': 'application/grpc',
    });
    stream.end(frame(new Uint8Array(0)));
    await new Promise((resolve) => stream.on('response', resolve));
    await until(() => world.ledger.listenerCount === 1);
    stream.close(8);
    await until(() => world.ledger.listenerCount === 0);
  });

  it('check the health of the server and of single services', async () => {
    const check = (service: string) =>
      call('/grpc.health.v1.Health/Check', frame(healthCheckRequest.toBinary({ service })));
    for (const service of ['', 'sui.rpc.v2.LedgerService']) {
      const { body } = await check(service);
      expect(healthCheckResponse.fromBinary(parseFrames(body).messages[0]!).status).toBe(1);
    }
    expect((await check('nope')).headers['grpc-status']).toBe('5');
  });
});

async function until(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 200 && !condition(); i++) await new Promise((r) => setTimeout(r, 5));
  expect(condition()).toBe(true);
}

/** Writes and hangs up; resolves when the connection is gone. */
function sendGarbage(bytes: Uint8Array): Promise<void> {
  const { hostname, port } = new URL(world.served.url);
  return new Promise((resolve) => {
    const socket = connectTcp(Number(port), hostname, () => {
      socket.write(bytes);
      setTimeout(() => socket.destroy(), 2);
    });
    socket.on('error', () => undefined);
    socket.on('close', () => resolve());
    socket.resume();
  });
}

it('gives up on a body that never comes', async () => {
  const stalled = Object.assign(new PassThrough(), {
    headers: {},
    httpVersionMajor: 2,
    complete: false,
  }) as unknown as IncomingMessage;
  await expect(readBody(stalled, 100, 10)).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED' });
});

describe('one port', () => {
  it('serves gRPC-web and JSON over HTTP/2 as well', async () => {
    const web = await call(OBJECT_PATH, request, { 'content-type': 'application/grpc-web+proto' });
    expect(web.headers['content-type']).toBe('application/grpc-web+proto');
    expect(parseFrames(web.body).trailers.get('grpc-status')).toBe('0');
    const health = session.request({ ':path': '/health' });
    const status = await new Promise((resolve) =>
      health.on('response', (h) => resolve(h[':status'])),
    );
    expect(status).toBe(200);
    health.resume();
  });

  it('knows the protocol when the first bytes come one by one', async () => {
    const body = request;
    const head = postHead(OBJECT_PATH, 'application/grpc-web+proto', body.length);
    const pieces = [...Buffer.concat([head, body])].map((byte) => Uint8Array.of(byte));
    expect((await sendPieces(world.served.url, pieces)).status).toBe(200);
  });

  it.each([
    'PRX * HTTP/2.0\r\n\r\n',
    'PR / HTTP/1.1\r\n\r\n',
    '\u0000\u0001\u0002',
    'PRI nonsense\r\n\r\n',
  ])('survives a connection that begins with %j', async (bytes) => {
    await sendPieces(world.served.url, [Buffer.from(bytes)]).catch(() => undefined);
    expect((await call(OBJECT_PATH, request)).trailers['grpc-status']).toBe('0');
  });

  it('survives garbage, with and without a preface before it', async () => {
    const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), fc.boolean(), async (bytes, prefaced) => {
        await sendGarbage(prefaced ? Buffer.concat([preface, bytes]) : bytes);
        expect((await call(OBJECT_PATH, request)).trailers['grpc-status']).toBe('0');
      }),
      { numRuns: 60 },
    );
  });

  it('refuses native gRPC over HTTP/1.1', async () => {
    const response = await fetch(world.served.url + OBJECT_PATH, {
      method: 'POST',
      headers: { 'content-type': 'application/grpc' },
      body: new Uint8Array(request),
    });
    expect(response.status).toBe(415);
    expect(response.headers.get('grpc-message')).toContain('application/grpc needs HTTP/2');
  });

  it('stops in good order with a session open', async () => {
    const other = await serve(populated());
    const open = connect(other.served.url);
    open.on('error', () => undefined);
    const { hostname, port } = new URL(other.served.url);
    const silent = connectTcp(Number(port), hostname).on('error', () => undefined);
    const greeted = connectTcp(Number(port), hostname).on('error', () => undefined);
    greeted.write('PR');
    expect((await call(OBJECT_PATH, request, {}, open)).trailers['grpc-status']).toBe('0');
    const started = performance.now();
    await other.close();
    expect(performance.now() - started).toBeLessThan(1000);
    for (const connection of [open, silent, greeted]) connection.destroy();
  });
});
