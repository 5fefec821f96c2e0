/** Loopback ports for the parts of a stack. */
import { createServer } from 'node:net';
import { DevError } from '../errors.ts';

export const LOOPBACK = '127.0.0.1';

/** Highest port number. */
export const MAX_PORT = 65_535;

/** Ports of one server. */
export interface ServerPorts {
  readonly http: number;
  readonly metrics: number;
}

export interface StackPorts {
  readonly rpc: number;
  readonly faucet: number;
  readonly admin: number;
  /** One entry for each server of the stack, in the order of the request. */
  readonly servers: readonly ServerPorts[];
  /** One entry for each gateway. */
  readonly gateways: readonly number[];
}

export interface PortDemand {
  readonly servers: number;
  readonly gateways: number;
}

/** Ports that a stack takes, counted from `--port-base`. */
export function portsNeeded({ servers, gateways }: PortDemand): number {
  return 3 + 2 * servers + gateways;
}

/**
 * Consecutive ports from `base`, or free ones chosen by the system when `base` is undefined.
 * Errors: DEV_BAD_OPTION when the range leaves 1…65535, DEV_PORT_IN_USE naming the taken port.
 */
export async function choosePorts(demand: PortDemand, base?: number): Promise<StackPorts> {
  const { servers, gateways } = demand;
  const count = portsNeeded(demand);
  const ports = base === undefined ? await freePorts(count) : await portsFrom(base, count);
  const [rpc, faucet, admin, ...rest] = ports as [number, number, number, ...number[]];
  return {
    rpc,
    faucet,
    admin,
    servers: pairs(rest.slice(0, 2 * servers)),
    gateways: rest.slice(2 * servers, 2 * servers + gateways),
  };
}

/** Ports for servers that join a running stack: free ones. */
export async function freeServerPorts(servers: number): Promise<ServerPorts[]> {
  return pairs(await freePorts(2 * servers));
}

function pairs(ports: readonly number[]): ServerPorts[] {
  return Array.from({ length: ports.length / 2 }, (_, i) => ({
    http: ports[2 * i] as number,
    metrics: ports[2 * i + 1] as number,
  }));
}

export const urlOf = ({ http }: ServerPorts): string => `http://${LOOPBACK}:${http}`;

async function portsFrom(base: number, count: number): Promise<number[]> {
  if (!Number.isInteger(base) || base < 1 || base + count - 1 > MAX_PORT) {
    throw new DevError(
      'DEV_BAD_OPTION',
      `--port-base ${base}: this stack needs ${count} ports from there, all within 1…${MAX_PORT}`,
    );
  }
  const ports = Array.from({ length: count }, (_, i) => base + i);
  for (const port of ports) {
    const probe = await listen(port).catch((error: NodeJS.ErrnoException) => {
      throw new DevError(
        'DEV_PORT_IN_USE',
        `port ${port} cannot be used (${error.code}): this stack needs ports ${base}…` +
          `${base + count - 1}. Stop what listens there or choose another --port-base.`,
        { cause: error },
      );
    });
    await probe.close();
  }
  return ports;
}

async function freePorts(count: number): Promise<number[]> {
  // All are held until the last is known, so that no number comes twice.
  const probes = await Promise.all(Array.from({ length: count }, () => listen(0)));
  await Promise.all(probes.map((probe) => probe.close()));
  return probes.map((probe) => probe.port);
}

function listen(port: number): Promise<{ port: number; close(): Promise<void> }> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(port, LOOPBACK, () => {
      const address = server.address();
      resolve({
        port: typeof address === 'object' && address ? address.port : port,
        close: () => new Promise((done) => server.close(() => done())),
      });
    });
  });
}
