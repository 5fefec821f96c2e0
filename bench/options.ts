/** Flags of `npm run bench`. */
import { parseArgs } from 'node:util';

export interface BenchOptions {
  /** One JSON object a line instead of a table. */
  readonly json: boolean;
  /** Few rounds: for a first look and for continuous integration. */
  readonly quick: boolean;
  /** Exit code 1 when a figure is `FAIL_FACTOR` times worse than its target. */
  readonly assert: boolean;
  /** Only measurements whose name contains this text, or matches it with `*` as a wildcard. */
  readonly only: string | undefined;
  readonly help: boolean;
}

export const HELP = `Measures seal-ts, beside @mysten/seal in the same run where there is a counterpart.

  npm run bench                                everything, a few minutes
  npm run bench -- --quick                     fewer rounds, well under a minute
  npm run bench -- --only '2of3/1KiB/mcl'      names that contain this text
  npm run bench -- --only 'encrypt/*/noble'    * stands for any text
  npm run bench -- --json > bench.jsonl        one JSON object a line
  npm run bench -- --quick --assert            exit code 1 when a figure is 3 times worse than its target

Options:
  --json          name, ours, reference, ratio (above 1 = ours is better), unit, targets, met
  --quick         fewer rounds
  --only PATTERN  a part of the name, or a pattern with *
  --assert        fail on regressions
  --help          this text

Nothing leaves this machine: servers listen on loopback, and the client's answers come from memory.
What is measured, and how to read it: docs/performance.md
`;

/** A flag that cannot be used; the message says which. */
export class BenchOptionError extends Error {
  override readonly name = 'BenchOptionError';
  readonly code = 'BENCH_BAD_OPTION';
}

/** Throws BenchOptionError. */
export function parseOptions(args: readonly string[]): BenchOptions {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        json: { type: 'boolean', default: false },
        quick: { type: 'boolean', default: false },
        assert: { type: 'boolean', default: false },
        only: { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    return { ...values, only: values.only };
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    throw new BenchOptionError(`${text}\nRun \`npm run bench -- --help\` for examples.`);
  }
}

/** Whether a measurement is asked for. */
export function selects(only: string | undefined, name: string): boolean {
  if (only === undefined) return true;
  if (!only.includes('*')) return name.includes(only);
  const pieces = only.split('*').map((piece) => piece.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${pieces.join('.*')}$`).test(name);
}
