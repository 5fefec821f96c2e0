/** How commands talk: results on standard output, progress and faults on standard error. */
import { Command, InvalidArgumentError } from 'commander';
import { codeOf, messageOf } from '../errors.ts';

export const DEFAULT_DIR = '.seal-dev';

export interface Terminal {
  /** A result line. */
  out(line: string): void;
  /** A progress line or a fault. */
  note(line: string): void;
}

export const terminal: Terminal = {
  out: (line) => process.stdout.write(`${line}\n`),
  note: (line) => process.stderr.write(`${line}\n`),
};

/** Duration for people: `85 ms`, `1.2 s`. */
export function duration(ms: number): string {
  return ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`;
}

/** Parses a whole number for an option. */
export function wholeNumber(value: string): number {
  if (!/^\d{1,9}$/.test(value)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(value);
}

/** A command whose help shows examples. */
export function command(name: string, description: string, examples: readonly string[]): Command {
  const lines = examples.map((line) => `  $ ${line}`).join('\n');
  return new Command(name)
    .description(description)
    .addHelpText('after', `\nExamples:\n${lines}`)
    .showHelpAfterError('(add --help for usage and examples)');
}

/** Runs an action; a failure is told in one message and exit code 1. */
export function action<Args extends unknown[]>(
  work: (...args: Args) => Promise<void>,
): (...args: Args) => Promise<void> {
  return async (...args) => {
    try {
      await work(...args);
    } catch (error) {
      const code = codeOf(error);
      terminal.note(`error${code === undefined ? '' : ` ${code}`}: ${messageOf(error)}`);
      process.exitCode = 1;
    }
  };
}

/** A line about a step of the stack. */
export function stepText(step: string, ms?: number): string {
  return ms === undefined ? step : `${step} (${duration(ms)})`;
}
