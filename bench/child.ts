/**
 * A program of its own beside the bench, asked by messages: what it measures is not disturbed by
 * what this process does, and its memory and CPU time are its own.
 */
import { type ChildProcess, fork } from 'node:child_process';

interface Request {
  readonly id: number;
  readonly method: string;
  readonly argument: unknown;
}

type Reply =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly error: string };

/** What a child can be asked, by name. */
export type Handlers = Readonly<Record<string, (argument: never) => unknown>>;

/** Runs in the child: answers until the parent goes away. */
export function answerParent(handlers: Handlers): void {
  process.on('message', async ({ id, method, argument }: Request) => {
    const reply = await answer(handlers, method, argument);
    process.send?.({ id, ...reply });
  });
  process.on('disconnect', () => process.exit(0));
}

async function answer(
  handlers: Handlers,
  method: string,
  argument: unknown,
): Promise<{ value: unknown } | { error: string }> {
  try {
    return { value: await handlers[method]?.(argument as never) };
  } catch (error) {
    return { error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

/** What a child said about its failure, or how it ended. */
export class BenchChildError extends Error {
  override readonly name = 'BenchChildError';
  readonly code = 'BENCH_CHILD_FAILED';
}

/** Runs in the bench. */
export class BenchChild {
  readonly #process: ChildProcess;
  readonly #waiting = new Map<number, (reply: Reply) => void>();
  #next = 0;

  /** `file` is next to this one. */
  constructor(file: string, flags: readonly string[] = []) {
    this.#process = fork(new URL(file, import.meta.url), {
      execArgv: [...process.execArgv, ...flags],
      serialization: 'advanced',
    });
    this.#process.on('message', (reply: Reply) => {
      this.#waiting.get(reply.id)?.(reply);
      this.#waiting.delete(reply.id);
    });
    this.#process.once('exit', (code) => {
      const error = `${file} ended (${code ?? 'killed'}) before it answered`;
      for (const [id, settle] of this.#waiting) settle({ id, error });
      this.#waiting.clear();
    });
  }

  /** Throws BenchChildError with the child's own words. */
  async ask<T>(method: string, argument?: unknown): Promise<T> {
    const id = this.#next++;
    const reply = await new Promise<Reply>((resolve) => {
      this.#waiting.set(id, resolve);
      this.#process.send({ id, method, argument } satisfies Request);
    });
    if ('error' in reply) throw new BenchChildError(`${method}: ${reply.error}`);
    return reply.value as T;
  }

  close(): void {
    if (this.#process.connected) this.#process.disconnect();
  }
}
