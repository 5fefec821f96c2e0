/** Requests to key servers: headers, deadlines, bounded answers, version gate (§4.2, §4.3, §9.1). */
import {
  CLIENT_SDK_TYPE,
  CLIENT_SDK_VERSION,
  HEADERS,
  isProtocolError,
  isSupportedKeyServerVersion,
  MIN_KEY_SERVER_VERSION,
} from '@seal-ts/protocol';
import { withDeadline } from './abort.ts';
import { apiErrorFrom, GeneralError, type SealAPIError } from './errors/api.ts';
import { hasSealCode, type SealError } from './errors/base.ts';
import { InvalidKeyServerVersionError } from './errors/user.ts';

/** Largest answer read from a key server, in bytes: 100 keys with long identities. */
export const MAX_RESPONSE_BYTES = 8 * 1024 * 1024;

export interface Transport {
  readonly fetch: typeof fetch;
  /** Bound on one request, body included, ms. */
  readonly timeoutMs: number;
  /** A fresh id for a request, for the operator's logs. */
  readonly requestId: () => string;
}

export interface ServerRequest {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly body?: string;
  readonly apiKeyName?: string | undefined;
  readonly apiKey?: string | undefined;
  readonly requestId: string;
  readonly signal?: AbortSignal | undefined;
}

/** The parsed JSON of a successful, supported answer. Throws SealError, or the signal's reason. */
export async function requestJson(transport: Transport, request: ServerRequest): Promise<unknown> {
  try {
    return await withDeadline(
      transport.timeoutMs,
      request.signal,
      (signal) => exchange(transport, request, signal),
      (cause) => timedOut(transport, request, cause),
    );
  } catch (error) {
    request.signal?.throwIfAborted();
    throw hasSealCode(error) ? error : unreachable(request, error);
  }
}

async function exchange(
  transport: Transport,
  request: ServerRequest,
  signal: AbortSignal,
): Promise<unknown> {
  const response = await transport.fetch(request.url, {
    method: request.method,
    headers: headersOf(request),
    signal,
    ...(request.body === undefined ? {} : { body: request.body }),
  });
  const { requestId } = request;
  const text = await readBounded(response, requestId);
  if (!response.ok) throw apiErrorFrom(response.status, response.statusText, text, requestId);
  checkVersion(response.headers.get(HEADERS.keyServerVersion));
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw invalidResponse('the body is not JSON', requestId, response.status, cause);
  }
}

function headersOf(request: ServerRequest): Record<string, string> {
  return {
    'Content-Type': 'application/json',
    [HEADERS.requestId]: request.requestId,
    [HEADERS.clientSdkType]: CLIENT_SDK_TYPE,
    [HEADERS.clientSdkVersion]: CLIENT_SDK_VERSION,
    ...(request.apiKeyName && request.apiKey ? { [request.apiKeyName]: request.apiKey } : {}),
  };
}

async function readBounded(response: Response, requestId: string): Promise<string> {
  const tooLong = (): SealAPIError =>
    invalidResponse(`the body exceeds ${MAX_RESPONSE_BYTES} bytes`, requestId, response.status);
  if (!response.body) {
    const text = await response.text();
    if (text.length > MAX_RESPONSE_BYTES) throw tooLong();
    return text;
  }
  const decoder = new TextDecoder();
  const reader = response.body.getReader();
  let text = '';
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    length += value.length;
    if (length > MAX_RESPONSE_BYTES) {
      await reader.cancel();
      throw tooLong();
    }
    text += decoder.decode(value, { stream: true });
  }
}

function checkVersion(version: string | null): void {
  if (version === null) {
    const text =
      `The server sent no ${HEADERS.keyServerVersion} header; it is not a key server, or a ` +
      'gateway in front of it does not expose the header to browsers';
    throw new InvalidKeyServerVersionError(text);
  }
  if (!isSupported(version)) {
    const text = `Key server version ${version} is not supported: its operator must upgrade to ${MIN_KEY_SERVER_VERSION} or later`;
    throw new InvalidKeyServerVersionError(text);
  }
}

function isSupported(version: string): boolean {
  try {
    return isSupportedKeyServerVersion(version, MIN_KEY_SERVER_VERSION);
  } catch (error) {
    if (isProtocolError(error)) return false;
    throw error;
  }
}

/** An answer that is not what the protocol says. */
export function invalidResponse(
  what: string,
  requestId: string,
  status?: number,
  cause?: unknown,
): SealAPIError {
  const detail = { code: 'SEAL_INVALID_RESPONSE', cause } as const;
  return new GeneralError(`The server’s answer is not valid: ${what}`, requestId, status, detail);
}

function timedOut(transport: Transport, request: ServerRequest, cause: unknown): SealError {
  const text = `No answer within ${transport.timeoutMs} ms; try again or raise \`timeout\``;
  const detail = { code: 'SEAL_TIMEOUT', retryable: true, cause } as const;
  return new GeneralError(text, request.requestId, undefined, detail);
}

function unreachable(request: ServerRequest, cause: unknown): SealError {
  const text = reasonOf(cause);
  const detail = { code: 'SEAL_NETWORK', retryable: true, cause } as const;
  return new GeneralError(`No connection: ${text}`, request.requestId, undefined, detail);
}

/** Node says "fetch failed" and keeps the reason one level down. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const inner = error.cause instanceof Error ? error.cause.message : '';
  return inner === '' ? error.message : `${error.message} (${inner})`;
}
