/** A server as a process of its own: its log lines, its signals, its end. */
import { type ChildProcess, spawn } from 'node:child_process';

interface Line {
  msg: string;
  port?: number;
  metricsPort?: number;
}

/** @param main path of the server's entry */
export function serverProcess(main: string) {
  let last: ChildProcess | undefined;

  /** Starts the command; `line` waits for a log line with a message. */
  function start(args: string[], env: Record<string, string> = {}) {
    let output = '';
    const started = spawn(process.execPath, ['--conditions=seal-ts-source', main, ...args], {
      env: { PATH: process.env['PATH'] ?? '', PORT: '0', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    last = started;
    for (const stream of [started.stdout, started.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        output += chunk.toString();
      });
    }
    const exit = new Promise<number | null>((resolve) => {
      started.on('exit', (code) => resolve(code));
    });
    const line = async (message: string): Promise<Line> => {
      for (;;) {
        const found = output
          .split('\n')
          .filter((text) => text.startsWith('{'))
          .map((text) => JSON.parse(text) as Line)
          .find(({ msg }) => msg === message);
        if (found !== undefined) return found;
        if (started.exitCode !== null) throw new Error(`ended without "${message}":\n${output}`);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    };
    return { process: started, exit, line, output: () => output };
  }

  /** After each test: what it left running. */
  function killLast(): void {
    if (last?.exitCode === null && last.signalCode === null) last.kill('SIGKILL');
  }
  return { start, killLast };
}

export const url = (port: number | undefined, path: string) => `http://127.0.0.1:${port}${path}`;
