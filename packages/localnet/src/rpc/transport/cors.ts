/**
 * CORS for browsers (spec sui-ledger §1.2): any origin may call the public endpoints, and the gRPC
 * status headers are exposed. The admin port never uses this.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';

/** Request headers that browsers may always send. */
export const ALLOWED_REQUEST_HEADERS = [
  'content-type',
  'x-grpc-web',
  'x-user-agent',
  'grpc-timeout',
  'x-sui-client-protocol-version',
  'accept',
  'authorization',
  'mvr-source',
] as const;

/** Seconds for which a browser may remember a preflight. */
export const PREFLIGHT_MAX_AGE_SECONDS = 7200;
const EXPOSED = 'grpc-status, grpc-message, grpc-status-details-bin';
/** Longest `access-control-request-headers` that is echoed. */
const MAX_ECHOED_HEADERS_LENGTH = 1024;

/** Headers on every answer of a public endpoint. */
export const CORS_ANSWER_HEADERS: Readonly<Record<string, string>> = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': EXPOSED,
};

/** Answers an `OPTIONS` request. */
export function answerPreflight(request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(204, {
    ...CORS_ANSWER_HEADERS,
    'access-control-allow-methods': 'GET, POST, OPTIONS',
    'access-control-allow-headers': allowedHeaders(request),
    'access-control-max-age': String(PREFLIGHT_MAX_AGE_SECONDS),
  });
  response.end();
}

function allowedHeaders(request: IncomingMessage): string {
  const asked = request.headers['access-control-request-headers'];
  const names = new Set<string>(ALLOWED_REQUEST_HEADERS);
  if (asked !== undefined && asked.length <= MAX_ECHOED_HEADERS_LENGTH) {
    for (const name of asked.split(',')) {
      const trimmed = name.trim().toLowerCase();
      if (/^[a-z0-9-]+$/.test(trimmed)) names.add(trimmed);
    }
  }
  return [...names].join(', ');
}
