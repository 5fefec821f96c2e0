/** `seal-dev rotate`: hand a committee's key over to another committee, on the running stack. */
import type { Command } from 'commander';
import { DevError } from '../errors.ts';
import { connectControl } from '../stack/control-client.ts';
import { stackFiles } from '../stack/files.ts';
import { action, command, DEFAULT_DIR, stepText, terminal, wholeNumber } from './output.ts';

interface RotateOptions {
  readonly committee: string;
  readonly dir: string;
  readonly continuing?: number;
  readonly wait: boolean;
}

export function rotateCommand(): Command {
  return command('rotate', 'hand the key of a committee over to another one, by a real ceremony', [
    'seal-dev rotate --committee committee-1 3of4',
    'seal-dev rotate --committee committee-1 3of4 --continuing 2',
    'seal-dev rotate --committee committee-1 2of3 --no-wait --dir /tmp/stack',
  ])
    .argument('<t>of<n>', 'next threshold and size')
    .requiredOption('--committee <name>', 'name of the committee in the manifest')
    .option('--continuing <n>', 'members that go on (default: as many as can)', wholeNumber)
    .option('--no-wait', 'restart members at once, also where some requests fail then')
    .option('--dir <dir>', 'folder of the running stack', DEFAULT_DIR)
    .action(action(rotate));
}

async function rotate(to: string, options: RotateOptions): Promise<void> {
  const { committee, continuing, wait } = options;
  const files = stackFiles(options.dir);
  const stack = await connectControl(files);
  if (!stack) {
    const start = `seal-dev up --committee 2of3 --dir ${options.dir}`;
    const problem = `no stack is running in ${files.dir}; start one with \`${start}\``;
    throw new DevError('DEV_NOT_RUNNING', problem);
  }
  const entry = await stack.rotate({ committee, to, continuing, wait }, (step, ms) =>
    terminal.note(`  ${stepText(step, ms)}`),
  );
  const members = entry.members.map(({ name }) => name).join(', ');
  terminal.out(
    `${entry.name} is version ${entry.version}, ${entry.threshold} of ${entry.members.length}: ` +
      `${members}; ${files.manifest} says so too`,
  );
}
