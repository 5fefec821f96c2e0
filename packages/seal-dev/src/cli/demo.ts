/** `seal-dev demo`: Seal end to end in under a minute, every step checked. */
import type { Command } from 'commander';
import { runDemo } from '../demo/demo.ts';
import { action, command } from './output.ts';

export function demoCommand(): Command {
  return command('demo', 'encrypt a file to an allowlist and open it as a member, step by step', [
    'seal-dev demo',
    'seal-dev demo --file report.pdf',
    'seal-dev demo --keep --dir /tmp/stack',
  ])
    .argument('[file]', 'file to encrypt (default: a picture that comes with the project)')
    .option('--file <path>', 'the same, as an option')
    .option('--dir <dir>', 'folder of the stack (default: a temporary one)')
    .option('--keep', 'leave the stack running at the end', false)
    .action(
      action((file: string | undefined, options: { file?: string; dir?: string; keep: boolean }) =>
        runDemo({
          file: options.file ?? file,
          dir: options.dir,
          keep: options.keep,
        }),
      ),
    );
}
