/** How a command of the command line comes to its work. */
import type { Command } from 'commander';
import type { CliDeps } from '../deps.ts';

export type Work<O> = (deps: CliDeps, options: O) => Promise<void> | void;

/** Options given before the command's name count too. */
export function run<O>(deps: CliDeps, command: Command, work: Work<O>): Command {
  return command.action(async () => {
    await work(deps, command.optsWithGlobals() as O);
  });
}
