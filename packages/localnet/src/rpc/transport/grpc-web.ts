/**
 * gRPC-web over HTTP (spec sui-ledger §1.1): text and binary bodies, trailers in the body.
 *
 * Failures are sent as HTTP 200 with only a trailer frame (form B), because a browser cannot see a
 * status header that CORS does not expose. The answer's content type has no parameters: the client
 * compares it for equality.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Dispatcher, Route } from '../dispatcher.ts';
import { readBody } from './body.ts';
import { type CallLogger, CallScope, describeFailure, runUnary } from './call.ts';
import { CORS_ANSWER_HEADERS } from './cors.ts';
import { decodeTextBody, messageFrame, readRequestFrame, trailerFrame } from './frames.ts';
import {
  type CallGate,
  MAX_BINARY_BODY_BYTES,
  MAX_TEXT_BODY_BYTES,
  SLOW_READER_TIMEOUT_MS,
} from './limits.ts';
import { RpcError } from './status.ts';

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

/** How answers of a call are written. */
interface AnswerForm {
  format: Format;
  headers: Readonly<Record<string, string>>;
}

/** Parts that a gRPC-web endpoint works with. */
export interface GrpcWebDeps {
  dispatcher: Dispatcher;
  gate: CallGate;
  log: CallLogger;
  /** Aborted when the server stops. */
  stop: AbortSignal;
  /** Answer browsers of any origin; the admin port does not. */
  cors: boolean;
}

/** Format of a gRPC-web request by content type, or undefined when it is something else. */
export function requestFormat(contentType: string | undefined): Format | undefined {
  if (contentType === undefined) return undefined;
  const known = REQUEST_FORMATS[contentType];
  if (known !== undefined) return known;
  return REQUEST_FORMATS[contentType.split(';', 1)[0]!.trim().toLowerCase()];
}

/** Serves one POST whose content type is `format`. Never rejects. */
export async function serveGrpcWeb(
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
  format: Format,
  deps: GrpcWebDeps,
): Promise<void> {
  const form = answerForm(request, format, deps.cors);
  let scope: CallScope | undefined;
  try {
    scope = new CallScope(singleHeader(request, 'grpc-timeout'), deps.stop);
    const route = deps.dispatcher.route(path);
    const leave = deps.gate.enter(route.kind);
    response.on('close', () => scope?.abort('CANCELLED', 'the client closed the request'));
    try {
      await answer(request, response, route, { path, format, form, scope, deps });
    } finally {
      leave();
    }
  } catch (error) {
    fail(request, response, form, describeFailure(path, error, deps.log));
  } finally {
    scope?.end();
  }
}

interface Call {
  path: string;
  format: Format;
  form: AnswerForm;
  scope: CallScope;
  deps: GrpcWebDeps;
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  route: Route,
  call: Call,
): Promise<void> {
  const limit = call.format === 'text' ? MAX_TEXT_BODY_BYTES : MAX_BINARY_BODY_BYTES;
  const body = await call.scope.race(readBody(request, limit));
  const message = readRequestFrame(call.format === 'text' ? decodeTextBody(body) : body);
  if (route.kind === 'stream') {
    await answerStream(response, route, message, call);
    return;
  }
  const payload = await runUnary(route, message, call.scope);
  endAnswer(response, call.form, Buffer.concat([messageFrame(payload), trailerFrame(undefined)]));
}

async function answerStream(
  response: ServerResponse,
  route: Extract<Route, { kind: 'stream' }>,
  message: Uint8Array,
  call: Call,
): Promise<void> {
  const { scope, form } = call;
  const frames = route.call(message, { signal: scope.signal })[Symbol.asyncIterator]();
  // At once, so that a subscriber knows that it is connected before anything happens.
  response.writeHead(200, form.headers);
  response.flushHeaders();
  try {
    for (;;) {
      const next = await scope.race(frames.next());
      if (next.done) break;
      if (!response.write(wire(form.format, messageFrame(next.value)))) {
        await scope.race(drained(response));
      }
    }
  } finally {
    // Not awaited: a generator that is waiting for its next event ends when the signal says so.
    void frames.return?.().catch(() => undefined);
  }
  finish(response, form, undefined);
}

function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      response.destroy();
      reject(new RpcError('CANCELLED', 'the reader of the stream is too slow'));
    }, SLOW_READER_TIMEOUT_MS);
    const settle = () => {
      clearTimeout(timer);
      resolve();
    };
    response.once('drain', settle);
    response.once('close', settle);
  });
}

function fail(
  request: IncomingMessage,
  response: ServerResponse,
  form: AnswerForm,
  error: RpcError,
): void {
  if (response.destroyed) return;
  // A request that was not read to its end leaves the connection in no usable state.
  if (!request.complete && !response.headersSent) response.setHeader('connection', 'close');
  finish(response, form, error);
}

function finish(response: ServerResponse, form: AnswerForm, error: RpcError | undefined): void {
  const trailers = trailerFrame(error);
  if (response.headersSent) response.end(wire(form.format, trailers));
  else endAnswer(response, form, trailers);
}

function endAnswer(response: ServerResponse, form: AnswerForm, body: Buffer): void {
  const bytes = wire(form.format, body);
  response.writeHead(200, { ...form.headers, 'content-length': bytes.length });
  response.end(bytes);
}

function wire(format: Format, bytes: Buffer): Buffer {
  return format === 'text' ? Buffer.from(bytes.toString('base64'), 'latin1') : bytes;
}

function answerForm(request: IncomingMessage, asked: Format, cors: boolean): AnswerForm {
  const format = answerFormat(request.headers.accept, asked);
  const headers = { ...(cors ? CORS_ANSWER_HEADERS : {}), 'content-type': CONTENT_TYPE[format] };
  return { format, headers };
}

function answerFormat(accept: string | undefined, asked: Format): Format {
  if (accept === undefined) return asked;
  if (accept.includes('application/grpc-web-text')) return 'text';
  return accept.includes('application/grpc-web') ? 'binary' : asked;
}

function singleHeader(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}
