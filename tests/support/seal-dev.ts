/** Runs `seal-dev` as a user does: as a process. */
import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../../packages/seal-dev/src/main.ts', import.meta.url));
const flags = ['--conditions=seal-ts-source'];

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly process: ChildProcess;
  /** Resolves with the first line of standard output that passes `test`; rejects if the process ends first. */
  line(test: (line: string) => boolean): Promise<string>;
  readonly finished: Promise<Finished>;
}

export function startSealDev(...args: readonly string[]): Running {
  const child = spawn(process.execPath, [...flags, main, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString('utf8');
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString('utf8');
  });
  const finished = new Promise<Finished>((resolve) => {
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
  return {
    process: child,
    finished,
    line: (test) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const found = stdout.split('\n').find(test);
          if (found !== undefined) resolve(found);
        };
        child.stdout.on('data', look);
        look();
        void finished.then(() =>
          reject(new TypeError(`seal-dev ended early:\n${stdout}${stderr}`)),
        );
      }),
  };
}

export function sealDev(...args: readonly string[]): Promise<Finished> {
  return startSealDev(...args).finished;
}
