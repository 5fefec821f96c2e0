/**
 * Puts a fetch-style app on a TCP port with bounds on every wait and size of the HTTP layer, so
 * that slow or greedy connections cannot hold the server. Closing stops accepting, lets requests in
 * flight finish and then ends idle connections.
 */

import { createServer, type Server } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { describeError, ServiceError } from './errors.ts';

export interface ListenOptions {
  /** 0 takes a free port. */
  port: number;
  hostname?: string;
}

export const HTTP_LIMITS = {
  /** For the request line and all headers. */
  headersTimeoutMs: 15_000,
  /** For the whole request, body included. */
  requestTimeoutMs: 30_000,
  keepAliveTimeoutMs: 60_000,
  maxHeaderBytes: 16 * 1024,
  maxHeaders: 100,
  maxConnections: 10_000,
} as const;

export interface Listening {
  port: number;
  /** Resolves when the last request in flight is answered. */
  close(): Promise<void>;
}

/** A fetch-style application, such as a hono app. */
export interface FetchApp {
  fetch(request: Request): Response | Promise<Response>;
}

/** @throws {ServiceError} LISTEN_FAILED, for example when the port is taken */
export async function listen(app: FetchApp, options: ListenOptions): Promise<Listening> {
  const { port, hostname = '0.0.0.0' } = options;
  const server = createServer(
    {
      headersTimeout: HTTP_LIMITS.headersTimeoutMs,
      requestTimeout: HTTP_LIMITS.requestTimeoutMs,
      keepAliveTimeout: HTTP_LIMITS.keepAliveTimeoutMs,
      maxHeaderSize: HTTP_LIMITS.maxHeaderBytes,
    },
    getRequestListener((request) => app.fetch(request)),
  );
  server.maxHeadersCount = HTTP_LIMITS.maxHeaders;
  server.maxConnections = HTTP_LIMITS.maxConnections;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(listenError(port, hostname, error)));
    server.listen(port, hostname, resolve);
  });
  return { port: boundPort(server, port), close: () => closeServer(server) };
}

function listenError(port: number, hostname: string, error: unknown): ServiceError {
  return new ServiceError(
    'LISTEN_FAILED',
    `cannot listen on ${hostname}:${port}: ${describeError(error)}. ` +
      'Stop the other process on this port, or choose another port.',
    { cause: error },
  );
}

function boundPort(server: Server, requested: number): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : requested;
}

/** A connection that becomes idle while closing is ended after at most this long. */
const IDLE_SWEEP_MS = 50;

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const sweep = setInterval(() => server.closeIdleConnections(), IDLE_SWEEP_MS);
    server.close(() => {
      clearInterval(sweep);
      resolve();
    });
    server.closeIdleConnections();
  });
}
