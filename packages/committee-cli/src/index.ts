/** The committee tool as a function, for tests and for tools that embed it. */
import { type Command, CommanderError } from 'commander';
import { type CliDeps, systemDeps } from './deps.ts';
import { messageOf } from './errors.ts';
import { hintFor } from './hints.ts';
import { program } from './program.ts';

export { type CliDeps, systemDeps, type Terminal } from './deps.ts';
export { CommitteeError, type CommitteeErrorCode } from './errors.ts';

/** Exit code of `check-complaint` for a complaint that proves nothing; 0 is for one that is right. */
export const EXIT_COMPLAINT_FALSE = 3;

/**
 * Runs one command.
 * @param args without the names of the runtime and the program
 * @returns the exit code; faults are told through `deps.note`
 */
export async function runCli(
  args: readonly string[],
  world: CliDeps = systemDeps,
): Promise<number> {
  const deps = printing(world);
  const root = program(deps);
  quiet(root, deps);
  try {
    await root.parseAsync([...args], { from: 'user' });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode;
    const { code } = error as { code?: unknown };
    deps.note(`error${typeof code === 'string' ? ` ${code}` : ''}: ${messageOf(error)}`);
    const hint = hintFor(code, messageOf(error));
    if (hint !== undefined) deps.note(hint);
    return code === 'COMMITTEE_COMPLAINT' ? EXIT_COMPLAINT_FALSE : 1;
  }
}

/**
 * Boards, files of others, names on chain and nodes have a part in what is printed: none of them may
 * move the cursor, colour a line, or write backwards. Line ends stay.
 */
const UNPRINTABLE = /[^\P{C}\n\t]/gu;

function printing(deps: CliDeps): CliDeps {
  const through = (print: (line: string) => void) => ({
    enumerable: true,
    value: (line: string) => print(line.replaceAll(UNPRINTABLE, '?')),
  });
  // Descriptors, because some properties are read only when they are needed.
  const all = Object.getOwnPropertyDescriptors(deps);
  return Object.defineProperties({} as CliDeps, {
    ...all,
    out: through((line) => deps.out(line)),
    note: through((line) => deps.note(line)),
  });
}

/** Output goes through the deps, and nothing ends the process. */
function quiet(command: Command, deps: CliDeps): void {
  command.exitOverride();
  command.configureOutput({
    writeOut: (text) => deps.out(text.trimEnd()),
    writeErr: (text) => deps.note(text.trimEnd()),
  });
  for (const inner of command.commands) quiet(inner, deps);
}
