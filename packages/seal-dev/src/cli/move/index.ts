/** `seal-dev move`: for authors of policies. */
import type { Command } from 'commander';
import { command } from '../output.ts';
import { buildCommand } from './build.ts';
import { publishCommand } from './publish.ts';
import { testCommand } from './test.ts';

export function moveCommand(): Command {
  return command('move', 'compile, test and publish a Move package without the sui binary', [
    'seal-dev move build --path my-policy',
    'seal-dev move test --path my-policy',
    'seal-dev move publish --path my-policy --json',
  ])
    .addCommand(buildCommand())
    .addCommand(testCommand())
    .addCommand(publishCommand());
}
