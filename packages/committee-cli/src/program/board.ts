/** `ceremony serve`, and what `--board` adds to other commands. */
import { Command, InvalidArgumentError } from 'commander';
import { DEFAULT_BOARD_PORT } from '../board/limits.ts';
import { type BoardOptions, fetchCeremonyFile, postOwnMessage } from '../board/sync.ts';
import { type StateOptions, stateCommand } from '../commands/common.ts';
import type { CliDeps } from '../deps.ts';
import { run, runStep, type Work } from './run.ts';

const BOARD = [
  '--board <url>',
  'message board of the ceremony; gets dkg.yaml from it when there is none',
] as const;

const SERVE_HELP = `
The board needs no trust and no secrets; members check everything that it says. Examples:
  seal-committee-cli ceremony serve
  seal-committee-cli ceremony serve --host 0.0.0.0 --port 9000
  seal-committee-cli create-message --board http://board.example:9000`;

/** A command that gets dkg.yaml from the board where it is missing, and may use the board itself. */
export function runWithBoard<O extends StateOptions & BoardOptions>(
  deps: CliDeps,
  command: Command,
  work: Work<O>,
): Command {
  return run<O>(deps, command.option(...BOARD), withCeremonyFile(work));
}

/** As `runWithBoard`, for a step of a ceremony. */
export function runStepWithBoard<O extends StateOptions & BoardOptions>(
  deps: CliDeps,
  command: Command,
  work: Work<O>,
): Command {
  return runStep<O>(deps, command.option(...BOARD), withCeremonyFile(work));
}

/** As `runStepWithBoard`; afterwards the message that the step has made goes to the board. */
export function runAndPost<O extends StateOptions & BoardOptions>(
  deps: CliDeps,
  command: Command,
  work: Work<O>,
): Command {
  return runStepWithBoard<O>(deps, command, async (_, options) => {
    await work(deps, options);
    await postOwnMessage(deps, options);
  });
}

function withCeremonyFile<O extends StateOptions & BoardOptions>(work: Work<O>): Work<O> {
  return async (deps, options) => {
    await fetchCeremonyFile(deps, options);
    await work(deps, options);
  };
}

export function boardCommand(deps: CliDeps): Command {
  const serve = stateCommand('serve', 'serve a message board for one ceremony')
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--port <port>', 'port to listen on; 0 takes a free one', port, DEFAULT_BOARD_PORT)
    .option('--board-dir <dir>', 'where it keeps what was posted (default: <state>/board)')
    .addHelpText('after', SERVE_HELP);
  const command = new Command('ceremony').description('a message board for members');
  // The server's code is loaded for this command only.
  return command.addCommand(
    run(deps, serve, async (...args: Parameters<Work<ServeOptions>>) => {
      const { ceremonyServe } = await import('../commands/ceremony-serve.ts');
      await ceremonyServe(...args);
    }),
  );
}

type ServeOptions = Parameters<typeof import('../commands/ceremony-serve.ts').ceremonyServe>[1];

function port(text: string): number {
  const value = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (value <= 65_535) return value;
  throw new InvalidArgumentError('It must be 0 to 65535.');
}
