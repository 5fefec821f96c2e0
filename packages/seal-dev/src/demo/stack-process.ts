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

const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 30_000;
const POLL_MS = 50;
const SERVERS = 3;

export class StackProcess {
  readonly dir: string;
  readonly manifest: Manifest;
  readonly control: ControlClient;
  readonly #child: ChildProcess;
  readonly #temporary: boolean;

  private constructor(
    dir: string,
    manifest: Manifest,
    control: ControlClient,
    child: ChildProcess,
    temporary: boolean,
  ) {
    this.dir = dir;
    this.manifest = manifest;
    this.control = control;
    this.#child = child;
    this.#temporary = temporary;
  }

  /** Starts a stack in `dir`, or in a temporary folder. */
  static async start(dir: string | undefined): Promise<StackProcess> {
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
      [...process.execArgv, entry, 'up', '--dir', home, '--servers', String(SERVERS)],
      { detached: true, stdio: ['ignore', log, log, 'ipc'] },
    );
    const control = await ready(child, files, logFile);
    return new StackProcess(home, readManifest(files.manifest), control, child, temporary);
  }

  /** Lets the stack run on after this process has ended. */
  async keep(): Promise<void> {
    await new Promise<void>((done) => this.#child.send('keep', () => done()));
    if (this.#child.connected) this.#child.disconnect();
    this.#child.unref();
  }

  async stop(): Promise<void> {
    await this.control.stop(STOP_TIMEOUT_MS);
    if (this.#temporary) rmSync(this.dir, { recursive: true, force: true });
  }
}

async function ready(
  child: ChildProcess,
  files: StackFiles,
  logFile: string,
): Promise<ControlClient> {
  const deadline = performance.now() + START_TIMEOUT_MS;
  while (performance.now() < deadline) {
    if (child.exitCode !== null || child.signalCode !== null) {
      throw new DevError(
        'DEV_CHILD_FAILED',
        `the stack did not start:\n${readFileSync(logFile, 'utf8')}`,
      );
    }
    const control = await connectControl(files);
    if (control) return control;
    await new Promise((done) => setTimeout(done, POLL_MS));
  }
  child.kill('SIGTERM');
  throw new DevError(
    'DEV_CHILD_FAILED',
    `the stack was not ready after ${START_TIMEOUT_MS / 1000} s; log: ${logFile}`,
  );
}
