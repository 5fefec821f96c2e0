// Starts a bin of this workspace from its TypeScript source under the project's Node.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';
import { NODE_ENVIRONMENT, NODE_FLAGS } from './runtime.mjs';
import { setUp } from './setup.mjs';

/** Runs `entry` (a file URL) with `args`; never returns. */
export async function launch(entry, args) {
  let node;
  try {
    node = setUp();
  } catch (error) {
    process.stderr.write(`setup failed: ${error.message}\n`);
    process.exit(1);
  }
  const child = spawn(node, [...NODE_FLAGS, fileURLToPath(entry), ...args], {
    stdio: 'inherit',
    env: { ...NODE_ENVIRONMENT, ...process.env },
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => child.kill(signal));
  }
  child.on('exit', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 0)));
}
