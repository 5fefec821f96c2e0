/**
 * The demo's stack: `seal-dev up` as a child of its own, so that `--keep` can leave it running. The
 * channel between the two makes the child stop when the demo dies.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, openSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DevError } from '../errors.ts';
import { type ControlClient, connectControl } from '../stack/control-client.ts';
import { makePrivateDir, type StackFiles, stackFiles } from '../stack/files.ts';
import { type Manifest, readManifest } from '../stack/manifest.ts';

const START_TIMEOUT_MS = 90_000;
const STOP_TIMEOUT_MS = 30_000;
const POLL_MS = 50;

export class StackProcess {
  readonly files: StackFiles;
  readonly #child: ChildProcess;
  readonly #logFile: string;
  readonly #temporary: boolean;
  #control: ControlClient | undefined;
  #stopped: Promise<void> | undefined;

  private constructor(files: StackFiles, child: ChildProcess, logFile: string, temporary: boolean) {
    this.files = files;
    this.#child = child;
    this.#logFile = logFile;
    this.#temporary = temporary;
  }

  /** Begins to start a stack in `dir`, or in a temporary folder. Errors: DEV_ALREADY_RUNNING. */
  static async launch(dir: string | undefined, ...options: string[]): Promise<StackProcess> {
    const temporary = dir === undefined;
    const home = temporary
      ? mkdtempSync(join(realpathSync(tmpdir()), 'seal-dev-demo-'))
      : resolve(dir);
    const files = stackFiles(home);
    if (await connectControl(files)) {
      throw new DevError('DEV_ALREADY_RUNNING', `a stack is already running in ${home}`);
    }
    makePrivateDir(home);
    const logFile = join(home, 'demo-stack.log');
    const log = openSync(logFile, 'w', 0o600);
    const entry = fileURLToPath(import.meta.resolve('@seal-ts/seal-dev/main'));
    const child = spawn(
      process.execPath,
      [...process.execArgv, entry, 'up', '--dir', home, ...options],
      { detached: true, stdio: ['ignore', log, log, 'ipc'] },
    );
    return new StackProcess(files, child, logFile, temporary);
  }

  /** The manifest as it is now. */
  get manifest(): Manifest {
    return readManifest(this.files.manifest);
  }

  get control(): ControlClient {
    if (this.#control) return this.#control;
    throw new DevError('DEV_NOT_RUNNING', `the stack in ${this.files.dir} is not ready`);
  }

  /** Waits until the stack can be used; tells the steps of its start. Errors: DEV_CHILD_FAILED. */
  async ready(tell: (step: string) => void): Promise<void> {
    const deadline = performance.now() + START_TIMEOUT_MS;
    let told = 0;
    while (performance.now() < deadline) {
      const steps = readFileSync(this.#logFile, 'utf8').split('\n').slice(0, -1);
      for (const step of steps.slice(told)) if (step.startsWith('  ')) tell(step.trim());
      told = steps.length;
      if (!this.#isRunning()) {
        const log = readFileSync(this.#logFile, 'utf8');
        throw new DevError('DEV_CHILD_FAILED', `the stack did not start:\n${log}`);
      }
      this.#control = await connectControl(this.files);
      if (this.#control) return;
      await new Promise((done) => setTimeout(done, POLL_MS));
    }
    const seconds = START_TIMEOUT_MS / 1000;
    throw new DevError('DEV_CHILD_FAILED', `the stack was not ready after ${seconds} s`);
  }

  /** Lets the stack run on after this process has ended. */
  async keep(): Promise<void> {
    await new Promise<void>((done) => this.#child.send('keep', () => done()));
    if (this.#child.connected) this.#child.disconnect();
    this.#child.unref();
  }

  /** Stops everything, once for all who ask. */
  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    if (!this.#isRunning()) return;
    if (this.#control) await this.#control.stop(STOP_TIMEOUT_MS);
    else await this.#interrupt();
  }

  /** Removes the folder unless the user has chosen it. */
  removeFolder(): void {
    if (this.#temporary) rmSync(this.files.dir, { recursive: true, force: true });
  }

  #isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** As Ctrl-C in its own terminal: every part hears it, also those that are starting. */
  async #interrupt(): Promise<void> {
    const exited = new Promise<void>((done) => this.#child.once('exit', () => done()));
    this.#signalAll('SIGINT');
    const timer = setTimeout(() => this.#signalAll('SIGKILL'), STOP_TIMEOUT_MS);
    await exited;
    clearTimeout(timer);
  }

  #signalAll(signal: NodeJS.Signals): void {
    try {
      // The child leads a process group of its own.
      process.kill(-(this.#child.pid as number), signal);
    } catch {
      this.#child.kill(signal);
    }
  }
}
