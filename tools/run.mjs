// Entry of the npm scripts: sets the clone up, then runs one task under the project's Node.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { join } from 'node:path';
import { NODE_ENVIRONMENT, NODE_FLAGS, root } from './runtime.mjs';
import { setUp } from './setup.mjs';

const vitest = ['node_modules/vitest/vitest.mjs', 'run'];

const tasks = {
  setup: null,
  demo: [...NODE_FLAGS, 'packages/seal-dev/src/main.ts', 'demo'],
  dev: [...NODE_FLAGS, 'packages/seal-dev/src/main.ts', 'up'],
  node: [...NODE_FLAGS],
  test: [...NODE_FLAGS, ...vitest],
  'test:fuzz': [...NODE_FLAGS, ...vitest, '--config', 'vitest.fuzz.config.ts'],
  'test:sim': [...NODE_FLAGS, 'sim/main.ts'],
  'test:browser': [...NODE_FLAGS, ...vitest, '--config', 'vitest.browser.config.ts'],
  'test:deploy': [...NODE_FLAGS, ...vitest, '--config', 'vitest.deploy.config.ts'],
  bench: [...NODE_FLAGS, 'bench/main.ts'],
  check: [...NODE_FLAGS, 'tools/check/main.ts'],
  format: ['node_modules/@biomejs/biome/bin/biome', 'check', '--write'],
  build: [...NODE_FLAGS, 'tools/build.ts'],
  packed: ['tools/packed.ts'],
};

const [task, ...rest] = process.argv.slice(2);
if (!(task in tasks)) {
  process.stderr.write(`usage: node tools/run.mjs ${Object.keys(tasks).join('|')} [arguments]\n`);
  process.exit(2);
}

let node;
try {
  node = setUp();
} catch (error) {
  process.stderr.write(`setup failed: ${error.message}\n`);
  process.exit(1);
}
if (tasks[task]) await forward(node, [...tasks[task], ...rest]);

/** Runs a child in the foreground: same terminal, signals passed on, exit code taken over. */
async function forward(command, args) {
  const child = spawn(command, args, {
    cwd: root,
    stdio: 'inherit',
    env: {
      ...NODE_ENVIRONMENT,
      ...process.env,
      PATH: `${join(command, '..')}:${process.env.PATH ?? ''}`,
    },
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => child.kill(signal));
  }
  const [code, signal] = await new Promise((resolve) => {
    child.on('exit', (...result) => resolve(result));
  });
  process.exit(code ?? 128 + (constants.signals[signal] ?? 0));
}
