/** A command at a terminal of its own, through `script` of util-linux. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

export const hasPty =
  process.platform === 'linux' && spawnSync('script', ['--version']).status === 0;

const PATIENCE_MS = 30_000;

export class AtTerminal {
  readonly #child: ChildProcess;
  readonly #exit: Promise<unknown[]>;
  #shown = '';

  constructor(command: readonly string[], options: { cwd: string; env: NodeJS.ProcessEnv }) {
    const quoted = command.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ');
    // The settings of the terminal are shown at the end, to see whether echo came back.
    const line = `echo pid=$$; (echo tool=$BASHPID; exec ${quoted}); code=$?; stty -a; echo code=$code`;
    this.#child = spawn(
      'script',
      ['-qec', `bash -c "${line.replace(/["$`\\]/g, '\\$&')}"`, '/dev/null'],
      {
        ...options,
        stdio: ['pipe', 'pipe', 'inherit'],
      },
    );
    this.#exit = once(this.#child, 'exit');
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.#shown += text;
    });
  }

  /** Everything that the terminal has shown. */
  get shown(): string {
    return this.#shown;
  }

  /** Waits for a text. */
  async sees(text: string | RegExp): Promise<void> {
    const there = () =>
      typeof text === 'string' ? this.#shown.includes(text) : text.test(this.#shown);
    for (const end = Date.now() + PATIENCE_MS; !there(); await sleep(20)) {
      if (Date.now() > end) throw new TypeError(`no ${text} in: ${this.#shown}`);
    }
  }

  type(keys: string): void {
    this.#child.stdin?.write(keys);
  }

  /** Ends the tool without a chance to clean up. */
  kill(): void {
    process.kill(Number(/tool=(\d+)/.exec(this.#shown)?.[1]), 'SIGKILL');
  }

  /** Exit code of the tool, and whether the terminal shows again what is typed. */
  async end(): Promise<{ code: number; echo: boolean }> {
    await this.sees(/code=\d+/);
    this.#child.stdin?.end();
    await this.#exit;
    return {
      code: Number(/code=(\d+)/.exec(this.#shown)?.[1]),
      echo: / echo /.test(this.#shown),
    };
  }
}
