/**
 * How another terminal talks to a running stack: a loopback port with a token that stands in a 0600
 * file of the stack's folder. A live answer, not a process id, says whether a stack is running.
 */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { DevError, messageOf } from '../errors.ts';
import { readJson, type StackFiles, writePrivateFile } from './files.ts';
import { LOOPBACK } from './ports.ts';

/** What a running stack can be asked. */
export interface StackControl {
  /** Begins to stop everything; the process exits when done. */
  stop(): void;
  /** Stops or starts one key server by name. Errors: DEV_BAD_OPTION for an unknown one. */
  setKeyServer(name: string, running: boolean): Promise<void>;
}

interface ControlFile {
  readonly pid: number;
  readonly port: number;
  readonly token: string;
}

const ASK_TIMEOUT_MS = 15_000;
const STOPPED_POLL_MS = 50;

/** Serves `control`; the file appears once it can be used. */
export async function serveControl(
  files: StackFiles,
  control: StackControl,
): Promise<{ close(): Promise<void> }> {
  const token = randomBytes(32).toString('hex');
  const server = createServer((request, response) => {
    answer(request, token, control).then(
      ([status, body]) => response.writeHead(status).end(body),
      (error) => response.writeHead(400).end(messageOf(error)),
    );
  });
  const port = await listening(server);
  const file: ControlFile = { pid: process.pid, port, token };
  writePrivateFile(files.control, `${JSON.stringify(file)}\n`);
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listening(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, LOOPBACK, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : 0);
    });
  });
}

async function answer(
  request: IncomingMessage,
  token: string,
  control: StackControl,
): Promise<[status: number, body: string]> {
  request.resume();
  if (!authorized(request, token)) return [401, 'wrong token'];
  const [, what, name, action] = (request.url ?? '').split('/');
  if (request.method === 'GET' && what === 'status') return [200, 'running'];
  if (request.method === 'POST' && what === 'stop') {
    control.stop();
    return [202, 'stopping'];
  }
  if (request.method === 'POST' && what === 'key-servers' && name) {
    if (action !== 'stop' && action !== 'start') return [404, `unknown action ${action}`];
    await control.setKeyServer(decodeURIComponent(name), action === 'start');
    return [200, 'done'];
  }
  return [404, 'unknown request'];
}

function authorized(request: IncomingMessage, token: string): boolean {
  const given = Buffer.from(request.headers.authorization ?? '');
  const wanted = Buffer.from(`Bearer ${token}`);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

/** A way to ask the stack that runs in a folder, or undefined when none answers there. */
export async function connectControl(files: StackFiles): Promise<ControlClient | undefined> {
  const file = readJson(files.control) as ControlFile | undefined;
  if (!file?.port || !file.token) return undefined;
  const client = new ControlClient(file);
  return (await client.alive()) ? client : undefined;
}

export class ControlClient {
  readonly pid: number;
  readonly #url: string;
  readonly #token: string;

  constructor(file: ControlFile) {
    this.pid = file.pid;
    this.#url = `http://${LOOPBACK}:${file.port}`;
    this.#token = file.token;
  }

  async alive(): Promise<boolean> {
    return this.#ask('GET', '/status').then(
      () => true,
      () => false,
    );
  }

  /** Asks the stack to stop and waits until it has. Errors: DEV_STOP_FAILED. */
  async stop(timeoutMs: number): Promise<void> {
    await this.#ask('POST', '/stop');
    const deadline = performance.now() + timeoutMs;
    while (isRunning(this.pid)) {
      if (performance.now() > deadline) {
        throw new DevError(
          'DEV_STOP_FAILED',
          `the stack (process ${this.pid}) did not stop within ${timeoutMs / 1000} s`,
        );
      }
      await new Promise((resolve) => setTimeout(resolve, STOPPED_POLL_MS));
    }
  }

  async setKeyServer(name: string, running: boolean): Promise<void> {
    const action = running ? 'start' : 'stop';
    await this.#ask('POST', `/key-servers/${encodeURIComponent(name)}/${action}`);
  }

  async #ask(method: string, path: string): Promise<void> {
    const answer = await fetch(`${this.#url}${path}`, {
      method,
      headers: { authorization: `Bearer ${this.#token}` },
      signal: AbortSignal.timeout(ASK_TIMEOUT_MS),
    });
    const body = await answer.text();
    if (!answer.ok) throw new DevError('DEV_BAD_OPTION', body);
  }
}

/** Whether a process with this id exists. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
