/** JSON over HTTP for the endpoints that are not gRPC: faucet, MVR, health, admin. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { readBody } from '../transport/body.ts';
import { CORS_ANSWER_HEADERS } from '../transport/cors.ts';
import { type GrpcStatusName, invalidField, RpcError } from '../transport/status.ts';

/** Largest JSON body. */
export const MAX_JSON_BODY_BYTES = 64 * 1024;

/** HTTP status for each gRPC status that these endpoints use. */
const HTTP_STATUS: Readonly<Partial<Record<GrpcStatusName, number>>> = {
  INVALID_ARGUMENT: 400,
  UNAUTHENTICATED: 401,
  PERMISSION_DENIED: 403,
  NOT_FOUND: 404,
  UNIMPLEMENTED: 405,
  FAILED_PRECONDITION: 409,
  CANCELLED: 499,
  RESOURCE_EXHAUSTED: 413,
  UNAVAILABLE: 503,
};

export function httpStatus(error: RpcError): number {
  return HTTP_STATUS[error.code] ?? 500;
}

/** Sends a JSON answer, for browsers of any origin when `cors` is set. */
export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  options: { cors: boolean },
): void {
  if (response.headersSent || response.destroyed) return;
  const bytes = Buffer.from(JSON.stringify(body));
  response.writeHead(status, {
    ...(options.cors ? CORS_ANSWER_HEADERS : {}),
    'content-type': 'application/json',
    'content-length': bytes.length,
    'cache-control': 'no-store',
  });
  response.end(bytes);
}

/**
 * The JSON object in a request body.
 * @throws RpcError INVALID_ARGUMENT, RESOURCE_EXHAUSTED
 */
export async function readJsonObject(request: IncomingMessage): Promise<Record<string, unknown>> {
  const body = await readBody(request, MAX_JSON_BODY_BYTES);
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch (cause) {
    throw new RpcError('INVALID_ARGUMENT', 'the body is not JSON', { cause });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new RpcError('INVALID_ARGUMENT', 'the body must be a JSON object');
  }
  return value as Record<string, unknown>;
}

/** A member that must be text. */
export function textMember(body: Record<string, unknown>, name: string): string {
  const value = body[name];
  if (typeof value !== 'string' || value === '') {
    throw invalidField(name, `'${name}' must be a non-empty string`);
  }
  return value;
}

/** A member that must be a list of texts, at most `limit` long. */
export function textListMember(
  body: Record<string, unknown>,
  name: string,
  limit: number,
): readonly string[] {
  const value = body[name];
  if (!Array.isArray(value) || !value.every((item) => typeof item === 'string')) {
    throw invalidField(name, `'${name}' must be a list of strings`);
  }
  if (value.length > limit) {
    throw invalidField(name, `'${name}' has ${value.length} entries, limit ${limit}`);
  }
  return value;
}
