/** How a command of the command line comes to its work. */
import type { Command } from 'commander';
import type { StateOptions } from '../commands/common.ts';
import type { CliDeps } from '../deps.ts';
import { alone } from '../state-lock.ts';

export type Work<O> = (deps: CliDeps, options: O) => Promise<void> | void;

/** Options given before the command's name count too. */
export function run<O>(deps: CliDeps, command: Command, work: Work<O>): Command {
  return command.action(async () => {
    await work(deps, command.optsWithGlobals() as O);
  });
}

/** As `run`, for a step of a ceremony: only one at a time works in a state directory. */
export function runStep<O extends StateOptions>(
  deps: CliDeps,
  command: Command,
  work: Work<O>,
): Command {
  return run<O>(deps, command, (_, options) => alone(deps, options, () => work(deps, options)));
}
