/**
 * Key servers and aggregators for committee tests: as processes of their own, which is what an operator
 * runs, or in this process, which is the same program without its command line and starts at once.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createServer, request, type Server } from 'node:http';
import { fileURLToPath } from 'node:url';
import { loadSettings as aggregatorSettings, startAggregator } from '@seal-ts/aggregator';
import { loadSettings as keyServerSettings, startKeyServer } from '@seal-ts/key-server';
import { Lifecycle, silentLogger } from '@seal-ts/service';

export const LOOPBACK = '127.0.0.1';

export type Program = 'key-server' | 'aggregator';

export interface RunningServer {
  readonly port: number;
  stop(): Promise<void>;
}

/** `environment` is all that the program sees; `CONFIG_PATH` in it is absolute. */
export type Launch = (
  program: Program,
  environment: Readonly<Record<string, string>>,
) => Promise<RunningServer>;

export const startHere: Launch = async (program, environment) => {
  const log = silentLogger;
  const lifecycle = new Lifecycle({ drainMs: 5_000 }, { log, exit: () => {} });
  const env = { ...environment, PORT: '0' };
  const deps = { env, log, lifecycle, gitVersion: 'test', hostname: LOOPBACK };
  const running =
    program === 'key-server'
      ? await startKeyServer(keyServerSettings({ env }).settings, deps)
      : await startAggregator(aggregatorSettings({ env }).settings, deps);
  if (running === undefined) throw new TypeError(`${program} stopped while it started`);
  return { port: running.port, stop: () => lifecycle.stop(0, 'the test goes on without it') };
};

const CHILD_START_MS = 30_000;

export const startChild: Launch = (program, environment) => {
  const main = fileURLToPath(new URL(`../../packages/${program}/src/main.ts`, import.meta.url));
  const kept = ['PATH', 'HOME', 'TMPDIR', 'NODE_COMPILE_CACHE'];
  const inherited = kept.flatMap((name) =>
    process.env[name] === undefined ? [] : [[name, process.env[name]] as const],
  );
  const child = spawn(process.execPath, ['--conditions=seal-ts-source', main, '--host', LOOPBACK], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...Object.fromEntries(inherited), ...environment, PORT: '0' },
  });
  return untilReady(program, child);
};

/** The last line of a start names the port. */
function untilReady(program: Program, child: ChildProcess): Promise<RunningServer> {
  const exited = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const stop = async () => {
    child.kill('SIGTERM');
    await exited;
  };
  return new Promise((resolve, reject) => {
    let output = '';
    const timer = setTimeout(() => child.kill('SIGKILL'), CHILD_START_MS);
    const keep = (chunk: Buffer) => {
      output += chunk.toString('utf8');
      const port = /"port":(\d+).*"msg":"ready"/.exec(output)?.[1];
      if (port === undefined) return;
      clearTimeout(timer);
      resolve({ port: Number(port), stop });
    };
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
    child.once('error', reject);
    void exited.then(() => {
      clearTimeout(timer);
      reject(new TypeError(`${program} did not start:\n${output}`));
    });
  });
}

/**
 * The reverse proxy before a member's key server: its URL stays while servers come and go, and it lets
 * in whoever has the API key.
 */
export class Gateway {
  readonly url: string;
  readonly #server: Server;
  /** Port of the server behind it; undefined while there is none. */
  target: number | undefined;
  /** Name and value of the header that requests for keys need. */
  apiKey: { readonly name: string; readonly value: string } | undefined;

  private constructor(server: Server, port: number) {
    this.#server = server;
    this.url = `http://${LOOPBACK}:${port}`;
  }

  static async open(): Promise<Gateway> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, LOOPBACK, resolve));
    const address = server.address();
    const gateway = new Gateway(server, typeof address === 'object' && address ? address.port : 0);
    server.on('request', (incoming, outgoing) => {
      const { apiKey, target: port } = gateway;
      const refused = apiKey && incoming.headers[apiKey.name.toLowerCase()] !== apiKey.value;
      if (refused || port === undefined) {
        incoming.resume();
        outgoing.writeHead(refused ? 401 : 502).end();
        return;
      }
      const { method, url: path, headers } = incoming;
      const onward = request({ host: LOOPBACK, port, method, path, headers }, (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      });
      onward.on('error', () => outgoing.destroy());
      incoming.pipe(onward);
    });
    return gateway;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}
