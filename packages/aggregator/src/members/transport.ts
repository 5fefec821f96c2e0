/**
 * One HTTP request to a member. No redirects, no compression, no proxies from the environment; the
 * answer is cut off above a size; and the address is judged after the name was resolved, inside the
 * connection's own look-up, so that no second resolution can lead elsewhere (DNS rebinding).
 */

import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import type { AddressPolicy, AddressVerdict } from './address-policy.ts';
import { createResolver, type Resolve } from './resolver.ts';

/** Connections kept open to one member, and to all of them. */
export const MAX_SOCKETS_PER_MEMBER = 256;
export const MAX_SOCKETS = 2048;
/** An idle connection is closed after this long. */
export const IDLE_SOCKET_MS = 30_000;
/** Idle connections kept for one member; those of a whole committee leave room for new ones. */
export const MAX_IDLE_SOCKETS_PER_MEMBER = 16;
/** Largest header block of an answer, in bytes. */
export const MAX_ANSWER_HEADER_BYTES = 16 * 1024;
/** Interim answers (1xx) before the answer. Each is small; their number is bounded only here. */
export const MAX_INTERIM_ANSWERS = 8;

export interface MemberRequest {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** Largest body of the answer, in bytes. */
  readonly maxBytes: number;
  readonly signal: AbortSignal;
}
export interface MemberResponse {
  readonly status: number;
  /** Value of a header by its lower-case name. */
  header(name: string): string | undefined;
  readonly body: Uint8Array;
}
export type MemberTransport = (request: MemberRequest) => Promise<MemberResponse>;

export type TransportErrorCode = 'ADDRESS_REFUSED' | 'ANSWER_TOO_LARGE';

/** Refused here, not by the network. */
export class TransportError extends Error {
  override readonly name = 'TransportError';
  readonly code: TransportErrorCode;

  constructor(code: TransportErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

export interface TransportOptions {
  policy: AddressPolicy;
}
export interface TransportDeps {
  /** Name → addresses; the system's resolver, with a memory, by default. */
  resolve?: Resolve;
}

export function createTransport(
  { policy }: TransportOptions,
  deps: TransportDeps = {},
): { send: MemberTransport; close: () => void } {
  const resolve = deps.resolve ?? createResolver();
  const kept = createAgents(true, policy, resolve);
  const fresh = createAgents(false, policy, resolve);
  const sendOnce = (request: MemberRequest, agents: Agents) => {
    const protocol = request.url.protocol === 'https:' ? 'https:' : 'http:';
    const literal = literalAddress(request.url);
    // A literal address is connected to without a look-up.
    const verdict = literal === undefined ? 'ok' : policy.judge(literal, protocol);
    if (verdict !== 'ok') return Promise.reject(refused(request.url.hostname, literal!, verdict));
    return exchange(request, agents[protocol], protocol === 'https:' ? httpsRequest : httpRequest);
  };
  return {
    async send(request) {
      try {
        return await sendOnce(request, kept);
      } catch (error) {
        // The member closed an idle connection just as it was taken: asking again is safe. On a
        // new connection, for the other idle ones are likely to be gone as well.
        if (error instanceof StaleConnection && !request.signal.aborted) {
          return await sendOnce(request, fresh);
        }
        throw error;
      }
    },
    close() {
      for (const agents of [kept, fresh]) {
        for (const agent of Object.values(agents)) agent.destroy();
      }
    },
  };
}

type Agents = Readonly<Record<'http:' | 'https:', HttpAgent | HttpsAgent>>;

function createAgents(keepAlive: boolean, policy: AddressPolicy, resolve: Resolve): Agents {
  const limits = {
    keepAlive,
    maxSockets: MAX_SOCKETS_PER_MEMBER,
    maxTotalSockets: MAX_SOCKETS,
    maxFreeSockets: MAX_IDLE_SOCKETS_PER_MEMBER,
    timeout: IDLE_SOCKET_MS,
  };
  return {
    'http:': new HttpAgent({ ...limits, lookup: guardedLookup('http:', policy, resolve) }),
    'https:': new HttpsAgent({
      ...limits,
      lookup: guardedLookup('https:', policy, resolve),
      minVersion: 'TLSv1.2',
    }),
  };
}

function literalAddress(url: URL): string | undefined {
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  return isIP(host) === 0 ? undefined : host;
}

/** A name with any forbidden address is refused whole: half a public name is no accident. */
function guardedLookup(protocol: string, policy: AddressPolicy, resolve: Resolve): LookupFunction {
  return (host, options, callback) => {
    resolve(host, (error, addresses) => {
      if (error !== null) return callback(error, []);
      for (const { address } of addresses) {
        const verdict = policy.judge(address, protocol);
        if (verdict !== 'ok') return callback(refused(host, address, verdict), []);
      }
      const [first] = addresses;
      if (first === undefined) {
        return callback(
          Object.assign(new Error(`${host} has no address`), { code: 'ENOTFOUND' }),
          [],
        );
      }
      if (options.all) return callback(null, addresses);
      return callback(null, first.address, first.family);
    });
  };
}

function refused(host: string, address: string, verdict: AddressVerdict): TransportError {
  const where = host === address ? address : `${host} (${address})`;
  const fix =
    verdict === 'plain_http'
      ? 'is not loopback and the URL is not https. Set member_access.allow_http to accept it'
      : 'is not a public address. List its range in member_access.allow_addresses to accept it';
  return new TransportError('ADDRESS_REFUSED', `${where} ${fix}`);
}

/** A kept-alive connection turned out to be closed before anything came back. */
class StaleConnection extends Error {
  override readonly name = 'StaleConnection';
  readonly code = 'STALE_CONNECTION';
}

function exchange(
  { url, headers, body, maxBytes, signal }: MemberRequest,
  agent: HttpAgent | HttpsAgent,
  open: typeof httpRequest,
): Promise<MemberResponse> {
  return new Promise((resolve, reject) => {
    const request = open(url, {
      method: 'POST',
      agent,
      headers: { ...headers, 'content-length': String(body.length), 'accept-encoding': 'identity' },
      maxHeaderSize: MAX_ANSWER_HEADER_BYTES,
      signal,
    });
    let answered = false;
    let interim = 0;
    request.on('error', (error: NodeJS.ErrnoException) => {
      const closed = error.code === 'ECONNRESET' || error.code === 'EPIPE';
      const stale = request.reusedSocket && !answered && closed;
      reject(stale ? new StaleConnection(error.message, { cause: error }) : error);
    });
    request.on('information', () => {
      interim += 1;
      if (interim <= MAX_INTERIM_ANSWERS) return;
      const text = `more than ${MAX_INTERIM_ANSWERS} interim answers`;
      request.destroy(new TransportError('ANSWER_TOO_LARGE', text));
    });
    // Nobody asked for another protocol (101). Without this the request would end without a word.
    request.on('upgrade', (response, socket) => {
      answered = true;
      socket.destroy();
      resolve(withBody(response, new Uint8Array()));
    });
    request.on('response', (response) => {
      answered = true;
      readBody(response, maxBytes).then(
        (bytes) => resolve(withBody(response, bytes)),
        (error) => {
          request.destroy();
          reject(error);
        },
      );
    });
    request.end(body);
  });
}

function withBody(response: IncomingMessage, body: Uint8Array): MemberResponse {
  return {
    status: response.statusCode ?? 0,
    header: (name) => singleHeader(response, name),
    body,
  };
}

function singleHeader(response: IncomingMessage, name: string): string | undefined {
  const value = response.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

async function readBody(response: IncomingMessage, maxBytes: number): Promise<Uint8Array> {
  const tooLarge = () =>
    new TransportError('ANSWER_TOO_LARGE', `the answer is larger than ${maxBytes} bytes`);
  if (Number(response.headers['content-length'] ?? 0) > maxBytes) throw tooLarge();
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > maxBytes) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, length);
}
