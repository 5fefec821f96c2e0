/** `seal-dev demo`: Seal end to end, every step checked: under a minute, under two with a committee. */
import type { Command } from 'commander';
import { runDemo } from '../demo/demo.ts';
import { action, command } from './output.ts';

interface DemoFlags {
  readonly file?: string;
  readonly dir?: string;
  readonly keep: boolean;
  readonly committee: boolean;
}

export function demoCommand(): Command {
  return command('demo', 'encrypt a file to an allowlist and open it as a member, step by step', [
    'seal-dev demo',
    'seal-dev demo --file report.pdf',
    'seal-dev demo --committee',
    'seal-dev demo --keep --dir /tmp/stack',
  ])
    .argument('[file]', 'file to encrypt (default: a picture that comes with the project)')
    .option('--file <path>', 'the same, as an option')
    .option(
      '--committee',
      'tell of a committee, and of its rotation while decryption goes on',
      false,
    )
    .option('--dir <dir>', 'folder of the stack (default: a temporary one)')
    .option('--keep', 'leave the stack running at the end', false)
    .action(
      action((file: string | undefined, options: DemoFlags) =>
        runDemo({
          file: options.file ?? file,
          dir: options.dir,
          keep: options.keep,
          committee: options.committee,
        }),
      ),
    );
}
