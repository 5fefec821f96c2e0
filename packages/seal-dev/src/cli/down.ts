/** `seal-dev down`: stop the stack of a folder from another terminal. */
import type { Command } from 'commander';
import { DevError } from '../errors.ts';
import { connectControl } from '../stack/control-client.ts';
import { stackFiles } from '../stack/files.ts';
import { action, command, DEFAULT_DIR, terminal } from './output.ts';

/** Longest wait for a stack to stop: every part has its own grace period. */
const STOP_TIMEOUT_MS = 30_000;

export function downCommand(): Command {
  return command('down', 'stop the stack that runs in a folder', [
    'seal-dev down',
    'seal-dev down --dir /tmp/stack',
  ])
    .option('--dir <dir>', 'folder of the stack', DEFAULT_DIR)
    .action(action(down));
}

async function down(options: { readonly dir: string }): Promise<void> {
  const files = stackFiles(options.dir);
  const stack = await connectControl(files);
  if (!stack) {
    throw new DevError('DEV_NOT_RUNNING', `no stack is running in ${files.dir}`);
  }
  await stack.stop(STOP_TIMEOUT_MS);
  terminal.out(`stopped ${files.dir}`);
}
