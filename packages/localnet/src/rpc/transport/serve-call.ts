/**
 * Serves one call over HTTP, whatever its wire form: place in the gate, body, message, answer or
 * stream of answers, and exactly one status at the end.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Dispatcher, Route } from '../dispatcher.ts';
import { readBody } from './body.ts';
import { type CallLogger, CallScope, describeFailure, runUnary } from './call.ts';
import { readRequestFrame } from './frames.ts';
import { type CallGate, SLOW_READER_TIMEOUT_MS } from './limits.ts';
import { RpcError } from './status.ts';

/** How a wire form reads its request and writes its answer. */
export interface WireForm {
  readonly maxBodyBytes: number;
  /** The frames in a request body. @throws RpcError */
  decodeBody(body: Buffer): Buffer;
  /** Sends the headers of a stream. */
  begin(): void;
  /** Sends one message of a stream; false when the reader must be waited for. */
  message(payload: Uint8Array): boolean;
  /** Sends the whole answer of a method with one answer. */
  unary(payload: Uint8Array): void;
  /** Ends the call, whether or not anything was sent before. */
  finish(error: RpcError | undefined): void;
}

/** Parts that calls are served with. */
export interface CallDeps {
  dispatcher: Dispatcher;
  gate: CallGate;
  log: CallLogger;
  /** Aborted when the server stops. */
  stop: AbortSignal;
}

/** Serves one POST. Never rejects. */
export async function serveCall(
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
  wire: WireForm,
  deps: CallDeps,
): Promise<void> {
  let scope: CallScope | undefined;
  try {
    scope = new CallScope(singleHeader(request, 'grpc-timeout'), deps.stop);
    const route = deps.dispatcher.route(path);
    const leave = deps.gate.enter(route.kind);
    response.on('close', () => {
      if (response.writableEnded) return;
      scope?.abort('CANCELLED', 'the client closed the request');
    });
    try {
      await answer(request, response, route, wire, scope);
    } finally {
      leave();
    }
  } catch (error) {
    fail(request, response, wire, describeFailure(path, error, deps.log));
  } finally {
    scope?.end();
  }
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  route: Route,
  wire: WireForm,
  scope: CallScope,
): Promise<void> {
  const body = await scope.race(readBody(request, wire.maxBodyBytes));
  const message = readRequestFrame(wire.decodeBody(body));
  if (route.kind === 'stream') await answerStream(response, route, message, wire, scope);
  else wire.unary(await runUnary(route, message, scope));
}

async function answerStream(
  response: ServerResponse,
  route: Extract<Route, { kind: 'stream' }>,
  message: Uint8Array,
  wire: WireForm,
  scope: CallScope,
): Promise<void> {
  const answers = route.call(message, { signal: scope.signal })[Symbol.asyncIterator]();
  // At once, so that a subscriber knows that it is connected before anything happens.
  wire.begin();
  try {
    for (;;) {
      const next = await scope.race(answers.next());
      if (next.done) break;
      if (!wire.message(next.value)) await scope.race(drained(response));
    }
  } finally {
    // Not awaited: a generator that is waiting for its next event ends when the signal says so.
    void answers.return?.().catch(() => undefined);
  }
  wire.finish(undefined);
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
  wire: WireForm,
  error: RpcError,
): void {
  if (response.destroyed) return;
  closeAfterUnread(request, response);
  wire.finish(error);
}

/** A request that was not read to its end leaves an HTTP/1.1 connection in no usable state. */
export function closeAfterUnread(request: IncomingMessage, response: ServerResponse): void {
  if (request.complete || response.headersSent || request.httpVersionMajor !== 1) return;
  response.setHeader('connection', 'close');
}

function singleHeader(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}
