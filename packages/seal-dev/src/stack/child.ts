/**
 * A child process of the stack: its output goes to a private log file, and the last lines of it into
 * the error when the child fails.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, type WriteStream } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { DevError } from '../errors.ts';

/** How long a child may take to finish what it has in flight before it is killed. */
export const STOP_GRACE_MS = 10_000;

/**
 * Loaded into each child before its program: a child whose parent is gone, however that ended, stops
 * too. The channel closes even on `kill -9`; nothing is ever sent over it.
 */
const STOP_WITH_PARENT = `data:text/javascript,${encodeURIComponent(`
function stop() {
  setTimeout(() => process.exit(1), ${STOP_GRACE_MS}).unref();
  process.kill(process.pid, 'SIGTERM');
}
if (process.connected === false) stop();
else process.once('disconnect', stop);
process.channel?.unref();
`)}`;

/** Lines of output kept for an error message. */
const TAIL_LINES = 12;

export interface ChildOptions {
  readonly name: string;
  /** File URL of the program, as `import.meta.resolve` gives it. */
  readonly entry: string;
  readonly args: readonly string[];
  /** Added to a minimal environment: children do not inherit the caller's secrets. */
  readonly env?: Readonly<Record<string, string>>;
  readonly logFile: string;
}

export class Child {
  readonly name: string;
  readonly exited: Promise<number | null>;
  readonly #process: ChildProcess;
  readonly #log: WriteStream;
  readonly #tail: string[] = [];
  #partial = '';
  #stopping = false;

  constructor(options: ChildOptions) {
    this.name = options.name;
    this.#log = createWriteStream(options.logFile, { flags: 'a', mode: 0o600 });
    this.#process = spawn(
      process.execPath,
      [
        ...process.execArgv,
        '--import',
        STOP_WITH_PARENT,
        fileURLToPath(options.entry),
        ...options.args,
      ],
      { stdio: ['ignore', 'pipe', 'pipe', 'ipc'], env: { ...baseEnvironment(), ...options.env } },
    );
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      stream?.on('data', (chunk: Buffer) => this.#keep(chunk));
    }
    this.exited = new Promise((resolve) => {
      this.#process.once('error', () => resolve(null));
      this.#process.once('close', (code) => {
        this.#log.end();
        resolve(code);
      });
    });
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  get running(): boolean {
    return this.#process.exitCode === null && this.#process.signalCode === null;
  }

  /** Whether the exit was asked for. */
  get stopping(): boolean {
    return this.#stopping;
  }

  /** Asks the child to stop; kills it when it has not within STOP_GRACE_MS. */
  async stop(): Promise<void> {
    this.#stopping = true;
    if (!this.running) return;
    this.#process.kill('SIGTERM');
    const timer = setTimeout(() => this.#process.kill('SIGKILL'), STOP_GRACE_MS);
    await this.exited;
    clearTimeout(timer);
  }

  /** The error to report when this child ended on its own. */
  failure(code: number | null): DevError {
    const tail = this.#tail.length > 0 ? `\n${this.#tail.join('\n')}` : '';
    return new DevError(
      'DEV_CHILD_FAILED',
      `${this.name} ended on its own (${code === null ? 'killed' : `exit code ${code}`}); ` +
        `log: ${this.#log.path}${tail}`,
    );
  }

  #keep(chunk: Buffer): void {
    this.#log.write(chunk);
    const lines = (this.#partial + chunk.toString('utf8')).split('\n');
    this.#partial = (lines.pop() ?? '').slice(-2000);
    this.#tail.push(...lines.filter((line) => line.trim() !== ''));
    this.#tail.splice(0, Math.max(0, this.#tail.length - TAIL_LINES));
  }
}

function baseEnvironment(): Record<string, string> {
  const kept = ['PATH', 'HOME', 'TMPDIR', 'TEMP', 'SystemRoot', 'LANG', 'NODE_COMPILE_CACHE'];
  const entries = kept.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(entries);
}

/** How long a part may take to answer its readiness endpoint. */
export const READY_TIMEOUT_MS = 30_000;
const READY_POLL_MS = 40;

/**
 * Waits until `url` answers 2xx, the child ends, or READY_TIMEOUT_MS have passed.
 * Errors: DEV_CHILD_FAILED with the child's last lines.
 */
export async function waitReady(child: Child, url: string): Promise<void> {
  const deadline = performance.now() + READY_TIMEOUT_MS;
  let last = 'no answer yet';
  while (performance.now() < deadline) {
    if (!child.running) throw child.failure(await child.exited);
    try {
      const answer = await fetch(url, { signal: AbortSignal.timeout(1_000) });
      await answer.body?.cancel();
      if (answer.ok) return;
      last = `status ${answer.status}`;
    } catch (error) {
      last = error instanceof Error ? error.message : String(error);
    }
    await new Promise((resolve) => setTimeout(resolve, READY_POLL_MS));
  }
  throw new DevError(
    'DEV_CHILD_FAILED',
    `${child.name} was not ready after ${READY_TIMEOUT_MS / 1000} s: ${url}: ${last}`,
  );
}
