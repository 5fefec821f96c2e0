/** A full node that speaks just enough gRPC-web: an epoch with a gas price, and nothing else. */

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { GrpcTypes } from '@mysten/sui/grpc';

function frame(kind: number, payload: Uint8Array): Buffer {
  const head = Buffer.alloc(5);
  head[0] = kind;
  head.writeUInt32BE(payload.length, 1);
  return Buffer.concat([head, payload]);
}
const trailers = (status: number) => frame(0x80, Buffer.from(`grpc-status: ${status}\r\n`));

/** gRPC statuses used here. */
const OK = 0;
const NOT_FOUND = 5;

export async function startFakeNode() {
  const requests: { path: string; headers: NodeJS.Dict<string | string[]> }[] = [];
  const state = { up: true };
  const server = createServer((request, response) => {
    requests.push({ path: request.url ?? '', headers: request.headers });
    request.resume();
    if (!state.up) {
      response.writeHead(503).end();
      return;
    }
    response.writeHead(200, { 'content-type': 'application/grpc-web+proto' });
    if (!request.url?.endsWith('/GetEpoch')) {
      response.end(trailers(NOT_FOUND));
      return;
    }
    const epoch = GrpcTypes.GetEpochResponse.create({ epoch: { referenceGasPrice: 1000n } });
    response.end(
      Buffer.concat([frame(0, GrpcTypes.GetEpochResponse.toBinary(epoch)), trailers(OK)]),
    );
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    state,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
