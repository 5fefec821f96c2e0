/**
 * Native gRPC over HTTP/2 (spec sui-ledger §1.3): the same frames, the status in HTTP trailers.
 *
 * An error before any message is a headers-only answer. Only identity encoding is spoken.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { messageFrame, trailerPairs } from './frames.ts';
import { mediaType } from './grpc-web.ts';
import { MAX_BINARY_BODY_BYTES } from './limits.ts';
import type { WireForm } from './serve-call.ts';
import { RpcError } from './status.ts';

const CONTENT_TYPES: ReadonlySet<string> = new Set(['application/grpc', 'application/grpc+proto']);
const ANSWER_HEADERS = {
  'content-type': 'application/grpc+proto',
  'grpc-accept-encoding': 'identity',
} as const;

/** The form of a native gRPC call, or undefined when the request is something else. */
export function nativeGrpcForm(
  request: IncomingMessage,
  response: ServerResponse,
): WireForm | undefined {
  if (request.httpVersionMajor !== 2) return undefined;
  const contentType = request.headers['content-type'];
  if (contentType === undefined || !CONTENT_TYPES.has(mediaType(contentType))) return undefined;
  return new NativeGrpcForm(request, response);
}

class NativeGrpcForm implements WireForm {
  readonly maxBodyBytes = MAX_BINARY_BODY_BYTES;
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;

  constructor(request: IncomingMessage, response: ServerResponse) {
    this.#request = request;
    this.#response = response;
  }

  decodeBody(body: Buffer): Buffer {
    const encoding = this.#request.headers['grpc-encoding'] ?? 'identity';
    if (encoding === 'identity') return body;
    throw new RpcError('UNIMPLEMENTED', 'messages must be sent with grpc-encoding identity');
  }

  begin(): void {
    this.#response.writeHead(200, ANSWER_HEADERS);
    this.#response.flushHeaders();
  }

  message(payload: Uint8Array): boolean {
    return this.#response.write(messageFrame(payload));
  }

  unary(payload: Uint8Array): void {
    this.#response.writeHead(200, ANSWER_HEADERS);
    this.#response.write(messageFrame(payload));
    this.finish(undefined);
  }

  finish(error: RpcError | undefined): void {
    const trailers = Object.fromEntries(trailerPairs(error));
    if (this.#response.headersSent) this.#response.addTrailers(trailers);
    else this.#response.writeHead(200, { ...ANSWER_HEADERS, ...trailers });
    this.#response.end();
  }
}
