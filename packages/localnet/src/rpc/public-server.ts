/**
 * The public endpoint: gRPC-web, native gRPC, faucet, MVR, health, all on one port (spec localnet
 * §4).
 */
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
import { HealthService, healthService } from './services/health.ts';
import { ledgerService, type ServerFacts } from './services/ledger.ts';
import { nameService } from './services/names.ts';
import { packageService } from './services/packages.ts';
import { signatureService } from './services/signatures.ts';
import { stateService } from './services/state.ts';
import { subscriptionService } from './services/subscriptions.ts';
import { type CallLogger, describeFailure } from './transport/call.ts';
import { answerPreflight, CORS_ANSWER_HEADERS } from './transport/cors.ts';
import { grpcWebForm } from './transport/grpc-web.ts';
import type { RequestHandler } from './transport/http-server.ts';
import type { CallGate } from './transport/limits.ts';
import { nativeGrpcForm } from './transport/native-grpc.ts';
import { pathOf } from './transport/path.ts';
import { closeAfterUnread, serveCall, type WireForm } from './transport/serve-call.ts';
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
  const dispatcher = new Dispatcher()
    .add(GrpcTypes.LedgerService, ledgerService(ledger, facts))
    .add(GrpcTypes.StateService, stateService(ledger))
    .add(GrpcTypes.TransactionExecutionService, executionService(ledger))
    .add(GrpcTypes.MovePackageService, packageService(ledger))
    .add(GrpcTypes.SubscriptionService, subscriptionService(ledger))
    .add(GrpcTypes.SignatureVerificationService, signatureService(ledger))
    .add(GrpcTypes.NameService, nameService(registry));
  return dispatcher.add(HealthService, healthService(dispatcher.services));
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
    const wire = request.method === 'POST' ? wireForm(request, response) : undefined;
    if (wire !== undefined) {
      await serveCall(request, response, path, wire, { dispatcher, gate, log, stop });
      return;
    }
    try {
      await serveOther(request, response, path, deps, dispatcher);
    } catch (error) {
      const shown = describeFailure(path, error, log);
      closeAfterUnread(request, response);
      const body = { code: shown.code, message: shown.message };
      sendJson(response, httpStatus(shown), body, { cors: true });
    }
  };
}

function wireForm(request: IncomingMessage, response: ServerResponse): WireForm | undefined {
  return grpcWebForm(request, response, true) ?? nativeGrpcForm(request, response);
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

/** A gRPC path asked for with a method or content type that is none of ours. */
function refuseContentType(request: IncomingMessage, response: ServerResponse): void {
  const post = request.method === 'POST';
  const message = post
    ? 'expected content-type application/grpc-web or application/grpc-web-text; ' +
      'application/grpc needs HTTP/2'
    : 'gRPC methods are called with POST';
  response.writeHead(post ? 415 : 405, {
    ...CORS_ANSWER_HEADERS,
    'grpc-status': '3',
    'grpc-message': message,
    'content-length': 0,
    ...(request.httpVersionMajor === 1 ? { connection: 'close' } : {}),
    ...(post ? {} : { allow: 'POST, OPTIONS' }),
  });
  response.end();
}
