/** Raw HTTP against a served ledger: bytes in any pieces, answers taken apart by hand. */
import { connect } from 'node:net';
import { GrpcTypes } from '@mysten/sui/grpc';

/** A raw HTTP answer. */
export interface RawAnswer {
  status: number;
  headers: Map<string, string>;
  body: Buffer;
}

/** Trailers and messages of a gRPC-web body. */
export interface GrpcAnswer {
  messages: Buffer[];
  trailers: Map<string, string>;
}

/** A message frame with any flag. */
export function frame(payload: Uint8Array, flag = 0): Buffer {
  const head = Buffer.alloc(5);
  head[0] = flag;
  head.writeUInt32BE(payload.length, 1);
  return Buffer.concat([head, payload]);
}

export const INFO_PATH = '/sui.rpc.v2.LedgerService/GetServiceInfo';
export const OBJECT_PATH = '/sui.rpc.v2.LedgerService/GetObject';
export const BINARY = 'application/grpc-web+proto';
export const TEXT = 'application/grpc-web-text';

export const encodeObjectRequest = (objectId: string): Uint8Array =>
  GrpcTypes.GetObjectRequest.toBinary(GrpcTypes.GetObjectRequest.create({ objectId }));

/** POST with fetch. */
export function post(
  base: string,
  path: string,
  body: Uint8Array | string,
  headers: Record<string, string> = { 'content-type': BINARY },
): Promise<Response> {
  return fetch(base + path, { method: 'POST', headers, body: body as BodyInit });
}

/** Status name-number and message of a gRPC-web answer, binary or text. */
export async function grpcAnswer(response: Response): Promise<GrpcAnswer> {
  let body = Buffer.from(await response.arrayBuffer());
  if (response.headers.get('content-type')?.includes('text')) {
    body = Buffer.concat(
      (body.toString('latin1').match(/[^=]+={0,2}/g) ?? []).map((p) => Buffer.from(p, 'base64')),
    );
  }
  return parseFrames(body);
}

export function parseFrames(body: Buffer): GrpcAnswer {
  const messages: Buffer[] = [];
  const trailers = new Map<string, string>();
  for (let at = 0; at < body.length; ) {
    const length = body.readUInt32BE(at + 1);
    const payload = body.subarray(at + 5, at + 5 + length);
    if (body[at] === 0x80) {
      for (const line of payload.toString('latin1').trimEnd().split('\r\n')) {
        trailers.set(line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1));
      }
    } else messages.push(payload);
    at += 5 + length;
  }
  return { messages, trailers };
}

/** `grpc-status` of an answer. */
export async function statusOf(
  response: Response | Promise<Response>,
): Promise<string | undefined> {
  return (await grpcAnswer(await response)).trailers.get('grpc-status');
}

/**
 * Sends the pieces one after another on one connection, then reads until the server closes or the
 * body is complete.
 */
export function sendPieces(base: string, pieces: readonly Uint8Array[]): Promise<RawAnswer> {
  const { hostname, port } = new URL(base);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname);
    let received = Buffer.alloc(0);
    socket.setNoDelay(true);
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      const answer = parseHttp(received);
      if (answer === undefined) return;
      socket.destroy();
      resolve(answer);
    });
    socket.on('error', reject);
    socket.on('close', () => reject(new Error(`closed after ${received.toString('latin1')}`)));
    socket.on('connect', async () => {
      for (const piece of pieces) {
        if (socket.destroyed) return;
        socket.write(piece);
        await new Promise((next) => setImmediate(next));
      }
    });
  });
}

/** Head of a raw POST. */
export function postHead(path: string, contentType: string, length: number): Buffer {
  return Buffer.from(
    [
      `POST ${path} HTTP/1.1`,
      'host: x',
      `content-type: ${contentType}`,
      `content-length: ${length}`,
      '\r\n',
    ].join('\r\n'),
  );
}

function parseHttp(received: Buffer): RawAnswer | undefined {
  const end = received.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const [first, ...lines] = received.toString('latin1', 0, end).split('\r\n');
  const headers = new Map(
    lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
  const body = received.subarray(end + 4);
  const length = Number(headers.get('content-length') ?? 0);
  if (body.length < length) return undefined;
  return { status: Number(first!.split(' ')[1]), headers, body };
}
