/** `seal-dev up`: start the stack and keep it running in the foreground. */
import type { Command } from 'commander';
import { MAX_SERVERS, MIN_SERVERS, type Stack, startStack } from '../stack/stack.ts';
import { action, command, DEFAULT_DIR, stepText, terminal, wholeNumber } from './output.ts';

interface UpOptions {
  readonly dir: string;
  readonly servers: number;
  readonly committee: readonly string[];
  readonly portBase?: number;
}

export function upCommand(): Command {
  return command('up', 'start localnet, Move packages and key servers; stop with Ctrl-C', [
    'seal-dev up',
    'seal-dev up --dir /tmp/stack --servers 5',
    'seal-dev up --committee 2of3',
    'seal-dev up --port-base 9000',
  ])
    .option('--dir <dir>', 'folder of the stack: manifest, keys, logs', DEFAULT_DIR)
    .option('--servers <n>', `key servers, ${MIN_SERVERS} to ${MAX_SERVERS}`, wholeNumber, 3)
    .option(
      '--committee <t>of<n>',
      'make a committee by a real ceremony, with an aggregator; can be repeated',
      (spec: string, before: string[]) => [...before, spec],
      [],
    )
    .option('--port-base <n>', 'first of consecutive ports (default: free ones)', wholeNumber)
    .action(action(up));
}

async function up(options: UpOptions): Promise<void> {
  const stop = new AbortController();
  const stack = startStack(
    { ...options, committees: options.committee },
    {
      progress: (step, ms) => terminal.note(`  ${stepText(step, ms)}`),
    },
  );
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (!stop.signal.aborted) terminal.note('stopping');
      stop.abort();
      void stack.then((running) => running.stop()).catch(() => {});
    });
  }
  watchParent(stack);
  terminal.note(`starting a stack in ${options.dir}`);
  try {
    const running = await stack.catch((error: unknown) => {
      // Ctrl-C reaches every part at once, so what was starting fails in its own way.
      if (!stop.signal.aborted) throw error;
    });
    if (stop.signal.aborted) {
      await running?.stop();
    } else if (running) {
      terminal.out(`seal-dev ready ${running.manifestPath}`);
      await running.finished;
    }
  } finally {
    // An open channel to the demo would keep this process alive.
    if (process.connected) process.disconnect();
  }
}

/**
 * The demo starts this command as a child and holds a channel to it: if the demo dies, so does the
 * stack, until the demo has said `keep`.
 */
function watchParent(stack: Promise<Stack>): void {
  if (!process.send) return;
  let keep = false;
  process.on('message', (message) => {
    if (message === 'keep') {
      keep = true;
      process.disconnect();
    }
  });
  process.on('disconnect', () => {
    if (!keep) void stack.then((running) => running.stop()).catch(() => {});
  });
}
