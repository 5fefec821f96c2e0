/** Asking a stack that another process runs. */
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { isRunning } from '@seal-ts/wallet/files';
import type { RotationRequest } from '../committee/rotation.ts';
import { DevError, type DevErrorCode } from '../errors.ts';
import type { Progress } from '../progress.ts';
import { readJson, type StackFiles } from './files.ts';
import type { CommitteeEntry } from './manifest.ts';
import { LOOPBACK } from './ports.ts';

/** What a stack writes about its control port, in a 0600 file. */
export interface ControlFile {
  readonly pid: number;
  readonly port: number;
  readonly token: string;
}

/** A line of the answer to a rotation: a step, the outcome, or why there is none. */
export type RotationLine =
  | { readonly step: string; readonly ms?: number | undefined }
  | { readonly entry: CommitteeEntry }
  | { readonly error: Failure };

export interface Failure {
  readonly code: DevErrorCode;
  readonly message: string;
}

const ASK_TIMEOUT_MS = 15_000;
/** A rotation waits up to a minute for servers; the rest of it takes seconds. */
const ROTATION_TIMEOUT_MS = 300_000;
const STOPPED_POLL_MS = 50;

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

  /** Stops or starts one server by name. Errors: DEV_BAD_OPTION for an unknown one. */
  async setKeyServer(name: string, running: boolean): Promise<void> {
    const action = running ? 'start' : 'stop';
    await this.#ask('POST', `/key-servers/${encodeURIComponent(name)}/${action}`);
  }

  /**
   * Rotates a committee; answers its new entry. A rotation goes on in the stack when this process ends.
   * Errors: those of `Stack.rotate`, DEV_STOPPED when the stack has gone away meanwhile.
   */
  async rotate(request: RotationRequest, progress: Progress = () => {}): Promise<CommitteeEntry> {
    const answer = await this.#send('POST', '/rotate', {
      body: JSON.stringify(request),
      signal: AbortSignal.timeout(ROTATION_TIMEOUT_MS),
    });
    const body = Readable.fromWeb(answer.body as ReadableStream<Uint8Array>);
    try {
      for await (const text of createInterface({ input: body })) {
        const line = JSON.parse(text) as RotationLine;
        if ('step' in line) progress(line.step, line.ms);
        else if ('entry' in line) return line.entry;
        else throw new DevError(line.error.code, line.error.message);
      }
    } catch (cause) {
      if (cause instanceof DevError) throw cause;
      throw new DevError('DEV_STOPPED', 'the stack went away in the middle of the rotation', {
        cause,
      });
    }
    throw new DevError('DEV_STOPPED', 'the stack stopped in the middle of the rotation');
  }

  async #ask(method: string, path: string): Promise<void> {
    const signal = AbortSignal.timeout(ASK_TIMEOUT_MS);
    const answer = await this.#send(method, path, { signal });
    await answer.body?.cancel();
  }

  async #send(method: string, path: string, init: RequestInit): Promise<Response> {
    const headers = { authorization: `Bearer ${this.#token}` };
    const answer = await fetch(`${this.#url}${path}`, { ...init, method, headers });
    if (answer.ok) return answer;
    const { code, message } = (await answer.json()) as Failure;
    throw new DevError(code, message);
  }
}
