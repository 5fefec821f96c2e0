/** sui-ledger §1 and §17 "Transport": frames, Base64, content types, CORS, limits, cancellation. */
import { GrpcTypes, SuiGrpcClient } from '@mysten/sui/grpc';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { parseTimeout } from '../../src/rpc/transport/deadline.ts';
import {
  decodeTextBody,
  MAX_REQUEST_BYTES,
  readRequestFrame,
} from '../../src/rpc/transport/frames.ts';
import { CallGate } from '../../src/rpc/transport/limits.ts';
import {
  badRequestType,
  encodeStatusMessage,
  MAX_STATUS_MESSAGE_LENGTH,
  statusType,
} from '../../src/rpc/transport/status.ts';
import {
  BINARY,
  encodeObjectRequest,
  frame,
  grpcAnswer,
  INFO_PATH,
  OBJECT_PATH,
  parseFrames,
  post,
  postHead,
  sendPieces,
  statusOf,
  TEXT,
} from './support/raw.ts';
import { OWNED_ID, populated, serve, type World } from './support/world.ts';

let world: World;
let url: string;
beforeAll(async () => {
  world = await serve(populated());
  url = world.served.url;
});
afterEach(() => {
  expect(world.failures).toEqual([]);
  expect(world.ledger.executed).toEqual([]);
});
afterAll(() => world.close());

const request = encodeObjectRequest(OWNED_ID);

describe('formats', () => {
  it.each([
    [BINARY, undefined, BINARY],
    ['application/grpc-web', undefined, BINARY],
    [TEXT, undefined, 'application/grpc-web-text+proto'],
    ['application/grpc-web-text+proto', TEXT, 'application/grpc-web-text+proto'],
    [`${BINARY}; charset=utf-8`, undefined, BINARY],
    ['Application/GRPC-web', undefined, BINARY],
    [BINARY, TEXT, 'application/grpc-web-text+proto'],
    [TEXT, BINARY, BINARY],
  ])('answers %s accepting %s with exactly %s', async (type, accept, expected) => {
    const framed = frame(request);
    const body = type.includes('text') ? framed.toString('base64') : framed;
    const headers = { 'content-type': type, ...(accept === undefined ? {} : { accept }) };
    const response = await post(url, OBJECT_PATH, body, headers);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe(expected);
    const { messages, trailers } = await grpcAnswer(response);
    expect(messages).toHaveLength(1);
    expect(GrpcTypes.GetObjectResponse.fromBinary(messages[0]!).object?.objectId).toBe(OWNED_ID);
    expect([...trailers]).toEqual([['grpc-status', '0']]);
  });

  it('serves the official client in binary format as well', async () => {
    const options = { network: 'localnet', baseUrl: url, format: 'binary' };
    const client = new SuiGrpcClient(options as ConstructorParameters<typeof SuiGrpcClient>[0]);
    const { response } = await client.ledgerService.getServiceInfo({}, { timeout: 5000 });
    expect(response.chain).toBe('localnet');
  });

  it.each([
    'application/json',
    'application/grpc',
    'application/grpc+proto',
    'text/plain',
    'application/grpc-web-json',
    '',
  ])('refuses the content type "%s"', async (type) => {
    const response = await post(url, OBJECT_PATH, frame(request), { 'content-type': type });
    expect(response.status).toBe(415);
    expect(response.headers.get('grpc-status')).toBe('3');
  });

  it('refuses other HTTP methods on gRPC paths', async () => {
    for (const method of ['GET', 'PUT', 'DELETE', 'PATCH']) {
      expect((await fetch(url + OBJECT_PATH, { method })).status).toBe(405);
    }
  });

  it.each([
    '/sui.rpc.v2.LedgerService/Nope',
    '/nope.Service/GetObject',
    '/',
    '//',
    `/${'x'.repeat(3000)}`,
  ])('answers UNIMPLEMENTED for the method %.40s', async (path) => {
    expect(await statusOf(post(url, path, frame(request)))).toBe('12');
  });
});

describe('frames', () => {
  it('reads a request cut at every byte, binary and text', async () => {
    const framed = frame(request);
    for (const [type, body] of [
      [BINARY, framed],
      [TEXT, Buffer.from(framed.toString('base64'))],
    ] as const) {
      const head = postHead(OBJECT_PATH, type, body.length);
      for (let cut = 1; cut < body.length; cut++) {
        const answer = await sendPieces(url, [head, body.subarray(0, cut), body.subarray(cut)]);
        expect(answer.status).toBe(200);
      }
      const bytes = [...body].map((byte) => Uint8Array.of(byte));
      expect((await sendPieces(url, [head, ...bytes])).status).toBe(200);
    }
  });

  it.each([
    ['nothing', new Uint8Array(0), '3'],
    ['four bytes', new Uint8Array(4), '3'],
    ['a short payload', frame(request).subarray(0, -1), '3'],
    ['a long payload', Buffer.concat([frame(request), Buffer.of(0)]), '3'],
    ['two messages', Buffer.concat([frame(request), frame(request)]), '3'],
    ['a compressed frame', frame(request, 1), '12'],
    ['trailers', frame(request, 0x80), '3'],
    ['an unknown flag', frame(request, 0x42), '3'],
    ['a length of 4 GiB', Buffer.from([0, 255, 255, 255, 255]), '8'],
    ['a message that is no message', frame(Uint8Array.of(0xff, 0xff, 0xff)), '3'],
    ['invalid UTF-8', frame(Uint8Array.of(0x0a, 1, 0xff)), '3'],
  ])('refuses %s', async (_what, body, status) => {
    expect(await statusOf(post(url, OBJECT_PATH, body))).toBe(status);
  });

  it('takes the largest message and refuses one byte more', () => {
    expect(readRequestFrame(frame(new Uint8Array(MAX_REQUEST_BYTES)))).toHaveLength(
      MAX_REQUEST_BYTES,
    );
    expect(() => readRequestFrame(frame(new Uint8Array(MAX_REQUEST_BYTES + 1)))).toThrow(
      'larger than the limit',
    );
  });

  it('refuses bodies over the limit, announced or not', async () => {
    const big = new Uint8Array(MAX_REQUEST_BYTES + 6);
    expect(await statusOf(post(url, OBJECT_PATH, big))).toBe('8');
    const chunked = [
      `POST ${OBJECT_PATH} HTTP/1.1`,
      'host: x',
      `content-type: ${BINARY}`,
      'transfer-encoding: chunked',
      '\r\n',
    ].join('\r\n');
    const size = 1 << 20;
    const chunk = Buffer.concat([
      Buffer.from(`${size.toString(16)}\r\n`),
      Buffer.alloc(size),
      Buffer.from('\r\n'),
    ]);
    const answer = await sendPieces(url, [Buffer.from(chunked), chunk, chunk, chunk, chunk, chunk]);
    expect(parseFrames(answer.body).trailers.get('grpc-status')).toBe('8');
    expect(answer.headers.get('connection')).toBe('close');
  });

  it('never fails on random frames', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 64 }),
        fc.constantFrom(
          ...GrpcTypes.StateService.methods,
          ...GrpcTypes.TransactionExecutionService.methods,
        ),
        fc.boolean(),
        async (bytes, method, framed) => {
          const body = framed ? frame(bytes) : bytes;
          const path = `/${serviceOf(method.name)}/${method.name}`;
          const status = await statusOf(post(url, path, body));
          expect(['0', '3', '5', '8', '12']).toContain(status);
        },
      ),
      { numRuns: 300 },
    );
  });
});

function serviceOf(method: string): string {
  const services = [GrpcTypes.StateService, GrpcTypes.TransactionExecutionService];
  return services.find((s) => s.methods.some((m) => m.name === method))!.typeName;
}

describe('Base64', () => {
  const framed = frame(request);

  it('takes padded pieces in a row, however they are cut', () => {
    for (let cut = 0; cut <= framed.length; cut++) {
      const text =
        framed.subarray(0, cut).toString('base64') + framed.subarray(cut).toString('base64');
      expect(decodeTextBody(Buffer.from(text))).toEqual(framed);
    }
  });

  it('refuses text cut at every length that is not a whole piece', () => {
    const text = framed.toString('base64');
    for (let cut = 1; cut < text.length; cut++) {
      const decode = () => decodeTextBody(Buffer.from(text.slice(0, cut)));
      if (cut % 4 === 0) expect(readable(decode())).toBe(false);
      else expect(decode).toThrow('malformed gRPC request');
    }
  });

  it.each([
    'A===',
    '=AAA',
    'AA=A',
    'A=AA',
    'AA==A',
    'AAA$',
    'AA A',
    'AA-_',
    '====',
    '\u0000AAA',
    'AAAA=',
  ])('refuses %j', (text) => {
    expect(() => decodeTextBody(Buffer.from(text))).toThrow('malformed gRPC request');
  });

  function readable(bytes: Buffer): boolean {
    try {
      readRequestFrame(bytes);
      return true;
    } catch {
      return false;
    }
  }
});

describe('failures on the wire', () => {
  it('come as a trailer frame with lower-case keys and BadRequest details', async () => {
    const response = await post(url, OBJECT_PATH, frame(encodeObjectRequest('0xgg')));
    expect(response.status).toBe(200);
    expect(response.headers.get('grpc-status')).toBeNull();
    const { messages, trailers } = await grpcAnswer(response);
    expect(messages).toEqual([]);
    expect(trailers.get('grpc-status')).toBe('3');
    const details = Buffer.from(trailers.get('grpc-status-details-bin')!, 'base64');
    const status = statusType.fromBinary(details);
    expect(status.code).toBe(3);
    expect(status.details[0]!.typeUrl).toBe('type.googleapis.com/google.rpc.BadRequest');
    expect(badRequestType.fromBinary(status.details[0]!.value).fieldViolations).toEqual([
      { field: 'object_id', description: status.message, reason: 'FIELD_INVALID' },
    ]);
  });

  it('percent-encodes messages so that the client decodes the same text', () => {
    for (const text of ['100% ü\r\nx', 'a%20b', '💥', '~!"#', '']) {
      const encoded = encodeStatusMessage(text);
      expect(encoded).toMatch(/^[\x20-\x7e]*$/);
      expect(decodeURIComponent(encoded)).toBe(text);
    }
    expect(encodeStatusMessage('\ud800')).toBe(encodeURIComponent('\ufffd'));
    expect(encodeStatusMessage('x'.repeat(MAX_STATUS_MESSAGE_LENGTH))).toHaveLength(
      MAX_STATUS_MESSAGE_LENGTH,
    );
    expect(encodeStatusMessage('x'.repeat(9999)).length).toBeLessThan(
      MAX_STATUS_MESSAGE_LENGTH + 10,
    );
  });
});

describe('CORS', () => {
  it('answers preflights for every header the client sends, and echoes others', async () => {
    const response = await fetch(url + OBJECT_PATH, {
      method: 'OPTIONS',
      headers: {
        origin: 'http://example.test',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'x-custom, bad header',
      },
    });
    expect(response.status).toBe(204);
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    expect(response.headers.get('access-control-allow-methods')).toContain('POST');
    const allowed = response.headers.get('access-control-allow-headers')!.split(', ');
    for (const name of [
      'content-type',
      'x-grpc-web',
      'grpc-timeout',
      'authorization',
      'x-custom',
    ]) {
      expect(allowed).toContain(name);
    }
    expect(allowed).not.toContain('bad header');
    expect(Number(response.headers.get('access-control-max-age'))).toBeGreaterThan(0);
  });

  it('exposes the status headers on answers', async () => {
    const response = await post(url, INFO_PATH, frame(new Uint8Array(0)));
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    expect(response.headers.get('access-control-expose-headers')).toBe(
      'grpc-status, grpc-message, grpc-status-details-bin',
    );
  });
});

describe('deadlines', () => {
  it.each([
    ['1H', 3_600_000],
    ['2M', 120_000],
    ['3S', 3000],
    ['250m', 250],
    ['99999999u', 99_999.999],
    ['1n', 1],
    ['99999999H', undefined],
  ])('reads %s', (header, ms) => {
    expect(parseTimeout(header)).toBe(ms);
  });

  it.each(['', '5', 'm', '-1m', '1.5S', '123456789m', '1x', ' 1m'])('refuses "%s"', (header) => {
    expect(() => parseTimeout(header)).toThrow('malformed grpc-timeout');
  });

  it('ends a stream at its deadline', async () => {
    const call = world.client.subscriptionService.subscribeCheckpoints({}, { timeout: 80 });
    await expect(call.responses[Symbol.asyncIterator]().next()).rejects.toMatchObject({
      code: 'DEADLINE_EXCEEDED',
    });
    expect(world.ledger.listenerCount).toBe(0);
  });

  it('refuses a malformed deadline', async () => {
    const headers = { 'content-type': BINARY, 'grpc-timeout': 'soon' };
    expect(await statusOf(post(url, INFO_PATH, frame(new Uint8Array(0)), headers))).toBe('3');
  });
});

describe('bounds on concurrency', () => {
  it('counts calls and streams separately', () => {
    const gate = new CallGate({ maxCalls: 2, maxStreams: 1 });
    const leave = gate.enter('stream');
    expect(() => gate.enter('stream')).toThrow('at most 1 streams');
    const other = gate.enter('unary');
    expect(() => gate.enter('unary')).toThrow('at most 2 calls');
    other();
    leave();
    expect(gate.activeCalls).toBe(0);
    gate.enter('stream')();
  });

  it('serves 200 parallel calls over keep-alive connections', async () => {
    const answers = await Promise.all(
      Array.from({ length: 200 }, () => statusOf(post(url, OBJECT_PATH, frame(request)))),
    );
    expect(new Set(answers)).toEqual(new Set(['0']));
  });
});
