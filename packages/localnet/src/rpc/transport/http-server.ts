/**
 * A bounded server of HTTP/1.1 and cleartext HTTP/2 on one port: timeouts, connection limit,
 * orderly stop. The only place that owns sockets.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createHttp2Server } from 'node:http2';
import type { AddressInfo } from 'node:net';
import {
  HEADERS_TIMEOUT_MS,
  KEEP_ALIVE_TIMEOUT_MS,
  MAX_CONNECTIONS,
  MAX_HTTP2_STREAMS,
  REQUEST_TIMEOUT_MS,
  STOP_GRACE_MS,
} from './limits.ts';
import { RpcError } from './status.ts';
import { Http2Sessions, TwoProtocols } from './two-protocols.ts';

/** Why a port could not be opened. */
export class ListenError extends Error {
  override readonly name = 'ListenError';
  readonly code: 'LOCALNET_PORT_IN_USE' | 'LOCALNET_LISTEN_FAILED';
  readonly port: number;

  constructor(what: string, host: string, port: number, cause: NodeJS.ErrnoException) {
    const inUse = cause.code === 'EADDRINUSE';
    super(
      inUse
        ? `${what}: port ${port} on ${host} is in use; stop the other program or choose another`
        : `${what}: cannot listen on ${host} port ${port}: ${cause.message}`,
      { cause },
    );
    this.code = inUse ? 'LOCALNET_PORT_IN_USE' : 'LOCALNET_LISTEN_FAILED';
    this.port = port;
  }
}

/** Serves one request; must answer or destroy the response, and must not reject. */
export type RequestHandler = (
  request: IncomingMessage,
  response: ServerResponse,
) => Promise<void> | void;

interface Parts {
  server: Server;
  protocols: TwoProtocols;
  sessions: Http2Sessions;
  stop: AbortController;
}

/** An HTTP server that is listening. */
export class HttpServer {
  readonly #parts: Parts;
  readonly host: string;
  readonly port: number;

  private constructor(parts: Parts, host: string) {
    this.#parts = parts;
    this.host = host;
    this.port = (parts.server.address() as AddressInfo).port;
  }

  /**
   * Opens a port.
   * @param what name of the endpoint, for error messages
   * @param makeHandler gets the signal that is aborted when the server stops
   * @throws ListenError
   */
  static listen(
    what: string,
    options: { host: string; port: number },
    makeHandler: (stop: AbortSignal) => RequestHandler,
  ): Promise<HttpServer> {
    const stop = new AbortController();
    const handler = makeHandler(stop.signal);
    const serve = (request: IncomingMessage, response: ServerResponse) => {
      // Errors of a socket that went away are of no use to anybody.
      response.on('error', () => undefined);
      void handler(request, response);
    };
    const server = createServer(
      {
        headersTimeout: HEADERS_TIMEOUT_MS,
        requestTimeout: REQUEST_TIMEOUT_MS,
        keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
        noDelay: true,
      },
      serve,
    );
    const http2 = createHttp2Server({ settings: { maxConcurrentStreams: MAX_HTTP2_STREAMS } });
    // Node's compatibility classes offer what the handlers use of the HTTP/1.1 ones.
    http2.on('request', (request: unknown, response: unknown) => {
      serve(request as IncomingMessage, response as ServerResponse);
    });
    const sessions = new Http2Sessions(http2);
    const protocols = new TwoProtocols(server, http2);
    server.maxConnections = MAX_CONNECTIONS;
    return new Promise((resolve, reject) => {
      server.once('error', (cause: NodeJS.ErrnoException) => {
        reject(new ListenError(what, options.host, options.port, cause));
      });
      server.listen(options.port, options.host, () => {
        server.removeAllListeners('error');
        server.on('error', () => undefined);
        resolve(new HttpServer({ server, protocols, sessions, stop }, options.host));
      });
    });
  }

  /** `http://host:port`, with brackets around IPv6 addresses and loopback for "any". */
  get url(): string {
    const host = this.host === '0.0.0.0' || this.host === '::' ? '127.0.0.1' : this.host;
    return `http://${host.includes(':') ? `[${host}]` : host}:${this.port}`;
  }

  /** Stops accepting, ends streams, lets calls in flight finish, then closes what is left. */
  async close(): Promise<void> {
    const { server, protocols, sessions, stop } = this.#parts;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    stop.abort(new RpcError('UNAVAILABLE', 'the ledger is stopping'));
    protocols.dropUndecided();
    sessions.close();
    server.closeIdleConnections();
    // A connection becomes idle only after its last answer, so look again until all are gone.
    const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_INTERVAL_MS);
    const force = setTimeout(() => {
      sessions.destroy();
      server.closeAllConnections();
    }, STOP_GRACE_MS);
    await closed;
    clearInterval(sweep);
    clearTimeout(force);
  }
}

const SWEEP_INTERVAL_MS = 20;
