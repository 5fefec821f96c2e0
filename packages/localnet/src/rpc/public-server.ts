/** The public endpoint: gRPC-web, faucet, MVR, health, all on one port (spec localnet §4). */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { GrpcTypes } from '@mysten/sui/grpc';
import type { LedgerApi } from '../ledger/api.ts';
import { quote } from './arguments.ts';
import { Dispatcher } from './dispatcher.ts';
import { FAUCET_PATH, type Faucet } from './http/faucet.ts';
import { httpStatus, sendJson } from './http/json.ts';
import { isMvrPath, serveMvr } from './http/mvr.ts';
import type { DevRegistry } from './registry.ts';
import { executionService } from './services/execution.ts';
import { ledgerService, type ServerFacts } from './services/ledger.ts';
import { nameService } from './services/names.ts';
import { packageService } from './services/packages.ts';
import { signatureService } from './services/signatures.ts';
import { stateService } from './services/state.ts';
import { subscriptionService } from './services/subscriptions.ts';
import { type CallLogger, describeFailure } from './transport/call.ts';
import { answerPreflight, CORS_ANSWER_HEADERS } from './transport/cors.ts';
import { requestFormat, serveGrpcWeb } from './transport/grpc-web.ts';
import type { RequestHandler } from './transport/http-server.ts';
import type { CallGate } from './transport/limits.ts';
import { pathOf } from './transport/path.ts';
import { RpcError } from './transport/status.ts';

/** Health says that the process lives; readiness, that the ledger answers. */
export const HEALTH_PATH = '/health';
export const READY_PATH = '/ready';

/** What the public endpoint stands on. */
export interface PublicDeps {
  ledger: LedgerApi;
  registry: DevRegistry;
  faucet: Faucet;
  gate: CallGate;
  facts: ServerFacts;
  log: CallLogger;
}

/** All public services over a ledger. */
export function publicDispatcher(
  deps: Pick<PublicDeps, 'ledger' | 'registry' | 'facts'>,
): Dispatcher {
  const { ledger, registry, facts } = deps;
  return new Dispatcher()
    .add(GrpcTypes.LedgerService, ledgerService(ledger, facts))
    .add(GrpcTypes.StateService, stateService(ledger))
    .add(GrpcTypes.TransactionExecutionService, executionService(ledger))
    .add(GrpcTypes.MovePackageService, packageService(ledger))
    .add(GrpcTypes.SubscriptionService, subscriptionService(ledger))
    .add(GrpcTypes.SignatureVerificationService, signatureService(ledger))
    .add(GrpcTypes.NameService, nameService(registry));
}

/** The handler of the public port. */
export function publicHandler(deps: PublicDeps, stop: AbortSignal): RequestHandler {
  const dispatcher = publicDispatcher(deps);
  const { gate, log } = deps;
  return async (request, response) => {
    const path = pathOf(request);
    if (request.method === 'OPTIONS') {
      answerPreflight(request, response);
      return;
    }
    const format =
      request.method === 'POST' ? requestFormat(request.headers['content-type']) : undefined;
    if (format !== undefined) {
      await serveGrpcWeb(request, response, path, format, {
        dispatcher,
        gate,
        log,
        stop,
        cors: true,
      });
      return;
    }
    try {
      await serveOther(request, response, path, deps, dispatcher);
    } catch (error) {
      const shown = describeFailure(path, error, log);
      if (!request.complete && !response.headersSent) response.setHeader('connection', 'close');
      const body = { code: shown.code, message: shown.message };
      sendJson(response, httpStatus(shown), body, { cors: true });
    }
  };
}

async function serveOther(
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
  deps: PublicDeps,
  dispatcher: Dispatcher,
): Promise<void> {
  if (path === FAUCET_PATH) {
    if (request.method !== 'POST') throw new RpcError('UNIMPLEMENTED', `use POST for ${path}`);
    await deps.faucet.serve(request, response);
  } else if (isMvrPath(path)) {
    await serveMvr(request, response, path, deps.registry);
  } else if (path === HEALTH_PATH && isRead(request)) {
    sendJson(response, 200, { status: 'ok' }, { cors: true });
  } else if (path === READY_PATH && isRead(request)) {
    const info = deps.ledger.info();
    const body = { status: 'ready', chainId: info.chainId, checkpoint: `${info.checkpointHeight}` };
    sendJson(response, 200, body, { cors: true });
  } else if (isMethodPath(path, dispatcher)) {
    refuseContentType(request, response);
  } else {
    throw new RpcError('NOT_FOUND', `no such path: ${quote(path)}`);
  }
}

function isRead(request: IncomingMessage): boolean {
  return request.method === 'GET' || request.method === 'HEAD';
}

function isMethodPath(path: string, dispatcher: Dispatcher): boolean {
  return dispatcher.services.some((service) => path.startsWith(`/${service}/`));
}

/** A gRPC path asked for with a method or content type that gRPC-web does not have. */
function refuseContentType(request: IncomingMessage, response: ServerResponse): void {
  const post = request.method === 'POST';
  const message = post
    ? 'expected content-type application/grpc-web or application/grpc-web-text'
    : 'gRPC methods are called with POST';
  response.writeHead(post ? 415 : 405, {
    ...CORS_ANSWER_HEADERS,
    'grpc-status': '3',
    'grpc-message': message,
    'content-length': 0,
    connection: 'close',
    ...(post ? {} : { allow: 'POST, OPTIONS' }),
  });
  response.end();
}
