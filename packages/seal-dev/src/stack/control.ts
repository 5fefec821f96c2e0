/**
 * How another terminal talks to a running stack: a loopback port with a token that stands in a 0600
 * file of the stack's folder. A live answer, not a process id, says whether a stack is running.
 */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { RotationRequest } from '../committee/rotation.ts';
import { codeOf, DevError, messageOf } from '../errors.ts';
import type { Progress } from '../progress.ts';
import type { ControlFile, Failure, RotationLine } from './control-client.ts';
import { type StackFiles, writePrivateFile } from './files.ts';
import type { CommitteeEntry } from './manifest.ts';
import { LOOPBACK } from './ports.ts';

/** What a running stack can be asked. */
export interface StackControl {
  /** Begins to stop everything; the process exits when done. */
  stop(): void;
  /** Stops or starts one key server by name. Errors: DEV_BAD_OPTION for an unknown one. */
  setKeyServer(name: string, running: boolean): Promise<void>;
  /** As `Stack.rotate`. */
  rotate(request: RotationRequest, progress: Progress): Promise<CommitteeEntry>;
}

/** Bytes of a request's body. */
export const MAX_CONTROL_BODY_BYTES = 10_000;

/** Serves `control`; the file appears once it can be used. */
export async function serveControl(
  files: StackFiles,
  control: StackControl,
): Promise<{ close(): Promise<void> }> {
  const token = randomBytes(32).toString('hex');
  const server = createServer((request, response) => {
    answer(request, response, token, control).catch((error: unknown) => {
      if (response.headersSent) response.end();
      else refuse(response, 400, failureOf(error));
    });
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
  response: ServerResponse,
  token: string,
  control: StackControl,
): Promise<void> {
  if (!authorized(request, token)) {
    request.resume();
    refuse(response, 401, { code: 'DEV_BAD_OPTION', message: 'wrong token' });
    return;
  }
  const body = await readBody(request);
  const [, what, name, action] = (request.url ?? '').split('/');
  const isPost = request.method === 'POST';
  if (request.method === 'GET' && what === 'status') {
    response.end();
  } else if (isPost && what === 'stop') {
    control.stop();
    response.writeHead(202).end();
  } else if (isPost && what === 'rotate') {
    await answerRotation(response, rotationRequest(body), control);
  } else if (isPost && what === 'key-servers' && name && /^(start|stop)$/.test(action ?? '')) {
    await control.setKeyServer(decodeURIComponent(name), action === 'start');
    response.end();
  } else {
    refuse(response, 404, { code: 'DEV_BAD_OPTION', message: `unknown request ${request.url}` });
  }
}

/** One line for each step as it ends, and a last one with the outcome. */
async function answerRotation(
  response: ServerResponse,
  request: RotationRequest,
  control: StackControl,
): Promise<void> {
  const say = (line: RotationLine) => response.write(`${JSON.stringify(line)}\n`);
  response.writeHead(200, { 'content-type': 'application/x-ndjson' }).flushHeaders();
  try {
    say({ entry: await control.rotate(request, (step, ms) => say({ step, ms })) });
  } catch (error) {
    say({ error: failureOf(error) });
  }
  response.end();
}

function rotationRequest(body: string): RotationRequest {
  let value: Partial<Record<keyof RotationRequest, unknown>> | null = null;
  try {
    value = JSON.parse(body);
  } catch {
    // Falls through to the one message about what is expected.
  }
  const { committee, to, continuing, wait } = value ?? {};
  const valid =
    typeof committee === 'string' &&
    typeof to === 'string' &&
    (continuing === undefined || typeof continuing === 'number') &&
    (wait === undefined || typeof wait === 'boolean');
  if (valid) return { committee, to, continuing, wait };
  throw new DevError('DEV_BAD_OPTION', 'a rotation needs {committee, to, continuing?, wait?}');
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MAX_CONTROL_BODY_BYTES) {
      throw new DevError('DEV_BAD_OPTION', `a request has at most ${MAX_CONTROL_BODY_BYTES} bytes`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function refuse(response: ServerResponse, status: number, failure: Failure): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(failure));
}

function failureOf(error: unknown): Failure {
  const code = error instanceof DevError ? error.code : 'DEV_CHILD_FAILED';
  const foreign = error instanceof DevError ? undefined : codeOf(error);
  return { code, message: `${foreign === undefined ? '' : `${foreign}: `}${messageOf(error)}` };
}

function authorized(request: IncomingMessage, token: string): boolean {
  const given = Buffer.from(request.headers.authorization ?? '');
  const wanted = Buffer.from(`Bearer ${token}`);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}
