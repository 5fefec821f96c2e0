/**
 * Serves a ledger: the public port, the faucet's port, the admin port (spec localnet §4).
 *
 * Knows only the ledger's surface, so tests may put any ledger under it.
 */
import { randomBytes } from 'node:crypto';
import type { LedgerApi } from '../ledger/api.ts';
import { type AdminDeps, adminHandler } from './admin/handler.ts';
import { AdminToken } from './admin/token.ts';
import { Faucet } from './http/faucet.ts';
import { type PublicDeps, publicHandler } from './public-server.ts';
import { DevRegistry } from './registry.ts';
import type { CallLogger } from './transport/call.ts';
import { HttpServer } from './transport/http-server.ts';
import { CallGate } from './transport/limits.ts';

/** Where and how a ledger is served; ports of 0 pick free ones. */
export interface ServeOptions {
  /** Address to bind. Default loopback. */
  readonly host?: string | undefined;
  /** gRPC-web, MVR, faucet and health. Default 0. */
  readonly port?: number | undefined;
  /** A port for the faucet alone, beside the main one. Default: none. */
  readonly faucetPort?: number | undefined;
  /** Clock, epochs, registry; always on loopback. Default 0. */
  readonly adminPort?: number | undefined;
  /**
   * Writes the admin token to a file of mode 0600: this one, or one in a new private folder. Default:
   * it is not written; see {@link Served.adminToken}.
   */
  readonly writeAdminToken?: { readonly file?: string | undefined } | undefined;
  /** Nominal epoch length that clients are told, in milliseconds. Default 0: ended by hand. */
  readonly epochMs?: number | undefined;
  /** Name and version in GetServiceInfo. */
  readonly server?: string | undefined;
}

/** Ports of the outside world. */
export interface ServeDeps {
  /** Default: `node:crypto` random bytes. */
  readonly random?: (length: number) => Uint8Array;
  /** Unexpected failures. Default: dropped. */
  readonly log?: CallLogger;
}

/** A ledger that is being served. */
export interface Served {
  readonly url: string;
  readonly faucetUrl: string;
  readonly adminUrl: string;
  readonly adminToken: string;
  /** File that holds the token, if one was asked for. */
  readonly adminTokenFile: string | undefined;
  readonly registry: DevRegistry;
  /** Stops the servers; the ledger is left as it is. */
  close(): Promise<void>;
}

/** Default bind address. */
export const LOOPBACK = '127.0.0.1';

/**
 * Opens the ports.
 * @throws ListenError when a port cannot be opened; nothing is left open then
 */
export async function serveLedger(
  ledger: LedgerApi,
  options: ServeOptions = {},
  deps: ServeDeps = {},
): Promise<Served> {
  const log = deps.log ?? (() => undefined);
  const host = options.host ?? LOOPBACK;
  const registry = new DevRegistry();
  const token = new AdminToken(deps.random ?? randomBytes);
  const publicDeps: PublicDeps = {
    ledger,
    registry,
    log,
    faucet: new Faucet(ledger, log),
    gate: new CallGate(),
    facts: {
      server: options.server ?? 'seal-localnet',
      epochDurationMs: BigInt(options.epochMs ?? 0),
    },
  };
  const opened: HttpServer[] = [];
  const open = async (...args: Parameters<typeof HttpServer.listen>) => {
    const server = await HttpServer.listen(...args);
    opened.push(server);
    return server;
  };
  const close = async () => {
    await Promise.all(opened.map((server) => server.close()));
    token.remove();
  };
  try {
    const servePublic = (stop: AbortSignal) => publicHandler(publicDeps, stop);
    const main = await open('RPC', { host, port: options.port ?? 0 }, servePublic);
    const { faucetPort } = options;
    const faucet =
      faucetPort === undefined
        ? main
        : await open('faucet', { host, port: faucetPort }, servePublic);
    const admin = await openAdmin(open, options.adminPort ?? 0, { ledger, registry, token, log });
    return {
      url: main.url,
      faucetUrl: faucet.url,
      adminUrl: admin.url,
      adminToken: token.value,
      adminTokenFile: options.writeAdminToken && token.write(options.writeAdminToken.file),
      registry,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The admin port is on loopback whatever the public bind address is. */
async function openAdmin(
  open: (...args: Parameters<typeof HttpServer.listen>) => Promise<HttpServer>,
  port: number,
  deps: Omit<AdminDeps, 'hosts'>,
): Promise<HttpServer> {
  let hosts: ReadonlySet<string> = new Set();
  const server = await open('admin', { host: LOOPBACK, port }, (stop) =>
    adminHandler({ ...deps, hosts: () => hosts }, stop),
  );
  hosts = new Set([`${LOOPBACK}:${server.port}`, `localhost:${server.port}`]);
  return server;
}
