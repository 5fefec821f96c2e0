/** A full node that speaks just enough gRPC-web: objects by id, and nothing else. */

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { GrpcTypes } from '@mysten/sui/grpc';
import { encodeBcs } from '@seal-ts/protocol';

/** gRPC statuses used here. */
const OK = 0;
const NOT_FOUND = 5;
const FRAME_HEADER_BYTES = 5;

function frame(kind: number, payload: Uint8Array): Buffer {
  const head = Buffer.alloc(FRAME_HEADER_BYTES);
  head[0] = kind;
  head.writeUInt32BE(payload.length, 1);
  return Buffer.concat([head, payload]);
}
const trailers = (status: number) => frame(0x80, Buffer.from(`grpc-status: ${status}\r\n`));

/** Answers `GetObject` with whole-object BCS from `objects`, by id. */
export async function startFakeNode(objects: ReadonlyMap<string, Uint8Array>) {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const isText = request.headers['content-type']?.includes('-text') ?? false;
    const sent = Buffer.concat(chunks);
    const frames = isText ? Buffer.from(sent.toString(), 'base64') : sent;
    const body = frames.subarray(FRAME_HEADER_BYTES);
    const { objectId = '' } = GrpcTypes.GetObjectRequest.fromBinary(body);
    response.writeHead(200, { 'content-type': 'application/grpc-web+proto' });
    const value = objects.get(objectId);
    if (value === undefined) {
      response.end(trailers(NOT_FOUND));
      return;
    }
    const object = GrpcTypes.Object.create({ bcs: { name: 'Object', value } });
    const answer = GrpcTypes.GetObjectResponse.toBinary({ object });
    response.end(Buffer.concat([frame(0, answer), trailers(OK)]));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** A Move object around `contents`, as nodes serve it. */
export function moveObject(contents: Uint8Array): Uint8Array {
  return encodeBcs((w) => w.uleb(0).uleb(1).bool(false).u64(1n).byteVector(contents));
}
