/**
 * gRPC-web over HTTP (spec sui-ledger §1.1): text and binary bodies, trailers in the body.
 *
 * Failures are sent as HTTP 200 with only a trailer frame (form B), because a browser cannot see a
 * status header that CORS does not expose. The answer's content type has no parameters: the client
 * compares it for equality.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { CORS_ANSWER_HEADERS } from './cors.ts';
import { decodeTextBody, messageFrame, trailerFrame } from './frames.ts';
import { MAX_BINARY_BODY_BYTES, MAX_TEXT_BODY_BYTES } from './limits.ts';
import type { WireForm } from './serve-call.ts';
import type { RpcError } from './status.ts';

type Format = 'text' | 'binary';

const REQUEST_FORMATS: Readonly<Record<string, Format>> = {
  'application/grpc-web-text': 'text',
  'application/grpc-web-text+proto': 'text',
  'application/grpc-web': 'binary',
  'application/grpc-web+proto': 'binary',
};

const CONTENT_TYPE: Readonly<Record<Format, string>> = {
  text: 'application/grpc-web-text+proto',
  binary: 'application/grpc-web+proto',
};

const OK_TRAILERS = trailerFrame(undefined);

/**
 * The form of a gRPC-web POST by its content type, or undefined when it is something else.
 * @param cors answer browsers of any origin; the admin port does not
 */
export function grpcWebForm(
  request: IncomingMessage,
  response: ServerResponse,
  cors: boolean,
): WireForm | undefined {
  const asked = requestFormat(request.headers['content-type']);
  if (asked === undefined) return undefined;
  return new GrpcWebForm(response, asked, answerFormat(request.headers.accept, asked), cors);
}

function requestFormat(contentType: string | undefined): Format | undefined {
  if (contentType === undefined) return undefined;
  return REQUEST_FORMATS[contentType] ?? REQUEST_FORMATS[mediaType(contentType)];
}

/** A content type without its parameters. */
export function mediaType(contentType: string): string {
  return contentType.split(';', 1)[0]!.trim().toLowerCase();
}

function answerFormat(accept: string | undefined, asked: Format): Format {
  if (accept === undefined) return asked;
  if (accept.includes('application/grpc-web-text')) return 'text';
  return accept.includes('application/grpc-web') ? 'binary' : asked;
}

class GrpcWebForm implements WireForm {
  readonly maxBodyBytes: number;
  readonly #response: ServerResponse;
  readonly #asked: Format;
  readonly #answer: Format;
  readonly #cors: boolean;

  constructor(response: ServerResponse, asked: Format, answer: Format, cors: boolean) {
    this.#response = response;
    this.#asked = asked;
    this.#answer = answer;
    this.#cors = cors;
    this.maxBodyBytes = asked === 'text' ? MAX_TEXT_BODY_BYTES : MAX_BINARY_BODY_BYTES;
  }

  decodeBody(body: Buffer): Buffer {
    return this.#asked === 'text' ? decodeTextBody(body) : body;
  }

  begin(): void {
    this.#response.writeHead(200, this.#headers());
    this.#response.flushHeaders();
  }

  message(payload: Uint8Array): boolean {
    return this.#response.write(this.#encode(messageFrame(payload)));
  }

  unary(payload: Uint8Array): void {
    this.#end(Buffer.concat([messageFrame(payload), OK_TRAILERS]));
  }

  finish(error: RpcError | undefined): void {
    const trailers = trailerFrame(error);
    if (this.#response.headersSent) this.#response.end(this.#encode(trailers));
    else this.#end(trailers);
  }

  #end(body: Buffer): void {
    const bytes = this.#encode(body);
    this.#response.writeHead(200, { ...this.#headers(), 'content-length': bytes.length });
    this.#response.end(bytes);
  }

  #headers(): Record<string, string> {
    const contentType = { 'content-type': CONTENT_TYPE[this.#answer] };
    return this.#cors ? { ...CORS_ANSWER_HEADERS, ...contentType } : contentType;
  }

  #encode(bytes: Buffer): Buffer {
    return this.#answer === 'text' ? Buffer.from(bytes.toString('base64'), 'latin1') : bytes;
  }
}
