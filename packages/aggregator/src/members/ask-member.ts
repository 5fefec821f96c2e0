/**
 * One member, asked once (protocol §5.5, step 3): whatever goes wrong becomes a `MemberFailure`
 * that names the reason and contains no credential.
 */

import { type ElGamalCiphertext, type Engine, isCryptoError, toHex } from '@seal-ts/crypto';
import {
  clip,
  HEADERS,
  isProtocolError,
  KEY_SERVER_VERSION,
  parseFetchKeyResponse,
  parseServerErrorBody,
  parseVersion,
  type ServerErrorBody,
  satisfies,
  type Version,
  type VersionRequirement,
} from '@seal-ts/protocol';
import type { Credential, Credentials } from './credentials.ts';
import { MemberFailure } from './failure.ts';
import { fetchKeyUrl } from './member-url.ts';
import { repeatsSecret } from './secret-echo.ts';
import { type MemberResponse, type MemberTransport, TransportError } from './transport.ts';

/** Longest refusal text that is relayed, in characters. */
export const MAX_RELAYED_MESSAGE_CHARACTERS = 1024;
/** Room in an answer besides the keys, and for white space between its parts. */
const ANSWER_SLACK_BYTES = 4096;

/** Where a member is. */
export interface Endpoint {
  readonly name: string;
  readonly url: string;
}
/** A member's encrypted keys by identity, in hex. */
export type MemberKeys = ReadonlyMap<string, ElGamalCiphertext>;

export interface AskOptions {
  /** For `X-KeyServer-Version` of members. */
  requirement: VersionRequirement;
  timeoutMs: number;
}
export interface AskDeps {
  send: MemberTransport;
  credentials: Credentials;
  engine: Engine;
}
/** The same for every member. */
export interface RelayedRequest {
  readonly body: Uint8Array;
  readonly requestId: string;
  /** Full identities that the answer must hold, in hex. */
  readonly expectedIds: ReadonlySet<string>;
}

/** @throws {MemberFailure} */
export async function askMember(
  endpoint: Endpoint,
  request: RelayedRequest,
  options: AskOptions,
  deps: AskDeps,
  signal: AbortSignal,
): Promise<MemberKeys> {
  const lookup = deps.credentials.find(endpoint);
  if (!lookup.ok) throw new MemberFailure(lookup.reason, `no credential for ${clip(endpoint.url)}`);
  const url = fetchKeyUrl(endpoint.url);
  if (url === undefined) throw new MemberFailure('url_refused', `URL ${clip(endpoint.url)}`);
  const { header } = lookup.credential;
  try {
    const response = await post(url, request, header, options, deps, signal);
    checkAnswer(response, options.requirement);
    return readKeys(response.body, request.expectedIds, deps.engine);
  } catch (failure) {
    throw failure instanceof MemberFailure ? withoutSecret(failure, header) : failure;
  }
}

/** What members say ends up in logs and answers: not when it repeats their API key. */
function withoutSecret(failure: MemberFailure, header: Credential['header']): MemberFailure {
  if (header === undefined) return failure;
  const secret = header.value.reveal();
  const repeats = (text = '') => repeatsSecret(text, secret);
  const { refusal, message, reason } = failure;
  if (![message, refusal?.error, refusal?.message].some(repeats)) return failure;
  const detail = '[withheld: repeats the API key]';
  if (refusal === undefined) return new MemberFailure(reason, detail);
  const error = repeats(refusal.error) ? 'Failure' : refusal.error;
  return new MemberFailure(reason, detail, { refusal: { error, message: detail } });
}

async function post(
  url: URL,
  { body, requestId, expectedIds }: RelayedRequest,
  header: Credential['header'],
  { timeoutMs }: AskOptions,
  { send }: AskDeps,
  signal: AbortSignal,
): Promise<MemberResponse> {
  const timeout = AbortSignal.timeout(timeoutMs);
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    [HEADERS.clientSdkType]: 'aggregator',
    [HEADERS.clientSdkVersion]: KEY_SERVER_VERSION,
    [HEADERS.requestId]: requestId,
  };
  if (header !== undefined) headers[header.name] = header.value.reveal();
  try {
    const any = AbortSignal.any([signal, timeout]);
    return await send({ url, headers, body, signal: any, maxBytes: maxAnswerBytes(expectedIds) });
  } catch (cause) {
    if (cause instanceof TransportError) {
      const reason = cause.code === 'ADDRESS_REFUSED' ? 'address_refused' : 'answer_too_large';
      throw new MemberFailure(reason, cause.message);
    }
    if (timeout.aborted) throw new MemberFailure('timeout', `no answer within ${timeoutMs} ms`);
    const { code } = cause as { code?: unknown };
    const text = typeof code === 'string' ? code : 'connection failed';
    // The message of a network error can quote what was sent; its code says enough.
    throw new MemberFailure('unreachable', text);
  }
}

/** Twice the compact form: four characters for each byte of an identity, two points in Base64. */
function maxAnswerBytes(expectedIds: ReadonlySet<string>): number {
  let bytes = ANSWER_SLACK_BYTES;
  for (const id of expectedIds) bytes += 2 * (id.length * 2 + 2 * 66 + 64);
  return bytes;
}

function checkAnswer(response: MemberResponse, requirement: VersionRequirement): void {
  const { status } = response;
  if (status < 200 || status > 299) {
    const refusal = readRefusal(response);
    if (refusal !== undefined) throw new MemberFailure('refused', `${status}`, { refusal });
    const reason = status >= 300 && status < 400 ? 'redirected' : 'http_status';
    throw new MemberFailure(reason, `${status}`);
  }
  const text = response.header(HEADERS.keyServerVersion.toLowerCase());
  if (text === undefined) throw new MemberFailure('version_missing', 'no X-KeyServer-Version');
  let version: Version;
  try {
    version = parseVersion(text);
  } catch {
    throw new MemberFailure('version_invalid', clip(text));
  }
  if (!satisfies(version, requirement)) throw new MemberFailure('version_unsupported', clip(text));
}

/** A refusal to relay: a plain name and a bounded text. */
function readRefusal(response: MemberResponse): ServerErrorBody | undefined {
  const body = parseServerErrorBody(tryJson(response.body));
  if (body === undefined || !/^[A-Za-z][A-Za-z0-9_]{0,63}$/.test(body.error)) return undefined;
  return { error: body.error, message: body.message.slice(0, MAX_RELAYED_MESSAGE_CHARACTERS) };
}

function tryJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as unknown;
  } catch {
    return undefined;
  }
}

function readKeys(body: Uint8Array, expectedIds: ReadonlySet<string>, engine: Engine): MemberKeys {
  const keys = new Map<string, ElGamalCiphertext>();
  try {
    const answer = parseFetchKeyResponse(tryJson(body));
    if (answer.length !== expectedIds.size) {
      throw new MemberFailure('wrong_ids', `${answer.length} keys for ${expectedIds.size} ids`);
    }
    for (const { fullId, c1, c2 } of answer) {
      const id = toHex(fullId);
      if (!expectedIds.has(id))
        throw new MemberFailure('wrong_ids', 'an id that was not asked for');
      if (keys.has(id)) throw new MemberFailure('wrong_ids', 'an id twice');
      keys.set(id, { c1: engine.g1.fromBytes(c1), c2: engine.g1.fromBytes(c2) });
    }
  } catch (cause) {
    if (isProtocolError(cause)) throw new MemberFailure('malformed_answer', cause.message);
    if (isCryptoError(cause)) throw new MemberFailure('malformed_answer', 'not a point of G1');
    throw cause;
  }
  return keys;
}
