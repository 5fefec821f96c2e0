/**
 * The admin endpoint: clock, epochs, checkpoints, development registry (spec localnet §4).
 *
 * A web page must not be able to move the clock. So there is no CORS, requests that carry an
 * `Origin` are refused, the `Host` must be the address we listen on (DNS rebinding), and every
 * request needs the token. ForkingService of the official client is served here, beside a small
 * JSON interface.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { GrpcTypes } from '@mysten/sui/grpc';
import type { LedgerApi } from '../../ledger/api.ts';
import { quote } from '../arguments.ts';
import { Dispatcher } from '../dispatcher.ts';
import { httpStatus, readJsonObject, sendJson, textMember } from '../http/json.ts';
import type { DevRegistry } from '../registry.ts';
import { forkingService } from '../services/forking.ts';
import { type CallLogger, describeFailure } from '../transport/call.ts';
import { grpcWebForm } from '../transport/grpc-web.ts';
import type { RequestHandler } from '../transport/http-server.ts';
import { CallGate } from '../transport/limits.ts';
import { pathOf } from '../transport/path.ts';
import { closeAfterUnread, serveCall } from '../transport/serve-call.ts';
import { invalidField, RpcError } from '../transport/status.ts';
import type { AdminToken } from './token.ts';

/** Calls at the same time on the admin port. */
export const MAX_ADMIN_CALLS = 16;

/** What the admin endpoint stands on. */
export interface AdminDeps {
  ledger: LedgerApi;
  registry: DevRegistry;
  token: AdminToken;
  log: CallLogger;
  /** Host header values that are ours; asked at each request, because the port is known late. */
  hosts: () => ReadonlySet<string>;
}

/** The handler of the admin port. */
export function adminHandler(deps: AdminDeps, stop: AbortSignal): RequestHandler {
  const dispatcher = new Dispatcher().add(GrpcTypes.ForkingService, forkingService(deps.ledger));
  const gate = new CallGate({ maxCalls: MAX_ADMIN_CALLS, maxStreams: 0 });
  const { log } = deps;
  return async (request, response) => {
    const path = pathOf(request);
    try {
      authorize(request, deps);
      const wire = request.method === 'POST' ? grpcWebForm(request, response, false) : undefined;
      if (wire === undefined) {
        const body = await serveJson(request, path, deps);
        sendJson(response, 200, body, { cors: false });
        return;
      }
      await serveCall(request, response, path, wire, { dispatcher, gate, log, stop });
    } catch (error) {
      refuse(request, response, describeFailure(path, error, log));
    }
  };
}

function authorize(request: IncomingMessage, deps: AdminDeps): void {
  const { host, origin, authorization } = request.headers;
  if (host === undefined || !deps.hosts().has(host.toLowerCase())) {
    throw new RpcError('PERMISSION_DENIED', 'the Host header names another server');
  }
  if (origin !== undefined) {
    throw new RpcError('PERMISSION_DENIED', 'the admin port is not for web pages');
  }
  const token = /^Bearer ([0-9a-f]+)$/i.exec(authorization ?? '')?.[1];
  if (token === undefined || !deps.token.matches(token)) {
    throw new RpcError(
      'UNAUTHENTICATED',
      'send the admin token as "authorization: Bearer …"; it is in the file named at start-up',
    );
  }
}

/** Status both ways: as HTTP for scripts, as gRPC headers for the typed client. */
function refuse(request: IncomingMessage, response: ServerResponse, error: RpcError): void {
  closeAfterUnread(request, response);
  const body = { code: error.code, message: error.message };
  sendJson(response, httpStatus(error), body, { cors: false });
}

async function serveJson(
  request: IncomingMessage,
  path: string,
  deps: AdminDeps,
): Promise<unknown> {
  const action = `${request.method} ${path}`;
  const { ledger, registry } = deps;
  switch (action) {
    case 'GET /v1/status':
      return status(ledger);
    case 'POST /v1/clock':
      return moveClock(await readJsonObject(request), ledger);
    case 'POST /v1/checkpoint':
      return { checkpoint: ledger.createCheckpoint().sequenceNumber.toString() };
    case 'POST /v1/epoch':
      return { epoch: ledger.advanceEpoch().epoch.toString() };
    case 'GET /v1/registry':
      return registry.snapshot();
    case 'POST /v1/registry/packages': {
      const body = await readJsonObject(request);
      registry.setPackage(textMember(body, 'name'), textMember(body, 'packageId'));
      return registry.snapshot();
    }
    case 'POST /v1/registry/names': {
      const body = await readJsonObject(request);
      registry.setName(textMember(body, 'name'), textMember(body, 'address'));
      return registry.snapshot();
    }
    case 'DELETE /v1/registry/packages':
      return { removed: registry.removePackage(textMember(await readJsonObject(request), 'name')) };
    case 'DELETE /v1/registry/names':
      return { removed: registry.removeName(textMember(await readJsonObject(request), 'name')) };
    default:
      throw new RpcError('NOT_FOUND', `no such admin action: ${quote(action)}`);
  }
}

function status(ledger: LedgerApi): unknown {
  const info = ledger.info();
  return {
    chainId: info.chainId,
    epoch: info.epoch.toString(),
    checkpoint: info.checkpointHeight.toString(),
    timestampMs: ledger.now().toString(),
  };
}

/** `{"advanceMs": n}`, `{"timestampMs": n}`, and `{"frozen": true|false}` alone or with either. */
function moveClock(body: Record<string, unknown>, ledger: LedgerApi): unknown {
  const { frozen } = body;
  const advanceMs = millisecondsMember(body, 'advanceMs');
  const timestampMs = millisecondsMember(body, 'timestampMs');
  if (advanceMs !== undefined && timestampMs !== undefined) {
    throw invalidField('advanceMs', "give 'advanceMs' or 'timestampMs', not both");
  }
  if (frozen !== undefined && typeof frozen !== 'boolean') {
    throw invalidField('frozen', "'frozen' must be true or false");
  }
  if (frozen === undefined && advanceMs === undefined && timestampMs === undefined) {
    throw invalidField('body', "expected 'advanceMs', 'timestampMs' or 'frozen'");
  }
  if (advanceMs !== undefined) ledger.advanceClock(advanceMs);
  if (timestampMs !== undefined) ledger.setClock(timestampMs);
  // Last, so that a time which is refused changes nothing.
  if (frozen !== undefined) ledger.freezeClock(frozen);
  return { timestampMs: ledger.now().toString() };
}

const MAX_U64 = 2n ** 64n - 1n;

function millisecondsMember(body: Record<string, unknown>, name: string): bigint | undefined {
  const value = body[name];
  if (value === undefined) return undefined;
  const whole = typeof value === 'number' ? Number.isSafeInteger(value) && value >= 0 : false;
  const text = typeof value === 'string' && /^\d{1,20}$/.test(value);
  const milliseconds = whole || text ? BigInt(value as number | string) : undefined;
  if (milliseconds === undefined || milliseconds > MAX_U64) {
    throw invalidField(name, `'${name}' must be whole milliseconds, a number or decimal string`);
  }
  return milliseconds;
}
